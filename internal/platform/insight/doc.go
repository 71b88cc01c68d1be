// Package insight is the room of an account's statistics: deliveries, followers,
// demographics and what people did with messages.
// https://developers.line.biz/en/reference/messaging-api/#get-insight
package insight
