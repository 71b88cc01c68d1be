// Package phone is the phone in the browser: the chats of a person and what
// they can do there.
//
// It owns the screens under /_/phone/ and their live updates. What a message
// looks like is drawn by flexhtml; what happens when a person writes or taps is
// done by the room sim, through its API where there is a script and through
// plain forms where there is none.
package phone
