package shop

import (
	"context"
	"errors"
	"strconv"
	"time"
	"unicode/utf8"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
)

// Tracking is the body of Mark as ship and Update tracking number.
type Tracking struct {
	TrackingNumber *string `json:"trackingNumber"`
	TrackingURL    *string `json:"trackingUrl"`
}

// Cancellation is the body of Cancel order.
type Cancellation struct {
	RemarkCancel string `json:"remarkCancel"`
}

const (
	trackingMost = 200
	remarkMost   = 560
	// unpaidFor is how long an order waits to be paid; shops can set it, this is where they start.
	unpaidFor = 72 * time.Hour
	expiry    = "shop.expire"
)

func conflict(words string) *api.Error { return api.Errorf(api.Conflict, "%s", words) }

// holding is what an order does to the stock of what it is of.
type holding int

const (
	nothing  holding = iota
	reserved         // ordered, not paid
	ready            // paid, not shipped
	gone             // shipped
)

func (o *Order) holding() holding {
	switch {
	case o.OrderStatus == Expired || o.OrderStatus == Canceled:
		return nothing
	case o.shipped():
		return gone
	case o.PaymentStatus == Paid:
		return ready
	}
	return reserved
}

func (o *Order) shipped() bool {
	return o.ShipmentStatus == OnDelivery || o.ShipmentStatus == ShippedAll
}

// moved is a change of a variant's stock.
type moved struct{ onHand, reserved, ready int64 }

func (h holding) of(n int64) moved {
	switch h {
	case reserved:
		return moved{reserved: n}
	case ready:
		return moved{ready: n}
	case gone:
		return moved{onHand: -n}
	}
	return moved{}
}

// hold changes the stock of all that is ordered from one state to another. A
// variant that was deleted meanwhile has none.
func hold(tx *store.Tx, items []OrderItem, from, to holding) error {
	if from == to {
		return nil
	}
	for _, item := range items {
		was, is := from.of(item.Quantity), to.of(item.Quantity)
		if err := move(tx, item.VariantID, moved{is.onHand - was.onHand, is.reserved - was.reserved, is.ready - was.ready}); err != nil {
			return err
		}
	}
	return nil
}

// become changes an order's state, with the stock it holds, and tells the buyer's phone.
func (r *Room) become(tx *store.Tx, o *order, change func(*Order) error) error {
	before := o.holding()
	if err := change(&o.Order); err != nil {
		return err
	}
	o.LastUpdatedAt = seconds(tx.Now)
	if err := hold(tx, o.OrderItems, before, o.holding()); err != nil {
		return err
	}
	r.tell(tx, o)
	return saveOrder(tx, o)
}

