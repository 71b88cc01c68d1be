package phone

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/platform/shop"
	"kaiwa/internal/ui/live"
	"kaiwa/internal/ui/page"
)

// storefront is a shop as one person sees it.
type storefront struct {
	scene
	shop     *shop.Shop
	products []shop.Product
	orders   []shop.Bought
}

// shops are the ways into the shops, below the list of chats; nil where there are none.
func (s scene) shops() (g.Node, error) {
	list, err := s.sim.Shops.Shops(s.ctx)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return h.Nav(h.Class("shops"), h.Aria("label", wordShops.In(s.lang)), g.Map(list, func(one *shop.Shop) g.Node {
		return h.A(h.Href(s.shopPath(one.No)), page.Face(one.Name, "", "shop "+one.Name), g.Text(one.Name))
	})), nil
}

func (s scene) shopPath(no int64) string { return s.path() + "/shops/" + strconv.FormatInt(no, 10) }

// storefront reads a shop by its number in a path; api.NotFound when there is none.
func (s scene) storefront(no string) (f storefront, err error) {
	f.scene = s
	n, err := strconv.ParseInt(no, 10, 64)
	if err != nil {
		return f, api.Errorf(api.NotFound, "There is no such shop")
	}
	if f.shop, f.products, err = s.sim.Shops.Storefront(s.ctx, n); err != nil {
		return f, err
	}
	f.orders, err = s.sim.Shops.OrdersOf(s.ctx, s.person, n)
	return f, err
}

// shopPage is a shop: what is on display, and what the person ordered there.
func (p *Phone) shopPage(w http.ResponseWriter, r *http.Request, s scene) error {
	position := p.Shell.Position()
	f, err := s.storefront(r.PathValue("shop"))
	if err != nil {
		return err
	}
	l := s.lang
	return p.shown(w, r, s, page.Page{
		Title: f.shop.Name, Position: position, Topics: []string{"shop:" + s.person.UserID + ":" + r.PathValue("shop")},
	}, h.Div(h.Class("phone"),
		h.Header(h.Class("top"),
			h.A(h.Class("back"), h.Href(s.path()), h.Aria("label", wordBack.In(l)), icon("M15 5l-7 7 7 7")),
			page.Face(f.shop.Name, "", "shop "+f.shop.Name), h.H1(g.Text(f.shop.Name)), h.Span(h.Class("whose"), g.Text(s.name()))),
		h.Div(h.Class("store"), h.TabIndex("0"), h.Role("group"), h.Aria("label", f.shop.Name),
			f.ordered(),
			h.H2(g.Text(wordProducts.In(l))),
			g.If(len(f.products) == 0, h.P(h.Class("quiet"), g.Text(wordNoProducts.In(l)))),
			g.Map(f.products, f.product)),
	), f.byCodes())
}

// product is one that can be bought: a form of its own.
func (f storefront) product(p shop.Product) g.Node {
	l := f.lang
	available := false
	for _, v := range p.Variants {
		available = available || v.AvailableNumber > 0
	}
	id := "p-" + strconv.FormatInt(p.ID, 10)
	return h.Article(h.ID(id), h.Class("card product"), h.Aria("labelledby", id+"-name"),
		h.Div(h.Class("row"), page.Face(p.Name, p.ImageURLs[0], p.Name),
			h.Div(h.H3(h.ID(id+"-name"), g.Text(p.Name)), g.If(p.Brand != "", h.Small(g.Text(p.Brand))), g.Iff(len(p.Variants) == 1, func() g.Node { return f.price(p.Variants[0]) }))),
		g.If(!available, h.P(h.Class("quiet"), g.Text(wordSoldOut.In(l)))),
		g.If(available, h.Form(h.Method("post"), h.Action(f.shopPath(f.shop.No)+"/orders"),
			f.choice(p),
			h.Div(h.Class("pair"),
				h.Label(g.Text(wordQuantity.In(l)), h.Input(h.Type("number"), h.Name("quantity"), h.Value("1"), h.Min("1"), h.Max("998"), h.Required())),
				h.Label(g.Text(wordPayment.In(l)), h.Select(h.Name("paymentMethod"), g.Map(shop.PaymentMethods(), func(m string) g.Node {
					return h.Option(h.Value(m), g.Text(methodWords[m].In(l)))
				})))),
			h.Details(h.Summary(g.Text(wordDelivery.In(l))), h.Div(h.Class("fields"),
				h.Label(g.Text(wordRecipient.In(l)), h.Input(h.Name("recipientName"), h.Value(f.name()))),
				h.Label(g.Text(wordAddress.In(l)), h.Input(h.Name("address"))),
				h.Label(g.Text(wordNote.In(l)), h.Input(h.Name("remarkBuyer"), h.MaxLength("1000"))))),
			h.Button(h.Class("button"), g.Text(wordOrder.In(l)), h.Span(h.Class("sr"), g.Text(" "+p.Name))))))
}

