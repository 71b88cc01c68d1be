// Package pnp is the room of LINE notification messages, sent by phone number.
// https://developers.line.biz/en/docs/partner-docs/line-notification-messages/overview/
package pnp
