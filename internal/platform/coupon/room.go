package coupon

import (
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Room keeps the coupons.
type Room struct {
	db       *store.DB
	channels *channel.Room
	feed     *feed.Feed
}

// New makes the room.
func New(db *store.DB, channels *channel.Room, feed *feed.Feed) *Room {
	return &Room{db, channels, feed}
}

// ofCoupon is whose coupon it is; nil for no coupon, and for one whose account
// a reset has taken away.
func (r *Room) ofCoupon(c *Coupon) *channel.Channel {
	if c == nil {
		return nil
	}
	return r.channels.ByNo(c.ChannelNo)
}
