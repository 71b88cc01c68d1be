package shop

import (
	"slices"
	"strconv"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
)

// ProductChange is the body of Update product detail: what is given changes.
type ProductChange struct {
	Brand          *string        `json:"brand"`
	CategoryID     *int64         `json:"categoryId"`
	Code           *string        `json:"code"`
	Description    *string        `json:"description"`
	ImageURLs      []string       `json:"imageUrls"`
	Licenses       *Licenses      `json:"licenses"`
	Name           *string        `json:"name"`
	VariantOptions *OptionChanges `json:"variantOptions"`
}

// OptionChanges rename options and their values.
type OptionChanges struct {
	Option1 *OptionChange `json:"option1"`
	Option2 *OptionChange `json:"option2"`
}

// OptionChange gives an option a name, and some of its values others.
type OptionChange struct {
	Name *string `json:"name"`
	Data []struct {
		CurrentValue string `json:"currentValue"`
		NewValue     string `json:"newValue"`
	} `json:"data"`
}

// VariantChange is the body of Update product variant detail. Without an id it
// is the default variant.
type VariantChange struct {
	ID           *int64   `json:"id"`
	Barcode      *string  `json:"barcode"`
	ImageURL     *string  `json:"imageUrl"`
	OnHandNumber *int64   `json:"onHandNumber"`
	Price        *Decimal `json:"price"`
	SKU          *string  `json:"sku"`
	Weight       *Decimal `json:"weight"`
}

// PriceChange is the body of Update product price.
type PriceChange struct {
	InstantDiscount *Decimal `json:"instantDiscount"`
	Variants        []struct {
		ID    *int64   `json:"id"`
		Price *Decimal `json:"price"`
	} `json:"variants"`
}

// MoreVariants is the body of Create product variants.
type MoreVariants struct {
	VariantOptions *NewOptions  `json:"variantOptions"`
	Variants       []NewVariant `json:"variants"`
}

// OptionValue is the body of Delete product variant.
type OptionValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// change runs an operation on the product in the path and answers with what it
// has become.
func (r *Room) change(c *api.Call, do func(*product) error) (any, error) {
	return update(r, c, func(tx *store.Tx, s *Shop) (Product, error) {
		p, err := r.productOf(tx, c, s)
		if err != nil {
			return Product{}, err
		}
		if err := do(p); err != nil {
			return Product{}, err
		}
		err = saveProduct(tx, p) // before the answer is made: new variants are numbered by it
		return p.answer(), err
	})
}

