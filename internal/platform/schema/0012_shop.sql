-- shop: detail is the JSON of what is asked for by its owner only; numbers go out as ids
CREATE TABLE shops (
	no INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	api_key TEXT NOT NULL UNIQUE,
	channel_id TEXT NOT NULL
);
CREATE TABLE shop_products (
	id INTEGER PRIMARY KEY,
	shop_no BIGINT NOT NULL,
	displayed BIGINT NOT NULL,
	detail TEXT NOT NULL
);
CREATE INDEX shop_products_shop ON shop_products (shop_no, id);
-- shop: on hand are all that are there, those reserved and those ready to ship included
CREATE TABLE shop_variants (
	id INTEGER PRIMARY KEY,
	inventory_id BIGINT NOT NULL UNIQUE,
	product_id BIGINT NOT NULL,
	shop_no BIGINT NOT NULL,
	sku TEXT NOT NULL,
	on_hand BIGINT NOT NULL,
	reserved BIGINT NOT NULL,
	ready BIGINT NOT NULL,
	detail TEXT NOT NULL
);
CREATE INDEX shop_variants_product ON shop_variants (product_id, id);
CREATE INDEX shop_variants_sku ON shop_variants (shop_no, sku, id);
-- shop: customer is the recipient's name in lower case, for searches; user_id is empty when nobody of this world bought
CREATE TABLE shop_orders (
	no INTEGER PRIMARY KEY,
	shop_no BIGINT NOT NULL,
	user_id TEXT NOT NULL,
	status TEXT NOT NULL,
	payment TEXT NOT NULL,
	method TEXT NOT NULL,
	shipment TEXT NOT NULL,
	customer TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	checkout_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	detail TEXT NOT NULL
);
CREATE INDEX shop_orders_created ON shop_orders (shop_no, created_at, no);
CREATE INDEX shop_orders_updated ON shop_orders (shop_no, updated_at, no);
CREATE INDEX shop_orders_person ON shop_orders (user_id, no);
