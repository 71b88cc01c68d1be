// Package membership is the room of memberships: the monthly plans that an
// account offers and the people who joined them.
// https://developers.line.biz/en/docs/messaging-api/use-membership-features/
//
// It owns the plans, which the world file sets as LINE Official Account Manager
// does, the members and the membership event. Nobody pays here: a month passes
// with the server's clock. It does not own friendship (friend), which decides
// whose user ids an account is told.
package membership
