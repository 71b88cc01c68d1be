package app

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kaiwa/internal/kernel/id"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/login"
)

// complete makes up what the file leaves out, the same each time, and says what
// is wrong with the rest.
func (w *World) complete() error {
	if start, err := w.StartOf(); err != nil {
		return err
	} else if !start.IsZero() && (start.Year() < 2010 || start.Year() > 2199) {
		return fmt.Errorf("clock: %q is not within the years 2010 to 2199, which the ids of messages have room for", w.Clock)
	}
	if s := fmt.Sprint(w.Limits); w.Limits != nil && s != "enforced" && s != "off" && s != "false" && s != "true" {
		return fmt.Errorf("limits: %q is none of enforced, off", s)
	}
	if w.WebhookTargets != "" && w.WebhookTargets != "any" && w.WebhookTargets != "public" {
		return fmt.Errorf("webhookTargets: %q is none of any, public", w.WebhookTargets)
	}
	if w.Issuer != "" && w.Issuer != "line" && w.Issuer != "own" {
		return fmt.Errorf("issuer: %q is none of line, own", w.Issuer)
	}
	known := map[string]string{} // every id, and what has it
	w.numberChannels()
	w.numberPlans()
	for i := range w.Providers {
		p := &w.Providers[i]
		if err := take(known, "provider "+p.Name, "provider"); err != nil {
			return err
		}
		for j := range p.Channels {
			if err := p.Channels[j].complete(known); err != nil {
				return fmt.Errorf("channels[%d]: %w", j, err)
			}
		}
		for j := range p.People {
			if err := p.People[j].complete(p.Name, j, known); err != nil {
				return fmt.Errorf("people[%d]: %w", j, err)
			}
		}
	}
	for i := range w.Providers {
		if err := w.Providers[i].gatherings(known); err != nil {
			return err
		}
	}
	return w.rest(known)
}

// numberChannels gives those without an id one by their position, past the ids
// that others have.
func (w *World) numberChannels() {
	given := map[string]bool{}
	for _, p := range w.Providers {
		for _, e := range p.Channels {
			given[e.ID] = true
		}
	}
	next := 1656000000
	for _, p := range w.Providers {
		for j := range p.Channels {
			next++
			e := &p.Channels[j]
			if e.ID != "" {
				continue
			}
			for given[strconv.Itoa(next)] {
				next++
			}
			e.ID = strconv.Itoa(next)
		}
	}
}

func (e *channelEntry) complete(known map[string]string) error {
	if e.Type == "" {
		e.Type = channel.Messaging
	}
	if types := []string{channel.Messaging, channel.Login, channel.MiniApp, channel.Module}; !oneOf(e.Type, types) {
		return fmt.Errorf("type: %q is none of %s", e.Type, strings.Join(types, ", "))
	}
	if !channelID.MatchString(e.ID) {
		return fmt.Errorf("id: %q is not 10 digits", e.ID)
	}
	if err := take(known, e.ID, "channel"); err != nil {
		return err
	}
	fill(&e.Name, "Channel "+e.ID)
	fill(&e.Secret, id.Derived("secret", e.ID, e.Name))
	if err := e.settings(); err != nil {
		return err
	}
	if e.Type == channel.Module {
		if err := e.module(); err != nil {
			return err
		}
	}
	if e.Type != channel.Messaging {
		return e.offers(known)
	}
	a := &e.Account
	fill(&a.UserID, "U"+id.Derived("account", e.ID, e.Name))
	fill(&a.BasicID, "@"+id.Derived("basic", e.ID, e.Name)[:8])
	fill(&a.DisplayName, e.Name)
	fill(&a.Status, "unverified")
	fill(&a.Country, "JP")
	fill(&a.ChatMode, "bot")
	fill(&a.MarkAsReadMode, map[string]string{"bot": "auto", "chat": "manual"}[a.ChatMode])
	if !friend.UserID.MatchString(a.UserID) {
		return fmt.Errorf("account.userId: %q is not U and 32 lower-case hex digits", a.UserID)
	}
	for _, c := range []struct {
		name, value string
		of          []string
	}{{"status", a.Status, []string{"unverified", "verified", "premium"}}, {"country", a.Country, []string{"JP", "TW", "TH", "ID"}},
		{"chatMode", a.ChatMode, []string{"bot", "chat"}}, {"markAsReadMode", a.MarkAsReadMode, []string{"auto", "manual"}}} {
		if !oneOf(c.value, c.of) {
			return fmt.Errorf("account.%s: %q is none of %v", c.name, c.value, c.of)
		}
	}
	if err := take(known, a.UserID, "account"); err != nil {
		return err
	}
	return e.offers(known)
}

