-- A request of a send to many is looked up by its id; pushes and replies are not, and pay nothing for it.
CREATE INDEX messages_request ON messages (request_id) WHERE origin >= 3;
-- Few block an account; those who did are counted without going through its friends.
CREATE INDEX friendships_blocked ON friendships (channel_no, since) WHERE state = 2;

-- interaction: a subject is what is counted apart: a send to many, by the id of its first message, or an
-- aggregation unit, by minus its number
CREATE TABLE interaction_units (
	no INTEGER PRIMARY KEY,
	channel_no BIGINT NOT NULL,
	name TEXT NOT NULL,
	UNIQUE (channel_no, name)
);
-- link is a hash of the URL
CREATE TABLE interaction_links (
	subject BIGINT NOT NULL,
	link BIGINT NOT NULL,
	url TEXT NOT NULL,
	PRIMARY KEY (subject, link)
) WITHOUT ROWID;
-- who did what, a row a person: kind is what was done, seq the message's place in its request (0: any of them),
-- link the URL opened (0: any), day the last day it was done on and prev the one before, -1 for none
CREATE TABLE interaction_people (
	subject BIGINT NOT NULL,
	kind BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	link BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	day BIGINT NOT NULL,
	prev BIGINT NOT NULL,
	PRIMARY KEY (subject, kind, seq, link, person_no)
) WITHOUT ROWID;
-- how often it was done on a day, and by how many who did it then for the first time since the day prev
CREATE TABLE interaction_totals (
	subject BIGINT NOT NULL,
	day BIGINT NOT NULL,
	kind BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	link BIGINT NOT NULL,
	prev BIGINT NOT NULL,
	times BIGINT NOT NULL,
	people BIGINT NOT NULL,
	PRIMARY KEY (subject, day, kind, seq, link, prev)
) WITHOUT ROWID;
