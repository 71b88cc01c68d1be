// Package presence is the room of what a person sees an account do in a chat
// beside talking: the loading animation, and that it has read.
// https://developers.line.biz/en/docs/messaging-api/use-loading-indicator/
// https://developers.line.biz/en/docs/messaging-api/mark-as-read/
//
// It owns the animations that are shown now. It does not own the read marks
// (chat), nor the mark-as-read tokens, which need no storage (chat).
package presence
