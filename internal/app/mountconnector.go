package app

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"kaiwa/internal/connector"
	"kaiwa/internal/connector/web"
	"kaiwa/internal/kernel/api"
)

// mountConnector mounts the connector's actions over HTTP, for the workspaces'
// API keys.
func (a *App) mountConnector(server *api.Server, root map[string]http.Handler) {
	room := web.New(web.Config{Family: a.public.Family(), Connection: a.connection, OwnURL: a.ownURL})
	routes := api.NewRoutes(server, room.Family())
	routes.Add(room.Family(), room.Ops())
	root[web.Prefix] = routes
}

// connection is how a workspace's account is reached: a real one at its own URL,
// one of this server at this server's, by stateless tokens of its channel.
func (a *App) connection(_ context.Context, workspaceID, accountID string) (connector.Connection, error) {
	c := connector.Connection{Now: time.Now}
	if accountID == "" {
		list := a.workspaces.Accounts(workspaceID)
		if len(list) != 1 {
			return c, api.Errorf(api.Invalid, "The workspace has %d accounts: say which one by accountId", len(list))
		}
		accountID = list[0].ID
	}
	of := a.workspaces.Get(workspaceID, accountID)
	if of == nil {
		return c, api.Errorf(api.NotFound, "The workspace has no such account")
	}
	if of.Remote() {
		c.URL, c.AccessToken = of.Config.BaseURL, of.Config.ChannelAccessToken
		return c, nil
	}
	c.URL = a.ownURL()
	c.TokenURL, c.ClientID, c.ClientSecret = c.URL+"/oauth2/v3/token", of.ID, a.channels.Get(of.ID).Secret
	return c, nil
}

// ownURL is where this program reaches itself, also when it listens on all
// addresses.
func (a *App) ownURL() string {
	to, err := netip.ParseAddrPort(a.listener.Addr().String())
	if err != nil || !to.Addr().IsUnspecified() {
		return a.URL()
	}
	return "http://" + netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), to.Port()).String()
}
