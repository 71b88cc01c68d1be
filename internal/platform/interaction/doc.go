// Package interaction is the room of what people did with what accounts sent
// them: that they saw it, opened its links, played its videos.
// https://developers.line.biz/en/reference/messaging-api/#get-message-event
//
// It owns who did it and how often, for sends to many and for aggregation
// units. It does not own the statistics shown of it (insight), nor the messages
// and what was read of them (chat).
package interaction
