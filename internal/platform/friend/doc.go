// Package friend is the room of people and of who is a friend of which official
// account. https://developers.line.biz/en/docs/messaging-api/getting-user-ids/
//
// It owns people, crowds (synthetic friends that are computed, not stored), the
// sets of friends and of their attributes that targeting and insight work on,
// friendship and its history, profiles and the follower list. It does not own
// the follow and unfollow events, which open a chat (chat).
package friend
