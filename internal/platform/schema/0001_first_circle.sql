-- One text for both engines: BIGINT unix milliseconds, TEXT ids, JSON as opaque TEXT.
-- INTEGER PRIMARY KEY becomes BIGINT PRIMARY KEY on PostgreSQL; numbers are made by us.

-- kernel/outbox: state 0 waits, 1 is under way, 2 is buried
CREATE TABLE outbox (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	grp TEXT NOT NULL,
	lane TEXT NOT NULL,
	payload TEXT NOT NULL,
	due BIGINT NOT NULL,
	attempts BIGINT NOT NULL,
	state BIGINT NOT NULL,
	failure TEXT NOT NULL DEFAULT ''
);
CREATE INDEX outbox_due ON outbox (state, kind, grp, due, id);
CREATE INDEX outbox_next ON outbox (state, due);

-- sim: what the server as a whole remembers (clock, world, faults)
CREATE TABLE settings (
	name TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
);

-- channel: no is the narrow number that other tables index
CREATE TABLE channels (
	no INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	provider TEXT NOT NULL,
	type TEXT NOT NULL,
	name TEXT NOT NULL,
	secret TEXT NOT NULL,
	bot_user_id TEXT NOT NULL,
	account TEXT NOT NULL,
	quota BIGINT NOT NULL,
	webhook TEXT NOT NULL,
	config TEXT NOT NULL
);

-- token: value is kept for long-lived tokens only, which the console shows
CREATE TABLE tokens (
	hash TEXT NOT NULL PRIMARY KEY,
	channel_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	key_id TEXT NOT NULL,
	value TEXT NOT NULL,
	scope TEXT NOT NULL,
	seq BIGINT NOT NULL,
	issued_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	revoked_at BIGINT NOT NULL
);
CREATE INDEX tokens_channel ON tokens (channel_id, kind, seq);

-- friend
CREATE TABLE people (
	no INTEGER PRIMARY KEY,
	user_id TEXT NOT NULL UNIQUE,
	provider TEXT NOT NULL,
	profile TEXT NOT NULL
);
CREATE INDEX people_provider ON people (provider, no);
-- crowd members have no row in people unless they came to have a chat
CREATE TABLE crowds (
	no INTEGER PRIMARY KEY,
	channel_no BIGINT NOT NULL,
	size BIGINT NOT NULL,
	seed BIGINT NOT NULL,
	first_friend BIGINT NOT NULL,
	since BIGINT NOT NULL
);
-- state: 1 friend, 2 blocked, 3 never a friend. friend_no counts a channel's friends from 0, for bitmaps
CREATE TABLE friendships (
	channel_no BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	friend_no BIGINT NOT NULL,
	state BIGINT NOT NULL,
	since BIGINT NOT NULL,
	PRIMARY KEY (channel_no, person_no)
) WITHOUT ROWID;
CREATE INDEX friendships_friend ON friendships (channel_no, friend_no);
-- when somebody was a friend: until 0 is still
CREATE TABLE friendship_spans (
	channel_no BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (channel_no, person_no, since)
) WITHOUT ROWID;