// choice is which variant: a list where there are several.
func (f storefront) choice(p shop.Product) g.Node {
	if len(p.Variants) == 1 {
		return h.Input(h.Type("hidden"), h.Name("variantId"), h.Value(strconv.FormatInt(p.Variants[0].ID, 10)))
	}
	return h.Label(g.Text(wordVariant.In(f.lang)), h.Select(h.Name("variantId"), g.Map(p.Variants, func(v shop.Variant) g.Node {
		return h.Option(h.Value(strconv.FormatInt(v.ID, 10)), g.If(v.AvailableNumber < 1, h.Disabled()),
			g.Text(options(v.Options)+" · ฿"+each(v).Money()+" · "+f.left(v)))
	})))
}

func (f storefront) left(v shop.Variant) string {
	if v.AvailableNumber < 1 {
		return wordSoldOut.In(f.lang)
	}
	return fmt.Sprintf(wordLeft.In(f.lang), v.AvailableNumber)
}

func each(v shop.Variant) shop.Decimal {
	if v.DiscountedPrice != nil {
		return *v.DiscountedPrice
	}
	return v.Price
}

// price is what a variant costs, with what it would be without a discount.
func (f storefront) price(v shop.Variant) g.Node {
	return h.P(h.Class("price"), h.Strong(g.Text("฿"+each(v).Money())),
		g.If(v.DiscountedPrice != nil, g.Group{g.Text(" "), h.Del(g.Text("฿" + v.Price.Money()))}), h.Small(g.Text(" · "+f.left(v))))
}

func options(list []shop.Choice) string {
	var values []string
	for _, c := range list {
		values = append(values, c.Value)
	}
	return strings.Join(values, " / ")
}

// ordered are the person's orders in this shop, the newest first.
func (f storefront) ordered() g.Node {
	l := f.lang
	return h.Section(h.ID("orders"), h.Data("live", ""), h.Aria("live", "polite"), g.If(len(f.orders) == 0, g.Attr("hidden")),
		h.H2(g.Text(wordOrders.In(l))), h.Ul(h.Class("orders"), h.Role("list"), g.Map(f.orders, f.order)))
}

func (f storefront) order(o shop.Bought) g.Node {
	l := f.lang
	var items []string
	for _, i := range o.OrderItems {
		name := i.Name
		if chosen := options(i.Variants); chosen != "" {
			name += " (" + chosen + ")"
		}
		items = append(items, fmt.Sprintf("%s × %d", name, i.Quantity))
	}
	return h.Li(h.ID("o-"+o.OrderNumber), h.Class("card"),
		h.Div(h.Class("row spread"), h.Span(h.Class("mono"), g.Text(o.OrderNumber)), h.Span(h.Class("badge"+badges[o.OrderStatus]), g.Text(state(o.Order).In(l)))),
		h.P(g.Text(strings.Join(items, ", ")+" · ฿"+o.TotalPrice.Money()), h.Br(), h.Small(g.Text(methodWords[o.PaymentMethod].In(l)))),
		f.parcel(o.ShipmentDetail),
		g.If(o.RemarkCancel != "", h.P(h.Small(g.Text(o.RemarkCancel)))),
		g.If(payable(o.Order), h.Form(h.Method("post"), h.Action(f.shopPath(f.shop.No)+"/orders/"+o.OrderNumber+"/pay"),
			h.Button(h.Class("button small"), g.Text(fmt.Sprintf(wordPay.In(l), o.TotalPrice.Money()))))))
}

