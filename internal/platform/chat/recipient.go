package chat

import (
	"github.com/RoaringBitmap/roaring/v2"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// Addressee decides which of an account's sends to many reached one person.
type Addressee struct {
	friendNo int64
	spans    friend.Spans
}

// Addressee reads what is needed to decide.
func (r *Room) Addressee(tx *store.Tx, ch *channel.Channel, p *friend.Person) (Addressee, error) {
	f, err := r.friends.Friendship(tx, ch, p)
	if err != nil {
		return Addressee{}, err
	}
	spans, err := r.friends.Spans(tx, ch.No, p)
	return Addressee{f.FriendNo, spans}, err
}

// Got says whether the send reached the person: all friends of that moment
// (nil), or those in the bitmap.
func (a Addressee) Got(sentAt int64, recipients []byte) (bool, error) {
	if recipients == nil {
		return a.spans.Cover(sentAt), nil
	}
	if a.friendNo < 0 {
		return false, nil
	}
	set := roaring.New()
	if _, err := set.FromBuffer(recipients); err != nil {
		return false, err
	}
	return set.Contains(uint32(a.friendNo)), nil
}

// Recipients are the friend numbers of those who got a send to many that names
// them one by one; store.ErrNotFound when there is no such send.
func (r *Room) Recipients(tx *store.Tx, firstMessageID int64) (*roaring.Bitmap, error) {
	var recipients []byte
	if err := tx.Row(`SELECT recipients FROM sends WHERE first_message_id = $1`, []any{firstMessageID}, &recipients); err != nil {
		return nil, err
	}
	set := roaring.New()
	return set, set.UnmarshalBinary(recipients)
}
