// Package message is the room of sending: reply, push, multicast, broadcast, the
// validate operations, retry keys, the monthly quota and the delivery counts.
// https://developers.line.biz/en/docs/messaging-api/sending-messages/
//
// It owns retry keys, aggregation units and the counters of usage. It does not
// own what a message object may be (object), where messages stand (chat) or
// reply tokens (webhook).
package message
