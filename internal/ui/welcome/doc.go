// Package welcome is the way in: a phone on the left, three steps on the right
// that tick themselves when they really happen.
//
// It owns no state of the server's: whether a step is done is read from the
// chat, the request log and the delivery log. Only the result of the last
// Verify is kept here, in memory, as the platform keeps none.
package welcome
