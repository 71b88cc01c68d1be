// Package key keeps the API keys of workspaces: who may read a workspace's
// history through the public API.
//
// A key is shown once, when it is issued. The store holds its SHA-256, from
// which nobody gets it back; a secret of 256 random bits needs no slower hash.
// Lists show its prefix, its last four characters, when it was made and when it
// was last used. Regenerating makes the old secret invalid at once.
//
// It owns the table api_keys. It does not own the workspaces (account) or how
// often a key may call (publicapi). All its times are real ones: moving the
// virtual clock of a test must not age a key.
package key
