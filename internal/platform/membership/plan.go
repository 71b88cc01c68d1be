package membership

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Price is an amount of money with two decimals, as the platform writes it: 500.00.
type Price float64

// MarshalJSONTo writes both decimals, which a plain number would lose.
func (p Price) MarshalJSONTo(out *jsontext.Encoder) error {
	return out.WriteValue(jsontext.Value(strconv.FormatFloat(float64(p), 'f', 2, 64)))
}

// Plan is a membership plan.
// https://developers.line.biz/en/reference/messaging-api/#get-membership-plans
type Plan struct {
	MembershipID int64    `json:"membershipId"`
	Title        string   `json:"title"`
	Description  string   `json:"description"`
	Benefits     []string `json:"benefits"` // 1 to 5
	Price        Price    `json:"price"`    // a month
	Currency     string   `json:"currency"` // JPY, TWD or THB
}

// Offer is a plan with the terms on which one joins it.
type Offer struct {
	Plan        `json:",inline"`
	MemberCount int64 `json:"memberCount"`
	// MemberLimit is how many may join; nil for no limit.
	MemberLimit *int64 `json:"memberLimit"`
	// IsInAppPurchase: else it is paid in a browser.
	IsInAppPurchase bool `json:"isInAppPurchase"`
	// IsPublished: else nobody new can join.
	IsPublished bool `json:"isPublished"`

	channelNo int64
}

// Put offers the account's plans, in this order.
func (r *Room) Put(tx *store.Tx, ch *channel.Channel, plans []Offer) error {
	for i, p := range plans {
		text, err := json.Marshal(p)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO membership_plans (id, channel_no, place, plan) VALUES ($1, $2, $3, $4)`, p.MembershipID, ch.No, i, string(text))
		if err != nil {
			return err
		}
	}
	return nil
}

// Plans lists what an account offers.
func (r *Room) Plans(tx *store.Tx, ch *channel.Channel) ([]Offer, error) {
	return read(tx, `SELECT channel_no, plan FROM membership_plans WHERE channel_no = $1 ORDER BY place`, ch.No)
}

// plan finds one; store.ErrNotFound when there is none.
func plan(tx *store.Tx, membershipID int64) (*Offer, error) {
	list, err := read(tx, `SELECT channel_no, plan FROM membership_plans WHERE id = $1`, membershipID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, store.ErrNotFound
	}
	return &list[0], nil
}

func read(tx *store.Tx, query string, arg int64) ([]Offer, error) {
	var list []Offer
	err := tx.Each(query, []any{arg}, func(scan func(...any) error) error {
		var o Offer
		var text string
		if err := scan(&o.channelNo, &text); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(text), &o)
		list = append(list, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range list { // not while the rows are open: a connection reads one query at a time
		if list[i].MemberCount, err = tx.Total(members(list[i].MembershipID)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// members counts who is in a plan now.
func members(membershipID int64) store.Counter {
	return store.Counter{Name: "members", Scope: strconv.FormatInt(membershipID, 10)}
}

type listAnswer struct {
	Memberships []Offer `json:"memberships"`
}

// list names the plans of the account, those too that take nobody new.
// https://developers.line.biz/en/reference/messaging-api/#get-membership-plans
func (r *Room) list(c *api.Call) (any, error) {
	var answer listAnswer
	err := r.db.View(c, func(tx *store.Tx) (err error) {
		answer.Memberships, err = r.Plans(tx, channel.Caller(c))
		return err
	})
	if err == nil && len(answer.Memberships) == 0 {
		err = api.Errorf(api.NotFound, "Membership plan not found")
	}
	return answer, err
}

// tokyo is the time zone in which plans are billed.
var tokyo = time.FixedZone("UTC+9", 9*3600)
