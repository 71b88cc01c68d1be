-- mission: the sticker sets that a channel may give
CREATE TABLE mission_sets (
	product_id TEXT NOT NULL,
	channel_no BIGINT NOT NULL,
	place BIGINT NOT NULL,
	terms TEXT NOT NULL,
	PRIMARY KEY (product_id, channel_no)
) WITHOUT ROWID;
CREATE INDEX mission_sets_channel ON mission_sets (channel_no, place);
-- what people were given, by whom first
CREATE TABLE mission_stickers (
	person_no BIGINT NOT NULL,
	product_id TEXT NOT NULL,
	channel_no BIGINT NOT NULL,
	given_at BIGINT NOT NULL,
	PRIMARY KEY (person_no, product_id)
) WITHOUT ROWID;
