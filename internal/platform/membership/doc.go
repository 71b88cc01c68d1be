// Package membership is the room of membership plans and their members.
// https://developers.line.biz/en/docs/messaging-api/use-membership-features/
package membership