// settings checks what no room reads before it is used.
func (e *channelEntry) settings() error {
	if e.Quota != nil && *e.Quota < 0 {
		return fmt.Errorf("quota: %d is below 0", *e.Quota)
	}
	if err := e.phones(); err != nil {
		return err
	}
	if err := e.miniApp(); err != nil {
		return err
	}
	if w := e.Webhook; w != nil && w.Endpoint != "" {
		if u, err := url.Parse(w.Endpoint); err != nil || u.Host == "" || !oneOf(u.Scheme, []string{"http", "https"}) {
			return fmt.Errorf("webhook.endpoint: %q is no http or https URL", w.Endpoint)
		}
	}
	for i := range e.Beacons {
		fill(&e.Beacons[i].Hwid, id.Derived("beacon", e.ID, strconv.Itoa(i))[:10])
	}
	for i, callback := range e.CallbackURLs {
		if u, err := url.Parse(callback); err != nil || !u.IsAbs() {
			return fmt.Errorf("callbackUrls[%d]: %q is no absolute URL", i, callback)
		}
	}
	for _, scope := range e.Scopes {
		if oneOf(e.Type, []string{channel.Login, channel.MiniApp}) && !oneOf(scope, login.Scopes) {
			return fmt.Errorf("scopes: %q is none of %s", scope, strings.Join(login.Scopes, ", "))
		}
	}
	for i, k := range e.AssertionKeys {
		if k.Kid == "" || k.Kty != "RSA" || !base64URL.MatchString(k.N) || !base64URL.MatchString(k.E) {
			return fmt.Errorf("assertionKeys[%d]: wants a kid, the kty RSA, and n and e in Base64url", i)
		}
	}
	return nil
}

var base64URL = regexp.MustCompile(`^[A-Za-z0-9_-]+=*$`)

func (e *personEntry) complete(provider string, position int, known map[string]string) error {
	fill(&e.DisplayName, "Person "+strconv.Itoa(position+1))
	fill(&e.UserID, "U"+id.Derived("person", provider, strconv.Itoa(position), e.DisplayName))
	if !friend.UserID.MatchString(e.UserID) {
		return fmt.Errorf("userId: %q is not U and 32 lower-case hex digits", e.UserID)
	}
	profile := e.profile()
	if err := profile.Check(); err != nil {
		return err
	}
	for _, list := range [][]string{e.FriendOf, e.Blocked} {
		for _, ch := range list {
			if known[ch] != "channel" {
				return fmt.Errorf("friendOf, blocked: there is no channel %q", ch)
			}
		}
	}
	return take(known, e.UserID, "person")
}

