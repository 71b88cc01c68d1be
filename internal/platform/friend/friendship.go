package friend

import (
	"errors"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// State is what a person and an official account are to each other.
type State int

// The states, as stored.
const (
	None    State = 0 // never were friends
	Friend  State = 1
	Blocked State = 2
)

// Friendship of a person with an account. FriendNo is -1 for who never was a friend.
type Friendship struct {
	State    State
	FriendNo int64
	Since    int64
}

// Friendship says how the person stands to the account.
func (r *Room) Friendship(tx *store.Tx, ch *channel.Channel, p *Person) (Friendship, error) {
	var f Friendship
	err := tx.Row(`SELECT state, friend_no, since FROM friendships WHERE channel_no = $1 AND person_no = $2`,
		[]any{ch.No, p.No}, &f.State, &f.FriendNo, &f.Since)
	if !errors.Is(err, store.ErrNotFound) {
		return f, err
	}
	if p.crowd != nil && p.crowd.channel.No == ch.No {
		return Friendship{Friend, p.crowd.firstFriend + p.index, p.crowd.since}, nil
	}
	return Friendship{None, -1, 0}, nil
}

// Turn is a change of friendship.
type Turn struct {
	Channel *channel.Channel
	Person  *Person
	To      State
	// At is the instant it is noted at, in unix milliseconds: sends to all
	// friends reach those who are friends at the instant of the send.
	At int64
}

// Set is Turn at the transaction's own instant, while nothing is being sent.
func (r *Room) Set(tx *store.Tx, ch *channel.Channel, p *Person, to State) (before Friendship, err error) {
	return r.Turn(tx, Turn{ch, p, to, tx.Millis()})
}

// Turn makes the person a friend of the account or one who blocked it, and says
// what they were before. Turning to what already is changes nothing.
func (r *Room) Turn(tx *store.Tx, t Turn) (before Friendship, err error) {
	ch, p := t.Channel, t.Person
	if before, err = r.Friendship(tx, ch, p); err != nil || before.State == t.To {
		return before, err
	}
	no := before.FriendNo
	if no < 0 {
		if no, err = r.nextFriendNo(tx, ch); err != nil {
			return before, err
		}
	}
	_, err = tx.Exec(`INSERT INTO friendships (channel_no, person_no, friend_no, state, since) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (channel_no, person_no) DO UPDATE SET state = excluded.state, since = excluded.since`, ch.No, p.No, no, int64(t.To), t.At)
	if err != nil {
		return before, err
	}
	if err := tx.Add(changes(ch), step()); err != nil {
		return before, err
	}
	if before.State == Friend {
		if err := span(tx, t, before.Since, t.At); err != nil {
			return before, err
		}
		return before, tx.Add(reach(ch), -1)
	}
	if t.To != Friend {
		return before, nil
	}
	if err := span(tx, t, t.At, 0); err != nil {
		return before, err
	}
	return before, tx.Add(reach(ch), 1)
}

// span writes a time of friendship down, or its end; a crowd member's first was
// never written down.
func span(tx *store.Tx, t Turn, since, until int64) error {
	_, err := tx.Exec(`INSERT INTO friendship_spans (channel_no, person_no, since, until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (channel_no, person_no, since) DO UPDATE SET until = excluded.until`, t.Channel.No, t.Person.No, since, until)
	return err
}

// Reach is how many friends the account has that did not block it.
func (r *Room) Reach(tx *store.Tx, ch *channel.Channel) (int64, error) { return tx.Total(reach(ch)) }

func reach(ch *channel.Channel) store.Counter { return store.Counter{Name: "friends", Scope: ch.ID} }

// Spans are the times of a person's friendship with the account.
type Spans struct{ since, until []int64 }

// Spans reads when the person was a friend.
func (r *Room) Spans(tx *store.Tx, channelNo int64, p *Person) (Spans, error) {
	var s Spans
	err := tx.Each(`SELECT since, until FROM friendship_spans WHERE channel_no = $1 AND person_no = $2 ORDER BY since`, []any{channelNo, p.No},
		func(scan func(...any) error) error {
			var since, until int64
			err := scan(&since, &until)
			s.since, s.until = append(s.since, since), append(s.until, until)
			return err
		})
	if err == nil && len(s.since) == 0 && p.crowd != nil && p.crowd.channel.No == channelNo {
		s.since, s.until = []int64{p.crowd.since}, []int64{0}
	}
	return s, err
}

// Cover says whether the person was a friend at that instant.
func (s Spans) Cover(at int64) bool {
	for i, since := range s.since {
		if since <= at && (s.until[i] == 0 || at < s.until[i]) {
			return true
		}
	}
	return false
}

func (r *Room) nextFriendNo(tx *store.Tx, ch *channel.Channel) (int64, error) {
	var rows, crowds int64
	err := tx.Row(`SELECT COALESCE(MAX(friend_no), -1) + 1 FROM friendships WHERE channel_no = $1`, []any{ch.No}, &rows)
	if err != nil {
		return 0, err
	}
	err = tx.Row(`SELECT COALESCE(MAX(first_friend + size), 0) FROM crowds WHERE channel_no = $1`, []any{ch.No}, &crowds)
	return max(rows, crowds), err
}
