package audience

import (
	"errors"
	"iter"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// flag is a boolean that may be written as a string, which the platform takes.
type flag bool

// UnmarshalJSON takes true and "true".
func (f *flag) UnmarshalJSON(text []byte) error {
	v, ok := parseFlag(strings.Trim(string(text), `"`))
	if *f = flag(v); !ok {
		return errors.New("neither true nor false")
	}
	return nil
}

func parseFlag(text string) (v, ok bool) {
	return text == "true", text == "true" || text == "false" || text == "null" || text == ""
}

// number is a whole number that may be written as a string.
type number int64

// UnmarshalJSON takes 1 and "1".
func (n *number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	v, err := strconv.ParseInt(strings.Trim(string(text), `"`), 10, 64)
	*n = number(v)
	return err
}

type member struct {
	ID string `json:"id"`
}

// given are the ids of a JSON body.
func given(list []member) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, m := range list {
			if !yield([]byte(m.ID)) {
				return
			}
		}
	}
}

type createBody struct {
	Description       string   `json:"description"`
	IsIfaAudience     flag     `json:"isIfaAudience"`
	UploadDescription string   `json:"uploadDescription"`
	Audiences         []member `json:"audiences"`
}

// create makes an audience of up to 10,000 user ids. One without ids is made
// too; it stays IN_PROGRESS until some are added.
// https://developers.line.biz/en/reference/messaging-api/#create-upload-audience-group
func (r *Room) create(c *api.Call, in createBody) (any, error) {
	n := newUpload{name: in.Description, note: in.UploadDescription, ifa: bool(in.IsIfaAudience)}
	if err := n.check(); err != nil {
		return nil, err
	}
	if len(in.Audiences) > 0 {
		var err error
		if n.people, err = r.people(c, upload{n.ifa, jsonMost, given(in.Audiences)}); err != nil {
			return nil, inProperty(err, "audiences")
		}
	}
	return r.createUpload(c, n)
}

type addBody struct {
	AudienceGroupID   number   `json:"audienceGroupId"`
	UploadDescription string   `json:"uploadDescription"`
	Audiences         []member `json:"audiences"`
}

// add adds up to 10,000 ids to an audience of uploads, of the kind that it was
// made for: user ids or identifiers for advertisers.
// https://developers.line.biz/en/reference/messaging-api/#update-upload-audience-group
func (r *Room) add(c *api.Call, in addBody) (any, error) {
	return r.addUpload(c, addition{id: int64(in.AudienceGroupID), note: in.UploadDescription, property: "audiences",
		upload: upload{most: jsonMost, ids: given(in.Audiences)}})
}

// people is resolve in a view of its own: an upload may name so many that the
// writer must not wait for it.
func (r *Room) people(c *api.Call, u upload) (people *roaring64.Bitmap, err error) {
	err = r.db.View(c, func(tx *store.Tx) error {
		people, err = r.resolve(tx, channel.Caller(c), u)
		return err
	})
	return people, err
}

// newUpload is an audience to be made of ids. people is nil for one without any.
type newUpload struct {
	name, note string
	ifa        bool
	people     *roaring64.Bitmap
}

func (n newUpload) check() error {
	if err := checkName(n.name); err != nil {
		return err
	}
	return checkUploadDescription(n.note)
}

func (r *Room) createUpload(c *api.Call, n newUpload) (any, error) {
	a := &audience{Type: Upload, Description: n.name, IFA: n.ifa}
	err := r.db.Update(c, func(tx *store.Tx) error {
		if err := insert(tx, channel.Caller(c), a); err != nil || n.people == nil {
			return err
		}
		return r.enqueue(tx, a, n.note, n.people)
	})
	return api.Status{Code: 202, Body: a.created()}, err
}

// addition is what is to be added to an audience.
type addition struct {
	id             int64
	note, property string
	upload         upload
}

func (r *Room) addUpload(c *api.Call, in addition) (any, error) {
	if in.id == 0 {
		return nil, errNoAudience
	}
	if err := checkUploadDescription(in.note); err != nil {
		return nil, err
	}
	ch := channel.Caller(c)
	var people *roaring64.Bitmap
	err := r.db.View(c, func(tx *store.Tx) error {
		a, err := growing(tx, ch, in.id)
		if err != nil {
			return err
		}
		in.upload.ifa = a.IFA
		people, err = r.resolve(tx, ch, in.upload)
		return err
	})
	if err != nil {
		return nil, inProperty(err, in.property)
	}
	err = r.db.Update(c, func(tx *store.Tx) error {
		a, err := growing(tx, ch, in.id)
		if err != nil {
			return err
		}
		return r.enqueue(tx, a, in.note, people)
	})
	return api.Status{Code: 202, Body: api.Object{}}, err
}

// growing is an audience of the account that ids may be added to now.
func growing(tx *store.Tx, ch *channel.Channel, id int64) (*audience, error) {
	a, err := ownedBy(tx, ch, id)
	switch {
	case err != nil:
		return nil, err
	case a.Type != Upload:
		return nil, errNotFound
	case a.statusAt(tx.Millis()) == Expired:
		return nil, errExpired
	}
	busy, err := underWay(tx, id)
	if err == nil && busy >= jobsMost {
		err = errBusy
	}
	return a, err
}

// ownedBy is the account's own audience of that id.
func ownedBy(tx *store.Tx, ch *channel.Channel, id int64) (*audience, error) {
	a, err := read(tx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && a.ChannelNo != ch.No {
		return nil, errNotFound
	}
	return a, err
}

// audiencesMost is how many audiences an account may have.
const audiencesMost = 1000

// insert stores a new audience of the account and completes it with what the platform gives.
func insert(tx *store.Tx, ch *channel.Channel, a *audience) error {
	var have int64
	if err := tx.Row(`SELECT COUNT(*) FROM audiences WHERE `+alive+` AND channel_no = $2`, []any{cleared(tx), ch.No}, &have); err != nil {
		return err
	}
	if have >= audiencesMost {
		return errCount
	}
	var err error
	if a.ID, err = newID(tx); err != nil {
		return err
	}
	a.ChannelNo, a.Route, a.Status = ch.No, "MESSAGING_API", InProgress
	a.CreatedAt, a.ExpiresAt = tx.Millis(), tx.Now.Add(life).UnixMilli()
	return a.insert(tx)
}

func (a *audience) insert(tx *store.Tx) error {
	ifa := 0
	if a.IFA {
		ifa = 1
	}
	_, err := tx.Exec(`INSERT INTO audiences (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		a.ID, a.ChannelNo, a.Type, a.Route, a.Description, ifa, a.RequestID, a.ClickURL, a.Status, a.FailedType, a.People,
		a.CreatedAt, a.ExpiresAt, a.Owner, a.WebTraffic)
	return err
}

// Ids of audiences have 13 digits.
const (
	firstID = 1_000_000_000_000
	endID   = 10_000_000_000_000
)

// newID is an id that no audience has: 13 digits that say nothing of their order.
func newID(tx *store.Tx) (int64, error) {
	for {
		id := firstID + rand.Int64N(endID-firstID) //nolint:gosec // an id is no secret
		err := tx.Row(`SELECT 1 FROM audiences WHERE id = $1`, []any{id}, new(int64))
		if errors.Is(err, store.ErrNotFound) {
			return id, nil
		}
		if err != nil {
			return 0, err
		}
	}
}
