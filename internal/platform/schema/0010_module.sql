-- module: which module channel is attached to which account. scopes are separated by spaces
CREATE TABLE module_attachments (
	account_no BIGINT NOT NULL,
	module_no BIGINT NOT NULL,
	scopes TEXT NOT NULL,
	attached_at BIGINT NOT NULL,
	PRIMARY KEY (account_no, module_no)
) WITHOUT ROWID;
CREATE INDEX module_attachments_module ON module_attachments (module_no, account_no);
-- who answers in a chat, where that was changed: a module's number, or the account's own.
-- peer is a user, group or room id; expires_at 0 is never, and what has expired is the account's own
CREATE TABLE module_controls (
	account_no BIGINT NOT NULL,
	peer TEXT NOT NULL,
	holder_no BIGINT NOT NULL,
	acquired_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	PRIMARY KEY (account_no, peer)
) WITHOUT ROWID;
-- authorization codes that were not used yet. asked is what the authorization was asked with (JSON)
CREATE TABLE module_codes (
	hash TEXT NOT NULL PRIMARY KEY,
	module_no BIGINT NOT NULL,
	account_no BIGINT NOT NULL,
	asked TEXT NOT NULL,
	expires_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX module_codes_expires ON module_codes (expires_at);
-- accounts that are suspended now
CREATE TABLE module_suspensions (
	account_no INTEGER PRIMARY KEY,
	since BIGINT NOT NULL
);