-- chat: kind user, group, room, or many (where an account's sends to many stand); channel_no is 0 for groups and rooms
CREATE TABLE chats (
	no INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	channel_no BIGINT NOT NULL,
	peer TEXT NOT NULL,
	provider TEXT NOT NULL,
	name TEXT NOT NULL,
	picture_url TEXT NOT NULL,
	message_count BIGINT NOT NULL,
	last_at BIGINT NOT NULL,
	UNIQUE (channel_no, kind, peer)
);
CREATE INDEX chats_peer ON chats (peer);
-- people (person_no) and accounts (channel_no) in groups and rooms; left_at 0 is still
CREATE TABLE members (
	chat_no BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	channel_no BIGINT NOT NULL,
	joined_at BIGINT NOT NULL,
	left_at BIGINT NOT NULL,
	PRIMARY KEY (chat_no, person_no, channel_no, joined_at)
) WITHOUT ROWID;
CREATE INDEX members_person ON members (person_no, left_at);
CREATE INDEX members_channel ON members (channel_no, left_at);
-- how far a person (person_no) or an account (channel_no) has read
CREATE TABLE reads (
	chat_no BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	channel_no BIGINT NOT NULL,
	upto BIGINT NOT NULL,
	PRIMARY KEY (chat_no, person_no, channel_no)
) WITHOUT ROWID;
-- account_no is the channel in whose history it stands, 0 where message_accounts says so.
-- sender_no is a person's number, or minus a channel's number. silent: without a notification. unit: the
-- aggregation unit it counts for
CREATE TABLE messages (
	id INTEGER PRIMARY KEY,
	account_no BIGINT NOT NULL,
	chat_no BIGINT NOT NULL,
	sender_no BIGINT NOT NULL,
	origin BIGINT NOT NULL,
	sent_at BIGINT NOT NULL,
	type TEXT NOT NULL,
	body TEXT NOT NULL,
	request_id TEXT NOT NULL,
	unsent_at BIGINT NOT NULL,
	silent BIGINT NOT NULL DEFAULT 0,
	unit TEXT NOT NULL DEFAULT ''
);
CREATE INDEX messages_account ON messages (account_no, sent_at, id);
CREATE INDEX messages_chat ON messages (chat_no, sent_at, id);
CREATE TABLE message_accounts (
	account_no BIGINT NOT NULL,
	sent_at BIGINT NOT NULL,
	message_id BIGINT NOT NULL,
	PRIMARY KEY (account_no, sent_at, message_id)
) WITHOUT ROWID;
-- sends to many: recipients is a bitmap of friend numbers, NULL for all friends of that moment
CREATE TABLE sends (
	first_message_id INTEGER PRIMARY KEY,
	last_message_id BIGINT NOT NULL,
	account_no BIGINT NOT NULL,
	sent_at BIGINT NOT NULL,
	recipient_count BIGINT NOT NULL,
	recipients BLOB
);
CREATE INDEX sends_account ON sends (account_no, sent_at, first_message_id);
CREATE TABLE contents (
	message_id INTEGER PRIMARY KEY,
	mime TEXT NOT NULL,
	length BIGINT NOT NULL,
	file_name TEXT NOT NULL,
	ready_at BIGINT NOT NULL,
	preview_mime TEXT NOT NULL,
	preview BLOB
);
CREATE TABLE content_parts (
	message_id BIGINT NOT NULL,
	n BIGINT NOT NULL,
	data BLOB NOT NULL,
	PRIMARY KEY (message_id, n)
);

-- message
CREATE TABLE retry_keys (
	channel_no BIGINT NOT NULL,
	retry_key TEXT NOT NULL,
	accepted_at BIGINT NOT NULL,
	request_id TEXT NOT NULL,
	sent TEXT NOT NULL,
	PRIMARY KEY (channel_no, retry_key)
) WITHOUT ROWID;
CREATE TABLE units (
	channel_no BIGINT NOT NULL,
	month TEXT NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (channel_no, month, name)
) WITHOUT ROWID;

-- webhook: status waiting, delivered, failed, skipped
CREATE TABLE webhook_events (
	no INTEGER PRIMARY KEY,
	event_id TEXT NOT NULL UNIQUE,
	channel_id TEXT NOT NULL,
	type TEXT NOT NULL,
	body TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	status TEXT NOT NULL,
	reply_token TEXT NOT NULL
);
CREATE INDEX webhook_events_channel ON webhook_events (channel_id, no);
CREATE TABLE webhook_attempts (
	event_no BIGINT NOT NULL,
	n BIGINT NOT NULL,
	started_at BIGINT NOT NULL,
	ended_at BIGINT NOT NULL,
	url TEXT NOT NULL,
	redelivery BIGINT NOT NULL,
	status BIGINT NOT NULL,
	reason TEXT NOT NULL,
	detail TEXT NOT NULL,
	milliseconds BIGINT NOT NULL,
	request TEXT NOT NULL,
	response TEXT NOT NULL,
	PRIMARY KEY (event_no, n)
) WITHOUT ROWID;
-- expires_at moves on with a redelivery
CREATE TABLE reply_tokens (
	token TEXT NOT NULL PRIMARY KEY,
	channel_no BIGINT NOT NULL,
	chat_no BIGINT NOT NULL,
	event_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at BIGINT NOT NULL
) WITHOUT ROWID;

-- workspace
CREATE TABLE workspaces (
	id TEXT NOT NULL PRIMARY KEY,
	name TEXT NOT NULL,
	rate_requests BIGINT NOT NULL,
	rate_per BIGINT NOT NULL,
	position BIGINT NOT NULL
);
CREATE TABLE workspace_accounts (
	workspace_id TEXT NOT NULL,
	account_id TEXT NOT NULL,
	connected_at BIGINT NOT NULL,
	config TEXT NOT NULL,
	position BIGINT NOT NULL,
	PRIMARY KEY (workspace_id, account_id)
);
CREATE TABLE api_keys (
	id TEXT NOT NULL PRIMARY KEY,
	workspace_id TEXT NOT NULL,
	hash TEXT NOT NULL UNIQUE,
	prefix TEXT NOT NULL,
	last_four TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	last_used_at BIGINT NOT NULL,
	revoked_at BIGINT NOT NULL
);
CREATE INDEX api_keys_workspace ON api_keys (workspace_id, created_at);
