package audience

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// partSize is how a set lies in the store: pieces that both engines take.
const partSize = 1 << 20

// own is the job id under which an audience's own set stands.
const own = 0

// writeSet puts a set in the place of the one that was there.
func writeSet(tx *store.Tx, audienceID, jobID int64, people *roaring64.Bitmap) error {
	if err := removeSet(tx, audienceID, jobID); err != nil {
		return err
	}
	people.RunOptimize()
	data, err := people.ToBytes()
	for n := 0; err == nil && n*partSize < len(data); n++ {
		part := data[n*partSize : min(len(data), (n+1)*partSize)]
		_, err = tx.Exec(`INSERT INTO audience_parts (audience_id, job_id, n, data) VALUES ($1, $2, $3, $4)`, audienceID, jobID, n, part)
	}
	return err
}

// readSet reads a set; one that was never written is empty.
func readSet(tx *store.Tx, audienceID, jobID int64) (*roaring64.Bitmap, error) {
	people := roaring64.New()
	var data []byte
	err := tx.Each(`SELECT data FROM audience_parts WHERE audience_id = $1 AND job_id = $2 ORDER BY n`, []any{audienceID, jobID},
		func(scan func(...any) error) error {
			var part []byte
			err := scan(&part)
			data = append(data, part...)
			return err
		})
	if err != nil || len(data) == 0 {
		return people, err
	}
	if _, err = people.ReadFrom(bytes.NewReader(data)); err != nil {
		err = fmt.Errorf("%w: %w", errBroken, err)
	}
	return people, err
}

// errBroken says that what lies in the store is no set.
var errBroken = errors.New("audience: a broken set")

func removeSet(tx *store.Tx, audienceID, jobID int64) error {
	_, err := tx.Exec(`DELETE FROM audience_parts WHERE audience_id = $1 AND job_id = $2`, audienceID, jobID)
	return err
}

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
