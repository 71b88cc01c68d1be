package shop

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"kaiwa/internal/kernel/store"
)

// WorldProduct is a product of a world file: the request that creates it. It is
// on display unless it says otherwise, so that people can buy it.
type WorldProduct struct {
	NewProduct `json:",inline"`
	IsDisplay  *bool `json:"isDisplay"`
}

// WorldOrder is an order of a world file: the order detail, with who bought it.
type WorldOrder struct {
	Order  `json:",inline"`
	UserID string `json:"userId"`
	// Items is a shorter name for OrderItems.
	Items []OrderItem `json:"items"`
}

// Put adds a shop, which gets a number, with its products.
func (r *Room) Put(tx *store.Tx, s *Shop, products []WorldProduct) error {
	if err := plain("name or apiKey", s.Name, s.APIKey); err != nil {
		return err
	}
	if err := insertShop(tx, s); err != nil {
		return err
	}
	for i, given := range products {
		p, err := given.product()
		if err != nil {
			return fmt.Errorf("products[%d].%w", i, err)
		}
		p.shopNo, p.displayed = s.No, given.IsDisplay == nil || *given.IsDisplay
		if err := insertProduct(tx, p); err != nil {
			return fmt.Errorf("products[%d].%w", i, err)
		}
	}
	return nil
}

// PutOrder adds an order. What is left out is as if it had been ordered just
// now. The stock of the products is as they say it is before the orders, except
// for what is shipped, which is no longer in it.
func (r *Room) PutOrder(tx *store.Tx, s *Shop, in WorldOrder) error {
	in.OrderItems = append(in.OrderItems, in.Items...)
	o := &order{shopNo: s.No, userID: in.UserID, Order: in.Order}
	if in.OrderNumber != "" {
		no, err := strconv.ParseInt(in.OrderNumber, 10, 64)
		if err != nil || no < 1 || len(in.OrderNumber) > 18 || strconv.FormatInt(no, 10) != in.OrderNumber {
			return invalid("orderNumber", "must be digits, the first not 0, at most 18")
		}
		o.no = no
	}
	if err := plain("shippingAddress.recipientName", in.ShippingAddress.RecipientName); err != nil {
		return err
	}
	if err := o.complete(tx.Now); err != nil {
		return err
	}
	if len(in.OrderItems) == 0 {
		return invalid("orderItems", "is required")
	}
	for i, given := range in.OrderItems {
		item, err := worldItem(tx, s, given, o.holding())
		if err != nil {
			return fmt.Errorf("orderItems[%d].%w", i, err)
		}
		o.OrderItems[i] = item
	}
	o.completeTotals(in.Order)
	o.createdAt = o.CheckoutAt
	if in.OrderNumber != "" {
		if _, err := readOrder(tx, o.no); err == nil {
			return errors.New("orderNumber: another order has it")
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	if err := insertOrder(tx, o); err != nil {
		return err
	}
	return r.expires(tx, o)
}

// complete fills what is left out of an order and checks the rest.
func (o *Order) complete(now time.Time) error {
	given := *o
	o.OrderItems = make([]OrderItem, len(given.OrderItems))
	if o.PaymentMethod == "" {
		o.PaymentMethod = CashOnDelivery
	}
	o.begin()
	if given.PaymentStatus != "" {
		o.PaymentStatus = given.PaymentStatus
	}
	if o.PaymentStatus == Paid {
		o.ShipmentStatus = ShipmentReady
	}
	if given.ShipmentStatus != "" {
		o.ShipmentStatus = given.ShipmentStatus
	}
	if given.ShipmentDetail != (ShipmentDetail{}) {
		o.ShipmentDetail = given.ShipmentDetail
	}
	if o.OrderStatus == "" {
		o.OrderStatus = Finalized
		if o.PaymentStatus == Paid && o.shipped() {
			o.OrderStatus = Completed
		}
	}
	for _, t := range []*time.Time{&o.CheckoutAt, &o.LastUpdatedAt} {
		if t.IsZero() {
			*t = now
		}
		*t = seconds(*t)
	}
	if given.LastUpdatedAt.IsZero() {
		o.LastUpdatedAt = o.CheckoutAt
	}
	if o.PaidAt == nil && o.PaymentStatus == Paid {
		o.PaidAt = &o.LastUpdatedAt
	}
	for name, value := range map[string]string{"orderStatus": o.OrderStatus, "paymentStatus": o.PaymentStatus,
		"paymentMethod": o.PaymentMethod, "shipmentStatus": o.ShipmentStatus} {
		if err := oneOf(name, value); err != nil {
			return err
		}
	}
	if o.ShipmentDetail.Type == "" {
		return nil
	}
	return oneOf("shipmentDetail.type", o.ShipmentDetail.Type)
}

// worldItem completes an item from the variant it names by id or sku, and takes
// what the order holds from the stock.
func worldItem(tx *store.Tx, s *Shop, given OrderItem, held holding) (OrderItem, error) {
	if given.Quantity < 1 {
		return given, invalid("quantity", "must be 1 or more")
	}
	v, err := variantOf(tx, s.No, given.VariantID, given.SKU)
	if err != nil {
		if errors.Is(err, store.ErrNotFound) {
			err = invalid("sku", "names no variant of the shop")
		}
		return given, err
	}
	p, err := readProduct(tx, s.No, v.productID)
	if err != nil {
		return given, err
	}
	if held == reserved || held == ready {
		if v.available() < given.Quantity {
			return given, invalid("quantity", "must not be higher than the available number, "+strconv.FormatInt(v.available(), 10))
		}
		if err := hold(tx, []OrderItem{{VariantID: v.id, Quantity: given.Quantity}}, nothing, held); err != nil {
			return given, err
		}
	}
	item := p.item(v, given.Quantity)
	if given.Price > 0 { // what it cost then
		item.Price, item.DiscountedPrice = given.Price, given.DiscountedPrice
	}
	if given.Name != "" {
		item.Name = given.Name
	}
	if given.ImageURL != "" {
		item.ImageURL = given.ImageURL
	}
	return item, nil
}

// completeTotals sums up what the file does not say.
func (o *Order) completeTotals(given Order) {
	o.total()
	if given.SubtotalPrice > 0 {
		o.SubtotalPrice = given.SubtotalPrice
		o.TotalPrice = o.SubtotalPrice + o.ShipmentPrice - o.DiscountAmount
	}
	if given.TotalPrice > 0 {
		o.TotalPrice = given.TotalPrice
	}
	if given.Weight > 0 {
		o.Weight = given.Weight
	}
}
