package shop

import (
	"strconv"
	"strings"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
)

// NewProduct is the body of Create product.
type NewProduct struct {
	Brand      string `json:"brand"`
	CategoryID *int64 `json:"categoryId"`
	Code       string `json:"code"`
	// Description may have HTML.
	Description     string       `json:"description"`
	ImageURLs       []string     `json:"imageUrls"` // 1 to 7
	InstantDiscount Decimal      `json:"instantDiscount"`
	Licenses        Licenses     `json:"licenses"`
	Name            string       `json:"name"`
	VariantOptions  *NewOptions  `json:"variantOptions"`
	Variants        []NewVariant `json:"variants"`
}

// Licenses are the numbers of Thai licences.
type Licenses struct {
	FDA    string `json:"fda"`
	FDAAds string `json:"fdaAds"`
	TISI   string `json:"tisi"`
}

// Product is a product as the API tells of it.
type Product struct {
	ID                    int64           `json:"id"`
	Name                  string          `json:"name"`
	Code                  string          `json:"code"`
	Brand                 string          `json:"brand"`
	Description           string          `json:"description"`
	Category              Category        `json:"category"`
	ImageURLs             []string        `json:"imageUrls"`
	IsDisplay             bool            `json:"isDisplay"`
	HasOnlyDefaultVariant bool            `json:"hasOnlyDefaultVariant"`
	InstantDiscount       Decimal         `json:"instantDiscount"`
	GiftOption            string          `json:"giftOption"`
	GiftGroups            []Category      `json:"giftGroups"`
	Licenses              Licenses        `json:"licenses"`
	VariantOptions        []VariantOption `json:"variantOptions"`
	Variants              []Variant       `json:"variants"`
}

// Category is a product category. Their names are not published where we could
// read them: ours say the number.
type Category struct {
	ID     int64  `json:"id"`
	NameEn string `json:"nameEn"`
	NameTh string `json:"nameTh"`
}

// VariantOption is what variants differ in, such as color, with its values.
type VariantOption struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

// Variant is one of a product's variants, with its stock.
type Variant struct {
	ID                int64    `json:"id"`
	InventoryID       int64    `json:"inventoryId"`
	SKU               string   `json:"sku"`
	Barcode           string   `json:"barcode"`
	Price             Decimal  `json:"price"`
	DiscountedPrice   *Decimal `json:"discountedPrice"` // null without a discount
	Weight            Decimal  `json:"weight"`
	ImageURL          string   `json:"imageUrl"`
	Options           []Choice `json:"options"`
	OnHandNumber      int64    `json:"onHandNumber"`
	AvailableNumber   int64    `json:"availableNumber"`
	ReservedNumber    int64    `json:"reservedNumber"`
	ReadyToShipNumber int64    `json:"readyToShipNumber"`
}

// Choice is one option's value, such as color red.
type Choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// product is a product as it is kept.
type product struct {
	id        int64
	shopNo    int64
	displayed bool
	productDetail
	variants []*variant
}

// productDetail is what nothing searches by.
type productDetail struct {
	Name            string   `json:"name"`
	Code            string   `json:"code"`
	Brand           string   `json:"brand"`
	Description     string   `json:"description"`
	CategoryID      int64    `json:"categoryId"`
	ImageURLs       []string `json:"imageUrls"`
	InstantDiscount Decimal  `json:"instantDiscount"`
	Licenses        Licenses `json:"licenses"`
	Options         []option `json:"options"`
}

// create adds a product, which is hidden until its display status is onsale.
func (r *Room) create(c *api.Call, in NewProduct) (any, error) {
	p, err := in.product()
	if err != nil {
		return nil, err
	}
	answer, err := update(r, c, func(tx *store.Tx, s *Shop) (Product, error) {
		p.shopNo = s.No
		err := insertProduct(tx, p) // before the answer is made: it gives the ids
		return p.answer(), err
	})
	return api.Status{Code: 201, Body: answer}, err
}

// product checks the request.
func (in NewProduct) product() (*product, error) {
	for _, need := range []struct {
		field   string
		missing bool
	}{{"categoryId", in.CategoryID == nil}, {"code", blank(in.Code)}, {"imageUrls", len(in.ImageURLs) == 0}, {"name", blank(in.Name)},
		{"variants", len(in.Variants) == 0}} {
		if need.missing {
			return nil, invalid(need.field, "is required")
		}
	}
	p := &product{productDetail: productDetail{Name: in.Name, Code: in.Code, Brand: in.Brand, Description: in.Description,
		CategoryID: *in.CategoryID, ImageURLs: in.ImageURLs, InstantDiscount: in.InstantDiscount, Licenses: in.Licenses}}
	if err := p.check(); err != nil {
		return nil, err
	}
	var err error
	if in.VariantOptions != nil {
		if p.Options, err = in.VariantOptions.options(); err != nil {
			return nil, err
		}
	}
	p.variants, err = newVariants(in.Variants, p.Options)
	return p, err
}

