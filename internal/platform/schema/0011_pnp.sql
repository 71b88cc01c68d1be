-- friend: who has which phone number: its SHA-256 in E.164, which is all that a sender tells of it
CREATE TABLE phones (
	provider TEXT NOT NULL,
	hash TEXT NOT NULL,
	person_no BIGINT NOT NULL,
	PRIMARY KEY (provider, hash)
) WITHOUT ROWID;

-- pnp: what a person decided since the start; without a row it is as their profile says
CREATE TABLE phone_consents (
	person_no INTEGER PRIMARY KEY,
	agreed BIGINT NOT NULL
);
-- messages that wait for a person's decision, until an instant
CREATE TABLE phone_waiting (
	no INTEGER PRIMARY KEY,
	person_no BIGINT NOT NULL,
	channel_no BIGINT NOT NULL,
	notification TEXT NOT NULL,
	until BIGINT NOT NULL
);
CREATE INDEX phone_waiting_person ON phone_waiting (person_no, no);
CREATE INDEX phone_waiting_until ON phone_waiting (until);
