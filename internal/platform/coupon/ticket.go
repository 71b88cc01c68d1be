package coupon

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
)

// Ticket is a coupon that a person acquired.
type Ticket struct {
	CouponID   string    `json:"couponId"`
	ChannelID  string    `json:"channelId"`
	Title      string    `json:"title"`
	Status     string    `json:"status"`
	AcquiredAt time.Time `json:"acquiredAt"`
	UseCount   int64     `json:"useCount"`
}

// Offer is a coupon as it stands to one person.
type Offer struct {
	*Coupon
	Acquired bool
	UseCount int64
}

// Used says that the person can use the coupon no more, for they have.
func (o Offer) Used() bool {
	most := *o.Terms.MaxUseCountPerTicket
	return most != unlimited && o.UseCount >= most
}

// Offer finds a coupon for a person; NotFound when no account of their provider has it.
func (r *Room) Offer(tx *store.Tx, p *friend.Person, couponID string) (Offer, error) {
	c, err := find(tx, couponID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return Offer{}, err
	}
	if ch := r.ofCoupon(c); ch == nil || ch.Provider != p.Provider {
		return Offer{}, api.Errorf(api.NotFound, "couponId: there is no coupon %q", couponID)
	}
	o := Offer{Coupon: c}
	err = tx.Row(`SELECT use_count FROM coupon_tickets WHERE coupon_no = $1 AND person_no = $2`, []any{c.No, p.No}, &o.UseCount)
	if o.Acquired = err == nil; errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return o, err
}

// Acquire has a person get a coupon, and draw for it where it is a lottery.
// Who has it already gets it no second time.
func (r *Room) Acquire(tx *store.Tx, p *friend.Person, couponID string) error {
	o, err := r.Offer(tx, p, couponID)
	if err != nil {
		return err
	}
	if o.Acquired {
		return api.Errorf(api.Conflict, "couponId: %s has this coupon already", p.UserID)
	}
	return r.acquire(tx, p, o.Coupon)
}

func (r *Room) acquire(tx *store.Tx, p *friend.Person, c *Coupon) error {
	if c.Status(tx.Now) == closed {
		return api.Errorf(api.Conflict, "couponId: the coupon is closed")
	}
	if a := c.Terms.AcquisitionCondition; a.Type == "lottery" {
		winners, err := tx.Total(acquired(c))
		if err != nil {
			return err
		}
		if most := *a.MaxAcquireCount; most != unlimited && winners >= most {
			return api.Errorf(api.Conflict, "couponId: all %d winners of the lottery are found", most)
		}
		if !wins(r.ofCoupon(c).ID, c.No, p.UserID, *a.LotteryProbability) {
			return api.Errorf(api.Conflict, "couponId: %s did not win the lottery", p.UserID)
		}
	}
	_, err := tx.Exec(`INSERT INTO coupon_tickets (coupon_no, person_no, acquired_at, use_count, used_at) VALUES ($1, $2, $3, 0, 0)`, c.No, p.No, tx.Millis())
	if err != nil {
		return err
	}
	r.tell(tx, p, c)
	return tx.Add(acquired(c), 1)
}

// wins draws a lot: who wins is settled by the channel, the how manieth coupon
// of the world it is, and the person, so that a world played again has the same winners.
func wins(channelID string, no int64, userID string, perCent int64) bool {
	h := sha256.Sum256(fmt.Appendf(nil, "lottery %s %d %s", channelID, no, userID))
	return int64(binary.BigEndian.Uint32(h[:])%100) < perCent
}

// Use has a person use a coupon, which they first acquire where they have not.
// Conflict outside of its period, when it was discontinued, and when it was used
// as often as one can.
func (r *Room) Use(tx *store.Tx, p *friend.Person, couponID string) error {
	o, err := r.Offer(tx, p, couponID)
	if err != nil {
		return err
	}
	switch {
	case o.Status(tx.Now) == closed:
		return api.Errorf(api.Conflict, "couponId: the coupon is closed")
	case tx.Now.Unix() < *o.Terms.StartTimestamp:
		return api.Errorf(api.Conflict, "couponId: the coupon begins at %s", time.Unix(*o.Terms.StartTimestamp, 0).UTC().Format(time.RFC3339))
	case o.Used():
		return api.Errorf(api.Conflict, "couponId: %s has used the coupon", p.UserID)
	case !o.Acquired:
		if err := r.acquire(tx, p, o.Coupon); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`UPDATE coupon_tickets SET use_count = use_count + 1, used_at = $3 WHERE coupon_no = $1 AND person_no = $2`, o.No, p.No, tx.Millis())
	if err != nil {
		return err
	}
	if o.Acquired { // else it was told already
		r.tell(tx, p, o.Coupon)
	}
	return tx.Add(used(o.Coupon), 1)
}

// Tickets lists what a person acquired, newest first.
func (r *Room) Tickets(tx *store.Tx, p *friend.Person) ([]Ticket, error) {
	list := []Ticket{}
	err := tx.Each(`SELECT c.id, c.channel_no, c.title, c.until, t.acquired_at, t.use_count FROM coupon_tickets t JOIN coupons c ON c.no = t.coupon_no
		WHERE t.person_no = $1 ORDER BY t.acquired_at DESC, c.no DESC`, []any{p.No}, func(scan func(...any) error) error {
		var c Coupon
		var t Ticket
		var until, at int64
		if err := scan(&t.CouponID, &c.ChannelNo, &t.Title, &until, &at, &t.UseCount); err != nil {
			return err
		}
		c.Until, t.AcquiredAt = time.UnixMilli(until), time.UnixMilli(at)
		if ch := r.ofCoupon(&c); ch != nil {
			t.ChannelID = ch.ID
		}
		t.Status = c.Status(tx.Now)
		list = append(list, t)
		return nil
	})
	return list, err
}

// Count is how a coupon does, which LINE Official Account Manager shows.
type Count struct {
	CouponID  string `json:"couponId"`
	ChannelID string `json:"channelId"`
	Title     string `json:"title"`
	Status    string `json:"status"`
	// AcquiredCount is how many people acquired it, UseCount how often it was used.
	AcquiredCount int64 `json:"acquiredCount"`
	UseCount      int64 `json:"useCount"`
}

// Count counts a coupon's tickets; store.ErrNotFound when there is no such coupon.
func (r *Room) Count(tx *store.Tx, couponID string) (n Count, err error) {
	c, err := find(tx, couponID)
	if err != nil {
		return n, err
	}
	n = Count{CouponID: c.ID, Title: c.Terms.Title, Status: c.Status(tx.Now)}
	if ch := r.ofCoupon(c); ch != nil {
		n.ChannelID = ch.ID
	}
	if n.AcquiredCount, err = tx.Total(acquired(c)); err != nil {
		return n, err
	}
	n.UseCount, err = tx.Total(used(c))
	return n, err
}

func acquired(c *Coupon) store.Counter { return store.Counter{Name: "coupon.acquired", Scope: c.ID} }
func used(c *Coupon) store.Counter     { return store.Counter{Name: "coupon.used", Scope: c.ID} }

// tell lets open phones know.
func (r *Room) tell(tx *store.Tx, p *friend.Person, c *Coupon) {
	ch := r.ofCoupon(c)
	tx.After(func() {
		r.feed.Publish(feed.Change{Type: "coupon", ChannelID: ch.ID, UserIDs: []string{p.UserID}, ChatID: ch.ID})
	})
}
