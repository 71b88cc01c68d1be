package token

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Room issues and recognises channel access tokens. It is safe for concurrent use.
type Room struct {
	db       *store.DB
	channels *channel.Room
	now      func() time.Time
	memory   memory
}

// New makes the room; now is the server's clock, by which tokens expire.
func New(db *store.DB, channels *channel.Room, now func() time.Time) *Room {
	return &Room{db: db, channels: channels, now: now}
}

// Forget drops what is remembered of the store. It is for a reset, which
// changes the tables behind the room's back.
func (r *Room) Forget() { r.memory.forget() }

// Authenticate recognises the caller of a Messaging API operation by its
// Authorization header: owner is the channel id, principal the *channel.Channel.
// Tokens of LINE Login and LINE MINI App channels are refused like unknown
// ones, since those channels have no official account, and so are long-lived
// tokens of module channels. The error is an *api.Error with status 401, or the store's.
// https://developers.line.biz/en/reference/messaging-api/#response-status
func (r *Room) Authenticate(req *http.Request) (owner string, principal any, err error) {
	value := bearer(req)
	if value == "" {
		return "", nil, errNoHeader
	}
	t, err := r.find(req.Context(), value)
	if err != nil {
		return "", nil, err
	}
	if !t.valid(r.now()) {
		return "", nil, errNoAccess
	}
	c := r.channels.Get(t.channelID)
	if c == nil || c.Type != channel.Messaging && (c.Type != channel.Module || t.kind == longLived) {
		return "", nil, errNoAccess
	}
	return c.ID, c, nil
}

// bearer is the token of the Authorization header, or "". The scheme's name is
// compared as HTTP compares it, without regard to case.
func bearer(req *http.Request) string {
	const scheme = "Bearer "
	given := req.Header["Authorization"]
	if len(given) == 0 || len(given[0]) < len(scheme) || !strings.EqualFold(given[0][:len(scheme)], scheme) {
		return ""
	}
	return strings.TrimSpace(given[0][len(scheme):])
}

// find is what is known of a token, expired or not; nil if there is no such
// token. The token may be of any kind.
func (r *Room) find(ctx context.Context, value string) (*token, error) {
	h := hashOf(value)
	if t, ok := r.memory.get(h); ok {
		return t, nil
	}
	epoch := r.memory.now()
	t, err := r.lookUp(ctx, h, value)
	if err != nil {
		return nil, err
	}
	r.memory.keep(h, t, epoch)
	return t, nil
}

func (r *Room) lookUp(ctx context.Context, h hash, value string) (*token, error) {
	c, err := r.claimed(ctx, value)
	if err != nil {
		return nil, err
	}
	if c != nil && c.Kind == stateless {
		// Nothing is stored of these: the signature is all there is to ask.
		return &token{channelID: c.ChannelID, kind: stateless, expiresAt: c.ExpiresAt}, nil
	}
	var t *token
	err = r.db.View(ctx, func(tx *store.Tx) error {
		t, err = stored(tx, h)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return t, err
}
