package audience

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// createdAnswer is a new audience on the wire.
type createdAnswer struct {
	AudienceGroupID int64  `json:"audienceGroupId"`
	CreateRoute     string `json:"createRoute"`
	Type            string `json:"type"`
	Description     string `json:"description"`
	Created         int64  `json:"created"` // unix seconds, as all times here
	Permission      string `json:"permission"`
	ExpireTimestamp int64  `json:"expireTimestamp"`
	IsIfaAudience   bool   `json:"isIfaAudience"`
	RequestID       string `json:"requestId,omitzero"`
	ClickURL        string `json:"clickUrl,omitzero"`
}

func (a *audience) created() createdAnswer {
	return createdAnswer{AudienceGroupID: a.ID, CreateRoute: a.Route, Type: a.Type, Description: a.Description, Created: seconds(a.CreatedAt),
		Permission: readWrite, ExpireTimestamp: seconds(a.ExpiresAt), IsIfaAudience: a.IFA, RequestID: a.RequestID, ClickURL: a.ClickURL}
}

// What an account may do with an audience.
const (
	readWrite = "READ_WRITE"
	readOnly  = "READ"
)

func seconds(ms int64) int64 { return time.UnixMilli(ms).Unix() }

// groupAnswer is an audience on the wire.
type groupAnswer struct {
	AudienceGroupID int64          `json:"audienceGroupId"`
	CreateRoute     string         `json:"createRoute"`
	Type            string         `json:"type"`
	Description     string         `json:"description"`
	Status          string         `json:"status"`
	AudienceCount   int64          `json:"audienceCount"`
	Created         int64          `json:"created"`
	Permission      string         `json:"permission"`
	ExpireTimestamp int64          `json:"expireTimestamp,omitzero"`
	IsIfaAudience   bool           `json:"isIfaAudience"`
	WebTraffic      jsontext.Value `json:"webtraffic,omitzero"`
	RequestID       string         `json:"requestId,omitzero"`
	ClickURL        string         `json:"clickUrl,omitzero"`
	FailedType      string         `json:"failedType,omitzero"`
}

// countOpen is from how many people on a count is told of audiences that could
// betray who is in them.
const countOpen = 20

// answer is the audience as that account sees it at an instant in unix milliseconds.
func (a *audience) answer(channelNo, now int64) groupAnswer {
	g := groupAnswer{AudienceGroupID: a.ID, CreateRoute: a.Route, Type: a.Type, Description: a.Description, Status: a.statusAt(now),
		AudienceCount: a.People, Created: seconds(a.CreatedAt), Permission: readWrite, IsIfaAudience: a.IFA,
		RequestID: a.RequestID, ClickURL: a.ClickURL, FailedType: a.FailedType, WebTraffic: raw(a.WebTraffic)}
	if a.ChannelNo != channelNo {
		g.Permission = readOnly
	}
	if a.ExpiresAt != 0 {
		g.ExpireTimestamp = seconds(a.ExpiresAt)
	}
	if a.People < countOpen && !a.open() {
		g.AudienceCount = 0
	}
	return g
}

// raw is stored JSON, nil when there is none.
func raw(text string) jsontext.Value {
	if text == "" {
		return nil
	}
	return jsontext.Value(text)
}

// jobAnswer is a job on the wire; what it does not have is null.
type jobAnswer struct {
	AudienceGroupJobID int64   `json:"audienceGroupJobId"`
	AudienceGroupID    int64   `json:"audienceGroupId"`
	Description        *string `json:"description"`
	Type               string  `json:"type"`
	Status             string  `json:"status"` // what jobStatus was called before
	FailedType         *string `json:"failedType"`
	AudienceCount      int64   `json:"audienceCount"`
	Created            int64   `json:"created"`
	JobStatus          string  `json:"jobStatus"`
}

func (j *job) answer() jobAnswer {
	return jobAnswer{AudienceGroupJobID: j.ID, AudienceGroupID: j.AudienceID, Description: orNull(j.Note), Type: "DIFF_ADD", Status: j.Status,
		FailedType: orNull(j.FailedType), AudienceCount: j.People, Created: seconds(j.CreatedAt), JobStatus: j.Status}
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
