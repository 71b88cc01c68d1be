package shop

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/store"
)

// The ids begin where those of one kind cannot be taken for those of another.
const (
	firstProduct   = 1_000_000_001
	firstVariant   = 300_001
	firstInventory = 500_001
	firstOrder     = 2_000_000_001
)

// next is a number that has never been given: what was deleted does not come
// back as something else.
func next(tx *store.Tx, what string, first int64) (int64, error) {
	c := store.Counter{Name: what}
	n, err := tx.Total(c)
	if err != nil {
		return 0, err
	}
	return first + n, tx.Add(c, 1)
}

func insertShop(tx *store.Tx, s *Shop) error {
	if err := tx.Row(`SELECT COALESCE(MAX(no), 0) + 1 FROM shops`, nil, &s.No); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO shops (no, name, api_key, channel_id) VALUES ($1, $2, $3, $4)`, s.No, s.Name, s.APIKey, s.ChannelID)
	return err
}

func shopByKey(tx *store.Tx, key string, s *Shop) error {
	return tx.Row(`SELECT no, name, api_key, channel_id FROM shops WHERE api_key = $1`, []any{key}, &s.No, &s.Name, &s.APIKey, &s.ChannelID)
}

func readShop(tx *store.Tx, no int64) (*Shop, error) {
	var s Shop
	return &s, tx.Row(`SELECT no, name, api_key, channel_id FROM shops WHERE no = $1`, []any{no}, &s.No, &s.Name, &s.APIKey, &s.ChannelID)
}

func listShops(tx *store.Tx) (list []*Shop, err error) {
	err = tx.Each(`SELECT no, name, api_key, channel_id FROM shops ORDER BY no`, nil, func(scan func(...any) error) error {
		var s Shop
		list = append(list, &s)
		return scan(&s.No, &s.Name, &s.APIKey, &s.ChannelID)
	})
	return list, err
}

func insertProduct(tx *store.Tx, p *product) (err error) {
	if p.id, err = next(tx, "shop.product", firstProduct); err != nil {
		return err
	}
	detail, err := json.Marshal(p.productDetail)
	if err != nil {
		return err
	}
	if _, err = tx.Exec(`INSERT INTO shop_products (id, shop_no, displayed, detail) VALUES ($1, $2, $3, $4)`,
		p.id, p.shopNo, truth(p.displayed), string(detail)); err != nil {
		return err
	}
	for _, v := range p.variants {
		if err := insertVariant(tx, p, v); err != nil {
			return err
		}
	}
	return nil
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func insertVariant(tx *store.Tx, p *product, v *variant) (err error) {
	if v.id, err = next(tx, "shop.variant", firstVariant); err != nil {
		return err
	}
	v.productID, v.inventoryID = p.id, v.id-firstVariant+firstInventory
	detail, err := json.Marshal(v.variantDetail)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO shop_variants (id, inventory_id, product_id, shop_no, sku, on_hand, reserved, ready, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, v.id, v.inventoryID, p.id, p.shopNo, v.sku, v.onHand, v.reserved, v.ready, string(detail))
	return err
}

// saveProduct writes a product with its variants: those without a number are
// new, those that it has no more are deleted.
func saveProduct(tx *store.Tx, p *product) error {
	detail, err := json.Marshal(p.productDetail)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE shop_products SET displayed = $1, detail = $2 WHERE id = $3`, truth(p.displayed), string(detail), p.id); err != nil {
		return err
	}
	keep := []any{p.id}
	var places []string
	for _, v := range p.variants {
		if v.id == 0 {
			err = insertVariant(tx, p, v)
		} else {
			err = saveVariant(tx, v)
		}
		if err != nil {
			return err
		}
		keep = append(keep, v.id)
		places = append(places, "$"+strconv.Itoa(len(keep)))
	}
	gone := `DELETE FROM shop_variants WHERE product_id = $1`
	if len(places) > 0 {
		gone += ` AND id NOT IN (` + strings.Join(places, ", ") + `)`
	}
	_, err = tx.Exec(gone, keep...)
	return err
}

