// Package accountlink is the room of linking a person of LINE with a user of the
// bot's own service: link tokens and the page that redeems them.
// https://developers.line.biz/en/docs/messaging-api/linking-accounts/
//
// It owns link tokens. It does not own the event that tells of a link, which
// belongs to a chat (chat), nor what the page looks like (dialog).
package accountlink
