// Package account keeps workspaces and the official accounts that are connected
// to them: accounts of this server, and real ones that live at LINE.
//
// It owns the tables workspaces and workspace_accounts and a copy of them in
// memory, which every request reads. It does not own API keys (key), what was
// said (archive) or the relays of a real account (relay).
package account
