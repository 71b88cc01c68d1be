package sim

import (
	"context"
	"errors"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/coupon"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/membership"
	"kaiwa/internal/platform/mission"
)

// PersonDetail is a person with what accounts gave them.
type PersonDetail struct {
	PersonView      `json:",inline"`
	Coupons         []coupon.Ticket   `json:"coupons"`
	Memberships     []MembershipView  `json:"memberships"`
	MissionStickers []mission.Sticker `json:"missionStickers"`
}

// MembershipView is a plan that a person is in, and whose it is.
type MembershipView struct {
	ChannelID               string `json:"channelId"`
	membership.Subscription `json:",inline"`
}

func (r *Room) getPerson(c *api.Call) (any, error) {
	var d PersonDetail
	err := r.DB.View(c, func(tx *store.Tx) error {
		p, err := r.person(tx, c.Path("userId"))
		if err != nil {
			return err
		}
		if d.PersonView, err = r.personView(tx, p, r.Channels.List()); err != nil {
			return err
		}
		if d.Coupons, err = r.Coupons.Tickets(tx, p); err != nil {
			return err
		}
		if d.Memberships, err = r.memberships(tx, p); err != nil {
			return err
		}
		d.MissionStickers, err = r.Missions.Stickers(tx, p)
		return err
	})
	return d, err
}

func (r *Room) memberships(tx *store.Tx, p *friend.Person) ([]MembershipView, error) {
	list := []MembershipView{}
	for _, ch := range r.Channels.List() {
		in, err := r.Memberships.Subscriptions(tx, ch, p)
		if err != nil {
			return nil, err
		}
		for _, s := range in {
			list = append(list, MembershipView{ch.ID, s})
		}
	}
	return list, nil
}

// Coupon is a coupon as it stands to a person; api.NotFound when there is none for them.
func (r *Room) Coupon(ctx context.Context, userID, couponID string) (o coupon.Offer, err error) {
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err == nil {
			o, err = r.Coupons.Offer(tx, p, couponID)
		}
		return err
	})
	return o, err
}

// getCoupon says how a coupon does with all people.
func (r *Room) getCoupon(c *api.Call) (any, error) {
	var n coupon.Count
	err := r.DB.View(c, func(tx *store.Tx) (err error) {
		n, err = r.Coupons.Count(tx, c.Path("couponId"))
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		err = api.Errorf(api.NotFound, "couponId: there is no coupon %s", c.Path("couponId"))
	}
	return n, err
}
