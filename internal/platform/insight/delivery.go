package insight

import (
	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/message"
)

// deliveriesAnswer has the counters that sends of this server can move; those of
// what people send by hand in the platform's own console are always left out,
// as every counter is that stands at zero.
type deliveriesAnswer struct {
	Status           status `json:"status"`
	APIBroadcast     int64  `json:"apiBroadcast,omitzero"`
	APIPush          int64  `json:"apiPush,omitzero"`
	APIMulticast     int64  `json:"apiMulticast,omitzero"`
	APINarrowcast    int64  `json:"apiNarrowcast,omitzero"`
	APIReply         int64  `json:"apiReply,omitzero"`
	PNPNoticeMessage int64  `json:"pnpNoticeMessage,omitzero"`
}

// deliveries tells how many messages of each kind were delivered on a day.
// https://developers.line.biz/en/reference/messaging-api/#get-number-of-delivery-messages
func (r *Room) deliveries(c *api.Call) (any, error) {
	d, err := dayOf(c, "20170301")
	if err != nil {
		return nil, err
	}
	a := deliveriesAnswer{Status: d.status}
	if d.status != ready {
		return a, nil
	}
	err = r.db.View(c, func(tx *store.Tx) error {
		for _, x := range []struct {
			kind string
			into *int64
		}{{"broadcast", &a.APIBroadcast}, {"push", &a.APIPush}, {"multicast", &a.APIMulticast}, {"narrowcast", &a.APINarrowcast},
			{"reply", &a.APIReply}, {"pnp", &a.PNPNoticeMessage}, {"pnp.templated", &a.PNPNoticeMessage}} {
			n, err := message.Deliveries(tx, channel.Caller(c), x.kind, d.name)
			if err != nil {
				return err
			}
			*x.into += n
		}
		return nil
	})
	return a, err
}
