-- liff: seq is the order in which apps were added; config is the app as JSON
CREATE TABLE liff_apps (
	liff_id TEXT NOT NULL PRIMARY KEY,
	channel_no BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	config TEXT NOT NULL
);
CREATE INDEX liff_apps_channel ON liff_apps (channel_no, seq);
-- where the LIFF browser stood that a user access token was made for; chat_no 0 is in no chat
CREATE TABLE liff_contexts (
	token_hash TEXT NOT NULL PRIMARY KEY,
	chat_no BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);
-- one use of the share target picker: result is empty, SUCCESS or CANCEL
CREATE TABLE liff_picks (
	hash TEXT NOT NULL PRIMARY KEY,
	liff_id TEXT NOT NULL,
	person_no BIGINT NOT NULL,
	result TEXT NOT NULL,
	expires_at BIGINT NOT NULL
);
