// Package presence is the room of what a person sees an account do in a chat
// beside talking: the loading animation, and that it has read.
// https://developers.line.biz/en/docs/messaging-api/mark-as-read/
package presence
