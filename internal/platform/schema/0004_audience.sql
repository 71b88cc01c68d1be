-- audience: channel_no is the account that made it, 0 one outside of this world. EXPIRED is no status here, it follows
-- from expires_at (0 is never). people is how many the set holds. owner and webtraffic are JSON of audiences that are
-- shared with accounts, '' of others
CREATE TABLE audiences (
	id INTEGER PRIMARY KEY,
	channel_no BIGINT NOT NULL,
	type TEXT NOT NULL,
	create_route TEXT NOT NULL,
	description TEXT NOT NULL,
	ifa BIGINT NOT NULL,
	request_id TEXT NOT NULL,
	click_url TEXT NOT NULL,
	status TEXT NOT NULL,
	failed_type TEXT NOT NULL,
	people BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	owner TEXT NOT NULL,
	webtraffic TEXT NOT NULL
);
CREATE INDEX audiences_channel ON audiences (channel_no, created_at, id);
CREATE INDEX audiences_expiry ON audiences (expires_at);
-- which accounts see an audience of somebody else
CREATE TABLE audience_shares (
	channel_no BIGINT NOT NULL,
	audience_id BIGINT NOT NULL,
	PRIMARY KEY (channel_no, audience_id)
) WITHOUT ROWID;
-- uploads to an audience: people is how many it added
CREATE TABLE audience_jobs (
	id INTEGER PRIMARY KEY,
	audience_id BIGINT NOT NULL,
	description TEXT NOT NULL,
	status TEXT NOT NULL,
	failed_type TEXT NOT NULL,
	people BIGINT NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE INDEX audience_jobs_audience ON audience_jobs (audience_id, id);
-- a bitmap of people's numbers, in pieces: job_id 0 is the audience's own set, others wait for that job to add them
CREATE TABLE audience_parts (
	audience_id BIGINT NOT NULL,
	job_id BIGINT NOT NULL,
	n BIGINT NOT NULL,
	data BLOB NOT NULL,
	PRIMARY KEY (audience_id, job_id, n)
);