// parcel is the tracking number, a link where the shop gave one.
func (f storefront) parcel(d shop.ShipmentDetail) g.Node {
	web := strings.HasPrefix(d.TrackingURL, "https://") || strings.HasPrefix(d.TrackingURL, "http://")
	switch {
	case web:
		return h.P(g.Text(wordTracking.In(f.lang)+" "), h.A(h.Href(d.TrackingURL), h.Rel("noopener noreferrer"), h.Target("_blank"), g.Text(d.TrackingNumber), g.If(d.TrackingNumber == "", g.Text(d.TrackingURL))))
	case d.TrackingNumber != "":
		return h.P(g.Text(wordTracking.In(f.lang) + " " + d.TrackingNumber))
	}
	return nil
}

var badges = map[string]string{shop.Completed: " good", shop.Expired: " bad", shop.Canceled: " bad"}

func payable(o shop.Order) bool {
	return o.OrderStatus == shop.Finalized && o.PaymentStatus == shop.Pending && o.PaymentMethod != shop.CashOnDelivery
}

// state is where an order stands, in a buyer's words.
func state(o shop.Order) page.Phrase {
	shipped := o.ShipmentStatus == shop.OnDelivery || o.ShipmentStatus == shop.ShippedAll
	switch {
	case o.OrderStatus == shop.Completed:
		return wordCompleted
	case o.OrderStatus == shop.Expired:
		return wordExpired
	case o.OrderStatus == shop.Canceled:
		return wordCanceled
	case shipped:
		return wordShipped
	case payable(o):
		return wordToPay
	}
	return wordToShip
}

// byCodes is how to order by code, and how the shop sees it.
func (f storefront) byCodes() g.Node {
	variant := int64(1)
	if len(f.products) > 0 && len(f.products[0].Variants) > 0 {
		variant = f.products[0].Variants[0].ID
	}
	return g.Group{
		f.byCode(wordOrderByCode, "as-buyer", page.Curl{Path: "/sim/v1/people/" + f.person.UserID + "/orders",
			Body: fmt.Sprintf(`{"orderItems":[{"variantId":%d,"quantity":1}],"paymentMethod":"COD"}`, variant)}),
		f.byCode(wordAsShop, "as-shop", page.Curl{Path: shop.Prefix + "/v1/orders", Key: f.shop.APIKey}),
	}
}

// order is a product's form.
func (p *Phone) order(w http.ResponseWriter, r *http.Request, s scene) error {
	f, err := s.storefront(r.PathValue("shop"))
	if err != nil {
		return err
	}
	variant, err1 := strconv.ParseInt(r.FormValue("variantId"), 10, 64)
	quantity, err2 := strconv.ParseInt(r.FormValue("quantity"), 10, 64)
	if err1 != nil || err2 != nil {
		return api.Errorf(api.Invalid, "Choose a variant and how many of it")
	}
	o, err := s.sim.Order(r.Context(), s.person.UserID, shop.Purchase{Shop: f.shop.Name, PaymentMethod: r.FormValue("paymentMethod"),
		OrderItems: []shop.PurchaseItem{{VariantID: variant, Quantity: quantity}}, RemarkBuyer: r.FormValue("remarkBuyer"),
		ShippingAddress: shop.Address{RecipientName: r.FormValue("recipientName"), Address: r.FormValue("address")}})
	if err != nil {
		return err
	}
	http.Redirect(w, r, s.shopPath(f.shop.No)+"#o-"+o.OrderNumber, http.StatusSeeOther)
	return nil
}

// pay is the button at an order that waits to be paid.
func (p *Phone) pay(w http.ResponseWriter, r *http.Request, s scene) error {
	o, err := s.sim.Pay(r.Context(), s.person.UserID, r.PathValue("order"))
	if err != nil {
		return err
	}
	http.Redirect(w, r, s.path()+"/shops/"+r.PathValue("shop")+"#o-"+o.OrderNumber, http.StatusSeeOther)
	return nil
}

// shopChanged draws the orders again when one of the person's has changed.
func (p *Phone) shopChanged(ctx context.Context, l page.Lang, topic live.Topic, c feed.Change) ([]live.Patch, error) {
	if c.Type != "order" || !concerns(c, topic.ID(0)) {
		return nil, nil
	}
	s, err := p.scene(ctx, l, topic.ID(0))
	if err != nil {
		return nil, unlessGone(err)
	}
	f, err := s.storefront(topic.ID(1))
	if err != nil {
		return nil, unlessGone(err)
	}
	return []live.Patch{live.Replace("orders", f.ordered())}, nil
}
