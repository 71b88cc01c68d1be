package account

import (
	"slices"
	"sync"
	"time"

	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Workspace is a team that reads the history of its accounts.
type Workspace struct {
	ID   string
	Name string
	// Rate is how often its API keys together may call the public API.
	Rate limit.Rate
}

// DefaultRate is the rate of a workspace whose world says none.
var DefaultRate = limit.Rate{Requests: 60, Per: time.Minute}

// Config is how an account is connected. One without a BaseURL is an account of
// this server; the others are real ones, reached at that URL.
type Config struct {
	ChannelID          string   `json:"channelId"`
	Name               string   `json:"name,omitzero"`
	BaseURL            string   `json:"baseUrl,omitzero"`
	ChannelSecret      string   `json:"channelSecret,omitzero"`
	ChannelAccessToken string   `json:"channelAccessToken,omitzero"`
	Relays             []string `json:"relays,omitzero"`
	// No is the number under which a real account's history is kept; Connect gives it.
	No int64 `json:"no,omitzero"`
}

// Account is an official account as a workspace sees it.
type Account struct {
	// ID is the account's id in the public API: the id of its messaging channel.
	ID string
	// No is the number in whose history its messages stand; it never goes out.
	No          int64
	Name        string
	BasicID     string
	ConnectedAt time.Time
	Config      Config
}

// Remote says whether the account lives on the real LINE.
func (a *Account) Remote() bool { return a.Config.BaseURL != "" }

// link is a connected account as stored.
type link struct {
	workspaceID string
	config      Config
	connectedAt int64
	position    int64
}

// Room keeps workspaces and accounts. Readers share immutable copies.
type Room struct {
	db       *store.DB
	channels *channel.Room

	mu         sync.RWMutex
	workspaces []Workspace
	links      []link
}

// Open makes the room; Load reads what is in the store.
func Open(db *store.DB, channels *channel.Room) *Room { return &Room{db: db, channels: channels} }

// List is all workspaces in the order they were put.
func (r *Room) List() []Workspace {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.workspaces)
}

// Workspace is the workspace of that id; ok is false when there is none.
func (r *Room) Workspace(id string) (w Workspace, ok bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, w := range r.workspaces {
		if w.ID == id {
			return w, true
		}
	}
	return Workspace{}, false
}

// Accounts lists the accounts of a workspace in the order they were connected.
func (r *Room) Accounts(workspaceID string) []*Account {
	list := []*Account{}
	for _, l := range r.snapshot() {
		if l.workspaceID != workspaceID {
			continue
		}
		if a := r.account(l); a != nil {
			list = append(list, a)
		}
	}
	return list
}

// Get is one account of a workspace, or nil: also for an account of another workspace.
func (r *Room) Get(workspaceID, accountID string) *Account {
	for _, l := range r.snapshot() {
		if l.workspaceID == workspaceID && l.config.ChannelID == accountID {
			return r.account(l)
		}
	}
	return nil
}

// Remote is the real account of that id, whichever workspace connected it, or
// nil. Its webhooks come in by this id alone.
func (r *Room) Remote(accountID string) *Account {
	for _, l := range r.snapshot() {
		if l.config.ChannelID == accountID && l.config.BaseURL != "" {
			return r.account(l)
		}
	}
	return nil
}

func (r *Room) snapshot() []link {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.links
}

// account joins a link with what the channel says today; nil when an account
// of this server has lost its channel.
func (r *Room) account(l link) *Account {
	a := &Account{ID: l.config.ChannelID, No: l.config.No, Name: l.config.Name, ConnectedAt: time.UnixMilli(l.connectedAt).UTC(), Config: l.config}
	if a.Remote() {
		return a
	}
	ch := r.channels.Get(a.ID)
	if ch == nil {
		return nil
	}
	a.No, a.BasicID = ch.No, ch.Account.BasicID
	if a.Name == "" {
		a.Name = ch.Account.DisplayName
	}
	if a.Name == "" {
		a.Name = ch.Name
	}
	return a
}
