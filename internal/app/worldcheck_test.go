package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each mistake is named with its place before any store is made.
func TestWorldMistakesAreNamed(t *testing.T) {
	const (
		a     = "U00000000000000000000000000000a01"
		login = `channels: [{id: "1656000002", type: login}]` + "\n"
		two   = "providers:\n  - {name: One, channels: [{id: \"1656000001\"}], people: [{userId: " + a + "}]}\n  - {name: Two, "
	)
	for _, c := range []struct{ text, want string }{
		{"people:\n  - {nam: Aoi}\n", `line 2: unknown field "nam"`},
		{"channels: [{quota: lots}]", `line 1: "lots" is no value`},
		{"channels: 5", "line 1:"},
		{"people: [", "line 1:"},
		{"provider: a\nprovider: b", "line 2:"},
		{`channels: [{id: "165"}]`, `channels[0]: id: "165"`},
		{`channels: [{id: "1656000001"}, {id: "1656000001"}]`, "channels[1]: channel 1656000001 is there twice"},
		{"people: [{userId: " + a + "}, {userId: " + a + "}]", "people[1]: person " + a + " is there twice"},
		{"providers: [{name: One}, {name: One}]", "provider One is there twice"},
		{"people: [{userId: U1}]", `people[0]: userId: "U1"`},
		{"people: [{demographics: {gender: other}}]", "people[0]: demographics"},
		{`people: [{friendOf: ["1656000009"]}]`, `people[0]: friendOf, blocked: there is no channel "1656000009"`},
		{login + `people: [{friendOf: ["1656000002"]}]`, "people[0]: channelId: 1656000002 is no messaging channel"},
		{two + `people: [{friendOf: ["1656000001"]}]}`, "people[0]: friendOf: 1656000001 is of another provider"},
		{two + "groups: [{members: [" + a + "]}]}", a + " is of another provider"},
		{login + `groups: [{channels: ["1656000002"]}]`, "groups and rooms: 1656000002 is no messaging channel"},
		{"groups: [{groupId: C1}]", `groups[0].groupId: "C1"`},
		{"rooms: [{groupId: C0000000000000000000000000000c001}]", "rooms[0].groupId: a room has a roomId"},
		{"groups: [{members: [" + a + "]}]", "groups[0].members: there is no person"},
		{login + `crowd: [{channel: "1656000002", count: 5}]`, "crowd[0]: wants a messaging channel"},
		{`channels: [{linkedBot: "1656000009", type: login}]`, `channels[0].linkedBot: there is no messaging channel "1656000009"`},
		{`channels: [{webhook: {endpoint: "ftp://example.com/"}}]`, "channels[0]: webhook.endpoint:"},
		{`channels: [{callbackUrls: [nowhere]}]`, "channels[0]: callbackUrls[0]:"},
		{`channels: [{assertionKeys: [{kid: k, kty: RSA, n: "!", e: AQAB}]}]`, "channels[0]: assertionKeys[0]:"},
		{`channels: [{quota: -1}]`, "channels[0]: quota: -1"},
		{`channels: [{accessToken: same}, {accessToken: same}]`, "channels[1].accessToken:"},
		{`channels: [{accessToken: "two words"}]`, "channels[0].accessToken:"},
		{"workspaces: [{name: One, apiKey: same}, {name: Two, apiKey: same}]", "workspaces[1].apiKey:"},
		{login + `workspaces: [{name: One, accounts: [{channel: "1656000002"}]}]`, "workspaces[0]:"},
		{"clock: tomorrow", `clock: "tomorrow"`},
		{"clock: 2600-01-15T09:00:00+09:00", "clock:"},
	} {
		path := filepath.Join(t.TempDir(), "world.yaml")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		w, err := ReadWorld(path)
		if err == nil {
			err = w.rehearse(t.Context())
		}
		if err == nil || !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s\ngot  %v\nwant %s", c.text, err, c.want)
		}
	}
}

func TestBuiltInWorldCanBeBuilt(t *testing.T) {
	w, err := ReadWorld("")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.rehearse(t.Context()); err != nil {
		t.Error(err)
	}
}
