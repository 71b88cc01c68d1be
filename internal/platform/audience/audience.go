package audience

import (
	"time"

	"kaiwa/internal/kernel/store"
)

// The types of audiences that the Messaging API makes.
const (
	Upload = "UPLOAD"
	Click  = "CLICK"
	Imp    = "IMP"
	// ChatTag audiences are made elsewhere; their counts are as open as those of uploads.
	ChatTag = "CHAT_TAG"
)

// The statuses of audiences.
const (
	InProgress = "IN_PROGRESS"
	Ready      = "READY"
	Failed     = "FAILED"
	Expired    = "EXPIRED"
)

// insufficient is why an audience or a job with fewer than 50 people failed.
const insufficient = "AUDIENCE_GROUP_AUDIENCE_INSUFFICIENT"

const (
	// life is how long an audience can be used.
	life = 180 * 24 * time.Hour
	// afterlife is how long one that has expired can be looked at.
	afterlife = 30 * 24 * time.Hour
)

// audience is one as it is stored.
type audience struct {
	ID          int64
	ChannelNo   int64
	Type        string
	Route       string // how it was made
	Description string // its name
	IFA         bool
	RequestID   string
	ClickURL    string
	Status      string
	FailedType  string
	People      int64
	CreatedAt   int64
	ExpiresAt   int64 // 0 is never
	Owner       string
	WebTraffic  string
}

// statusAt is the status at an instant in unix milliseconds.
func (a *audience) statusAt(now int64) string {
	if a.ExpiresAt != 0 && now >= a.ExpiresAt {
		return Expired
	}
	return a.Status
}

// open says whether its count is told however small it is.
func (a *audience) open() bool { return a.Type == Upload && !a.IFA || a.Type == ChatTag }

const columns = `id, channel_no, type, create_route, description, ifa, request_id, click_url, status, failed_type, people,
	created_at, expires_at, owner, webtraffic`

// alive leaves out what the platform has cleared away, though the sweep may not
// have come yet; the first parameter is the instant up to which it clears.
const alive = `(expires_at = 0 OR expires_at > $1)`

func cleared(tx *store.Tx) int64 { return tx.Now.Add(-afterlife).UnixMilli() }

func scanAudience(scan func(...any) error) (*audience, error) {
	var a audience
	var ifa int64
	err := scan(&a.ID, &a.ChannelNo, &a.Type, &a.Route, &a.Description, &ifa, &a.RequestID, &a.ClickURL, &a.Status, &a.FailedType, &a.People,
		&a.CreatedAt, &a.ExpiresAt, &a.Owner, &a.WebTraffic)
	a.IFA = ifa != 0
	return &a, err
}

// read is the audience of that id, whosever it is.
func read(tx *store.Tx, id int64) (*audience, error) {
	var a *audience
	err := tx.Each(`SELECT `+columns+` FROM audiences WHERE `+alive+` AND id = $2`, []any{cleared(tx), id}, func(scan func(...any) error) (err error) {
		a, err = scanAudience(scan)
		return err
	})
	if err == nil && a == nil {
		err = store.ErrNotFound
	}
	return a, err
}
