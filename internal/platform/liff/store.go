package liff

import (
	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Find is the app of an id; store.ErrNotFound when there is none.
func (r *Room) Find(tx *store.Tx, liffID string) (*App, error) {
	if !IDForm.MatchString(liffID) {
		return nil, store.ErrNotFound
	}
	var no int64
	var text string
	if err := tx.Row(`SELECT channel_no, config FROM liff_apps WHERE liff_id = $1`, []any{liffID}, &no, &text); err != nil {
		return nil, err
	}
	a := &App{Channel: r.Channels.ByNo(no)}
	if a.Channel == nil {
		return nil, store.ErrNotFound // a reset took it
	}
	return a, json.Unmarshal([]byte(text), a)
}

// Apps are the apps of a channel, in the order they were added.
func (r *Room) Apps(tx *store.Tx, ch *channel.Channel) (list []*App, err error) {
	err = tx.Each(`SELECT config FROM liff_apps WHERE channel_no = $1 ORDER BY seq`, []any{ch.No}, func(scan func(...any) error) error {
		var text string
		if err := scan(&text); err != nil {
			return err
		}
		a := &App{Channel: ch}
		list = append(list, a)
		return json.Unmarshal([]byte(text), a)
	})
	return list, err
}

func count(tx *store.Tx, ch *channel.Channel) (n int, err error) {
	err = tx.Row(`SELECT COUNT(*) FROM liff_apps WHERE channel_no = $1`, []any{ch.No}, &n)
	return n, err
}

// put writes an app down, new or changed.
func put(tx *store.Tx, a *App) error {
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO liff_apps (liff_id, channel_no, seq, config)
		VALUES ($1, $2, (SELECT COALESCE(MAX(seq), 0) + 1 FROM liff_apps WHERE channel_no = $2), $3)
		ON CONFLICT (liff_id) DO UPDATE SET config = excluded.config`, a.LiffID, a.Channel.No, string(text))
	return err
}

func remove(tx *store.Tx, a *App) error {
	_, err := tx.Exec(`DELETE FROM liff_apps WHERE liff_id = $1`, a.LiffID)
	return err
}
