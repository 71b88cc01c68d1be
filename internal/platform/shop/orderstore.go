package shop

import (
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/store"
)

// insertOrder gives an order its number, unless it has one.
func insertOrder(tx *store.Tx, o *order) error {
	if o.no == 0 {
		var last int64
		if err := tx.Row(`SELECT COALESCE(MAX(no), 0) FROM shop_orders`, nil, &last); err != nil {
			return err
		}
		o.no = max(last+1, firstOrder)
	}
	o.OrderNumber = strconv.FormatInt(o.no, 10)
	detail, err := json.Marshal(o.Order)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO shop_orders (no, shop_no, user_id, status, payment, method, shipment, customer, created_at, checkout_at, updated_at, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, o.no, o.shopNo, o.userID, o.OrderStatus, o.PaymentStatus, o.PaymentMethod,
		o.ShipmentStatus, strings.ToLower(o.ShippingAddress.RecipientName), o.createdAt.UnixMilli(), o.CheckoutAt.UnixMilli(),
		o.LastUpdatedAt.UnixMilli(), string(detail))
	return err
}

// saveOrder writes what can change of an order.
func saveOrder(tx *store.Tx, o *order) error {
	detail, err := json.Marshal(o.Order)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE shop_orders SET status = $1, payment = $2, shipment = $3, updated_at = $4, detail = $5 WHERE no = $6`,
		o.OrderStatus, o.PaymentStatus, o.ShipmentStatus, o.LastUpdatedAt.UnixMilli(), string(detail), o.no)
	return err
}

func readOrder(tx *store.Tx, no int64) (*order, error) {
	o := order{no: no}
	var created int64
	var detail string
	if err := tx.Row(`SELECT shop_no, user_id, created_at, detail FROM shop_orders WHERE no = $1`, []any{no},
		&o.shopNo, &o.userID, &created, &detail); err != nil {
		return nil, err
	}
	o.createdAt = time.UnixMilli(created)
	return &o, json.Unmarshal([]byte(detail), &o.Order)
}

func listOrders(tx *store.Tx, s *Shop, f filter, by string, pg cut) (page[Order], error) {
	var total int64
	if err := tx.Row(`SELECT COUNT(*) FROM shop_orders WHERE shop_no = $1`+f.where.String(), f.with(s.No), &total); err != nil {
		return page[Order]{}, err
	}
	answer := listed[Order](pg, total)
	err := tx.Each(`SELECT detail FROM shop_orders WHERE shop_no = $1`+f.where.String()+by+` LIMIT `+f.place(1)+` OFFSET `+f.place(2),
		f.with(s.No, pg.perPage, pg.perPage*(pg.page-1)), func(scan func(...any) error) error {
			var o Order
			if err := scanOrder(scan, &o); err != nil {
				return err
			}
			o.OrderItems = nil
			answer.Data = append(answer.Data, o)
			return nil
		})
	return answer, err
}

func scanOrder(scan func(...any) error, o *Order, before ...any) error {
	var detail string
	if err := scan(append(before, &detail)...); err != nil {
		return err
	}
	return json.Unmarshal([]byte(detail), o)
}

// ordersMost is how many of their orders a person sees.
const ordersMost = 100

func ordersOf(tx *store.Tx, userID string, shopNo int64) ([]Bought, error) {
	list := []Bought{}
	err := tx.Each(`SELECT s.name, o.detail FROM shop_orders o JOIN shops s ON s.no = o.shop_no
		WHERE o.user_id = $1 AND (o.shop_no = $2 OR $2 = 0) ORDER BY o.no DESC LIMIT $3`, []any{userID, shopNo, ordersMost},
		func(scan func(...any) error) error {
			var b Bought
			err := scanOrder(scan, &b.Order, &b.Shop)
			list = append(list, b)
			return err
		})
	return list, err
}
