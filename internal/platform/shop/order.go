package shop

import (
	"slices"
	"strings"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
)

// The statuses of orders, their payment and their shipment, and the ways to pay.
const (
	Finalized = "FINALIZED"
	Completed = "COMPLETED"
	Expired   = "EXPIRED"
	Canceled  = "CANCELED"

	NoPayment = "NO_PAYMENT"
	Pending   = "PENDING"
	Paid      = "PAID"
	Refund    = "REFUND"

	NoShipment    = "NO_SHIPMENT"
	ShipmentReady = "SHIPMENT_READY"
	OnDelivery    = "ON_DELIVERY"
	ShippedAll    = "SHIPPED_ALL"

	CashOnDelivery = "COD"
)

// enums are all values that the API has.
var enums = map[string][]string{
	"orderStatus": {Finalized, Completed, Expired, Canceled},
	"paymentStatus": {NoPayment, Pending, Paid, Refund, "PENDING_REFUND", "FAILED_REFUND", "FAILED_AFTER_PAID",
		"REJECTED_REFUND"},
	"paymentMethod": {CashOnDelivery, "BANK", "PAYMENT_LS_RLP", "PAYMENT_LS_MOBILE_BANKING_KPLUS", "PAYMENT_LS_MOBILE_BANKING_SCB",
		"PAYMENT_LS_QR_PROMPTPAY"},
	"shipmentStatus":      {NoShipment, Pending, ShipmentReady, OnDelivery, ShippedAll},
	"shipmentDetail.type": {"STANDARD", CashOnDelivery, "MESSENGER"},
	"sortBy":              {"ORDER_NO", "CREATED_AT", "UPDATED_AT", "CHECKED_OUT_AT"},
	"orderBy":             {"DESC", "ASC"},
}

// PaymentMethods are the ways to pay, cash on delivery first.
func PaymentMethods() []string { return enums["paymentMethod"] }

func oneOf(name, value string) error {
	if !slices.Contains(enums[name], value) {
		return invalid(name, "must be one of "+strings.Join(enums[name], ", "))
	}
	return nil
}

// Order is an order as the API tells of it.
type Order struct {
	OrderNumber    string     `json:"orderNumber"`
	OrderStatus    string     `json:"orderStatus"`
	PaymentStatus  string     `json:"paymentStatus"`
	PaymentMethod  string     `json:"paymentMethod"`
	ShipmentStatus string     `json:"shipmentStatus"`
	CheckoutAt     time.Time  `json:"checkoutAt"`
	PaidAt         *time.Time `json:"paidAt"` // null until then
	LastUpdatedAt  time.Time  `json:"lastUpdatedAt"`
	// SubtotalPrice is of the items, after instant discounts.
	SubtotalPrice Decimal `json:"subtotalPrice"`
	ShipmentPrice Decimal `json:"shipmentPrice"`
	// DiscountAmount is taken off the order, beside instant discounts.
	DiscountAmount  Decimal        `json:"discountAmount"`
	TotalPrice      Decimal        `json:"totalPrice"`
	Weight          Decimal        `json:"weight"`
	IsGift          bool           `json:"isGift"`
	RemarkBuyer     string         `json:"remarkBuyer"`
	RemarkRecipient string         `json:"remarkRecipient"`
	ShipmentDetail  ShipmentDetail `json:"shipmentDetail"`
	ShippingAddress Address        `json:"shippingAddress"`
	// OrderItems are left out of lists.
	OrderItems []OrderItem `json:"orderItems,omitzero"`
	// RemarkCancel is why it was canceled; ours, the API has nothing to read it by.
	RemarkCancel string `json:"remarkCancel,omitzero"`
}

// ShipmentDetail is how an order travels.
type ShipmentDetail struct {
	Name                  string `json:"name"`
	Description           string `json:"description"`
	Type                  string `json:"type"` // STANDARD, COD or MESSENGER
	IsCod                 bool   `json:"isCod"`
	IsAutoTracking        bool   `json:"isAutoTracking"`
	ShipmentCompanyID     int64  `json:"shipmentCompanyId"`
	ShipmentCompanyNameEn string `json:"shipmentCompanyNameEn"`
	ShipmentCompanyNameTh string `json:"shipmentCompanyNameTh"`
	TrackingNumber        string `json:"trackingNumber"`
	TrackingURL           string `json:"trackingUrl"`
}

