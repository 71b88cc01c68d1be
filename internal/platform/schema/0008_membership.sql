-- membership: what an account offers, as the world file has it, in its order
CREATE TABLE membership_plans (
	id INTEGER PRIMARY KEY,
	channel_no BIGINT NOT NULL,
	place BIGINT NOT NULL,
	plan TEXT NOT NULL
);
CREATE INDEX membership_plans_channel ON membership_plans (channel_no, place);
-- who joined, once a joining; left_at 0 is still. paid counts the months that were paid for one by one
CREATE TABLE membership_members (
	membership_id BIGINT NOT NULL,
	member_no BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	joined_at BIGINT NOT NULL,
	left_at BIGINT NOT NULL,
	paid BIGINT NOT NULL,
	PRIMARY KEY (membership_id, member_no)
) WITHOUT ROWID;
CREATE INDEX membership_members_person ON membership_members (person_no, left_at);
