package coupon

import (
	"errors"
	"regexp"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// The states. Drafts are made in LINE Official Account Manager only.
const (
	draft   = "DRAFT"
	running = "RUNNING" // upcoming or valid
	closed  = "CLOSED"  // expired or discontinued
)

const (
	unlimited = -1
	validMost = 5000
)

// Coupon is one that an account offers or offered.
type Coupon struct {
	No        int64
	ID        string
	ChannelNo int64
	Terms     Terms
	CreatedAt time.Time
	// Until is when it is or was CLOSED: its end, or when it was discontinued.
	Until        time.Time
	Discontinued bool
}

// Status is RUNNING or CLOSED.
func (c *Coupon) Status(now time.Time) string {
	if c.Until.After(now) {
		return running
	}
	return closed
}

// idForm is the form of an id: a ULID.
var idForm = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{26}$`)

// find reads a coupon; store.ErrNotFound when there is none.
func find(tx *store.Tx, couponID string) (*Coupon, error) {
	if !idForm.MatchString(couponID) { // nor could PostgreSQL be asked for every text
		return nil, store.ErrNotFound
	}
	c := Coupon{ID: couponID}
	var terms string
	var created, closedAt, until int64
	err := tx.Row(`SELECT no, channel_no, terms, created_at, closed_at, until FROM coupons WHERE id = $1`, []any{couponID},
		&c.No, &c.ChannelNo, &terms, &created, &closedAt, &until)
	if err != nil {
		return nil, err
	}
	c.CreatedAt, c.Until, c.Discontinued = time.UnixMilli(created), time.UnixMilli(until), closedAt != 0
	return &c, json.Unmarshal([]byte(terms), &c.Terms)
}

// own is find for the account that asks: another's coupon is not there for it.
func own(tx *store.Tx, ch *channel.Channel, couponID string) (*Coupon, error) {
	c, err := find(tx, couponID)
	if errors.Is(err, store.ErrNotFound) || err == nil && c.ChannelNo != ch.No {
		return nil, refused(api.NotFound, "coupon not found")
	}
	return c, err
}

type createAnswer struct {
	CouponID string `json:"couponId"`
}

// create makes a coupon, which is RUNNING at once and can never be changed. An
// account can have 5,000 valid ones. All that is wrong with a body is told together.
// https://developers.line.biz/en/reference/messaging-api/#create-coupon
func (r *Room) create(c *api.Call, in Terms) (any, error) {
	if err := in.check(c.Now).refusal(api.Invalid); err != nil {
		return nil, err
	}
	if in.Reward.PriceInfo != nil {
		in.Reward.PriceInfo.Currency = "" // set by the account's country, whatever the body says
	}
	terms, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	ch := channel.Caller(c)
	made := createAnswer{id.ULID(c.Now)}
	err = r.db.Update(c, func(tx *store.Tx) error {
		var valid, no int64
		err := tx.Row(`SELECT COUNT(*) FROM coupons WHERE channel_no = $1 AND until > $2`, []any{ch.No, tx.Millis()}, &valid)
		if err != nil {
			return err
		}
		if valid >= validMost {
			return refused(api.Invalid, "You have too many coupons created.")
		}
		if err := tx.Row(`SELECT COALESCE(MAX(no), 0) + 1 FROM coupons`, nil, &no); err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO coupons (no, id, channel_no, title, terms, created_at, closed_at, until) VALUES ($1, $2, $3, $4, $5, $6, 0, $7)`,
			no, made.CouponID, ch.No, in.Title, string(terms), tx.Millis(), *in.EndTimestamp*1000)
		return err
	})
	return made, err
}

// close discontinues a coupon for good: nobody can acquire or use it any more.
// https://developers.line.biz/en/reference/messaging-api/#discontinue-coupon
func (r *Room) close(c *api.Call) (any, error) {
	err := r.db.Update(c, func(tx *store.Tx) error {
		was, err := own(tx, channel.Caller(c), c.Path("couponId"))
		if err != nil {
			return err
		}
		if was.Status(tx.Now) == closed {
			return refused(api.Gone, "The coupon has already been closed.")
		}
		_, err = tx.Exec(`UPDATE coupons SET closed_at = $2, until = $2 WHERE no = $1`, was.No, tx.Millis())
		return err
	})
	return api.Object{}, err
}

// Has says whether the account has such a coupon, closed ones too.
func (r *Room) Has(tx *store.Tx, ch *channel.Channel, couponID string) (bool, error) {
	c, err := find(tx, couponID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && c.ChannelNo == ch.No, err
}
