// Package channel is the room of channels and their official accounts: what a
// provider registers in LINE's developer console.
// https://developers.line.biz/en/docs/line-developers-console/overview/
//
// It owns the channels table and a copy of it in memory, which every request
// reads. It does not own channel access tokens (token), the delivery of
// webhooks (webhook) or friendship (friend).
package channel
