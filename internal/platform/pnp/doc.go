// Package pnp is the room of LINE notification messages, which are sent by phone
// number to people who need not be friends of the account.
// https://developers.line.biz/en/docs/partner-docs/line-notification-messages/overview/
//
// It owns what people decided about such messages, the messages that wait for a
// decision, and the catalogue of templates. It does not own phone numbers
// (friend), what a message object may be (object) or where messages stand (chat).
package pnp
