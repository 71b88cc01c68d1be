package coupon

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

const (
	listUsual = 20
	listMost  = 100
	// pages names the list in its continuation tokens.
	pages = "coupons"
)

type listAnswer struct {
	Items []item `json:"items"`
	Next  string `json:"next,omitzero"`
}

type item struct {
	CouponID string `json:"couponId"`
	Title    string `json:"title"`
}

// query is what listCoupon is asked for.
type query struct {
	limit int64
	from  int64 // the first coupon's number; they go down
	// A coupon's last instant lies after past and not after future.
	past, future int64
	none         bool // only drafts, of which there are none
}

// list pages through the account's coupons, newest first: 20 a page unless limit
// says otherwise, 100 at most; status may be given several times or with commas.
// https://developers.line.biz/en/reference/messaging-api/#get-coupons-list
func (r *Room) list(c *api.Call) (any, error) {
	ch := channel.Caller(c)
	q, err := readQuery(c, ch)
	if err != nil {
		return nil, err
	}
	answer := listAnswer{Items: []item{}}
	if q.none {
		return answer, nil
	}
	err = r.db.View(c, func(tx *store.Tx) error {
		return tx.Each(`SELECT no, id, title FROM coupons WHERE channel_no = $1 AND no <= $2 AND until > $3 AND until <= $4 ORDER BY no DESC LIMIT $5`,
			[]any{ch.No, q.from, q.past, q.future, q.limit + 1}, func(scan func(...any) error) error {
				var no int64
				var one item
				if err := scan(&no, &one.CouponID, &one.Title); err != nil {
					return err
				}
				if len(answer.Items) == int(q.limit) { // one more than the page has: another page
					answer.Next = ch.PageToken(pages, no, c.Now)
					return nil
				}
				answer.Items = append(answer.Items, one)
				return nil
			})
	})
	return answer, err
}

func readQuery(c *api.Call, ch *channel.Channel) (query, error) {
	var bad faults
	q := query{from: math.MaxInt64, past: math.MinInt64, future: math.MaxInt64}
	var ok bool
	switch q.limit, ok = c.QueryInt("limit"); {
	case !ok:
		bad.add("limit", "Must be a number")
	case q.limit > listMost:
		bad.add("limit", fmt.Sprintf("Must be less than or equal to %d", listMost))
	case q.limit < 0:
		bad.add("limit", "Must be greater than or equal to 1")
	case q.limit == 0: // the Go SDK sends limit=0 for the default
		q.limit = listUsual
	}
	states := statesOf(c.Query()["status"])
	for _, s := range states {
		if s != draft && s != running && s != closed {
			bad.add("status", oneOf(draft, running, closed))
			break
		}
	}
	if err := bad.refusal(api.Invalid); err != nil {
		return q, err
	}
	now := c.Now.UnixMilli()
	switch runs, ends := slices.Contains(states, running), slices.Contains(states, closed); {
	case len(states) == 0 || runs && ends:
	case runs:
		q.past = now
	case ends:
		q.future = now
	default:
		q.none = true
	}
	if start := c.Query().Get("start"); start != "" {
		if q.from, ok = ch.ReadPageToken(pages, start, c.Now); !ok {
			return q, api.Errorf(api.Invalid, "Invalid start param")
		}
	}
	return q, nil
}

// statesOf reads status=A,B as well as status=A&status=B: official clients send both.
func statesOf(values []string) []string {
	var list []string
	for _, v := range values {
		for s := range strings.SplitSeq(v, ",") {
			if s != "" {
				list = append(list, s)
			}
		}
	}
	return list
}
