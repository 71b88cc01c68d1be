package shop

import (
	"context"
	"errors"
	"strconv"

	"unicode/utf8"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
)

// Purchase is what a person orders, in the words of the API's orders.
type Purchase struct {
	// Shop is the shop's name; it may be left out where the items tell.
	Shop       string         `json:"shop"`
	OrderItems []PurchaseItem `json:"orderItems"` // 1 to 15
	// Items is a shorter name for OrderItems.
	Items []PurchaseItem `json:"items"`
	// PaymentMethod is COD when left out.
	PaymentMethod   string  `json:"paymentMethod"`
	ShippingAddress Address `json:"shippingAddress"`
	RemarkBuyer     string  `json:"remarkBuyer"`
	RemarkRecipient string  `json:"remarkRecipient"`
}

// PurchaseItem names a variant by its id or sku; a product's only variant by
// the product's id too.
type PurchaseItem struct {
	ProductID int64  `json:"productId"`
	VariantID int64  `json:"variantId"`
	SKU       string `json:"sku"`
	Quantity  int64  `json:"quantity"` // 1 to 998
}

const (
	itemsMost    = 15
	quantityMost = 998
	remarkChars  = 1000
)

// Buy has a person check an order out, which reserves what is ordered.
// Nothing unknown, hidden or out of stock can be ordered.
func (r *Room) Buy(tx *store.Tx, p *friend.Person, in Purchase) (Order, error) {
	in.OrderItems = append(in.OrderItems, in.Items...)
	if err := in.check(); err != nil {
		return Order{}, err
	}
	s, err := r.shopFor(tx, in)
	if err != nil {
		return Order{}, err
	}
	method := in.PaymentMethod
	if method == "" {
		method = CashOnDelivery
	}
	if in.ShippingAddress.RecipientName == "" {
		in.ShippingAddress.RecipientName = p.Profile.DisplayName
	}
	o := &order{shopNo: s.No, userID: p.UserID, createdAt: tx.Now, Order: Order{OrderStatus: Finalized, PaymentMethod: method,
		CheckoutAt: seconds(tx.Now), LastUpdatedAt: seconds(tx.Now), ShippingAddress: in.ShippingAddress, RemarkBuyer: in.RemarkBuyer,
		RemarkRecipient: in.RemarkRecipient}}
	o.begin()
	for i, item := range in.OrderItems {
		p, v, err := r.find(tx, s, item)
		if err != nil {
			return Order{}, at(err, "orderItems["+strconv.Itoa(i)+"]")
		}
		if v.available() < item.Quantity {
			return Order{}, conflict(p.Name + " is out of stock: " + strconv.FormatInt(v.available(), 10) + " can be ordered")
		}
		o.OrderItems = append(o.OrderItems, p.item(v, item.Quantity))
		// One by one, because two items may be of one variant.
		if err := hold(tx, o.OrderItems[i:], nothing, reserved); err != nil {
			return Order{}, err
		}
	}
	o.total()
	if err := insertOrder(tx, o); err != nil {
		return Order{}, err
	}
	r.tell(tx, o)
	return o.Order, r.expires(tx, o)
}

func (in Purchase) check() error {
	if n := len(in.OrderItems); n < 1 || n > itemsMost {
		return invalid("orderItems", "must have 1 to 15 elements")
	}
	for i, item := range in.OrderItems {
		if item.Quantity < 1 || item.Quantity > quantityMost {
			return invalid("orderItems["+strconv.Itoa(i)+"].quantity", "must be 1 to 998")
		}
	}
	if in.PaymentMethod != "" {
		if err := oneOf("paymentMethod", in.PaymentMethod); err != nil {
			return err
		}
	}
	if utf8.RuneCountInString(in.RemarkBuyer) > remarkChars {
		return invalid("remarkBuyer", "must have at most 1000 characters")
	}
	return plain("shippingAddress.recipientName", in.ShippingAddress.RecipientName)
}

// begin sets what an order of that payment starts with.
func (o *Order) begin() {
	o.PaymentStatus, o.ShipmentStatus = Pending, NoShipment
	o.ShipmentDetail = ShipmentDetail{Name: "Standard", Type: "STANDARD"}
	if o.PaymentMethod == CashOnDelivery {
		o.PaymentStatus, o.ShipmentStatus = NoPayment, ShipmentReady
		o.ShipmentDetail = ShipmentDetail{Name: "Cash on delivery", Type: CashOnDelivery, IsCod: true}
	}
}

// total sums the items up.
func (o *Order) total() {
	o.SubtotalPrice, o.Weight = 0, 0
	for _, item := range o.OrderItems {
		o.SubtotalPrice += item.Each().times(item.Quantity)
		o.Weight += item.Weight.times(item.Quantity)
	}
	o.TotalPrice = o.SubtotalPrice + o.ShipmentPrice - o.DiscountAmount
}

