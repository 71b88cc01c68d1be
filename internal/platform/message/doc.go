// Package message is the room of sending: reply, push, multicast, broadcast,
// narrowcast and its progress, the validate operations, retry keys, aggregation
// units, the monthly quota and the delivery counts.
// https://developers.line.biz/en/docs/messaging-api/sending-messages/
//
// It owns retry keys, aggregation units, narrowcasts until they are done and the
// counters of usage. It does not own what a message object may be (object), where
// messages stand (chat), who is in an audience (audience) or reply tokens (webhook).
package message
