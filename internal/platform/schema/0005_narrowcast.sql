-- message: narrowcasts. phase: waiting, sending, succeeded, failed. request is what was asked for, as JSON, and recipients
-- the friend numbers chosen for it: both are empty when it is over. reserved is how much of the quota it holds now,
-- first_message_id names its row in sends (0: it reached nobody)
CREATE TABLE narrowcasts (
	request_id TEXT NOT NULL PRIMARY KEY,
	channel_no BIGINT NOT NULL,
	accepted_at BIGINT NOT NULL,
	completed_at BIGINT NOT NULL,
	phase TEXT NOT NULL,
	error_code BIGINT NOT NULL,
	request TEXT NOT NULL,
	recipients BLOB,
	reserved BIGINT NOT NULL,
	target_count BIGINT NOT NULL,
	success_count BIGINT NOT NULL,
	first_message_id BIGINT NOT NULL
);
CREATE INDEX narrowcasts_accepted ON narrowcasts (accepted_at);
-- units are listed in the order in which a month first used them
ALTER TABLE units ADD COLUMN no BIGINT NOT NULL DEFAULT 0;