func (r *Room) changeDetail(c *api.Call, in ProductChange) (any, error) {
	return r.change(c, func(p *product) error {
		if in.Code != nil && blank(*in.Code) {
			return invalid("code", "must not be empty")
		}
		if in.Name != nil && blank(*in.Name) {
			return invalid("name", "must not be empty")
		}
		set(&p.Brand, in.Brand)
		set(&p.CategoryID, in.CategoryID)
		set(&p.Code, in.Code)
		set(&p.Description, in.Description)
		set(&p.Licenses, in.Licenses)
		set(&p.Name, in.Name)
		if in.ImageURLs != nil {
			p.ImageURLs = in.ImageURLs
		}
		if err := p.check(); err != nil || in.VariantOptions == nil {
			return err
		}
		for i, given := range []*OptionChange{in.VariantOptions.Option1, in.VariantOptions.Option2} {
			if given != nil {
				if err := p.rename(i, *given); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func set[T any](to *T, given *T) {
	if given != nil {
		*to = *given
	}
}

// rename changes an option's name and values, in the variants too. All values
// change at once, so that two can be swapped.
func (p *product) rename(i int, in OptionChange) error {
	at := "variantOptions.option" + strconv.Itoa(i+1)
	if i >= len(p.Options) {
		return invalid(at, "is not there")
	}
	o := &p.Options[i]
	if in.Name != nil {
		if blank(*in.Name) || slices.ContainsFunc(p.Options, func(other option) bool { return other.Name == *in.Name && other.Name != o.Name }) {
			return invalid(at+".name", "must not be empty or that of the other option")
		}
		o.Name = *in.Name
	}
	renamed := map[string]string{}
	for j, d := range in.Data {
		at := at + ".data[" + strconv.Itoa(j) + "]"
		if o.index(d.CurrentValue) < 0 {
			return invalid(at+".currentValue", "is no value of the option")
		}
		if blank(d.NewValue) {
			return invalid(at+".newValue", "is required")
		}
		renamed[d.CurrentValue] = d.NewValue
	}
	seen := map[string]bool{}
	for j, v := range o.Values {
		if to, ok := renamed[v.Value]; ok {
			o.Values[j].Value = to
		}
		if seen[o.Values[j].Value] {
			return invalid(at+".data", "gives two values the same name")
		}
		seen[o.Values[j].Value] = true
	}
	for _, v := range p.variants {
		if to, ok := renamed[v.Values[i]]; ok {
			v.Values[i] = to
		}
	}
	return nil
}

// variant finds one of the product's by its id, which a product that has only
// its default variant may leave out.
func (p *product) variant(id *int64) (*variant, error) {
	if id == nil {
		if len(p.Options) == 0 && len(p.variants) == 1 {
			return p.variants[0], nil
		}
		return nil, invalid("id", "is required")
	}
	for _, v := range p.variants {
		if v.id == *id {
			return v, nil
		}
	}
	return nil, notFound("Variant")
}

func (r *Room) changeVariant(c *api.Call, in VariantChange) (any, error) {
	return r.change(c, func(p *product) error {
		v, err := p.variant(in.ID)
		if err != nil {
			return err
		}
		set(&v.Barcode, in.Barcode)
		set(&v.ImageURL, in.ImageURL)
		set(&v.onHand, in.OnHandNumber)
		set(&v.Price, in.Price)
		set(&v.sku, in.SKU)
		set(&v.Weight, in.Weight)
		if err := plain("sku", v.sku); err != nil {
			return err
		}
		if err := onHand("onHandNumber", v.onHand); err != nil {
			return err
		}
		if v.available() < 0 {
			return invalid("onHandNumber", "must not be lower than what is reserved and ready to ship")
		}
		if in.Price != nil {
			if err := newPriceBounds.check("price", v.Price); err != nil {
				return err
			}
		}
		return weightBounds.check("weight", v.Weight)
	})
}

func (r *Room) changePrices(c *api.Call, in PriceChange) (any, error) {
	if in.InstantDiscount == nil {
		return nil, invalid("instantDiscount", "is required")
	}
	if in.Variants == nil {
		return nil, invalid("variants", "is required")
	}
	return r.change(c, func(p *product) error {
		p.InstantDiscount = *in.InstantDiscount
		if err := p.check(); err != nil {
			return err
		}
		for i, given := range in.Variants {
			at := "variants[" + strconv.Itoa(i) + "].price"
			if given.Price == nil {
				return invalid(at, "is required")
			}
			if err := priceBounds.check(at, *given.Price); err != nil {
				return err
			}
			v, err := p.variant(given.ID)
			if err != nil {
				return err
			}
			v.Price = *given.Price
		}
		return nil
	})
}

func (r *Room) addVariants(c *api.Call, in MoreVariants) (any, error) {
	if in.VariantOptions == nil {
		return nil, invalid("variantOptions", "is required")
	}
	if len(in.Variants) == 0 {
		return nil, invalid("variants", "is required")
	}
	return r.change(c, func(p *product) error {
		options, err := in.VariantOptions.options()
		if err != nil {
			return err
		}
		variants, err := newVariants(in.Variants, options)
		if err != nil {
			return err
		}
		return p.add(options, variants)
	})
}

func (r *Room) deleteOption(c *api.Call, in OptionValue) (any, error) {
	if blank(in.Name) {
		return nil, invalid("name", "is required")
	}
	if blank(in.Value) {
		return nil, invalid("value", "is required")
	}
	_, err := r.change(c, func(p *product) error {
		if !p.drop(in.Name, in.Value) {
			return notFound("Variant option")
		}
		return nil
	})
	return api.Status{Code: 204, Body: api.Empty{}}, err
}

// display puts a product on the storefront or takes it off.
func (r *Room) display(c *api.Call) (any, error) {
	status := c.Path("status")
	if status != "onsale" && status != "hide" {
		return nil, invalid("status", "must be onsale or hide")
	}
	return r.change(c, func(p *product) error {
		p.displayed = status == "onsale"
		return nil
	})
}
