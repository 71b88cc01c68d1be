-- coupon: terms is what createCoupon accepted. A coupon is CLOSED from the instant until: its end, or when it
-- was discontinued (closed_at; 0 is not)
CREATE TABLE coupons (
	no INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	channel_no BIGINT NOT NULL,
	title TEXT NOT NULL,
	terms TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	closed_at BIGINT NOT NULL,
	until BIGINT NOT NULL
);
CREATE INDEX coupons_list ON coupons (channel_no, no);
CREATE INDEX coupons_valid ON coupons (channel_no, until);
-- what people acquired; used_at 0 is never
CREATE TABLE coupon_tickets (
	coupon_no BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	acquired_at BIGINT NOT NULL,
	use_count BIGINT NOT NULL,
	used_at BIGINT NOT NULL,
	PRIMARY KEY (coupon_no, person_no)
) WITHOUT ROWID;
CREATE INDEX coupon_tickets_person ON coupon_tickets (person_no, coupon_no);
