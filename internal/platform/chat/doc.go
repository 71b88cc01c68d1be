// Package chat is the room of conversations: one-on-one chats, groups and
// rooms, what is said in them, its files, and who has read it.
// https://developers.line.biz/en/docs/messaging-api/group-chats/
//
// It owns chats, members, messages, sends to many, read marks and contents, and
// what people do in chats with the events that follow. It does not own the
// Messaging API's ways of sending (message), webhooks (webhook) or people (friend).
package chat
