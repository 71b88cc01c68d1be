package miniapp

import (
	"errors"
	"strings"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/login"
)

// How long a service notification token lives, and how many messages it is good for.
const (
	tokenLife = 365 * 24 * time.Hour
	sendsMost = 5
)

type issueBody struct {
	LiffAccessToken string `json:"liffAccessToken"`
}

// notifier is the answer to both operations. A token that is used up is told by
// two zeros alone.
type notifier struct {
	NotificationToken string `json:"notificationToken,omitzero"`
	ExpiresIn         int64  `json:"expiresIn"` // seconds
	RemainingCount    int64  `json:"remainingCount"`
	SessionID         string `json:"sessionId,omitzero"`
}

// tokenRow is a chain of tokens, each in the place of the one before.
type tokenRow struct {
	liffHash  string
	channelNo int64
	personNo  int64
	liffID    string
	sessionID string
	remaining int64
	expiresAt int64
}

// issue gives a service notification token for a person's LIFF access token: one
// for each of these. 400 when it is missing or was used, 401 when it is not good.
// https://developers.line.biz/en/reference/line-mini-app/#issue-notification-token
func (r *Room) issue(c *api.Call, in issueBody) (any, error) {
	ch := channel.Caller(c)
	switch {
	case ch.Type != channel.MiniApp:
		return nil, errNoMiniApp
	case strings.TrimSpace(in.LiffAccessToken) == "":
		return nil, blank("liffAccessToken")
	}
	apps, err := r.Login.AppsOf(c, ch.ID)
	if err != nil {
		return nil, err
	}
	var out notifier
	err = r.DB.Update(c, func(tx *store.Tx) error {
		u, err := r.Login.User(tx, in.LiffAccessToken)
		if err != nil {
			return err
		}
		if u.Channel.No != ch.No {
			return errLIFFToken
		}
		t := tokenRow{liffHash: u.Hash, channelNo: ch.No, personNo: u.Person.No, liffID: u.LiffID, sessionID: id.Secret(16), remaining: sendsMost,
			expiresAt: tx.Now.Add(tokenLife).UnixMilli()}
		if t.liffID == "" && len(apps) > 0 { // logged in outside of a LIFF app
			t.liffID = apps[0].LiffID
		}
		out, err = insert(tx, t)
		return err
	})
	return out, err
}

func insert(tx *store.Tx, t tokenRow) (notifier, error) {
	value := id.UUID()
	n, err := tx.Exec(`INSERT INTO notifier_tokens (liff_hash, hash, channel_no, person_no, liff_id, session_id, remaining, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (liff_hash) DO NOTHING`,
		t.liffHash, login.Hash(value), t.channelNo, t.personNo, t.liffID, t.sessionID, t.remaining, t.expiresAt)
	if err == nil && n == 0 {
		err = errLIFFUsed
	}
	return t.answer(tx, value), err
}

func (t tokenRow) answer(tx *store.Tx, value string) notifier {
	return notifier{value, (t.expiresAt - tx.Millis()) / 1000, t.remaining, t.sessionID}
}

// find is the chain whose token is good for a send of the channel now.
func find(tx *store.Tx, ch *channel.Channel, value string) (tokenRow, error) {
	t := tokenRow{channelNo: ch.No}
	err := tx.Row(`SELECT liff_hash, person_no, liff_id, session_id, remaining, expires_at FROM notifier_tokens
		WHERE hash = $1 AND channel_no = $2 AND remaining > 0 AND expires_at > $3`, []any{login.Hash(value), ch.No, tx.Millis()},
		&t.liffHash, &t.personNo, &t.liffID, &t.sessionID, &t.remaining, &t.expiresAt)
	if errors.Is(err, store.ErrNotFound) {
		err = errToken
	}
	return t, err
}

// renew counts a send and puts a new token in the place of the one that was used.
func (t tokenRow) renew(tx *store.Tx) (notifier, error) {
	value := id.UUID()
	t.remaining--
	if _, err := tx.Exec(`UPDATE notifier_tokens SET hash = $2, remaining = $3 WHERE liff_hash = $1`, t.liffHash, login.Hash(value), t.remaining); err != nil {
		return notifier{}, err
	}
	if t.remaining == 0 {
		return notifier{}, nil
	}
	return t.answer(tx, value), nil
}
