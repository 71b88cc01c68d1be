package account

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// remoteBase is where the numbers of real accounts begin, far above those of
// channels: both kinds stand in one column of the history.
const remoteBase = 1 << 40

// Load reads everything from the store into memory.
func (r *Room) Load(ctx context.Context) error {
	var workspaces []Workspace
	var links []link
	err := r.db.View(ctx, func(tx *store.Tx) error {
		workspaces = nil
		err := tx.Each(`SELECT id, name, rate_requests, rate_per FROM workspaces ORDER BY position`, nil, func(scan func(...any) error) error {
			var w Workspace
			var per int64
			err := scan(&w.ID, &w.Name, &w.Rate.Requests, &per)
			w.Rate.Per = time.Duration(per) * time.Millisecond
			workspaces = append(workspaces, w)
			return err
		})
		if err != nil {
			return err
		}
		links, err = readLinks(tx)
		return err
	})
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.workspaces, r.links = workspaces, links
	return nil
}

func readLinks(tx *store.Tx) ([]link, error) {
	var links []link
	err := tx.Each(`SELECT workspace_id, account_id, connected_at, config, position FROM workspace_accounts ORDER BY position`, nil,
		func(scan func(...any) error) error {
			var l link
			var config, accountID string
			if err := scan(&l.workspaceID, &accountID, &l.connectedAt, &config, &l.position); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(config), &l.config); err != nil {
				return fmt.Errorf("account %s: %w", accountID, err)
			}
			l.config.ChannelID = accountID
			links = append(links, l)
			return nil
		})
	return links, err
}

// PutWorkspace adds a workspace, or replaces the one with its id. One without
// an id gets one made from its position and name, the same each time; one
// without a rate gets DefaultRate.
func (r *Room) PutWorkspace(tx *store.Tx, w Workspace) (Workspace, error) {
	var position int64
	if err := tx.Row(`SELECT COALESCE(MAX(position), 0) + 1 FROM workspaces`, nil, &position); err != nil {
		return w, err
	}
	if w.ID == "" {
		w.ID = id.Derived("workspace", strconv.FormatInt(position, 10), w.Name)
	}
	if w.Rate == (limit.Rate{}) {
		w.Rate = DefaultRate
	}
	_, err := tx.Exec(`INSERT INTO workspaces (id, name, rate_requests, rate_per, position) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, rate_requests = excluded.rate_requests, rate_per = excluded.rate_per`,
		w.ID, w.Name, w.Rate.Requests, w.Rate.Per.Milliseconds(), position)
	if err != nil {
		return w, err
	}
	tx.After(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.workspaces = replace(r.workspaces, w, func(old Workspace) bool { return old.ID == w.ID })
	})
	return w, nil
}

// Connect connects an account to a workspace, or changes how it is connected.
// An account of this server must be a messaging channel; a real one must not
// have the id of a channel of this server, for their URLs would be the same.
func (r *Room) Connect(tx *store.Tx, workspaceID string, c Config) error {
	ch := r.channels.Get(c.ChannelID)
	switch {
	case c.BaseURL == "" && (ch == nil || ch.Type != channel.Messaging):
		return fmt.Errorf("account %q: there is no messaging channel of that id", c.ChannelID)
	case c.BaseURL != "" && ch != nil:
		return fmt.Errorf("account %q: a channel of this server has that id", c.ChannelID)
	}
	links, err := readLinks(tx)
	if err != nil {
		return err
	}
	l := link{workspaceID: workspaceID, config: c, connectedAt: tx.Millis(), position: 1}
	number := int64(remoteBase)
	for _, old := range links {
		l.position, number = max(l.position, old.position+1), max(number, old.config.No)
	}
	l.config.No = 0
	if c.BaseURL != "" {
		l.config.No = number + 1
	}
	for _, old := range links {
		if old.config.ChannelID != c.ChannelID {
			continue
		}
		// The number stays: the history is kept under it.
		l.config.No = old.config.No
		if old.workspaceID == workspaceID {
			l.connectedAt, l.position = old.connectedAt, old.position
		}
	}
	config, err := json.Marshal(l.config)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO workspace_accounts (workspace_id, account_id, connected_at, config, position) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, account_id) DO UPDATE SET config = excluded.config`, workspaceID, c.ChannelID, l.connectedAt, string(config), l.position)
	if err != nil {
		return err
	}
	tx.After(func() { r.remember(l) })
	return nil
}

func (r *Room) remember(l link) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.links = replace(r.links, l, func(old link) bool {
		return old.workspaceID == l.workspaceID && old.config.ChannelID == l.config.ChannelID
	})
	slices.SortStableFunc(r.links, func(a, b link) int { return cmp.Compare(a.position, b.position) })
}

// replace copies the list with v in the place of the one that it succeeds, or
// at the end; readers may still hold the old list.
func replace[T any](list []T, v T, same func(T) bool) []T {
	list = slices.Clone(list)
	if i := slices.IndexFunc(list, same); i >= 0 {
		list[i] = v
		return list
	}
	return append(list, v)
}
