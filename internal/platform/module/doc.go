// Package module is the room of module channels: attaching to official accounts,
// acting for them, and the control of chats.
// https://developers.line.biz/en/docs/partner-docs/module/
//
// A module calls the Messaging API with its own token and names the account in
// the header X-Line-Bot-Id: Authenticate turns such a caller into the account's
// channel, so that no other room knows of modules; Check holds it against the
// scopes that the account's admin granted. Of events, the room of webhooks asks
// this one who else is to be told, and who is to answer.
//
// It owns which module is attached where, the authorization codes, chat control
// and which accounts are suspended. It does not own tokens (token), channels
// (channel) or the delivery of webhooks (webhook).
package module
