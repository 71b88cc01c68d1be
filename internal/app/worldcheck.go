package app

import (
	"fmt"
	"strconv"
	"time"

	"kaiwa/internal/kernel/id"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// complete makes up what the file leaves out, the same each time, and says what
// is wrong with the rest.
func (w *World) complete() error {
	if _, err := w.StartOf(); err != nil {
		return err
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
	position := 0
	for i := range w.Providers {
		p := &w.Providers[i]
		for j := range p.Channels {
			position++
			if err := p.Channels[j].complete(position, known); err != nil {
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

func (e *channelEntry) complete(position int, known map[string]string) error {
	if e.Type == "" {
		e.Type = channel.Messaging
	}
	if e.Type != channel.Messaging && e.Type != channel.Login && e.Type != channel.MiniApp {
		return fmt.Errorf("type: %q is none of messaging, login, miniapp", e.Type)
	}
	fill(&e.ID, strconv.Itoa(1656000000+position))
	if !channelID.MatchString(e.ID) {
		return fmt.Errorf("id: %q is not 10 digits", e.ID)
	}
	if err := take(known, e.ID, "channel"); err != nil {
		return err
	}
	fill(&e.Name, "Channel "+e.ID)
	fill(&e.Secret, id.Derived("secret", e.ID, e.Name))
	if e.Quota != nil && *e.Quota < 0 {
		return fmt.Errorf("quota: %d is below 0", *e.Quota)
	}
	if e.Type != channel.Messaging {
		return nil
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
	return take(known, a.UserID, "account")
}

func (e *personEntry) complete(provider string, position int, known map[string]string) error {
	fill(&e.DisplayName, "Person "+strconv.Itoa(position+1))
	fill(&e.UserID, "U"+id.Derived("person", provider, strconv.Itoa(position), e.DisplayName))
	if !friend.UserID.MatchString(e.UserID) {
		return fmt.Errorf("userId: %q is not U and 32 lower-case hex digits", e.UserID)
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
		if !groupID.MatchString(g.GroupID) || g.RoomID != "" {
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
		if !roomID.MatchString(g.RoomID) || g.GroupID != "" {
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
	for i, c := range w.Crowd {
		if known[c.Channel] != "channel" || c.Count < 1 || c.Count > 1<<31 {
			return fmt.Errorf("crowd[%d]: wants a channel of the file and a count of 1 or more", i)
		}
	}
	for i, ws := range w.Workspaces {
		if ws.Name == "" {
			return fmt.Errorf("workspaces[%d].name is missing", i)
		}
		if ws.RateLimit != nil {
			if per, err := time.ParseDuration(ws.RateLimit.Per); err != nil || per <= 0 || ws.RateLimit.Requests < 1 {
				return fmt.Errorf("workspaces[%d].rateLimit: wants requests and per, as in {requests: 60, per: 1m}", i)
			}
		}
		for j, a := range ws.Accounts {
			if (a.Channel == "") == (a.BaseURL == "") || a.Channel != "" && known[a.Channel] != "channel" {
				return fmt.Errorf("workspaces[%d].accounts[%d]: wants the channel of this file, or a baseUrl", i, j)
			}
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
		return fmt.Errorf("the id %s is used twice", id)
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
