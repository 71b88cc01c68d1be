// Package coupon is the room of coupons: what an account offers, and what
// became of it with each person.
// https://developers.line.biz/en/docs/messaging-api/send-coupons-to-users/
//
// It owns the coupons of the accounts, the tickets that people acquired and the
// counts of both. It does not own the shape of a coupon message (object) or its
// sending (message, which asks here whether a coupon may be sent), and it never
// fetches an image.
package coupon