func saveVariant(tx *store.Tx, v *variant) error {
	detail, err := json.Marshal(v.variantDetail)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE shop_variants SET sku = $1, on_hand = $2, detail = $3 WHERE id = $4`, v.sku, v.onHand, string(detail), v.id)
	return err
}

func deleteProduct(tx *store.Tx, id int64) error {
	if _, err := tx.Exec(`DELETE FROM shop_variants WHERE product_id = $1`, id); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM shop_products WHERE id = $1`, id)
	return err
}

func readProduct(tx *store.Tx, shopNo, id int64) (*product, error) {
	var f filter
	f.and("id = ?", id)
	list, err := readProducts(tx, f.with(shopNo), f.where.String())
	if err == nil && len(list) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

func listProducts(tx *store.Tx, s *Shop, f filter, pg cut) (page[Product], error) {
	var total int64
	if err := tx.Row(`SELECT COUNT(*) FROM shop_products WHERE shop_no = $1`+f.where.String(), f.with(s.No), &total); err != nil {
		return page[Product]{}, err
	}
	answer := listed[Product](pg, total)
	list, err := readProducts(tx, f.with(s.No, pg.perPage, pg.perPage*(pg.page-1)),
		f.where.String()+` ORDER BY id LIMIT `+f.place(1)+` OFFSET `+f.place(2))
	for _, p := range list {
		answer.Data = append(answer.Data, p.answer())
	}
	return answer, err
}

// readProducts reads products with their variants.
func readProducts(tx *store.Tx, args []any, where string) ([]*product, error) {
	var list []*product
	byID := map[int64]*product{}
	var ids []any
	err := tx.Each(`SELECT id, shop_no, displayed, detail FROM shop_products WHERE shop_no = $1`+where, args, func(scan func(...any) error) error {
		var p product
		var displayed int64
		var detail string
		if err := scan(&p.id, &p.shopNo, &displayed, &detail); err != nil {
			return err
		}
		p.displayed = displayed == 1
		list, ids, byID[p.id] = append(list, &p), append(ids, p.id), &p
		return json.Unmarshal([]byte(detail), &p.productDetail)
	})
	if err != nil || len(ids) == 0 {
		return list, err
	}
	var f filter
	f.and("product_id "+in(len(ids)), ids...)
	err = tx.Each(selectVariants+` WHERE shop_no = $1`+f.where.String()+` ORDER BY id`, f.with(list[0].shopNo), func(scan func(...any) error) error {
		v, err := scanVariant(scan)
		if err == nil {
			byID[v.productID].variants = append(byID[v.productID].variants, v)
		}
		return err
	})
	return list, err
}

const selectVariants = `SELECT id, inventory_id, product_id, sku, on_hand, reserved, ready, detail FROM shop_variants`

func scanVariant(scan func(...any) error) (*variant, error) {
	var v variant
	var detail string
	if err := scan(&v.id, &v.inventoryID, &v.productID, &v.sku, &v.onHand, &v.reserved, &v.ready, &detail); err != nil {
		return nil, err
	}
	return &v, json.Unmarshal([]byte(detail), &v.variantDetail)
}

func move(tx *store.Tx, variantID int64, m moved) error {
	_, err := tx.Exec(`UPDATE shop_variants SET on_hand = on_hand + $1, reserved = reserved + $2, ready = ready + $3 WHERE id = $4`,
		m.onHand, m.reserved, m.ready, variantID)
	return err
}

func variantByInventory(tx *store.Tx, shopNo, inventoryID int64) (*variant, error) {
	return firstVariantOf(tx, ` WHERE inventory_id = $1 AND shop_no = $2`, inventoryID, shopNo)
}

// variantOf is the variant of that id, or the first of that sku.
func variantOf(tx *store.Tx, shopNo, id int64, sku string) (*variant, error) {
	if id != 0 {
		return firstVariantOf(tx, ` WHERE id = $1 AND shop_no = $2`, id, shopNo)
	}
	if sku == "" || strings.ContainsRune(sku, 0) {
		return nil, store.ErrNotFound
	}
	return firstVariantOf(tx, ` WHERE shop_no = $1 AND sku = $2 ORDER BY id LIMIT 1`, shopNo, sku)
}

func firstVariantOf(tx *store.Tx, where string, args ...any) (found *variant, err error) {
	err = tx.Each(selectVariants+where, args, func(scan func(...any) error) error {
		found, err = scanVariant(scan)
		return err
	})
	if err == nil && found == nil {
		err = store.ErrNotFound
	}
	return found, err
}
