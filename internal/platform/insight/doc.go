// Package insight is the room of an account's statistics: deliveries, followers,
// demographics and what people did with messages.
// https://developers.line.biz/en/reference/messaging-api/#get-insight
//
// It owns which numbers are told and when: days, thresholds, readiness. It does
// not own the numbers: sends (message), friendships (friend) and people's acts
// (interaction) count themselves; rich menus tell their own (richmenu).
package insight
