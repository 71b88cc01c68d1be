-- chat: when its sender last changed a text; 0 is never
ALTER TABLE messages ADD COLUMN edited_at BIGINT NOT NULL DEFAULT 0;

-- accountlink: used_at 0 is not yet
CREATE TABLE link_tokens (
	token TEXT NOT NULL PRIMARY KEY,
	channel_no BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX link_tokens_expires ON link_tokens (expires_at);

-- presence: the loading animation that a person's phone shows, until a time or a message after message_id
CREATE TABLE loading_animations (
	channel_no BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	started_at BIGINT NOT NULL,
	message_id BIGINT NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (channel_no, person_no)
) WITHOUT ROWID;
