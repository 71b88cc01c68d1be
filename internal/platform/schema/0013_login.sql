-- login: one row for a browser that somebody logged in with (single sign-on)
CREATE TABLE login_sessions (
	hash TEXT NOT NULL PRIMARY KEY,
	person_no BIGINT NOT NULL,
	amr TEXT NOT NULL,
	authenticated_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);
-- what a person agreed to, scopes with spaces between
CREATE TABLE login_grants (
	channel_no BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	scope TEXT NOT NULL,
	granted_at BIGINT NOT NULL,
	PRIMARY KEY (channel_no, person_no)
) WITHOUT ROWID;
-- request is what the code was asked with, as JSON. used_at 0: not yet
CREATE TABLE login_codes (
	hash TEXT NOT NULL PRIMARY KEY,
	channel_no BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	request TEXT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at BIGINT NOT NULL
);
-- a refresh renews an access token in a row of its own: family holds those of one login together. public 1: the app keeps no secret
CREATE TABLE login_tokens (
	hash TEXT NOT NULL PRIMARY KEY,
	refresh_hash TEXT NOT NULL,
	family TEXT NOT NULL,
	channel_no BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	liff_id TEXT NOT NULL,
	scope TEXT NOT NULL,
	public BIGINT NOT NULL,
	issued_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	refresh_expires_at BIGINT NOT NULL,
	revoked_at BIGINT NOT NULL
);
CREATE INDEX login_tokens_refresh ON login_tokens (refresh_hash);
CREATE INDEX login_tokens_family ON login_tokens (family);
CREATE INDEX login_tokens_person ON login_tokens (channel_no, person_no, issued_at);
