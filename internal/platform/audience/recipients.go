package audience

import (
	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Recipients are the people of an audience, as a narrowcast asks for them.
type Recipients struct {
	// People are the numbers of people.
	People *roaring64.Bitmap
	// Uploaded: made of user ids or chat tags by this very account. No least
	// number of recipients is asked of it.
	Uploaded bool
}

// Recipients reads who is in an audience of the account, or in one that is
// shared with it: all that were ever put into it, be they friends or not.
// store.ErrNotFound when there is none that the account may use, or it is not READY.
// https://developers.line.biz/en/reference/messaging-api/#send-narrowcast-message-restrictions
func (r *Room) Recipients(tx *store.Tx, ch *channel.Channel, audienceGroupID int64) (Recipients, error) {
	a, err := visible(tx, ch, audienceGroupID)
	if err != nil {
		return Recipients{}, err
	}
	if a.statusAt(tx.Millis()) != Ready {
		return Recipients{}, store.ErrNotFound
	}
	people, err := readSet(tx, a.ID, own)
	return Recipients{People: people, Uploaded: a.ChannelNo == ch.No && a.open()}, err
}
