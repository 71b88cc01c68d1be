// Package liff is the room of LIFF: the apps of a channel (the server API), LIFF
// URLs, the context that the SDK reads, and what an app does in its user's name:
// sending to the chat it was opened in, sharing to chats that the user picks.
// https://developers.line.biz/en/docs/liff/overview/
//
// It owns the apps and their contexts. It does not own logging in or user access
// tokens (login), nor chats (chat).
package liff