// check holds what is common to creating and changing.
func (p *product) check() error {
	if p.CategoryID < 0 {
		return invalid("categoryId", "must not be negative")
	}
	if err := images(p.ImageURLs); err != nil {
		return err
	}
	return discountBounds.check("instantDiscount", p.InstantDiscount)
}

func images(urls []string) error {
	if len(urls) < 1 || len(urls) > 7 {
		return invalid("imageUrls", "must have 1 to 7 elements")
	}
	for i, u := range urls {
		if blank(u) {
			return invalid("imageUrls["+strconv.Itoa(i)+"]", "must not be empty")
		}
	}
	return nil
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// bounds of an amount, both allowed.
type bounds struct {
	least, most Decimal
	words       string
}

var (
	newPriceBounds = bounds{1, 99_999_998_99, "must be greater than 0 and lower than 99999999"}
	priceBounds    = bounds{1_00, 99_999_999_00, "must be 1 to 99999999"}
	discountBounds = bounds{0, 99_999_998_00, "must be 0 to 99999998"}
	weightBounds   = bounds{1, 999_99, "must be 0.01 to 999.99"}
)

func (b bounds) check(field string, d Decimal) error {
	if d < b.least || d > b.most {
		return invalid(field, b.words)
	}
	return nil
}

func (p *product) answer() Product {
	a := Product{ID: p.id, Name: p.Name, Code: p.Code, Brand: p.Brand, Description: p.Description, ImageURLs: p.ImageURLs, IsDisplay: p.displayed,
		Category:              Category{p.CategoryID, "Category " + strconv.FormatInt(p.CategoryID, 10), "หมวดหมู่ " + strconv.FormatInt(p.CategoryID, 10)},
		HasOnlyDefaultVariant: len(p.Options) == 0, InstantDiscount: p.InstantDiscount, GiftOption: "NO_GIFT", GiftGroups: []Category{},
		Licenses: p.Licenses, VariantOptions: []VariantOption{}, Variants: []Variant{}}
	for _, o := range p.Options {
		shown := VariantOption{Name: o.Name, Values: []string{}}
		for _, v := range o.Values {
			shown.Values = append(shown.Values, v.Value)
		}
		a.VariantOptions = append(a.VariantOptions, shown)
	}
	for _, v := range p.variants {
		a.Variants = append(a.Variants, p.shown(v))
	}
	return a
}

func (p *product) shown(v *variant) Variant {
	a := Variant{ID: v.id, InventoryID: v.inventoryID, SKU: v.sku, Barcode: v.Barcode, Price: v.Price, Weight: v.Weight, ImageURL: p.imageOf(v),
		Options: p.choices(v), OnHandNumber: v.onHand, AvailableNumber: v.available(), ReservedNumber: v.reserved, ReadyToShipNumber: v.ready}
	if p.InstantDiscount > 0 {
		reduced := p.reduced(v)
		a.DiscountedPrice = &reduced
	}
	return a
}

// reduced is what a buyer pays for one. A discount above the price makes it free.
func (p *product) reduced(v *variant) Decimal { return max(v.Price-p.InstantDiscount, 0) }

func (p *product) choices(v *variant) []Choice {
	list := []Choice{}
	for i, value := range v.Values {
		list = append(list, Choice{p.Options[i].Name, value})
	}
	return list
}

// imageOf is the variant's own picture, or that of its first option's value.
func (p *product) imageOf(v *variant) string {
	if v.ImageURL != "" || len(v.Values) == 0 {
		return v.ImageURL
	}
	if i := p.Options[0].index(v.Values[0]); i >= 0 {
		return p.Options[0].Values[i].ImageURL
	}
	return ""
}

// products lists the shop's products, oldest first.
func (r *Room) products(c *api.Call) (any, error) {
	pg, err := paging(c)
	if err != nil {
		return nil, err
	}
	var f filter
	if ids := c.Query()["ids"]; len(ids) > 0 {
		var list []any
		for _, text := range ids {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return nil, invalid("ids", "must be whole numbers")
			}
			list = append(list, n)
		}
		f.and("id "+in(len(list)), list...)
	}
	if skus := c.Query()["skus"]; len(skus) > 0 {
		if err := plain("skus", skus...); err != nil {
			return nil, err
		}
		f.and("id IN (SELECT product_id FROM shop_variants WHERE shop_no = $1 AND sku "+in(len(skus))+")", texts(skus)...)
	}
	return view(r, c, func(tx *store.Tx, s *Shop) (page[Product], error) { return listProducts(tx, s, f, pg) })
}

// remove deletes a product; orders of it keep what they say.
func (r *Room) remove(c *api.Call) (any, error) {
	return update(r, c, func(tx *store.Tx, s *Shop) (any, error) {
		p, err := r.productOf(tx, c, s)
		if err != nil {
			return nil, err
		}
		return api.Status{Code: 204, Body: api.Empty{}}, deleteProduct(tx, p.id)
	})
}

// productOf is the product that the path names.
func (r *Room) productOf(tx *store.Tx, c *api.Call, s *Shop) (*product, error) {
	id, err := number(c, "id")
	if err != nil {
		return nil, err
	}
	p, err := readProduct(tx, s.No, id)
	return p, orNotFound(err, "Product")
}
