// Package group is the room of what a bot may know and do in groups and
// multi-person chats: their summary, their members and leaving them.
// https://developers.line.biz/en/docs/messaging-api/group-chats/
//
// It does not own who is in them (chat).
package group
