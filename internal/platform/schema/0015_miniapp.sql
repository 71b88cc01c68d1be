-- miniapp: what a LINE MINI App channel may send; config is the template as JSON
CREATE TABLE service_templates (
	channel_no BIGINT NOT NULL,
	name TEXT NOT NULL,
	config TEXT NOT NULL,
	PRIMARY KEY (channel_no, name)
) WITHOUT ROWID;
-- a chain of service notification tokens: hash is the one that is good now, liff_hash the access token it began with
CREATE TABLE notifier_tokens (
	liff_hash TEXT NOT NULL PRIMARY KEY,
	hash TEXT NOT NULL,
	channel_no BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	liff_id TEXT NOT NULL,
	session_id TEXT NOT NULL,
	remaining BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX notifier_tokens_hash ON notifier_tokens (hash);
CREATE INDEX notifier_tokens_expiry ON notifier_tokens (expires_at);
-- what stands in a person's chats of service messages, one chat a region; body is the Flex Message
CREATE TABLE service_messages (
	id BIGINT NOT NULL PRIMARY KEY,
	person_no BIGINT NOT NULL,
	region TEXT NOT NULL,
	channel_no BIGINT NOT NULL,
	sent_at BIGINT NOT NULL,
	body TEXT NOT NULL
);
CREATE INDEX service_messages_person ON service_messages (person_no, region, id);
-- up to which message a person has read such a chat
CREATE TABLE service_reads (
	person_no BIGINT NOT NULL,
	region TEXT NOT NULL,
	message_id BIGINT NOT NULL,
	PRIMARY KEY (person_no, region)
) WITHOUT ROWID;