// seconds is how exactly the API tells times.
func seconds(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

func (r *Room) tell(tx *store.Tx, o *order) {
	if o.userID == "" {
		return
	}
	change := feed.Change{Type: "order", UserIDs: []string{o.userID}, Data: map[string]string{"orderNumber": o.OrderNumber, "orderStatus": o.OrderStatus}}
	tx.After(func() { r.feed.Publish(change) })
}

// open refuses what can only be done to an order that is under way.
func (o *Order) open() error {
	switch o.OrderStatus {
	case Finalized:
		return nil
	case Completed:
		return conflict("The order is completed")
	case Expired:
		return conflict("The order has expired")
	}
	return conflict("The order was canceled")
}

// paid takes the payment; an order that is paid and shipped is completed.
func (o *Order) paid(now time.Time) error {
	if o.PaymentStatus == Paid {
		return conflict("The order is already paid")
	}
	if err := o.open(); err != nil {
		return err
	}
	if o.PaymentStatus != NoPayment && o.PaymentStatus != Pending {
		return conflict("The order's payment is " + o.PaymentStatus)
	}
	at := seconds(now)
	o.PaymentStatus, o.PaidAt = Paid, &at
	if !o.shipped() {
		o.ShipmentStatus = ShipmentReady
	} else {
		o.OrderStatus = Completed
	}
	return nil
}

// ship sends it off. Only cash on delivery travels unpaid.
func (o *Order) ship(t Tracking) error {
	if o.shipped() {
		return conflict("The order is already shipped")
	}
	if err := o.open(); err != nil {
		return err
	}
	if o.PaymentStatus != Paid && o.PaymentMethod != CashOnDelivery {
		return conflict("The order is not paid")
	}
	o.ShipmentStatus = ShippedAll
	if o.PaymentStatus == Paid {
		o.OrderStatus = Completed
	}
	return o.track(t)
}

func (o *Order) track(t Tracking) error {
	if !o.shipped() {
		return conflict("The order is not shipped")
	}
	set(&o.ShipmentDetail.TrackingNumber, t.TrackingNumber)
	set(&o.ShipmentDetail.TrackingURL, t.TrackingURL)
	return nil
}

func (t Tracking) check() error {
	if t.TrackingNumber != nil && utf8.RuneCountInString(*t.TrackingNumber) > trackingMost {
		return invalid("trackingNumber", "must have at most 200 characters")
	}
	if t.TrackingURL != nil && utf8.RuneCountInString(*t.TrackingURL) > trackingMost {
		return invalid("trackingUrl", "must have at most 200 characters")
	}
	return nil
}

// act changes the order in the path and answers with it.
func (r *Room) act(c *api.Call, change func(*Order) error) (any, error) {
	return update(r, c, func(tx *store.Tx, s *Shop) (any, error) {
		o, err := r.orderOf(tx, c, s)
		if err != nil {
			return nil, err
		}
		err = r.become(tx, o, change)
		return o.Order, err
	})
}

func (r *Room) markAsPaid(c *api.Call) (any, error) {
	return r.act(c, func(o *Order) error {
		if o.PaymentMethod != CashOnDelivery {
			return api.Errorf(api.Invalid, "Only orders of cash on delivery can be marked as paid")
		}
		return o.paid(c.Now)
	})
}

func (r *Room) markAsShip(c *api.Call, in Tracking) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	return update(r, c, func(tx *store.Tx, s *Shop) (any, error) {
		o, err := r.orderOf(tx, c, s)
		if err != nil {
			return nil, err
		}
		if err := r.become(tx, o, func(o *Order) error { return o.ship(in) }); err != nil {
			return nil, err
		}
		return o.Order, r.notify(tx, o)
	})
}

func (r *Room) updateShipment(c *api.Call, in Tracking) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	return r.act(c, func(o *Order) error { return o.track(in) })
}

// cancel takes an order back that is not shipped: what was paid is refunded.
func (r *Room) cancel(c *api.Call, in Cancellation) (any, error) {
	if blank(in.RemarkCancel) {
		return nil, invalid("remarkCancel", "is required")
	}
	if utf8.RuneCountInString(in.RemarkCancel) > remarkMost {
		return nil, invalid("remarkCancel", "must have at most 560 characters")
	}
	return r.act(c, func(o *Order) error {
		if err := o.open(); err != nil {
			return err
		}
		if o.shipped() {
			return conflict("The order is already shipped")
		}
		if o.PaymentStatus == Paid {
			o.PaymentStatus = Refund
		}
		o.OrderStatus, o.ShipmentStatus, o.RemarkCancel = Canceled, NoShipment, in.RemarkCancel
		return nil
	})
}

// expires has an order that nobody pays end by itself.
func (r *Room) expires(tx *store.Tx, o *order) error {
	if o.holding() != reserved || o.PaymentMethod == CashOnDelivery {
		return nil
	}
	return r.queue.Put(tx, outbox.Item{Kind: expiry, Payload: o.OrderNumber, Due: tx.Now.Add(unpaidFor)})
}

func (r *Room) expire(_ context.Context, item outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
	return func(tx *store.Tx) (outbox.Outcome, error) {
		no, err := strconv.ParseInt(item.Payload, 10, 64)
		if err != nil {
			return outbox.Outcome{Bury: err.Error()}, nil
		}
		o, err := readOrder(tx, no)
		if errors.Is(err, store.ErrNotFound) {
			return outbox.Outcome{}, nil
		}
		if err != nil || o.holding() != reserved {
			return outbox.Outcome{}, err
		}
		return outbox.Outcome{}, r.become(tx, o, func(o *Order) error {
			o.OrderStatus, o.ShipmentStatus = Expired, NoShipment
			return nil
		})
	}
}
