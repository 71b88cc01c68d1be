package interaction

import (
	"time"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
)

// Room keeps what people did with messages.
type Room struct {
	chats *chat.Room
}

// New makes the room.
func New(chats *chat.Room) *Room { return &Room{chats} }

// span is how long after a send what people do with it counts.
// https://developers.line.biz/en/reference/messaging-api/#get-message-event
const span = 14 * 24 * time.Hour

// counts says whether what is done now with what was sent then still counts.
func counts(tx *store.Tx, sentAt int64) bool { return tx.Millis()-sentAt < span.Milliseconds() }

// Kind is what was done.
type Kind int64

// The kinds, as stored. To play to a percentage is to play to all below it, too.
const (
	Impression Kind = 1 + iota
	Click
	Played
	Played25
	Played50
	Played75
	Played100
)

// All stands for the whole of a subject's time, and for any message of it.
const All = 0

// Day is the day of an instant, counted from 1970 in UTC+9, as the platform's statistics do.
func Day(at time.Time) int64 { return (at.Unix() + 9*60*60) / (24 * 60 * 60) }
