// Package coupon is the room of coupons.
// https://developers.line.biz/en/reference/messaging-api/#coupon
package coupon