func (p *providerEntry) gatherings(known map[string]string) error {
	check := func(at string, g *groupEntry) error {
		for _, m := range g.Members {
			if known[m] != "person" {
				return fmt.Errorf("%s.members: there is no person %q", at, m)
			}
		}
		for _, ch := range g.Channels {
			if known[ch] != "channel" {
				return fmt.Errorf("%s.channels: there is no channel %q", at, ch)
			}
		}
		return nil
	}
	for i := range p.Groups {
		g, at := &p.Groups[i], fmt.Sprintf("groups[%d]", i)
		fill(&g.Name, "Group "+strconv.Itoa(i+1))
		fill(&g.GroupID, "C"+id.Derived("group", p.Name, strconv.Itoa(i), g.Name))
		if g.RoomID != "" {
			return fmt.Errorf("%s.roomId: a group has a groupId", at)
		}
		if !groupID.MatchString(g.GroupID) {
			return fmt.Errorf("%s.groupId: %q is not C and 32 lower-case hex digits", at, g.GroupID)
		}
		if err := check(at, g); err != nil {
			return err
		}
		if err := take(known, g.GroupID, "group"); err != nil {
			return err
		}
	}
	for i := range p.Rooms {
		g, at := &p.Rooms[i], fmt.Sprintf("rooms[%d]", i)
		fill(&g.RoomID, "R"+id.Derived("room", p.Name, strconv.Itoa(i)))
		if g.GroupID != "" {
			return fmt.Errorf("%s.groupId: a room has a roomId", at)
		}
		if !roomID.MatchString(g.RoomID) {
			return fmt.Errorf("%s.roomId: %q is not R and 32 lower-case hex digits", at, g.RoomID)
		}
		if err := check(at, g); err != nil {
			return err
		}
		if err := take(known, g.RoomID, "room"); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) rest(known map[string]string) error {
	messaging := map[string]bool{}
	for _, p := range w.Providers {
		for _, e := range p.Channels {
			messaging[e.ID] = e.Type == channel.Messaging
		}
	}
	for _, p := range w.Providers {
		for i, e := range p.Channels {
			if e.LinkedBot != "" && !messaging[e.LinkedBot] {
				return fmt.Errorf("channels[%d].linkedBot: there is no messaging channel %q", i, e.LinkedBot)
			}
			if err := e.attachments(messaging); err != nil {
				return fmt.Errorf("channels[%d].%w", i, err)
			}
		}
		for _, g := range append(append([]groupEntry{}, p.Groups...), p.Rooms...) {
			for _, ch := range g.Channels {
				if !messaging[ch] {
					return fmt.Errorf("groups and rooms: %s is no messaging channel", ch)
				}
			}
		}
	}
	for i, c := range w.Crowd {
		if !messaging[c.Channel] || c.Count < 1 || c.Count > 1<<31 {
			return fmt.Errorf("crowd[%d]: wants a messaging channel of the file and a count of 1 or more", i)
		}
	}
	for i := range w.SharedAudiences {
		if err := w.SharedAudiences[i].complete(i, known, messaging); err != nil {
			return fmt.Errorf("sharedAudiences[%d].%w", i, err)
		}
	}
	for i := range w.Shops {
		if err := w.Shops[i].complete(i, known); err != nil {
			return fmt.Errorf("shops[%d].%w", i, err)
		}
		if ch := w.Shops[i].Channel; ch != "" && !messaging[ch] {
			return fmt.Errorf("shops[%d].channel: there is no messaging channel %q", i, ch)
		}
	}
	for i, ws := range w.Workspaces {
		fill(&w.Workspaces[i].Name, "Workspace "+strconv.Itoa(i+1))
		if ws.RateLimit != nil {
			if per, err := time.ParseDuration(ws.RateLimit.Per); err != nil || per <= 0 || ws.RateLimit.Requests < 1 {
				return fmt.Errorf("workspaces[%d].rateLimit: wants requests and per, as in {requests: 60, per: 1m}", i)
			}
		}
		for j, a := range ws.Accounts {
			if err := a.check(known); err != nil {
				return fmt.Errorf("workspaces[%d].accounts[%d]%w", i, j, err)
			}
			same := func(b workspaceAccountEntry) bool { return a.Channel+a.ChannelID == b.Channel+b.ChannelID }
			if slices.ContainsFunc(ws.Accounts[:j], same) {
				return fmt.Errorf("workspaces[%d].accounts[%d]: %s is there twice", i, j, a.Channel+a.ChannelID)
			}
		}
	}
	return nil
}

func (e *workspaceAccountEntry) check(known map[string]string) error {
	if (e.Channel == "") == (e.BaseURL == "") || e.Channel != "" && known[e.Channel] != "channel" {
		return errors.New(": wants the channel of this file, or a baseUrl")
	}
	if e.Channel != "" {
		return nil
	}
	if u, err := url.Parse(e.BaseURL); err != nil || u.Host == "" || !oneOf(u.Scheme, []string{"http", "https"}) {
		return fmt.Errorf(".baseUrl: %q is no http or https URL", e.BaseURL)
	}
	if e.ChannelID == "" {
		return errors.New(".channelId is missing")
	}
	return nil
}

func (e *shopEntry) complete(position int, known map[string]string) error {
	fill(&e.Name, "Shop "+strconv.Itoa(position+1))
	fill(&e.APIKey, id.Derived("shop key", strconv.Itoa(position), e.Name))
	if err := take(known, "shop "+e.Name, "shop"); err != nil {
		return fmt.Errorf("name: %w", err)
	}
	if known["shop key "+e.APIKey] != "" {
		return errors.New("apiKey: another shop has it")
	}
	known["shop key "+e.APIKey] = "shop key"
	for i, o := range e.Orders {
		if o.UserID != "" && known[o.UserID] != "person" {
			return fmt.Errorf("orders[%d].userId: there is no person %q", i, o.UserID)
		}
	}
	return nil
}

func fill(s *string, with string) {
	if *s == "" {
		*s = with
	}
}

func take(known map[string]string, id, what string) error {
	if known[id] != "" {
		return fmt.Errorf("%s %s is there twice", what, strings.TrimPrefix(id, what+" "))
	}
	known[id] = what
	return nil
}

func oneOf(s string, of []string) bool {
	for _, v := range of {
		if v == s {
			return true
		}
	}
	return false
}
