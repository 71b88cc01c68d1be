package message

import (
	"context"
	"errors"
	"math/bits"
	"math/rand/v2"

	"github.com/RoaringBitmap/roaring/v2"

	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
)

// narrowcasts is the kind of the outbox's items, whose payload is a request id.
const narrowcasts = "narrowcast"

// attemptsMost is after how many failures to read the store a narrowcast is given up.
const attemptsMost = 10

// carry takes a narrowcast one phase on. What takes time is read before; what it
// leads to (the phase, the send, the quota) is one transaction with the item's
// own outcome, so that a crash at any moment neither loses nor repeats it.
func (r *Room) carry(ctx context.Context, it outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
	var n narrowcast
	var ch *channel.Channel
	var set *roaring.Bitmap
	var code int
	err := r.db.View(ctx, func(tx *store.Tx) (err error) {
		if n, err = readNarrowcast(tx, it.Payload); err != nil {
			return err
		}
		if ch, err = r.chats.Account(n.channelNo); err != nil {
			return err
		}
		if n.phase == waiting {
			if set, code, err = r.selected(tx, ch, n.order); err == nil && code == 0 {
				set, code, err = n.within(tx, ch, set)
			}
			return err
		}
		_, err = r.friends.Friends(tx, ch) // so that the writer finds them in memory
		return err
	})
	return func(tx *store.Tx) (outbox.Outcome, error) {
		phase, gone := phaseOf(tx, it.Payload)
		switch {
		case errors.Is(gone, store.ErrNotFound): // a reset has taken it away
			return outbox.Outcome{}, nil
		case gone != nil:
			return outbox.Outcome{}, gone
		case ch == nil && it.Attempts >= attemptsMost:
			return outbox.Outcome{Bury: err.Error()}, nil
		case err != nil && !errors.Is(err, store.ErrNotFound) && it.Attempts < attemptsMost:
			return outbox.Outcome{Retry: tx.Now.Add(sendingSpan)}, nil
		case err != nil: // an audience is gone, or the store cannot be read
			return outbox.Outcome{}, n.fail(tx, ch, codeInternal)
		case n.phase == waiting && phase == waiting:
			return r.begin(tx, ch, n, set, code)
		case n.phase == sending && phase == sending:
			return outbox.Outcome{}, r.deliver(tx, ch, n)
		}
		return outbox.Outcome{}, nil
	}
}

// begin settles who will get it and gives back what was reserved beyond that.
func (r *Room) begin(tx *store.Tx, ch *channel.Channel, n narrowcast, set *roaring.Bitmap, code int) (outbox.Outcome, error) {
	if code == 0 { // once more: other sends may have used quota since
		var err error
		if set, code, err = n.within(tx, ch, set); err != nil {
			return outbox.Outcome{}, err
		}
	}
	if code != 0 {
		return outbox.Outcome{}, n.fail(tx, ch, code)
	}
	if err := n.send(tx, ch, set); err != nil {
		return outbox.Outcome{}, err
	}
	return outbox.Outcome{Retry: tx.Now.Add(sendingSpan)}, nil
}

// deliver sends to those chosen who are friends still.
func (r *Room) deliver(tx *store.Tx, ch *channel.Channel, n narrowcast) error {
	friends, err := r.friends.Friends(tx, ch)
	if err != nil {
		return err
	}
	set := roaring.And(n.recipients, friends)
	if n.successCount = int64(set.GetCardinality()); n.successCount > 0 {
		set.RunOptimize()
		recipients, err := set.ToBytes()
		if err != nil {
			return err
		}
		ids, err := r.chats.SendToMany(tx, ch, chat.ToManySend{Drafts: n.drafts(), Count: n.successCount, Recipients: recipients})
		if err != nil {
			return err
		}
		n.firstMessageID = ids[0]
		if err := errors.Join(tx.Add(usage(ch, tx.Now), n.successCount), count(tx, ch, "narrowcast", n.successCount)); err != nil {
			return err
		}
	}
	return n.end(tx, ch, succeeded)
}

// within is the set itself where all of it may be sent to, else a part of it
// that is drawn by lot, or the code of the error that a part leads to.
func (n narrowcast) within(tx *store.Tx, ch *channel.Channel, set *roaring.Bitmap) (*roaring.Bitmap, int, error) {
	most, err := n.most(tx, ch)
	switch {
	case err != nil || int64(set.GetCardinality()) <= most:
		return set, 0, err
	case n.order.Forbid:
		return nil, codePartial, nil
	}
	return drawn(set, uint64(most)), 0, nil
}

// drawn are n of a set, each choice as likely as any other: every number is
// taken with the chance of what is still wanted among what is still left.
func drawn(set *roaring.Bitmap, n uint64) *roaring.Bitmap {
	random := rand.NewPCG(rand.Uint64(), rand.Uint64()) //nolint:gosec // a draw by lot among friends is no secret
	out := roaring.New()
	left := set.GetCardinality()
	n = min(n, left)
	in, chosen := make([]uint32, 4096), make([]uint32, 0, 4096)
	for it := set.ManyIterator(); n > 0; {
		for _, no := range in[:it.NextMany(in)] {
			if at, _ := bits.Mul64(random.Uint64(), left); at < n {
				chosen = append(chosen, no)
				n--
			}
			left--
		}
		out.AddMany(chosen)
		chosen = chosen[:0]
	}
	return out
}
