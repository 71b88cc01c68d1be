package pnp

import (
	"context"
	"errors"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// waitMost is how long a message waits for a person who has not decided yet.
// https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#user-has-not-given-consent-when-receive-line-notification-messages
const waitMost = 24 * time.Hour

// consent is what the person decided, or what their profile says.
func (r *Room) consent(tx *store.Tx, p *friend.Person) (friend.Consent, error) {
	var agreed int64
	err := tx.Row(`SELECT agreed FROM phone_consents WHERE person_no = $1`, []any{p.No}, &agreed)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return p.Profile.PhoneConsent, nil
	case agreed != 0:
		return friend.Agreed, err
	}
	return friend.Refused, err
}

// wait keeps a notification until the person decides. Who has blocked the
// account is not even asked.
func (r *Room) wait(tx *store.Tx, ch *channel.Channel, p *friend.Person, n notification) error {
	f, err := r.friends.Friendship(tx, ch, p)
	if err != nil || f.State == friend.Blocked {
		return err
	}
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO phone_waiting (no, person_no, channel_no, notification, until) VALUES ($1, $2, $3, $4, $5)`,
		r.seq.Next(tx.Now), p.No, ch.No, string(text), tx.Now.Add(waitMost).UnixMilli())
	return err
}

// Decide has a person agree to messages by phone number, of all accounts, or
// refuse them. What waited for it is delivered or dropped; the delivery events
// are named.
func (r *Room) Decide(tx *store.Tx, p *friend.Person, agree bool) ([]string, error) {
	agreed := 0
	if agree {
		agreed = 1
	}
	_, err := tx.Exec(`INSERT INTO phone_consents (person_no, agreed) VALUES ($1, $2) ON CONFLICT (person_no) DO UPDATE SET agreed = excluded.agreed`,
		p.No, agreed)
	if err != nil {
		return nil, err
	}
	type waiting struct {
		channelNo int64
		text      string
	}
	var list []waiting
	err = tx.Each(`SELECT channel_no, notification FROM phone_waiting WHERE person_no = $1 AND until > $2 ORDER BY no`, []any{p.No, tx.Millis()},
		func(scan func(...any) error) error {
			var w waiting
			err := scan(&w.channelNo, &w.text)
			list = append(list, w)
			return err
		})
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`DELETE FROM phone_waiting WHERE person_no = $1`, p.No); err != nil || !agree {
		return nil, err
	}
	var ids []string
	for _, w := range list {
		var n notification
		if err := json.Unmarshal([]byte(w.text), &n); err != nil {
			return nil, err
		}
		ch := r.channels.ByNo(w.channelNo)
		if ch == nil {
			continue // a reset has taken it away since
		}
		more, err := r.deliver(tx, ch, p, n)
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	return ids, nil
}

// Sweep clears away what nobody agreed to in time.
func (r *Room) Sweep(ctx context.Context, now time.Time) error {
	return r.db.Sweep(ctx, `DELETE FROM phone_waiting WHERE no IN (SELECT no FROM phone_waiting WHERE until <= $2 LIMIT $1)`, now.UnixMilli())
}
