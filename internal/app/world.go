package app

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"

	"github.com/goccy/go-yaml"

	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/shop"
)

//go:embed demo.yaml
var demoWorld []byte

// World is a world file: who and what there is at the start.
type World struct {
	Clock          string           `yaml:"clock"`
	Provider       string           `yaml:"provider"`
	Providers      []providerEntry  `yaml:"providers"`
	Channels       []channelEntry   `yaml:"channels"`
	People         []personEntry    `yaml:"people"`
	Groups         []groupEntry     `yaml:"groups"`
	Rooms          []groupEntry     `yaml:"rooms"`
	Crowd          []crowdEntry     `yaml:"crowd"`
	Shops          []shopEntry      `yaml:"shops"`
	Workspaces     []workspaceEntry `yaml:"workspaces"`
	Limits         any              `yaml:"limits"`
	WebhookTargets string           `yaml:"webhookTargets"`
	Issuer         string           `yaml:"issuer"`
	source         string           // what the file is called in errors
	rehearsed      bool             // it was built once without fault

	SharedAudiences []sharedAudienceEntry `yaml:"sharedAudiences"`
}

type providerEntry struct {
	Name     string         `yaml:"name"`
	Channels []channelEntry `yaml:"channels"`
	People   []personEntry  `yaml:"people"`
	Groups   []groupEntry   `yaml:"groups"`
	Rooms    []groupEntry   `yaml:"rooms"`
}

type channelEntry struct {
	ID              string            `yaml:"id"`
	Type            string            `yaml:"type"`
	Name            string            `yaml:"name"`
	Secret          string            `yaml:"secret"`
	AccessToken     string            `yaml:"accessToken"`
	AssertionKeys   []assertionKey    `yaml:"assertionKeys"`
	Account         accountEntry      `yaml:"account"`
	Quota           *int64            `yaml:"quota"`
	Webhook         *webhookEntry     `yaml:"webhook"`
	CallbackURLs    []string          `yaml:"callbackUrls"`
	Scopes          []string          `yaml:"scopes"`
	LinkedBot       string            `yaml:"linkedBot"`
	Beacons         []beaconEntry     `yaml:"beacons"`
	BuiltInBot      bool              `yaml:"builtInBot"`
	PhoneMessages   bool              `yaml:"phoneMessages"`
	PhoneKeys       channel.PhoneKeys `yaml:"phoneKeys"`
	Memberships     []membershipEntry `yaml:"memberships"`
	MissionStickers []missionEntry    `yaml:"missionStickers"`
	Module          moduleEntry       `yaml:",inline"`
	// Read by features of their own.
	LIFF    []liffEntry  `yaml:"liff"`
	MiniApp miniAppEntry `yaml:",inline"`
}

type assertionKey struct {
	Kid    string   `yaml:"kid"`
	Kty    string   `yaml:"kty"`
	N      string   `yaml:"n"`
	E      string   `yaml:"e"`
	Alg    string   `yaml:"alg"`
	Use    string   `yaml:"use"`
	KeyOps []string `yaml:"key_ops"`
}

type accountEntry struct {
	UserID         string `yaml:"userId"`
	BasicID        string `yaml:"basicId"`
	PremiumID      string `yaml:"premiumId"`
	DisplayName    string `yaml:"displayName"`
	PictureURL     string `yaml:"pictureUrl"`
	Status         string `yaml:"status"`
	Country        string `yaml:"country"`
	ChatMode       string `yaml:"chatMode"`
	MarkAsReadMode string `yaml:"markAsReadMode"`
}

type webhookEntry struct {
	Endpoint   string `yaml:"endpoint"`
	Active     *bool  `yaml:"active"`
	Redelivery bool   `yaml:"redelivery"`
}

type beaconEntry struct {
	Hwid string `yaml:"hwid"`
}

type personEntry struct {
	UserID        string         `yaml:"userId"`
	DisplayName   string         `yaml:"displayName"`
	PictureURL    string         `yaml:"pictureUrl"`
	StatusMessage string         `yaml:"statusMessage"`
	Language      string         `yaml:"language"`
	Email         string         `yaml:"email"`
	Phone         string         `yaml:"phone"`
	PhoneConsent  friend.Consent `yaml:"phoneConsent"`
	Demographics  struct {
		Gender  string `yaml:"gender"`
		Age     int    `yaml:"age"`
		Area    string `yaml:"area"`
		AppType string `yaml:"appType"`
	} `yaml:"demographics"`
	FriendOf []string `yaml:"friendOf"`
	Blocked  []string `yaml:"blocked"`
}

type groupEntry struct {
	GroupID    string   `yaml:"groupId"`
	RoomID     string   `yaml:"roomId"`
	Name       string   `yaml:"name"`
	PictureURL string   `yaml:"pictureUrl"`
	Members    []string `yaml:"members"`
	Channels   []string `yaml:"channels"`
}

type crowdEntry struct {
	Channel string `yaml:"channel"`
	Count   int64  `yaml:"count"`
	Seed    int64  `yaml:"seed"`
}

