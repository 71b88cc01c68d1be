package channel

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/store"
)

// Load reads all channels from the store into memory.
func (r *Room) Load(ctx context.Context) error {
	var list []*Channel
	err := r.db.View(ctx, func(tx *store.Tx) error {
		return tx.Each(selectChannel, nil, func(scan func(...any) error) error {
			c, err := scanChannel(scan)
			list = append(list, c)
			return err
		})
	})
	if err != nil {
		return err
	}
	r.remember(list)
	return nil
}

const selectChannel = `SELECT no, id, provider, type, name, secret, account, quota, webhook, config FROM channels`

func scanChannel(scan func(...any) error) (*Channel, error) {
	var c Channel
	var account, webhook, config string
	if err := scan(&c.No, &c.ID, &c.Provider, &c.Type, &c.Name, &c.Secret, &account, &c.Quota, &webhook, &config); err != nil {
		return nil, err
	}
	if err := errors.Join(json.Unmarshal([]byte(account), &c.Account), json.Unmarshal([]byte(webhook), &c.Webhook),
		json.Unmarshal([]byte(config), &c.Config)); err != nil {
		return nil, fmt.Errorf("channel %s: %w", c.ID, err)
	}
	return &c, nil
}

// read is the channel as the transaction sees it, ahead of what is in memory.
func read(tx *store.Tx, id string) (*Channel, error) {
	var c *Channel
	err := tx.Each(selectChannel+` WHERE id = $1`, []any{id}, func(scan func(...any) error) (err error) {
		c, err = scanChannel(scan)
		return err
	})
	if err == nil && c == nil {
		err = store.ErrNotFound
	}
	return c, err
}

// Put registers a channel, or replaces the one with its id; No is given to a new one.
func (r *Room) Put(tx *store.Tx, c Channel) (*Channel, error) {
	have, err := read(tx, c.ID)
	if err == nil {
		c.No = have.No
	} else if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	} else if err := tx.Row(`SELECT COALESCE(MAX(no), 0) + 1 FROM channels`, nil, &c.No); err != nil {
		return nil, err
	}
	account, err1 := json.Marshal(c.Account)
	webhook, err2 := json.Marshal(c.Webhook)
	config, err3 := json.Marshal(c.Config)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	_, err = tx.Exec(`INSERT INTO channels (no, id, provider, type, name, secret, bot_user_id, account, quota, webhook, config)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (id) DO UPDATE SET provider = excluded.provider, type = excluded.type, name = excluded.name, secret = excluded.secret,
			bot_user_id = excluded.bot_user_id, account = excluded.account, quota = excluded.quota, webhook = excluded.webhook, config = excluded.config`,
		c.No, c.ID, c.Provider, c.Type, c.Name, c.Secret, c.Account.UserID, string(account), c.Quota, string(webhook), string(config))
	if err != nil {
		return nil, err
	}
	tx.After(func() {
		list := []*Channel{&c}
		for _, old := range r.List() {
			if old.No != c.No {
				list = append(list, old)
			}
		}
		r.remember(list)
	})
	return &c, nil
}

// Change applies a change to a registered channel.
func (r *Room) Change(ctx context.Context, id string, change func(*Channel)) error {
	return r.db.Update(ctx, func(tx *store.Tx) error {
		c, err := read(tx, id)
		if err != nil {
			return err
		}
		change(c)
		_, err = r.Put(tx, *c)
		return err
	})
}
