package accountlink

import (
	"errors"
	"regexp"
	"time"
	"unicode/utf8"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// tokenLife is how long a link token can be used, once.
const tokenLife = 10 * time.Minute

type tokenAnswer struct {
	LinkToken string `json:"linkToken"`
}

// issue makes a link token for a person of the provider: 400 for a malformed
// user id, 404 for one that nobody has.
// https://developers.line.biz/en/reference/messaging-api/#issue-link-token
func (r *Room) issue(c *api.Call) (any, error) {
	userID := c.Path("userId")
	if !friend.UserID.MatchString(userID) {
		return nil, friend.InvalidParameter("userId")
	}
	ch, token := channel.Caller(c), id.Hex(16)
	err := r.db.Update(c, func(tx *store.Tx) error {
		p, err := r.friends.Resolve(tx, userID)
		if err == nil && p.Provider != ch.Provider {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO link_tokens (token, channel_no, person_no, expires_at, used_at) VALUES ($1, $2, $3, $4, 0)`,
			token, ch.No, p.No, tx.Now.Add(tokenLife).UnixMilli())
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		err = api.Errorf(api.NotFound, "Not found")
	}
	return tokenAnswer{token}, err
}

var tokenForm = regexp.MustCompile(`^[0-9a-f]{32}$`)

// ticket is a link token that can be used now: by which account it was issued, for whom.
type ticket struct {
	token    string
	channel  *channel.Channel
	personNo int64
}

// find reads what a link token stands for; refused are those that are unknown
// (api.Invalid), and those that have expired or were used (api.Conflict).
func (r *Room) find(tx *store.Tx, token string) (ticket, error) {
	t := ticket{token: token}
	unknown := api.Errorf(api.Invalid, "linkToken: there is no such link token")
	if !tokenForm.MatchString(token) {
		return t, unknown
	}
	var channelNo, expires, used int64
	err := tx.Row(`SELECT channel_no, person_no, expires_at, used_at FROM link_tokens WHERE token = $1`, []any{token}, &channelNo, &t.personNo, &expires, &used)
	t.channel = r.channels.ByNo(channelNo)
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && t.channel == nil:
		return t, unknown
	case err != nil:
		return t, err
	case used != 0:
		return t, api.Errorf(api.Conflict, "linkToken: it was used already")
	case expires <= tx.Millis():
		return t, api.Errorf(api.Conflict, "linkToken: it has expired; link tokens are good for 10 minutes")
	}
	return t, nil
}

// How long a nonce is, in characters.
const (
	nonceLeast = 10
	nonceMost  = 255
)

func checkNonce(nonce string) error {
	if n := utf8.RuneCountInString(nonce); n < nonceLeast || n > nonceMost || !utf8.ValidString(nonce) {
		return api.Errorf(api.Invalid, "nonce: %d to %d characters", nonceLeast, nonceMost)
	}
	return nil
}

// Link has a person follow the way to be linked, which uses the token up. ok
// says that they are whom it was issued for, and a friend of the account. The
// account is told either way.
func (r *Room) Link(tx *store.Tx, p *friend.Person, token, nonce string) (ok bool, eventIDs []string, err error) {
	if err := checkNonce(nonce); err != nil {
		return false, nil, err
	}
	t, err := r.find(tx, token)
	if err != nil {
		return false, nil, err
	}
	if _, err := tx.Exec(`UPDATE link_tokens SET used_at = $2 WHERE token = $1`, token, tx.Millis()); err != nil {
		return false, nil, err
	}
	owner, err := r.friends.ByNo(tx, t.personNo)
	if err != nil {
		return false, nil, err
	}
	f, err := r.friends.Friendship(tx, t.channel, owner)
	if err != nil {
		return false, nil, err
	}
	ok = p.No == owner.No && f.State == friend.Friend
	eventIDs, err = r.chats.AccountLink(tx, t.channel, owner, ok, nonce)
	return ok, eventIDs, err
}
