package liff

import (
	"cmp"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/login"
)

// App is a LIFF app, as the server API answers it: what was never set is left out.
// https://developers.line.biz/en/reference/liff-server/#get-all-liff-apps
type App struct {
	LiffID               string    `json:"liffId"`
	View                 View      `json:"view"`
	Description          string    `json:"description,omitzero"`
	Features             *Features `json:"features,omitzero"`
	PermanentLinkPattern string    `json:"permanentLinkPattern,omitzero"`
	Scope                []string  `json:"scope,omitzero"`
	BotPrompt            string    `json:"botPrompt,omitzero"`

	Channel *channel.Channel `json:"-"`
}

// View is how large an app opens, and where.
type View struct {
	Type       string `json:"type"` // compact, tall or full
	URL        string `json:"url"`
	ModuleMode *bool  `json:"moduleMode,omitzero"`
}

// Features are what an app may use of the phone.
type Features struct {
	BLE    *bool `json:"ble,omitzero"`
	QRCode *bool `json:"qrCode,omitzero"`
}

// Change is a request to add or update an app: what is nil stays as it is.
type Change struct {
	View *struct {
		Type       *string `json:"type"`
		URL        *string `json:"url"`
		ModuleMode *bool   `json:"moduleMode"`
	} `json:"view"`
	Description          *string   `json:"description"`
	Features             *Features `json:"features"`
	PermanentLinkPattern *string   `json:"permanentLinkPattern"`
	Scope                *[]string `json:"scope"`
	BotPrompt            *string   `json:"botPrompt"`
}

// defaultScope is what an app may do that says nothing of it.
var defaultScope = []string{"profile", "chat_message.write"}

// Scopes are those of the app, or the default.
func (a *App) Scopes() []string {
	if a.Scope == nil {
		return defaultScope
	}
	return a.Scope
}

// Title is what the app is called: its description, or its channel's name.
func (a *App) Title() string { return cmp.Or(a.Description, a.Channel.Name) }

// Login is the app as far as logging in needs to know it.
func (a *App) Login() login.App {
	return login.App{LiffID: a.LiffID, ChannelID: a.Channel.ID, URL: a.View.URL, Scopes: a.Scopes(), BotPrompt: a.BotPrompt}
}

// apply makes the change, and refuses what is invalid of it.
func (a *App) apply(in Change, loopback bool) error {
	var bad []api.Detail
	wrong := func(property, message string) { bad = append(bad, api.Detail{Message: message, Property: property}) }
	if v := in.View; v != nil {
		take(&a.View.Type, v.Type)
		take(&a.View.URL, v.URL)
		if v.ModuleMode != nil {
			a.View.ModuleMode = v.ModuleMode
		}
	}
	take(&a.Description, in.Description)
	take(&a.PermanentLinkPattern, in.PermanentLinkPattern)
	take(&a.BotPrompt, in.BotPrompt)
	if in.Scope != nil {
		a.Scope = *in.Scope
	}
	if f := in.Features; f != nil {
		merged := Features{}
		if a.Features != nil {
			merged = *a.Features
		}
		if f.BLE != nil {
			merged.BLE = f.BLE
		}
		if f.QRCode != nil {
			merged.QRCode = f.QRCode
		}
		a.Features = &merged
	}
	if !slices.Contains([]string{"compact", "tall", "full"}, a.View.Type) {
		wrong("view.type", "Must be one of the following values: [compact, tall, full]")
	}
	if !endpoint(a.View.URL, loopback) {
		wrong("view.url", "invalid uri")
	}
	if named.MatchString(a.Description) {
		wrong("description", "must not contain LINE")
	}
	if in.PermanentLinkPattern != nil && a.PermanentLinkPattern != "concat" {
		wrong("permanentLinkPattern", "Must be one of the following values: [concat]")
	}
	if in.BotPrompt != nil && !slices.Contains([]string{"normal", "aggressive", "none"}, a.BotPrompt) {
		wrong("botPrompt", "Must be one of the following values: [normal, aggressive, none]")
	}
	for i, s := range a.Scope {
		if !slices.Contains(allScopes, s) {
			wrong(fmt.Sprintf("scope[%d]", i), "Must be one of the following values: [openid, email, profile, chat_message.write]")
		}
	}
	if bad == nil {
		return nil
	}
	return &api.Error{Code: api.Invalid, Message: fmt.Sprintf("The request body has %d error(s)", len(bad)), Details: bad}
}

var allScopes = []string{"openid", "email", "profile", "chat_message.write"}

// named finds the platform's name as a word of its own.
var named = regexp.MustCompile(`(?i)(^|[^a-z])line([^a-z]|$)`)

func take(to *string, from *string) {
	if from != nil {
		*to = *from
	}
}

// endpoint says whether a URL can be an app's: https without a fragment, or http
// to this machine where the world file says so.
func endpoint(text string, loopback bool) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || strings.Contains(text, "#") {
		return false
	}
	if u.Scheme == "https" {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return loopback && u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// IDForm is the form of a LIFF id: the channel id, and eight characters.
var IDForm = regexp.MustCompile(`^[0-9]{10}-[0-9A-Za-z]{8}$`)
