package presence

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
)

// How long an animation may be asked for, in seconds.
const (
	secondsLeast   = 5
	secondsMost    = 60
	secondsDefault = 20
)

type loadingBody struct {
	ChatID         string `json:"chatId"`
	LoadingSeconds *int64 `json:"loadingSeconds"`
}

// check tells all that is wrong with the body at once.
func (in loadingBody) check() error {
	var wrong []api.Detail
	if !friend.UserID.MatchString(in.ChatID) {
		wrong = append(wrong, api.Detail{Message: "Only user id is acceptable, please confirm if there are any group/room ids or illegal ids.", Property: "chatId"})
	}
	if s := in.LoadingSeconds; s != nil {
		if *s < secondsLeast || *s > secondsMost {
			wrong = append(wrong, api.Detail{Message: fmt.Sprintf("Must be between %d and %d", secondsLeast, secondsMost), Property: "loadingSeconds"})
		}
		if *s%5 != 0 {
			wrong = append(wrong, api.Detail{Message: "must be a multiple of five", Property: "loadingSeconds"})
		}
	}
	if wrong == nil {
		return nil
	}
	return &api.Error{Code: api.Invalid, Message: fmt.Sprintf("The request body has %d error(s)", len(wrong)), Details: wrong}
}

func (in loadingBody) span() time.Duration {
	if in.LoadingSeconds == nil {
		return secondsDefault * time.Second
	}
	return time.Duration(*in.LoadingSeconds) * time.Second
}

// Loading is the data of a "loading" change: until when the animation is shown.
// Without it the animation has ended.
type Loading struct {
	Until *time.Time `json:"until,omitzero"`
}

// start shows a friend the loading animation, 5 to 60 seconds (20) or until the
// account says something. Others see nothing, though the answer is the same.
// https://developers.line.biz/en/reference/messaging-api/#display-a-loading-indicator
func (r *Room) start(c *api.Call, in loadingBody) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	ch := channel.Caller(c)
	err := r.db.Update(c, func(tx *store.Tx) error {
		p, err := r.friends.Resolve(tx, in.ChatID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		f, err := r.friends.Friendship(tx, ch, p)
		if err != nil || f.State != friend.Friend {
			return err
		}
		return r.show(tx, ch, p, tx.Now.Add(in.span()))
	})
	return api.Status{Code: 202, Body: api.Object{}}, err
}

// show writes down that the animation is shown; one that is shown already goes
// on until then.
func (r *Room) show(tx *store.Tx, ch *channel.Channel, p *friend.Person, until time.Time) error {
	_, err := tx.Exec(`INSERT INTO loading_animations (channel_no, person_no, started_at, message_id, until) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (channel_no, person_no) DO UPDATE SET started_at = excluded.started_at, message_id = excluded.message_id, until = excluded.until`,
		ch.No, p.No, tx.Millis(), r.chats.NextID(tx), until.UnixMilli())
	if err != nil {
		return err
	}
	t := until.UTC().Truncate(time.Millisecond)
	r.publish(tx, ch, p, Loading{&t})
	return r.queue.Put(tx, outbox.Item{Kind: kind, Payload: fmt.Sprint(ch.No, p.No), Due: until})
}

func (r *Room) publish(tx *store.Tx, ch *channel.Channel, p *friend.Person, l Loading) {
	tx.After(func() {
		r.feed.Publish(feed.Change{Type: "loading", ChannelID: ch.ID, UserIDs: []string{p.UserID}, ChatID: ch.ID, Data: l})
	})
}

// kind names the queue's items; each is the end of an animation.
const kind = "loading"

// over ends an animation whose time is over, unless it has been prolonged.
func (r *Room) over(_ context.Context, item outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
	return func(tx *store.Tx) (outbox.Outcome, error) {
		var channelNo, personNo int64
		if _, err := fmt.Sscan(item.Payload, &channelNo, &personNo); err != nil {
			return outbox.Outcome{Bury: err.Error()}, nil
		}
		n, err := tx.Exec(`DELETE FROM loading_animations WHERE channel_no = $1 AND person_no = $2 AND until <= $3`, channelNo, personNo, item.Due.UnixMilli())
		ch := r.channels.ByNo(channelNo)
		if err != nil || n == 0 || ch == nil {
			return outbox.Outcome{}, err
		}
		p, err := r.friends.ByNo(tx, personNo)
		if err == nil {
			r.publish(tx, ch, p, Loading{})
		}
		return outbox.Outcome{}, err
	}
}

// LoadingUntil is until when a person's phone shows the account's loading
// animation, if it has the chat open; the zero time when it shows none.
func (r *Room) LoadingUntil(tx *store.Tx, ch *channel.Channel, p *friend.Person) (time.Time, error) {
	var at chat.Position
	var until int64
	err := tx.Row(`SELECT started_at, message_id, until FROM loading_animations WHERE channel_no = $1 AND person_no = $2`, []any{ch.No, p.No}, &at.SentAt, &at.ID, &until)
	if errors.Is(err, store.ErrNotFound) || err == nil && until <= tx.Millis() {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	c, err := r.chats.Existing(tx, ch, p)
	if err != nil {
		return time.Time{}, err
	}
	if spoke, err := r.chats.SpokeAfter(tx, p, c, at); err != nil || spoke {
		return time.Time{}, err
	}
	return time.UnixMilli(until).UTC(), nil
}
