package app

import (
	"context"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// somebody is the user id of a friend of the account, "" when it has none.
func (a *App) somebody(ctx context.Context, ch *channel.Channel) string {
	found := ""
	err := a.db.View(ctx, func(tx *store.Tx) error {
		people, err := a.friends.People(tx)
		if err != nil {
			return err
		}
		for _, p := range people {
			f, err := a.friends.Friendship(tx, ch, p)
			if err != nil {
				return err
			}
			if f.State == friend.Friend {
				found = p.UserID
				return nil
			}
		}
		return nil
	})
	if err != nil {
		return ""
	}
	return found
}
