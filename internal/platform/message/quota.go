package message

import (
	"math"
	"sync/atomic"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// japan is the time zone in which the platform counts days and months.
var japan = time.FixedZone("UTC+9", 9*60*60)

// date is a day in Japan as counters name it, and its month.
type date struct {
	unix       int64 // days since 1970 in UTC+9
	day, month string
}

// today remembers the last date asked for: every send asks twice.
var today atomic.Pointer[date]

func dateOf(now time.Time) *date {
	unix := (now.Unix() + 9*60*60) / (24 * 60 * 60)
	if d := today.Load(); d != nil && d.unix == unix {
		return d
	}
	local := now.In(japan)
	d := &date{unix, local.Format("20060102"), local.Format("2006-01")}
	today.Store(d)
	return d
}

func usage(ch *channel.Channel, now time.Time) store.Counter {
	return store.Counter{Name: "usage", Scope: ch.ID, Period: dateOf(now).month}
}

func deliveries(ch *channel.Channel, kind, day string) store.Counter {
	return store.Counter{Name: "delivered." + kind, Scope: ch.ID, Period: day}
}

// reserved counts the messages that narrowcasts under way may still send. Other
// sends have to leave room for them.
func reserved(ch *channel.Channel) store.Counter {
	return store.Counter{Name: "reserved", Scope: ch.ID}
}

// room is how many messages the month's quota still has, beside what is
// reserved: as good as endless for an account without a limit.
func room(tx *store.Tx, ch *channel.Channel) (int64, error) {
	if ch.Quota == channel.Unlimited {
		return math.MaxInt64 / 2, nil
	}
	used, err := tx.Total(usage(ch, tx.Now))
	if err != nil {
		return 0, err
	}
	held, err := tx.Total(reserved(ch))
	return ch.Quota - used - held, err
}

var errQuota = api.Errorf(api.Limited, "You have reached your monthly limit.")

// charge counts a send to that many people to the month's quota, or refuses all of it.
// https://developers.line.biz/en/docs/messaging-api/pricing/
func charge(tx *store.Tx, ch *channel.Channel, kind string, people int64) error {
	left, err := room(tx, ch)
	if err != nil {
		return err
	}
	if people > left {
		return errQuota
	}
	if err := tx.Add(usage(ch, tx.Now), people); err != nil {
		return err
	}
	return count(tx, ch, kind, people)
}

// count adds to the day's deliveries of that kind.
func count(tx *store.Tx, ch *channel.Channel, kind string, people int64) error {
	return tx.Add(deliveries(ch, kind, dateOf(tx.Now).day), people)
}

type quotaAnswer struct {
	Type  string `json:"type"`
	Value *int64 `json:"value,omitzero"`
}

// quota tells the month's limit.
// https://developers.line.biz/en/reference/messaging-api/#get-quota
func (r *Room) quota(c *api.Call) (any, error) {
	ch := channel.Caller(c)
	if ch.Quota == channel.Unlimited {
		return quotaAnswer{Type: "none"}, nil
	}
	return quotaAnswer{Type: "limited", Value: &ch.Quota}, nil
}

// consumption tells how much of the month's quota is used.
// https://developers.line.biz/en/reference/messaging-api/#get-consumption
func (r *Room) consumption(c *api.Call) (any, error) {
	var used int64
	err := r.db.View(c, func(tx *store.Tx) (err error) {
		used, err = tx.Total(usage(channel.Caller(c), tx.Now))
		return err
	})
	return map[string]int64{"totalUsage": used}, err
}

type deliveredAnswer struct {
	Status  string `json:"status"`
	Success *int64 `json:"success,omitzero"`
}

// firstDay is the first day that the platform has numbers of.
const firstDay = "20180331"

// delivered tells how many messages of a kind were delivered on a day (in
// UTC+9). The numbers of a day are ready when it is over.
// https://developers.line.biz/en/reference/messaging-api/#get-number-of-push-messages
func (r *Room) delivered(kind string) func(*api.Call) (any, error) {
	return func(c *api.Call) (any, error) {
		day := c.Query().Get("date")
		if t, err := time.Parse("20060102", day); err != nil || t.Format("20060102") != day {
			return nil, friend.InvalidParameter("date")
		}
		if day < firstDay {
			return deliveredAnswer{Status: "out_of_service"}, nil
		}
		if day >= c.Now.In(japan).Format("20060102") {
			return deliveredAnswer{Status: "unready"}, nil
		}
		var n int64
		err := r.db.View(c, func(tx *store.Tx) (err error) {
			n, err = tx.Total(deliveries(channel.Caller(c), kind, day))
			return err
		})
		return deliveredAnswer{Status: "ready", Success: &n}, err
	}
}
