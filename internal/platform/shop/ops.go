package shop

import (
	"strings"

	"kaiwa/internal/kernel/api"
)

// Prefix begins every path of the API.
const Prefix = "/myshop"

// Ops are the operations. The first part of a name is the API that its calls
// count in. Aliases are what the request collection has instead of the
// reference's method or path: POST for the changes of stock, the path of
// "decrease" for "Increase inventory", and vi for v1.
func (r *Room) Ops() []api.Op {
	increase := body(r.stock(1, increased))
	ops := []api.Op{
		{ID: "product.list", Pattern: "GET /myshop/v1/products", Run: api.None(r.products)},
		{ID: "product.create", Pattern: "POST /myshop/v1/products", Run: body(r.create)},
		{ID: "product.update", Pattern: "PATCH /myshop/v1/products/{id}", Run: body(r.changeDetail)},
		{ID: "product.delete", Pattern: "DELETE /myshop/v1/products/{id}", Run: api.None(r.remove)},
		{ID: "product.addVariants", Pattern: "POST /myshop/v1/products/{id}/variants", Run: body(r.addVariants)},
		{ID: "product.updateVariant", Pattern: "PATCH /myshop/v1/products/{id}/variant", Run: body(r.changeVariant)},
		{ID: "product.updatePrices", Pattern: "PATCH /myshop/v1/products/{id}/prices", Run: body(r.changePrices)},
		{ID: "product.deleteVariantOption", Pattern: "POST /myshop/v1/products/{id}/delete-variant-option", Run: body(r.deleteOption)},
		{ID: "product.display", Pattern: "POST /myshop/v1/products/{id}/display-status/{status}", Run: api.None(r.display)},

		{ID: "inventory.adjust", Pattern: "PUT /myshop/v1/inventory/{id}/adjust", Run: body(r.stock(0, adjusted))},
		{ID: "inventory.increase", Pattern: "PUT /myshop/v1/inventory/{id}/increase", Run: increase},
		{ID: "inventory.decrease", Pattern: "PUT /myshop/v1/inventory/{id}/decrease", Run: body(r.stock(1, decreased))},
		{ID: "inventory.adjust", Pattern: "POST /myshop/v1/inventory/{id}/adjust", Run: body(r.stock(0, adjusted))},
		{ID: "inventory.increase", Pattern: "POST /myshop/v1/inventory/{id}/decrease", Run: increase},

		{ID: "order.list", Pattern: "GET /myshop/v1/orders", Run: api.None(r.orders)},
		{ID: "order.get", Pattern: "GET /myshop/v1/orders/{orderNo}", Run: api.None(r.order)},
		{ID: "order.markAsPaid", Pattern: "POST /myshop/v1/orders/{orderNo}/mark-as-paid", Run: api.None(r.markAsPaid)},
		{ID: "order.markAsShip", Pattern: "POST /myshop/v1/orders/{orderNo}/mark-as-ship", Run: optional(r.markAsShip)},
		{ID: "order.updateShipment", Pattern: "PUT /myshop/v1/orders/{orderNo}/shipments", Run: body(r.updateShipment)},
		{ID: "order.cancel", Pattern: "PUT /myshop/v1/orders/{orderNo}/cancel", Run: body(r.cancel)},
	}
	for _, op := range ops {
		op.Pattern = strings.Replace(op.Pattern, "/v1/", "/vi/", 1)
		ops = append(ops, op)
	}
	return ops
}

// body is for operations that take a JSON object, whatever Content-Type it is
// sent with: the API documents no 415.
func body[T any](run func(*api.Call, T) (any, error)) api.Adapter {
	return api.Raw(func(c *api.Call, text []byte) (any, error) {
		var in T
		if err := api.Decode(text, &in); err != nil {
			return nil, err
		}
		return run(c, in)
	})
}

// optional is for a body whose members are all optional: it may be left out.
func optional[T any](run func(*api.Call, T) (any, error)) api.Adapter {
	return api.Raw(func(c *api.Call, text []byte) (any, error) {
		if len(text) == 0 {
			text = []byte("{}")
		}
		return body(run)(c, text)
	})
}
