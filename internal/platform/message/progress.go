package message

import (
	"errors"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// The phases of a narrowcast.
const (
	waiting   = "waiting"
	sending   = "sending"
	succeeded = "succeeded"
	failed    = "failed"
)

// The error codes of narrowcasts that failed. 3 is never met: a retry key that
// was accepted is refused at once.
const (
	codeInternal      = 1
	codeTooFew        = 2
	codeSmallAudience = 4
	codePartial       = 5
)

// The platform's words for them are not known.
var failures = map[int]string{
	codeInternal:      "An internal error occurred",
	codeTooFew:        "There are not enough recipients",
	codeSmallAudience: "An audience has too few recipients",
	codePartial:       "There are more recipients than messages that can be sent",
}

// narrowcastLife is how long a narrowcast tells of its progress and may be named
// in a redelivery.
const narrowcastLife = 14 * 24 * time.Hour

// narrowcast is one accepted narrowcast.
type narrowcast struct {
	requestID    string
	channelNo    int64
	acceptedAt   int64
	completedAt  int64 // 0 while it is under way
	phase        string
	errorCode    int
	order        order           // empty when it is over
	recipients   *roaring.Bitmap // friend numbers, while it is being sent
	reserved     int64
	targetCount  int64
	successCount int64
	// firstMessageID names the send; 0 when it reached nobody.
	firstMessageID int64
}

func (n narrowcast) insert(tx *store.Tx) error {
	text, err := json.Marshal(n.order)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO narrowcasts (request_id, channel_no, accepted_at, completed_at, phase, error_code, request, reserved, target_count, success_count, first_message_id)
		VALUES ($1, $2, $3, 0, $4, 0, $5, $6, 0, 0, 0)`, n.requestID, n.channelNo, n.acceptedAt, n.phase, string(text), n.reserved)
	return err
}

// readNarrowcast reads the narrowcast of that request; store.ErrNotFound when it was none.
func readNarrowcast(tx *store.Tx, requestID string) (narrowcast, error) {
	n := narrowcast{requestID: requestID}
	var text string
	var recipients []byte
	err := tx.Row(`SELECT channel_no, accepted_at, completed_at, phase, error_code, request, recipients, reserved, target_count, success_count, first_message_id
		FROM narrowcasts WHERE request_id = $1`, []any{requestID}, &n.channelNo, &n.acceptedAt, &n.completedAt, &n.phase, &n.errorCode, &text, &recipients,
		&n.reserved, &n.targetCount, &n.successCount, &n.firstMessageID)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &n.order)
	}
	if err == nil && recipients != nil {
		n.recipients = roaring.New()
		err = n.recipients.UnmarshalBinary(recipients)
	}
	return n, err
}

// findNarrowcast is readNarrowcast for the channel that sent it, as long as it
// may be asked for.
func findNarrowcast(tx *store.Tx, ch *channel.Channel, requestID string) (narrowcast, error) {
	if !isRequestID(requestID) {
		return narrowcast{}, store.ErrNotFound
	}
	n, err := readNarrowcast(tx, requestID)
	if err == nil && (n.channelNo != ch.No || tx.Millis()-n.acceptedAt >= narrowcastLife.Milliseconds()) {
		err = store.ErrNotFound
	}
	return n, err
}

// isRequestID also keeps texts from PostgreSQL that it cannot be asked for.
func isRequestID(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }

// phaseOf is where the narrowcast is; store.ErrNotFound when it is no more.
func phaseOf(tx *store.Tx, requestID string) (phase string, err error) {
	err = tx.Row(`SELECT phase FROM narrowcasts WHERE request_id = $1`, []any{requestID}, &phase)
	return phase, err
}

// send writes down who will get it.
func (n narrowcast) send(tx *store.Tx, ch *channel.Channel, set *roaring.Bitmap) error {
	recipients, err := set.ToBytes()
	if err != nil {
		return err
	}
	chosen := int64(set.GetCardinality())
	if err := tx.Add(reserved(ch), chosen-n.reserved); err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE narrowcasts SET phase = $2, recipients = $3, reserved = $4, target_count = $4 WHERE request_id = $1`,
		n.requestID, sending, recipients, chosen)
	return err
}

func (n narrowcast) fail(tx *store.Tx, ch *channel.Channel, code int) error {
	n.errorCode = code
	return n.end(tx, ch, failed)
}

// end writes its outcome down and frees what it held.
func (n narrowcast) end(tx *store.Tx, ch *channel.Channel, phase string) error {
	if err := tx.Add(reserved(ch), -n.reserved); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE narrowcasts SET phase = $2, completed_at = $3, error_code = $4, success_count = $5, first_message_id = $6,
		reserved = 0, request = '', recipients = NULL WHERE request_id = $1`, n.requestID, phase, tx.Millis(), n.errorCode, n.successCount, n.firstMessageID)
	return err
}

// progressAnswer has its counts once the narrowcast does not wait any more.
// https://developers.line.biz/en/reference/messaging-api/#get-narrowcast-progress-status
type progressAnswer struct {
	Phase             string `json:"phase"`
	SuccessCount      *int64 `json:"successCount,omitzero"`
	FailureCount      *int64 `json:"failureCount,omitzero"`
	TargetCount       *int64 `json:"targetCount,omitzero"`
	FailedDescription string `json:"failedDescription,omitzero"`
	ErrorCode         int    `json:"errorCode,omitzero"`
	AcceptedTime      string `json:"acceptedTime"`
	CompletedTime     string `json:"completedTime,omitzero"`
}

// progress tells how far a narrowcast is. 400 for what is no request id, 404 for
// one of anything else and after 14 days.
func (r *Room) progress(c *api.Call) (any, error) {
	id := c.Query().Get("requestId")
	if !isRequestID(id) {
		return nil, friend.InvalidParameter("requestId")
	}
	var n narrowcast
	err := r.db.View(c, func(tx *store.Tx) (err error) {
		n, err = findNarrowcast(tx, channel.Caller(c), id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, api.Errorf(api.NotFound, "Not found")
	}
	return n.answer(), err
}

func (n narrowcast) answer() progressAnswer {
	a := progressAnswer{Phase: n.phase, ErrorCode: n.errorCode, FailedDescription: failures[n.errorCode], AcceptedTime: instant(n.acceptedAt)}
	if n.completedAt > 0 {
		a.CompletedTime = instant(n.completedAt)
	}
	if n.phase == waiting {
		return a
	}
	var lost int64
	if n.phase == succeeded {
		lost = n.targetCount - n.successCount
	}
	a.SuccessCount, a.FailureCount, a.TargetCount = &n.successCount, &lost, &n.targetCount
	return a
}

func instant(millis int64) string {
	return time.UnixMilli(millis).UTC().Format("2006-01-02T15:04:05.000Z")
}