// item is so many of a variant as they are now.
func (p *product) item(v *variant, quantity int64) OrderItem {
	shown := p.shown(v)
	image := shown.ImageURL
	if image == "" {
		image = p.ImageURLs[0]
	}
	return OrderItem{ProductID: p.id, VariantID: v.id, SKU: v.sku, Barcode: v.Barcode, Name: p.Name, ImageURL: image, Price: v.Price,
		DiscountedPrice: shown.DiscountedPrice, Quantity: quantity, Weight: v.Weight, Variants: shown.Options}
}

// shopFor is the shop that is named, or the first that has the first item.
func (r *Room) shopFor(tx *store.Tx, in Purchase) (*Shop, error) {
	shops, err := listShops(tx)
	if err != nil {
		return nil, err
	}
	for _, s := range shops {
		if in.Shop != "" {
			if s.Name == in.Shop {
				return s, nil
			}
			continue
		}
		if _, _, err := r.find(tx, s, in.OrderItems[0]); err == nil {
			return s, nil
		} else if !refused(err) {
			return nil, err
		}
	}
	if in.Shop != "" || len(shops) == 0 {
		return nil, api.Errorf(api.NotFound, "There is no shop %q", in.Shop)
	}
	return shops[0], nil // which then says what is wrong with the item
}

func refused(err error) bool {
	var e *api.Error
	return errors.As(err, &e)
}

// find is the variant that an item names, on display.
func (r *Room) find(tx *store.Tx, s *Shop, item PurchaseItem) (*product, *variant, error) {
	productID, variantID := item.ProductID, item.VariantID
	if productID == 0 {
		v, err := variantOf(tx, s.No, variantID, item.SKU)
		if err != nil {
			return nil, nil, orNotFound(err, "Variant")
		}
		productID, variantID = v.productID, v.id
	}
	p, err := readProduct(tx, s.No, productID)
	if err != nil {
		return nil, nil, orNotFound(err, "Product")
	}
	if !p.displayed {
		return nil, nil, conflict(p.Name + " is not on display")
	}
	for _, v := range p.variants {
		if v.id == variantID || variantID == 0 && (v.sku == item.SKU && item.SKU != "" || len(p.variants) == 1) {
			return p, v, nil
		}
	}
	return nil, nil, notFound("Variant")
}

// at says which element of a request an error is of.
func at(err error, path string) error {
	var e *api.Error
	if !errors.As(err, &e) {
		return err
	}
	return api.Errorf(e.Code, "%s: %s", path, e.Message)
}

// Pay has the person who ordered pay it. Cash on delivery is paid to who
// delivers it; the shop takes note of it.
func (r *Room) Pay(tx *store.Tx, p *friend.Person, orderNumber string) (Order, error) {
	o, err := r.bought(tx, p, orderNumber)
	if err != nil {
		return Order{}, err
	}
	if o.PaymentMethod == CashOnDelivery {
		return Order{}, conflict("The order is paid on delivery, and marked as paid by the shop")
	}
	err = r.become(tx, o, func(o *Order) error { return o.paid(tx.Now) })
	return o.Order, err
}

func (r *Room) bought(tx *store.Tx, p *friend.Person, orderNumber string) (*order, error) {
	no, err := strconv.ParseInt(orderNumber, 10, 64)
	if err != nil {
		return nil, notFound("Order")
	}
	o, err := readOrder(tx, no)
	if err == nil && o.userID != p.UserID {
		err = store.ErrNotFound
	}
	return o, orNotFound(err, "Order")
}

// Bought is an order with the shop it is of.
type Bought struct {
	Shop string `json:"shop"`
	Order
}

// OrdersOf are a person's orders, the newest first, at most 100; of one shop
// where its number is given.
func (r *Room) OrdersOf(ctx context.Context, p *friend.Person, shopNo int64) (list []Bought, err error) {
	err = r.db.View(ctx, func(tx *store.Tx) error {
		list, err = ordersOf(tx, p.UserID, shopNo)
		return err
	})
	return list, err
}

// Shops are all shops, as the world file has them.
func (r *Room) Shops(ctx context.Context) (list []*Shop, err error) {
	err = r.db.View(ctx, func(tx *store.Tx) error {
		list, err = listShops(tx)
		return err
	})
	return list, err
}

// storefrontMost is how many products a storefront shows.
const storefrontMost = 100

// Storefront is a shop with its products on display, at most 100; api.NotFound
// when there is no such shop.
func (r *Room) Storefront(ctx context.Context, no int64) (s *Shop, list []Product, err error) {
	err = r.db.View(ctx, func(tx *store.Tx) error {
		if s, err = readShop(tx, no); err != nil {
			return orNotFound(err, "Shop")
		}
		var f filter
		f.and("displayed = 1")
		shown, err := listProducts(tx, s, f, cut{1, storefrontMost})
		list = shown.Data
		return err
	})
	return s, list, err
}
