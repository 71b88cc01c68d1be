package ui

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/token"
	"kaiwa/internal/sim"
	"kaiwa/internal/ui/docs"
	"kaiwa/internal/ui/live"
	"kaiwa/internal/ui/page"
	"kaiwa/internal/ui/phone"
	"kaiwa/internal/ui/welcome"
	"kaiwa/internal/ui/workspace"
	"kaiwa/internal/workspace/account"
	"kaiwa/internal/workspace/key"
)

// Config is what the pages show and do.
type Config struct {
	Sim    *sim.Room
	Tokens *token.Room
	// Workspaces and Keys are for a workspace's settings.
	Workspaces *account.Room
	Keys       *key.Room
	// API is the server's own APIs: pages do by them what a client would.
	API http.Handler
	Log *slog.Logger
}

// New makes the handler of everything under /_/.
func New(c Config) http.Handler {
	streams := live.New(c.Sim.Feed, c.Log)
	shell := &page.Shell{Clock: c.Sim.Clock, Faults: c.Sim.Faults, Log: c.Log, Position: streams.Position,
		Nav: []page.Link{{Key: "phone", URL: "/_/phone/", Label: page.Say("Phone", "スマホ")},
			{Key: "workspace", URL: "/_/workspace/", Label: page.Say("Workspace", "ワークスペース")},
			{Key: "docs", URL: docs.Path, Label: page.Say("API docs", "APIドキュメント")}}}
	streams.On(page.TopicClock, func(_ context.Context, l page.Lang, _ live.Topic, ch feed.Change) ([]live.Patch, error) {
		if ch.Type != "clock" {
			return nil, nil
		}
		return []live.Patch{live.Replace("clock", shell.ClockChip(l))}, nil
	})
	streams.On(page.TopicFaults, func(_ context.Context, l page.Lang, _ live.Topic, ch feed.Change) ([]live.Patch, error) {
		if ch.Type != "faults" {
			return nil, nil
		}
		return []live.Patch{live.Replace("faults", shell.FaultBar(l))}, nil
	})

	mux := http.NewServeMux()
	shell.Routes(mux)
	mux.Handle("GET /_/events", streams)
	screen := &phone.Phone{Shell: shell, Sim: c.Sim, Token: c.token}
	screen.Routes(mux)
	screen.Live(streams)
	first := &welcome.Welcome{Shell: shell, Sim: c.Sim, Phone: screen, API: page.API{Handler: c.API}, Token: c.token}
	first.Routes(mux)
	first.Live(streams)
	settings := &workspace.Settings{Shell: shell, Accounts: c.Workspaces, Keys: c.Keys, Feed: c.Sim.Feed}
	settings.Routes(mux)
	settings.Live(streams)
	(&docs.Docs{Shell: shell, API: page.API{Handler: c.API}}).Routes(mux)
	h := &home{shell: shell, sim: c.Sim}
	mux.HandleFunc("GET /_/{$}", h.page)
	streams.On("world", h.changed)
	return page.Guard(mux)
}

// token is a channel's access token that pages may show: the long-lived one
// that the console would.
func (c Config) token(ctx context.Context, channelID string) string {
	value, err := c.Tokens.LongLived(ctx, channelID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		c.Log.WarnContext(ctx, "token not read", "channel", channelID, "error", err)
	}
	return value
}
