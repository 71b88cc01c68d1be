package interaction

import (
	"regexp"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
)

// Sent is a send to many, as found by its request.
type Sent struct {
	Kind chat.Origin // chat.Multicast, chat.Narrowcast or chat.Broadcast
	At   int64       // unix milliseconds
	// People is how many it was delivered to.
	People int64

	subject int64
}

// requestID is the form of a request's id; PostgreSQL could not be asked for every text.
var requestID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// Sent finds what an account sent to many by the id of the request;
// store.ErrNotFound when it sent nothing by that id, or to nobody.
func (r *Room) Sent(tx *store.Tx, channelNo int64, id string) (Sent, error) {
	if !requestID.MatchString(id) {
		return Sent{}, store.ErrNotFound
	}
	s, err := r.chats.SendOfRequest(tx, channelNo, id)
	return Sent{Kind: s.Origin, At: s.SentAt, People: s.Recipients, subject: s.First}, err
}

// Clicked are the numbers of the people who opened a link of a broadcast or
// narrowcast: that URL, or any when it is "". store.ErrNotFound as Sent.
func (r *Room) Clicked(tx *store.Tx, channelNo int64, requestID, url string) (*roaring64.Bitmap, error) {
	link := int64(All)
	if url != "" {
		link = hash(url)
	}
	return r.people(tx, channelNo, requestID, what{kind: Click, link: link})
}

// Saw are the numbers of the people who saw a message of a broadcast or
// narrowcast. store.ErrNotFound as Sent.
func (r *Room) Saw(tx *store.Tx, channelNo int64, requestID string) (*roaring64.Bitmap, error) {
	return r.people(tx, channelNo, requestID, what{kind: Impression})
}

func (r *Room) people(tx *store.Tx, channelNo int64, requestID string, w what) (*roaring64.Bitmap, error) {
	s, err := r.Sent(tx, channelNo, requestID)
	if err != nil {
		return nil, err
	}
	set := roaring64.New()
	err = tx.Each(`SELECT person_no FROM interaction_people WHERE subject = $1 AND kind = $2 AND seq = 0 AND link = $3`,
		[]any{s.subject, int64(w.kind), w.link}, func(scan func(...any) error) error {
			var no int64
			err := scan(&no)
			set.Add(uint64(no))
			return err
		})
	return set, err
}
