package audience

import (
	"errors"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Owner is who shares an audience, by way of the Business Manager.
type Owner struct {
	ServiceType string `json:"serviceType"` // bm | lap | account | yda
	ID          string `json:"id"`
	Name        string `json:"name"`
}

// Shared is an audience that somebody outside of this world shares with accounts of it.
type Shared struct {
	ID            int64 // 13 digits
	With          []*channel.Channel
	Type          string // UPLOAD, WEBTRAFFIC, ...
	CreateRoute   string // BUSINESS_MANAGER, OA_MANAGER, ...
	Description   string
	Status        string // READY, IN_PROGRESS, ...
	IsIfaAudience bool
	Owner         Owner
	WebTraffic    *WebTraffic // of the two web traffic types only
	// People are numbers of people.
	People *roaring64.Bitmap
}

var (
	types = []string{Upload, Click, Imp, ChatTag, "FRIEND_PATH", "RESERVATION", "APP_EVENT", "VIDEO_VIEW", webTraffic, "IMAGE_CLICK",
		"RICHMENU_IMP", "RICHMENU_CLICK", "POP_AD_IMP", trackingTag}
	services = []string{"bm", "lap", "account", "yda"}
)

// check says what is wrong with what a world file shares.
func (s *Shared) check() error {
	for _, c := range []struct {
		name, value string
		of          []string
	}{{"type", s.Type, types}, {"createRoute", s.CreateRoute, sharedRoutes}, {"status", s.Status, statuses},
		{"owner.serviceType", s.Owner.ServiceType, services}} {
		if !slices.Contains(c.of, c.value) {
			return fmt.Errorf("%s: %q is none of %v", c.name, c.value, c.of)
		}
	}
	if s.ID < firstID || s.ID >= endID {
		return fmt.Errorf("audienceGroupId: %d has not 13 digits", s.ID)
	}
	if (s.WebTraffic != nil) != (s.Type == webTraffic || s.Type == trackingTag) {
		return errors.New("webtraffic: goes with the types WEBTRAFFIC and TRACKINGTAG_WEBTRAFFIC, and only with them")
	}
	if err := checkName(s.Description); err != nil {
		return fmt.Errorf("description: %w", err)
	}
	return nil
}

// Share stores a shared audience as made at the transaction's instant.
func (r *Room) Share(tx *store.Tx, s Shared) error {
	if err := s.check(); err != nil {
		return err
	}
	a := &audience{ID: s.ID, Type: s.Type, Route: s.CreateRoute, Description: s.Description, IFA: s.IsIfaAudience, Status: s.Status,
		People: int64(s.People.GetCardinality()), CreatedAt: tx.Millis()}
	if s.Status == Failed {
		a.FailedType = insufficient
	}
	owner, err := json.Marshal(s.Owner)
	if err != nil {
		return err
	}
	a.Owner = string(owner)
	if s.WebTraffic != nil {
		text, err := json.Marshal(s.WebTraffic)
		if err != nil {
			return err
		}
		a.WebTraffic = string(text)
	}
	if err := a.insert(tx); err != nil {
		return err
	}
	for _, ch := range s.With {
		if _, err := tx.Exec(`INSERT INTO audience_shares (channel_no, audience_id) VALUES ($1, $2)`, ch.No, s.ID); err != nil {
			return err
		}
	}
	return writeSet(tx, s.ID, own, s.People)
}

// visible is an audience of the account's own, or one that is shared with it;
// store.ErrNotFound else.
func visible(tx *store.Tx, ch *channel.Channel, id int64) (*audience, error) {
	a, err := read(tx, id)
	if err != nil || a.ChannelNo == ch.No {
		return a, err
	}
	return a, tx.Row(`SELECT 1 FROM audience_shares WHERE channel_no = $1 AND audience_id = $2`, []any{ch.No, id}, new(int64))
}

// getShared tells of an audience that is shared with the account, or of its own, and whose it is.
// https://developers.line.biz/en/reference/messaging-api/#get-shared-audience
func (r *Room) getShared(c *api.Call) (any, error) {
	return r.show(c, func(tx *store.Tx, ch *channel.Channel, id int64) (*audience, error) {
		a, err := visible(tx, ch, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil, errNotFound
		}
		if err != nil || a.ChannelNo != ch.No {
			return a, err
		}
		owner, err := json.Marshal(Owner{"account", ch.Account.BasicID, ch.Account.DisplayName})
		a.Owner = string(owner)
		return a, err
	})
}

const (
	sharedSQL = `SELECT ` + columns + ` FROM audiences WHERE ` + alive + ` AND id IN (SELECT audience_id FROM audience_shares WHERE channel_no = $2)` + newestFirst
	bothSQL   = `SELECT ` + columns + ` FROM audiences WHERE ` + alive + ` AND (channel_no = $2 OR id IN (SELECT audience_id FROM audience_shares WHERE channel_no = $2))` + newestFirst
)

// listShared pages through the audiences that are shared with the account and,
// when asked for them, its own.
// https://developers.line.biz/en/reference/messaging-api/#get-shared-audience-list
func (r *Room) listShared(c *api.Call) (any, error) {
	f, err := readFilter(c, sharedRoutes)
	if err != nil {
		return nil, err
	}
	owned, err := queryFlag(c, "includesOwnedAudienceGroups")
	if err != nil {
		return nil, err
	}
	query := sharedSQL
	if owned {
		query = bothSQL
	}
	return r.pageOf(c, f, query)
}

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
