package webhook

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// ErrReplyToken says that a reply token is unknown, used, expired or of another channel.
var ErrReplyToken = errors.New("webhook: invalid reply token")

// How long a reply token can be used.
// https://developers.line.biz/en/reference/messaging-api/#send-reply-message-reply-token
const (
	replySpan = time.Minute      // after the event was delivered, or delivered again
	replyMost = 20 * time.Minute // after the event, however often it is delivered again
	// armedLate is how much later than the event the first delivery may begin
	// before its token's minute is counted anew: a webhook that the queue holds
	// up must not reach the bot with a dead token, while the usual one costs no
	// further statement.
	armedLate = time.Second
)

// newToken is 32 hex digits: the time, so that new tokens stand beside each other
// in the store (random places cost a page each), and 80 random bits.
func newToken(now time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], uint64(now.UnixMilli())<<16)
	rand.Read(b[6:])
	return hex.EncodeToString(b[:])
}

const (
	useToken = `UPDATE reply_tokens SET used_at = $3 WHERE token = $1 AND channel_no = $2 AND used_at = 0 AND expires_at >= $3 RETURNING chat_no`
	armToken = `UPDATE reply_tokens SET expires_at = $2 WHERE token = $1`
	// A redelivery gives another minute and ends where the event is too old.
	rearmToken = `UPDATE reply_tokens SET expires_at = CASE WHEN event_at + $3 < $2 THEN event_at + $3 ELSE $2 END WHERE token = $1`
)

// UseReplyToken takes a reply token, once, and says which chat the reply goes
// to. The token stays unused when the transaction fails. One statement tests and
// marks it, so that of replies at the same moment one gets it.
func (r *Room) UseReplyToken(tx *store.Tx, ch *channel.Channel, token string) (chatNo int64, err error) {
	err = tx.Row(useToken, []any{token, ch.No, tx.Millis()}, &chatNo)
	if errors.Is(err, store.ErrNotFound) {
		return 0, ErrReplyToken
	}
	return chatNo, err
}

// arm starts a token's minute with the attempt that is about to be made.
func (a *attempt) arm(tx *store.Tx) error {
	until := tx.Now.Add(replySpan).UnixMilli()
	var err error
	switch {
	case a.token == "":
	case a.redelivery:
		_, err = tx.Exec(rearmToken, a.token, until, replyMost.Milliseconds())
	case tx.Now.Sub(a.created) > armedLate:
		_, err = tx.Exec(armToken, a.token, until)
	}
	return err
}

// rearm starts the minute anew for an attempt that a fault has held up: the bot
// gets its token only now.
func (r *Room) rearm(ctx context.Context, a *attempt) {
	if err := r.db.Update(ctx, a.arm); err != nil {
		r.log.Warn("a reply token's minute could not be started", "webhookEventId", a.eventID, "error", err.Error())
	}
}

// tokenKept is how long a token that ended is kept: a webhook that a fault holds
// back may give it another minute.
const tokenKept = 24 * time.Hour

// logKept is how long the log tells of events that are done with.
const logKept = 30 * 24 * time.Hour

// Sweep clears away reply tokens that can be used no more, and what the log
// need tell no more.
func (r *Room) Sweep(ctx context.Context, now time.Time) error {
	return errors.Join(
		r.db.Sweep(ctx, `DELETE FROM reply_tokens WHERE token IN (SELECT token FROM reply_tokens WHERE expires_at < $2 LIMIT $1)`, now.Add(-tokenKept).UnixMilli()),
		// Attempts first: an event without any is still one of the log, the reverse is not.
		r.db.Sweep(ctx, `DELETE FROM webhook_attempts WHERE (event_no, n) IN (SELECT a.event_no, a.n FROM webhook_attempts a JOIN webhook_events e ON e.no = a.event_no
			WHERE e.created_at < $2 AND e.status <> 'waiting' ORDER BY a.event_no LIMIT $1)`, now.Add(-logKept).UnixMilli()),
		r.db.Sweep(ctx, `DELETE FROM webhook_events WHERE no IN (SELECT no FROM webhook_events WHERE created_at < $2 AND status <> 'waiting' ORDER BY no LIMIT $1)`,
			now.Add(-logKept).UnixMilli()))
}