// Address is where an order goes.
type Address struct {
	RecipientName string `json:"recipientName"`
	PhoneNumber   string `json:"phoneNumber"`
	Email         string `json:"email"`
	Address       string `json:"address"`
	SubDistrict   string `json:"subDistrict"`
	District      string `json:"district"`
	Province      string `json:"province"`
	PostalCode    string `json:"postalCode"`
	Country       string `json:"country"`
}

// OrderItem is some of one variant, as it was when it was ordered.
type OrderItem struct {
	ProductID       int64    `json:"productId"`
	VariantID       int64    `json:"variantId"`
	SKU             string   `json:"sku"`
	Barcode         string   `json:"barcode"`
	Name            string   `json:"name"`
	ImageURL        string   `json:"imageURL"` // spelled so
	Price           Decimal  `json:"price"`
	DiscountedPrice *Decimal `json:"discountedPrice"`
	Quantity        int64    `json:"quantity"`
	Weight          Decimal  `json:"weight"`
	Variants        []Choice `json:"variants"`
}

// Each is what one costs.
func (i OrderItem) Each() Decimal {
	if i.DiscountedPrice != nil {
		return *i.DiscountedPrice
	}
	return i.Price
}

// order is an order as it is kept.
type order struct {
	no        int64
	shopNo    int64
	userID    string // who bought, "" when nobody of this world did
	createdAt time.Time
	Order
}

// orders lists the shop's orders.
func (r *Room) orders(c *api.Call) (any, error) {
	pg, err := paging(c)
	if err != nil {
		return nil, err
	}
	q := c.Query()
	var f filter
	for name, column := range map[string]string{"orderStatus": "status", "paymentStatus": "payment", "paymentMethod": "method", "shipmentStatus": "shipment"} {
		if len(q[name]) == 0 {
			continue
		}
		for _, v := range q[name] {
			if err := oneOf(name, v); err != nil {
				return nil, err
			}
		}
		f.and(column+" "+in(len(q[name])), texts(q[name])...)
	}
	if err := plain("search", q.Get("search")); err != nil {
		return nil, err
	}
	if text := strings.ToLower(q.Get("search")); text != "" {
		like := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
		f.and("(customer LIKE ? ESCAPE '!' OR CAST(no AS TEXT) LIKE ? ESCAPE '!')", like, like)
	}
	for name, condition := range map[string]string{"startAt": "updated_at >= ?", "endAt": "updated_at <= ?"} {
		if text := q.Get(name); text != "" {
			at, err := instant(name, text)
			if err != nil {
				return nil, err
			}
			f.and(condition, at.UnixMilli())
		}
	}
	by, err := sorting(q.Get("sortBy"), q.Get("orderBy"))
	if err != nil {
		return nil, err
	}
	return view(r, c, func(tx *store.Tx, s *Shop) (page[Order], error) { return listOrders(tx, s, f, by, pg) })
}

// instant reads a time of the form yyyy-mm-ddThh:mm[:ss[.fff]]Z.
func instant(name, text string) (time.Time, error) {
	for _, form := range []string{"2006-01-02T15:04Z", "2006-01-02T15:04:05Z"} { // the latter takes fractions
		if at, err := time.Parse(form, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, invalid(name, "must be a time such as 2022-01-01T09:30:00Z")
}

// sorting is an ORDER BY clause; left out, the newest orders come first.
func sorting(by, direction string) (string, error) {
	if by == "" {
		by = "CREATED_AT"
	}
	if direction == "" {
		direction = "DESC"
	}
	if err := oneOf("sortBy", by); err != nil {
		return "", err
	}
	if err := oneOf("orderBy", direction); err != nil {
		return "", err
	}
	column := map[string]string{"CREATED_AT": "created_at ", "UPDATED_AT": "updated_at ", "CHECKED_OUT_AT": "checkout_at "}[by]
	if column != "" {
		column += direction + ", "
	}
	return " ORDER BY " + column + "no " + direction, nil
}

// order is the detail of one.
func (r *Room) order(c *api.Call) (any, error) {
	return view(r, c, func(tx *store.Tx, s *Shop) (any, error) {
		o, err := r.orderOf(tx, c, s)
		if err != nil {
			return nil, err
		}
		return o.Order, nil
	})
}

// orderOf is the order that the path names.
func (r *Room) orderOf(tx *store.Tx, c *api.Call, s *Shop) (*order, error) {
	no, err := number(c, "orderNo")
	if err != nil {
		return nil, err
	}
	o, err := readOrder(tx, no)
	if err == nil && o.shopNo != s.No {
		err = store.ErrNotFound
	}
	return o, orNotFound(err, "Order")
}