type shopEntry struct {
	Name     string              `yaml:"name"`
	APIKey   string              `yaml:"apiKey"`
	Channel  string              `yaml:"channel"`
	Products []shop.WorldProduct `yaml:"products"`
	Orders   []shop.WorldOrder   `yaml:"orders"`
}

type workspaceEntry struct {
	Name      string `yaml:"name"`
	APIKey    string `yaml:"apiKey"`
	RateLimit *struct {
		Requests int    `yaml:"requests"`
		Per      string `yaml:"per"`
	} `yaml:"rateLimit"`
	Accounts []workspaceAccountEntry `yaml:"accounts"`
}

type workspaceAccountEntry struct {
	Channel            string   `yaml:"channel"`
	Name               string   `yaml:"name"`
	BaseURL            string   `yaml:"baseUrl"`
	ChannelID          string   `yaml:"channelId"`
	ChannelSecret      string   `yaml:"channelSecret"`
	ChannelAccessToken string   `yaml:"channelAccessToken"`
	Relays             []string `yaml:"relays"`
}

// ReadWorld reads and checks a world file; "" is the built-in demo.
func ReadWorld(path string) (*World, error) {
	text, name := demoWorld, "the built-in world"
	if path != "" {
		var err error
		if text, err = os.ReadFile(path); err != nil {
			return nil, fmt.Errorf("the world file cannot be read: %w", err)
		}
		name = path
	}
	w := World{source: name}
	if err := w.decode(text); err != nil {
		return nil, fmt.Errorf("%s: %s", name, oneLine(err))
	}
	for i := range w.Providers {
		fill(&w.Providers[i].Name, "Provider "+strconv.Itoa(i+1))
	}
	if len(w.Providers) == 0 || len(w.Channels)+len(w.People)+len(w.Groups)+len(w.Rooms) > 0 {
		own := providerEntry{w.Provider, w.Channels, w.People, w.Groups, w.Rooms}
		fill(&own.Name, "Kaiwa")
		w.Providers = append([]providerEntry{own}, w.Providers...)
	}
	if err := w.complete(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &w, nil
}

// oneLine keeps the place and the reason of a YAML error and drops its picture of the file.
func oneLine(err error) string {
	var y yaml.Error
	var kind *yaml.TypeError
	if errors.As(err, &kind) && kind.Token != nil {
		return fmt.Sprintf("line %d: %q is no value for this key", kind.Token.Position.Line, kind.Token.Value)
	}
	var large *yaml.OverflowError
	if errors.As(err, &large) && large.Token != nil {
		return fmt.Sprintf("line %d: %s is too large a number for this key", large.Token.Position.Line, large.SrcNum)
	}
	if errors.As(err, &y) && y.GetToken() != nil && y.GetToken().Position != nil {
		return fmt.Sprintf("line %d: %s", y.GetToken().Position.Line, y.GetMessage())
	}
	return err.Error()
}

var (
	channelID = regexp.MustCompile(`^[0-9]{10}$`)
	groupID   = regexp.MustCompile(`^C[0-9a-f]{32}$`)
	roomID    = regexp.MustCompile(`^R[0-9a-f]{32}$`)
)

// LimitsOff says whether the platform's rate limits are switched off.
func (w *World) LimitsOff() bool { return oneOf(fmt.Sprint(w.Limits), []string{"off", "false"}) }

// StartOf is the start of the virtual clock; zero is real time.
func (w *World) StartOf() (time.Time, error) {
	if w.Clock == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, w.Clock)
	if err != nil {
		return t, fmt.Errorf("clock: %q is no RFC 3339 time such as 2026-01-15T09:00:00+09:00", w.Clock)
	}
	return t, nil
}

func (e *channelEntry) config() channel.Config {
	c := channel.Config{CallbackURLs: e.CallbackURLs, Scopes: e.Scopes, LinkedBot: e.LinkedBot, BuiltInBot: e.BuiltInBot, PhoneMessages: e.PhoneMessages, PhoneKeys: e.PhoneKeys, DefaultActive: e.Module.DefaultActive,
		Region: e.MiniApp.Region, IconURL: e.MiniApp.IconURL}
	for _, k := range e.AssertionKeys {
		c.AssertionKeys = append(c.AssertionKeys, channel.AssertionKey{Kid: k.Kid, Kty: k.Kty, N: k.N, E: k.E})
	}
	for _, b := range e.Beacons {
		c.Beacons = append(c.Beacons, channel.Beacon{Hwid: b.Hwid})
	}
	return c
}

func (e *personEntry) profile() friend.Profile {
	d := e.Demographics
	return friend.Profile{DisplayName: e.DisplayName, PictureURL: e.PictureURL, StatusMessage: e.StatusMessage, Language: e.Language, Email: e.Email,
		Phone: e.Phone, PhoneConsent: e.PhoneConsent, Demographics: friend.Demographics{Gender: d.Gender, Age: d.Age, Area: d.Area, AppType: d.AppType}}
}
