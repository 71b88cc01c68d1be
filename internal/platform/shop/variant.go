package shop

import (
	"slices"
	"strconv"
)

// NewOptions are the options of new variants: what they differ in.
type NewOptions struct {
	Option1 *NewOption `json:"option1"`
	Option2 *NewOption `json:"option2"`
}

// NewOption is such as color, with the values red and blue.
type NewOption struct {
	Name string     `json:"name"`
	Data []NewValue `json:"data"`
}

// NewValue is one value of an option.
type NewValue struct {
	Value string `json:"value"`
	// ImageURL is taken for option1 only.
	ImageURL string `json:"imageUrl"`
}

// NewVariant is a variant to add.
type NewVariant struct {
	Barcode      string `json:"barcode"`
	OnHandNumber *int64 `json:"onHandNumber"`
	// Options are the places of its values in the data of option1 and option2, from 0.
	Options []int    `json:"options"`
	Price   *Decimal `json:"price"`
	SKU     string   `json:"sku"`
	Weight  *Decimal `json:"weight"`
}

// option is an option as it is kept.
type option struct {
	Name   string        `json:"name"`
	Values []optionValue `json:"values"`
}

type optionValue struct {
	Value    string `json:"value"`
	ImageURL string `json:"imageUrl,omitzero"`
}

// index is the place of a value, -1 if it is none of the option's.
func (o option) index(value string) int {
	return slices.IndexFunc(o.Values, func(v optionValue) bool { return v.Value == value })
}

// variant is a variant as it is kept. On hand are all that are there, those
// reserved (ordered and not paid) and ready to ship (paid) included.
type variant struct {
	id, inventoryID         int64
	productID               int64
	sku                     string
	onHand, reserved, ready int64
	variantDetail
}

type variantDetail struct {
	Barcode  string  `json:"barcode"`
	Price    Decimal `json:"price"`
	Weight   Decimal `json:"weight"`
	ImageURL string  `json:"imageUrl,omitzero"`
	// Values has one value of each option of the product.
	Values []string `json:"values,omitzero"`
}

// available are those that can still be ordered.
func (v *variant) available() int64 { return v.onHand - v.reserved - v.ready }

// onHandMost is the largest number on hand that the API takes.
const onHandMost = 99_999_998

func (in *NewOptions) options() ([]option, error) {
	if in.Option1 == nil {
		return nil, invalid("variantOptions.option1", "is required")
	}
	var list []option
	for i, given := range []*NewOption{in.Option1, in.Option2} {
		if given == nil {
			continue
		}
		at := "variantOptions.option" + strconv.Itoa(i+1)
		if blank(given.Name) {
			return nil, invalid(at+".name", "is required")
		}
		if i == 1 && given.Name == in.Option1.Name {
			return nil, invalid(at+".name", "must not be the name of option1")
		}
		if len(given.Data) == 0 {
			return nil, invalid(at+".data", "is required")
		}
		o := option{Name: given.Name}
		for j, d := range given.Data {
			at := at + ".data[" + strconv.Itoa(j) + "]"
			switch {
			case blank(d.Value):
				return nil, invalid(at+".value", "is required")
			case o.index(d.Value) >= 0:
				return nil, invalid(at+".value", "is there twice")
			case i == 1 && d.ImageURL != "":
				return nil, invalid(at+".imageUrl", "is only for option1")
			}
			o.Values = append(o.Values, optionValue(d))
		}
		list = append(list, o)
	}
	return list, nil
}

// newVariants checks variants, each of which has one value of each option.
func newVariants(in []NewVariant, options []option) ([]*variant, error) {
	if len(options) == 0 && len(in) > 1 {
		return nil, invalid("variantOptions", "is required for more than one variant")
	}
	var list []*variant
	for i, given := range in {
		at := "variants[" + strconv.Itoa(i) + "]"
		v, err := given.variant(at)
		if err != nil {
			return nil, err
		}
		if v.Values, err = chosen(given.Options, options, at+".options"); err != nil {
			return nil, err
		}
		if has(list, v.Values) {
			return nil, invalid(at+".options", "are those of another variant")
		}
		list = append(list, v)
	}
	return list, nil
}

func has(list []*variant, values []string) bool {
	return slices.ContainsFunc(list, func(v *variant) bool { return slices.Equal(v.Values, values) })
}

func (in NewVariant) variant(at string) (*variant, error) {
	for _, need := range []struct {
		field   string
		missing bool
	}{{"onHandNumber", in.OnHandNumber == nil}, {"price", in.Price == nil}, {"weight", in.Weight == nil}} {
		if need.missing {
			return nil, invalid(at+"."+need.field, "is required")
		}
	}
	v := &variant{sku: in.SKU, onHand: *in.OnHandNumber, variantDetail: variantDetail{Barcode: in.Barcode, Price: *in.Price, Weight: *in.Weight}}
	if err := plain(at+".sku", v.sku); err != nil {
		return nil, err
	}
	if err := onHand(at+".onHandNumber", v.onHand); err != nil {
		return nil, err
	}
	if err := newPriceBounds.check(at+".price", v.Price); err != nil {
		return nil, err
	}
	return v, weightBounds.check(at+".weight", v.Weight)
}

func onHand(field string, n int64) error {
	if n < 0 || n > onHandMost {
		return invalid(field, "must be 0 or more and lower than 99999999")
	}
	return nil
}

// chosen turns places in the options' data into values.
func chosen(places []int, options []option, at string) ([]string, error) {
	if len(places) != len(options) {
		return nil, invalid(at, "must have one element for each option")
	}
	var values []string
	for i, place := range places {
		if place < 0 || place >= len(options[i].Values) {
			return nil, invalid(at+"["+strconv.Itoa(i)+"]", "is no place in the option's data")
		}
		values = append(values, options[i].Values[place].Value)
	}
	return values, nil
}

// add gives a product further variants, with values of its options that may be
// new. The default variant of a product without options ends with the first.
func (p *product) add(options []option, variants []*variant) error {
	if len(p.Options) == 0 {
		p.Options, p.variants = options, nil
	}
	if !slices.EqualFunc(p.Options, options, func(a, b option) bool { return a.Name == b.Name }) {
		return invalid("variantOptions", "must be the options that the product has")
	}
	for i, o := range options {
		for _, v := range o.Values {
			if p.Options[i].index(v.Value) < 0 {
				p.Options[i].Values = append(p.Options[i].Values, v)
			}
		}
	}
	for i, v := range variants {
		if has(p.variants, v.Values) {
			return invalid("variants["+strconv.Itoa(i)+"].options", "are those of another variant")
		}
		p.variants = append(p.variants, v)
	}
	return nil
}

// drop takes a value from an option, with the variants that have it, and the
// option with its last value; false when there is no such value.
func (p *product) drop(name, value string) bool {
	i := slices.IndexFunc(p.Options, func(o option) bool { return o.Name == name })
	if i < 0 {
		return false
	}
	at := p.Options[i].index(value)
	if at < 0 {
		return false
	}
	p.variants = slices.DeleteFunc(p.variants, func(v *variant) bool { return v.Values[i] == value })
	p.Options[i].Values = slices.Delete(p.Options[i].Values, at, at+1)
	if len(p.Options[i].Values) == 0 { // no variant is left
		p.Options = slices.Delete(p.Options, i, i+1)
	}
	return true
}
