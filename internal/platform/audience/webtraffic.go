package audience

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The types of audiences that are made of visits to web sites.
const (
	webTraffic  = "WEBTRAFFIC"
	trackingTag = "TRACKINGTAG_WEBTRAFFIC"
)

// Tag is what a list tells of a web traffic audience.
// https://developers.line.biz/en/reference/messaging-api/#get-shared-audience-list-response-webtraffic
type Tag struct {
	IsMyTag            bool   `json:"webtrafficIsMyTag"`
	BmTagSharingStatus string `json:"webtrafficBmTagSharingStatus"` // SHARED | UNSHARED | ERROR
	IsTagDeleted       bool   `json:"webtrafficIsTagDeleted"`
	TagCreateRoute     string `json:"webtrafficTagCreateRoute"`
}

// WebTraffic is what is told of one web traffic audience.
// https://developers.line.biz/en/reference/messaging-api/#get-shared-audience-response-webtraffic
type WebTraffic struct {
	Tag             `json:",inline"`
	VisitType       string      `json:"webtrafficVisitType"` // VISIT_ALL | URL_MATCHING | EVENT_MATCHING
	RetentionDays   int64       `json:"webtrafficRetentionDays"`
	TagID           string      `json:"webtrafficTagId"`
	ConditionGroup  []Condition `json:"webtrafficConditionGroup"`
	TagEventType    string      `json:"webtrafficTagEventType,omitzero"` // CONVERSION_EVENT | CUSTOM_EVENT
	CustomEventName string      `json:"webtrafficCustomEventName,omitzero"`
	MatchingType    string      `json:"webtrafficMatchingType,omitzero"` // NORMAL
	TagOwnerName    string      `json:"webtrafficTagOwnerName,omitzero"`
}

// Condition is one by which visits count.
type Condition struct {
	ConditionType string   `json:"conditionType"` // CONTAIN | NOT_CONTAIN | EQUAL_TO
	Keywords      []string `json:"keywords"`
}

// brief is of a stored web traffic object what a list tells.
func brief(text jsontext.Value) (jsontext.Value, error) {
	if text == nil {
		return nil, nil
	}
	var t Tag
	if err := json.Unmarshal(text, &t); err != nil {
		return nil, err
	}
	return json.Marshal(t)
}
