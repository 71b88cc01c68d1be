package workspace

import (
	"context"
	"net/http"
	"time"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/ui/live"
	"kaiwa/internal/ui/page"
	"kaiwa/internal/workspace/account"
)

// patience is how long a new key waits for the page that shows it.
const patience = time.Minute

func (x *Settings) issue(w http.ResponseWriter, r *http.Request, ws account.Workspace) error {
	secret, _, err := x.Keys.Issue(r.Context(), ws.ID)
	if err == nil {
		x.show(w, r, ws, secret)
	}
	return err
}

func (x *Settings) regenerate(w http.ResponseWriter, r *http.Request, ws account.Workspace) error {
	secret, _, err := x.Keys.Regenerate(r.Context(), ws.ID, r.PathValue("key"))
	if err == nil {
		x.show(w, r, ws, secret)
	}
	return err
}

func (x *Settings) remove(w http.ResponseWriter, r *http.Request, ws account.Workspace) error {
	err := x.Keys.Revoke(r.Context(), ws.ID, r.PathValue("key"))
	if err == nil {
		x.changedIn(ws)
		http.Redirect(w, r, keysPath(ws.ID), http.StatusSeeOther)
	}
	return err
}

// show leads to the page that shows a new key once: loading that page again
// neither shows it again nor issues another.
func (x *Settings) show(w http.ResponseWriter, r *http.Request, ws account.Workspace, secret string) {
	number := id.Hex(8)
	now := time.Now()
	x.mu.Lock()
	if x.issued == nil {
		x.issued = map[string]issued{}
	}
	for old, k := range x.issued {
		if now.After(k.until) {
			delete(x.issued, old)
		}
	}
	x.issued[number] = issued{ws.ID, secret, now.Add(patience)}
	x.mu.Unlock()
	x.changedIn(ws)
	http.Redirect(w, r, keysPath(ws.ID)+"?issued="+number, http.StatusSeeOther)
}

// take gives a new key to its page, "" when it was shown already or too late.
func (x *Settings) take(number, workspaceID string) string {
	x.mu.Lock()
	defer x.mu.Unlock()
	k, ok := x.issued[number]
	if !ok || k.workspaceID != workspaceID {
		return ""
	}
	delete(x.issued, number)
	if time.Now().After(k.until) {
		return ""
	}
	return k.secret
}

// changedIn tells other open pages that the keys are others now.
func (x *Settings) changedIn(ws account.Workspace) {
	x.Feed.Publish(feed.Change{Type: "keys", ChannelID: ws.ID, UserIDs: []string{}})
}

func (x *Settings) changed(ctx context.Context, l page.Lang, t live.Topic, c feed.Change) ([]live.Patch, error) {
	if c.Type != "keys" || c.ChannelID != t.ID(0) {
		return nil, nil
	}
	list, err := x.Keys.List(ctx, t.ID(0))
	if err != nil {
		return nil, err
	}
	return []live.Patch{live.Replace("keys", table(l, t.ID(0), list))}, nil
}
