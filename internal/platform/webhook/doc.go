// Package webhook is the room of webhooks: it tells a bot what happened, signed,
// in order per chat, and again where the channel wants redelivery.
// https://developers.line.biz/en/reference/messaging-api/#webhooks
//
// It owns the tables webhook_events, webhook_attempts and reply_tokens, the
// endpoint operations of the Messaging API and the one HTTP client that speaks
// to bots. It does not own what an event says (the rooms that emit it do), when
// an item of the queue runs (kernel/outbox) or a channel's settings (channel).
//
// An event is written once, in the transaction of what it tells of; the bytes
// that are written are the bytes that are signed and sent.
package webhook
