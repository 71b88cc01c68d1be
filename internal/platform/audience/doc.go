// Package audience is the room of audiences: sets of people to send to, from
// uploaded ids, clicks and impressions.
// https://developers.line.biz/en/reference/messaging-api/#manage-audience-group
//
// It owns the sets and their jobs. It does not own what people did (interaction)
// or the sends to them (message).
package audience
