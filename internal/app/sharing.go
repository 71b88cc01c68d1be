package app

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/audience"
)

// sharedAudienceEntry is an audience of somebody else, shared by way of the
// Business Manager. The names of web traffic are those of the platform's answers.
type sharedAudienceEntry struct {
	AudienceGroupID int64    `yaml:"audienceGroupId"`
	Channels        []string `yaml:"channels"`
	Type            string   `yaml:"type"`
	CreateRoute     string   `yaml:"createRoute"`
	Description     string   `yaml:"description"`
	Status          string   `yaml:"status"`
	IsIfaAudience   bool     `yaml:"isIfaAudience"`
	Owner           struct {
		ServiceType string `yaml:"serviceType"`
		ID          string `yaml:"id"`
		Name        string `yaml:"name"`
	} `yaml:"owner"`
	People     []string         `yaml:"people"`
	Crowd      int64            `yaml:"crowd"`
	WebTraffic *webTrafficEntry `yaml:"webtraffic"`
}

type webTrafficEntry struct {
	IsMyTag            bool   `yaml:"webtrafficIsMyTag"`
	BmTagSharingStatus string `yaml:"webtrafficBmTagSharingStatus"`
	IsTagDeleted       bool   `yaml:"webtrafficIsTagDeleted"`
	TagCreateRoute     string `yaml:"webtrafficTagCreateRoute"`
	VisitType          string `yaml:"webtrafficVisitType"`
	RetentionDays      int64  `yaml:"webtrafficRetentionDays"`
	TagID              string `yaml:"webtrafficTagId"`
	ConditionGroup     []struct {
		ConditionType string   `yaml:"conditionType"`
		Keywords      []string `yaml:"keywords"`
	} `yaml:"webtrafficConditionGroup"`
	TagEventType    string `yaml:"webtrafficTagEventType"`
	CustomEventName string `yaml:"webtrafficCustomEventName"`
	MatchingType    string `yaml:"webtrafficMatchingType"`
	TagOwnerName    string `yaml:"webtrafficTagOwnerName"`
}

// complete makes up what is left out, by the entry's position; what the values
// may be, the room checks.
func (e *sharedAudienceEntry) complete(position int, known map[string]string, messaging map[string]bool) error {
	n := strconv.Itoa(position + 1)
	fill(&e.Description, "Shared audience "+n)
	fill(&e.Type, audience.Upload)
	fill(&e.CreateRoute, "BUSINESS_MANAGER")
	fill(&e.Status, audience.Ready)
	fill(&e.Owner.ServiceType, "bm")
	fill(&e.Owner.ID, id.Derived("owner", e.Owner.Name)[:26])
	fill(&e.Owner.Name, "Business Manager")
	if e.AudienceGroupID == 0 {
		e.AudienceGroupID = thirteenDigits(id.Derived("sharedAudience", n, e.Description))
	}
	if len(e.Channels) == 0 {
		return errors.New("channels: it is shared with no channel")
	}
	if e.Crowd < 0 {
		return fmt.Errorf("crowd: %d is below 0", e.Crowd)
	}
	for i, ch := range e.Channels {
		if !messaging[ch] {
			return fmt.Errorf("channels: there is no messaging channel %q", ch)
		}
		if slices.Contains(e.Channels[:i], ch) {
			return fmt.Errorf("channels: %s is there twice", ch)
		}
	}
	for _, p := range e.People {
		if known[p] != "person" {
			return fmt.Errorf("people: there is no person %q", p)
		}
	}
	return take(known, strconv.FormatInt(e.AudienceGroupID, 10), "audience")
}

func thirteenDigits(hex string) int64 {
	n, _ := new(big.Int).SetString(hex[:12], 16)
	return 1_000_000_000_000 + n.Int64()%9_000_000_000_000
}

func (a *App) loadSharedAudiences(tx *store.Tx) error {
	for i, e := range a.world.SharedAudiences {
		s := audience.Shared{ID: e.AudienceGroupID, Type: e.Type, CreateRoute: e.CreateRoute, Description: e.Description, Status: e.Status,
			IsIfaAudience: e.IsIfaAudience, Owner: audience.Owner(e.Owner), WebTraffic: e.WebTraffic.object(), People: roaring64.New()}
		people, err := a.resolve(tx, e.People)
		if err != nil {
			return err
		}
		for _, p := range people {
			s.People.Add(uint64(p.No))
		}
		for _, channelID := range e.Channels {
			ch := a.channels.Get(channelID)
			s.With = append(s.With, ch)
			ranges, err := a.friends.CrowdNumbers(tx, ch, e.Crowd)
			if err != nil {
				return err
			}
			for _, r := range ranges {
				s.People.AddRange(uint64(r[0]), uint64(r[1]))
			}
		}
		if err := a.audiences.Share(tx, s); err != nil {
			return fmt.Errorf("sharedAudiences[%d].%w", i, err)
		}
	}
	return nil
}

func (e *webTrafficEntry) object() *audience.WebTraffic {
	if e == nil {
		return nil
	}
	w := &audience.WebTraffic{Tag: audience.Tag{IsMyTag: e.IsMyTag, BmTagSharingStatus: e.BmTagSharingStatus, IsTagDeleted: e.IsTagDeleted,
		TagCreateRoute: e.TagCreateRoute}, VisitType: e.VisitType, RetentionDays: e.RetentionDays, TagID: e.TagID, ConditionGroup: []audience.Condition{},
		TagEventType: e.TagEventType, CustomEventName: e.CustomEventName, MatchingType: e.MatchingType, TagOwnerName: e.TagOwnerName}
	fill(&w.BmTagSharingStatus, "SHARED")
	fill(&w.TagCreateRoute, "OA_MANAGER")
	fill(&w.VisitType, "VISIT_ALL")
	for _, c := range e.ConditionGroup {
		w.ConditionGroup = append(w.ConditionGroup, audience.Condition(c))
	}
	return w
}
