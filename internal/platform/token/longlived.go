package token

import (
	"context"
	"errors"
	"fmt"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// PutLongLived makes value the channel's long-lived token and the former one
// invalid. It is how a world file's accessToken comes to be, so the value is
// taken as it is, as long as a header can carry it. The channel may be one that
// this very transaction registers.
func (r *Room) PutLongLived(tx *store.Tx, channelID, value string) error {
	if !wellFormed(value) {
		return api.Errorf(api.Invalid, "The access token of channel %s is empty or has characters that an Authorization header cannot carry", channelID)
	}
	if err := r.remove(tx, channelID, longLived, `seq >= $3`, 0); err != nil {
		return err
	}
	err := r.insert(tx, token{channelID: channelID, kind: longLived, scope: opaqueScope,
		issuedAt: tx.Millis(), expiresAt: tx.Now.Add(longLife).UnixMilli()}, value)
	if errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("the access token of channel %s is already another token's: %w", channelID, err)
	}
	return err
}

// IssueLongLived issues a long-lived token and makes the former one invalid, as
// the developers console does. Only Messaging API channels have them; the error
// is ErrNotFound for an unknown channel.
// https://developers.line.biz/en/docs/basics/channel-access-token/#long-lived-channel-access-token
func (r *Room) IssueLongLived(ctx context.Context, channelID string) (string, error) {
	ch := r.channels.Get(channelID)
	if ch == nil {
		return "", store.ErrNotFound
	}
	if ch.Type != channel.Messaging {
		return "", api.Errorf(api.Invalid, "Only Messaging API channels have a long-lived channel access token")
	}
	value := opaque()
	err := r.db.Update(ctx, func(tx *store.Tx) error { return r.PutLongLived(tx, channelID, value) })
	if err != nil {
		return "", err
	}
	return value, nil
}

// LongLived is the channel's long-lived token; ErrNotFound if it has none.
func (r *Room) LongLived(ctx context.Context, channelID string) (value string, err error) {
	err = r.db.View(ctx, func(tx *store.Tx) error {
		value, err = longLivedValue(tx, channelID)
		return err
	})
	return value, err
}
