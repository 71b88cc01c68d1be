// Package token is the room of channel access tokens: what an application
// shows to use a channel.
// https://developers.line.biz/en/docs/basics/channel-access-token/
//
// There are four kinds. A long-lived token has no end and there is one a
// channel; a short-lived one lasts 30 days, and the 31st puts out the oldest;
// a v2.1 token lasts as long as its JWT assertion asks for, and a 31st is
// refused; a stateless one lasts 15 minutes, without number, and cannot be revoked.
// https://developers.line.biz/en/reference/messaging-api/#channel-access-token
//
// The room owns the table tokens, which holds hashes and the long-lived value
// that the console shows, and the row of settings with the key that signs v2.1
// and stateless tokens. It does not own channels, their secrets and assertion
// keys (channel), nor the tokens of people who logged in (login).
package token
