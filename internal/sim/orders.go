package sim

import (
	"context"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/shop"
)

// ShopView is a shop with the key of its API.
type ShopView struct {
	Name      string `json:"name"`
	APIKey    string `json:"apiKey"`
	ChannelID string `json:"channelId,omitzero"`
}

func (r *Room) shopViews(ctx context.Context) (views []ShopView, err error) {
	shops, err := r.Shops.Shops(ctx)
	for _, s := range shops {
		views = append(views, ShopView{s.Name, s.APIKey, s.ChannelID})
	}
	return views, err
}

// Order has a person check an order out in a shop.
func (r *Room) Order(ctx context.Context, userID string, in shop.Purchase) (shop.Order, error) {
	return r.shopping(ctx, userID, func(tx *store.Tx, p *friend.Person) (shop.Order, error) { return r.Shops.Buy(tx, p, in) })
}

// Pay has a person pay an order of theirs.
func (r *Room) Pay(ctx context.Context, userID, orderNumber string) (shop.Order, error) {
	return r.shopping(ctx, userID, func(tx *store.Tx, p *friend.Person) (shop.Order, error) { return r.Shops.Pay(tx, p, orderNumber) })
}

func (r *Room) shopping(ctx context.Context, userID string, do func(*store.Tx, *friend.Person) (shop.Order, error)) (o shop.Order, err error) {
	err = r.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err != nil {
			return err
		}
		o, err = do(tx, p)
		return err
	})
	return o, err
}

func (r *Room) postOrder(c *api.Call, in shop.Purchase) (any, error) {
	o, err := r.Order(c, c.Path("userId"), in)
	return api.Status{Code: 201, Body: o}, err
}

func (r *Room) payOrder(c *api.Call) (any, error) {
	return r.Pay(c, c.Path("userId"), c.Path("orderNumber"))
}

func (r *Room) getOrders(c *api.Call) (any, error) {
	p, err := r.Person(c, c.Path("userId"))
	if err != nil {
		return nil, err
	}
	orders, err := r.Shops.OrdersOf(c, p, 0)
	return map[string][]shop.Bought{"orders": orders}, err
}
