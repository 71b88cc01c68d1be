// Package mission is the room of mission stickers, given to a person for
// something they did.
// https://developers.line.biz/en/reference/partner-docs/#mission-stickers
//
// It owns which sets a channel may give, as the world file says, and who was
// given what. It does not own which stickers a bot may send (object).
package mission
