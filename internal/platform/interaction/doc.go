// Package interaction is the room of what people did with what accounts sent
// them: that they saw it, opened its links, played its videos.
// https://developers.line.biz/en/reference/messaging-api/#get-message-event
//
// It owns who did it and how often. It does not own the statistics made of it (insight).
package interaction
