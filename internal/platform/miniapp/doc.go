// Package miniapp is the room of LINE MINI Apps' service messages: what an app
// tells somebody in answer to what they did in it.
// https://developers.line.biz/en/docs/line-mini-app/develop/service-messages/
//
// It owns the templates of channels, service notification tokens, and the chats
// in which people find such messages, one for each region. It does not own the
// apps (liff), user access tokens (login) nor chats with official accounts (chat).
package miniapp
