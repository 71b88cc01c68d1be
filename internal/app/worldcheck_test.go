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
	const mug = "{categoryId: 1, code: M, name: Mug, imageUrls: [x], variants: [{sku: mug, onHandNumber: 5, price: 1, weight: 1}]}"
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
		{"people: [{demographics: {gender: other}}]", `people[0]: demographics.gender: "other"`},
		{"people: [{demographics: {age: -1}}]", "people[0]: demographics.age: -1"},
		{"people: [{demographics: {area: jp_48}}]", `people[0]: demographics.area: "jp_48"`},
		{"people: [{phone: 0312345678}]", `people[0]: phone: "0312345678"`},
		{"people:\n  - demographics: {age: 27.5}", `line 2: "27.5" is no value for this key`},
		{"channels:\n  - quota: 99999999999999999999", "line 2: 99999999999999999999 is too large a number for this key"},
		{"channels: [{quota: 010}]", `line 1: "010" is no value for this key`},
		{"people:\n  - displayName: caf\xe9", "line 2: the text is not UTF-8"},
		{"people:\n  - displayName: \"a\\0\"", `line 2: "a\x00" has a NUL`},
		{"provider: One\n---\nprovider: Two", "line 3: a second document begins"},
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
		{`channels: [{type: login, scopes: [profil]}]`, `channels[0]: scopes: "profil" is none of openid, profile, email`},
		{`channels: [{assertionKeys: [{kid: k, kty: RSA, n: "!", e: AQAB}]}]`, "channels[0]: assertionKeys[0]:"},
		{`channels: [{quota: -1}]`, "channels[0]: quota: -1"},
		{`channels: [{type: login, memberships: [{}]}]`, "channels[0]: memberships, missionStickers: only messaging channels have them"},
		{`channels: [{memberships: [{}, {}, {}, {}, {}, {}]}]`, "channels[0]: memberships: 6, an account has 5 at most"},
		{`channels: [{memberships: [{membershipId: 7}]}, {memberships: [{}, {membershipId: 7}]}]`, "channels[1]: memberships[1].membership 7 is there twice"},
		{`channels: [{memberships: [{membershipId: -1}]}]`, "channels[0]: memberships[0].membershipId: -1"},
		{`channels: [{memberships: [{benefits: []}]}]`, "channels[0]: memberships[0].benefits: 0"},
		{`channels: [{memberships: [{benefits: [a, b, c, d, e, f]}]}]`, "channels[0]: memberships[0].benefits: 6"},
		{`channels: [{memberships: [{price: -1}]}]`, "channels[0]: memberships[0].price: -1"},
		{`channels: [{memberships: [{currency: USD}]}]`, `channels[0]: memberships[0].currency: "USD"`},
		{`channels: [{memberships: [{memberLimit: 0}]}]`, "channels[0]: memberships[0].memberLimit: 0"},
		{`channels: [{memberships: [{titel: Basic}]}]`, `line 1: unknown field "titel"`},
		{`channels: [{type: login, missionStickers: [{}]}]`, "channels[0]: memberships, missionStickers: only messaging channels have them"},
		{`channels: [{missionStickers: [{productId: abc}]}]`, `channels[0]: missionStickers[0].productId: "abc"`},
		{`channels: [{missionStickers: [{productId: "1"}, {productId: "1"}]}]`, "channels[0]: missionStickers[1].productId: 1 is there twice"},
		{`channels: [{missionStickers: [{salesPeriod: {from: soon}}]}]`, `channels[0]: missionStickers[0].salesPeriod: "soon"`},
		{`channels: [{missionStickers: [{salesPeriod: {from: "2026-02-01T00:00:00Z", until: "2026-01-01T00:00:00Z"}}]}]`, "channels[0]: missionStickers[0].salesPeriod: it ends"},
		{`channels: [{missionStickers: [{countries: [FR]}]}]`, `channels[0]: missionStickers[0].countries: "FR"`},
		{`channels: [{missionStickers: [{devices: [desktop]}]}]`, `channels[0]: missionStickers[0].devices: "desktop"`},
		{`channels: [{phoneKeys: {templates: [{key: a_ja}]}}]`, `channels[0]: phoneKeys.templates[0]: wants a key and a title`},
		{`channels: [{phoneKeys: {items: [{label: A}]}}]`, `channels[0]: phoneKeys.items[0]: wants a key and a label`},
		{`channels: [{phoneKeys: {buttons: [{key: a_ja}]}}]`, `channels[0]: phoneKeys.buttons[0]: wants a key and a label`},
		{`people: [{phoneConsent: maybe}]`, `maybe is none of true, false, unset`},
		{`channels: [{accessToken: same}, {accessToken: same}]`, "channels[1].accessToken: another channel has it"},
		{`channels: [{accessToken: "two words"}]`, "channels[0].accessToken:"},
		{"workspaces: [{name: One, apiKey: same}, {name: Two, apiKey: same}]", "workspaces[1].apiKey: another workspace has it"},
		{"channels: [{}]\nworkspaces: [{name: One, accounts: [{channel: 1656000001}, {channel: 1656000001}]}]", "workspaces[0].accounts[1]: 1656000001 is there twice"},
		{"workspaces: [{name: One, accounts: [{}]}]", "workspaces[0].accounts[0]: wants the channel"},
		{"workspaces: [{name: One, accounts: [{baseUrl: api.line.me, channelId: 1656000099}]}]", `workspaces[0].accounts[0].baseUrl: "api.line.me"`},
		{"workspaces: [{name: One, accounts: [{baseUrl: https://api.line.me}]}]", "workspaces[0].accounts[0].channelId is missing"},
		{login + `workspaces: [{name: One, accounts: [{channel: "1656000002"}]}]`, "workspaces[0]:"},
		{"shops: [{name: One}, {name: One}]", "shops[1].name: shop One is there twice"},
		{"shops: [{apiKey: same}, {apiKey: same}]", "shops[1].apiKey: another shop has it"},
		{login + `shops: [{channel: "1656000002"}]`, `shops[0].channel: there is no messaging channel "1656000002"`},
		{"shops: [{key: x}]", `line 1: unknown field "key"`},
		{"shops:\n  - products:\n      - {name: x, colour: red}", `line 3: unknown field "colour"`},
		{"shops:\n  - orders:\n      - {total: 5}", `line 3: unknown field "total"`},
		{"shops:\n  - products:\n      - {variants: [{price: cheap}]}", `line 3: "cheap" is no value for this key`},
		{"shops: [{products: [{name: x}]}]", "shops[0].products[0].categoryId is required"},
		{"shops: [{products: [" + mug + "], orders: [{}]}]", "shops[0].orders[0].orderItems is required"},
		{"shops: [{products: [" + mug + "], orders: [{orderItems: [{sku: cup, quantity: 1}]}]}]", "shops[0].orders[0].orderItems[0].sku names no variant"},
		{"shops: [{products: [" + mug + "], orders: [{orderItems: [{sku: mug}]}]}]", "shops[0].orders[0].orderItems[0].quantity must be 1 or more"},
		{"shops: [{products: [" + mug + "], orders: [{orderItems: [{sku: mug, quantity: 6}]}]}]", "shops[0].orders[0].orderItems[0].quantity must not be higher"},
		{"shops: [{products: [" + mug + "], orders: [{orderStatus: DONE, orderItems: [{sku: mug, quantity: 1}]}]}]", "shops[0].orders[0].orderStatus must be one of"},
		{"shops: [{products: [" + mug + "], orders: [{orderNumber: A-1, orderItems: [{sku: mug, quantity: 1}]}]}]", "shops[0].orders[0].orderNumber must be digits"},
		{"shops: [{products: [" + mug + "], orders: [{orderNumber: \"1234567890123456789\", orderItems: [{sku: mug, quantity: 1}]}]}]", "shops[0].orders[0].orderNumber must be digits"},
		{"shops: [{products: [" + mug + "], orders: [{userId: U5, orderItems: [{sku: mug, quantity: 1}]}]}]", `shops[0].orders[0].userId: there is no person "U5"`},
		{"shops: [{products: [" + mug + "], orders: [{orderNumber: \"7\", orderItems: [{sku: mug, quantity: 1}]}, {orderNumber: \"7\", orderItems: [{sku: mug, quantity: 1}]}]}]",
			"shops[0].orders[1].orderNumber: another order has it"},
		{"sharedAudiences: [{description: x}]", "sharedAudiences[0].channels: it is shared with no channel"},
		{login + `sharedAudiences: [{channels: ["1656000002"]}]`, `sharedAudiences[0].channels: there is no messaging channel "1656000002"`},
		{`channels: [{}]` + "\nsharedAudiences: [{channels: [\"1656000001\"], people: [" + a + "]}]", "sharedAudiences[0].people: there is no person"},
		{`channels: [{}]` + "\nsharedAudiences: [{channels: [\"1656000001\"], crowd: -1}]", "sharedAudiences[0].crowd: -1"},
		{`channels: [{}]` + "\nsharedAudiences: [{channels: [\"1656000001\"], audienceGroupId: 5}]", "sharedAudiences[0].audienceGroupId: 5"},
		{`channels: [{}]` + "\nsharedAudiences: [{channels: [\"1656000001\", \"1656000001\"]}]", "sharedAudiences[0].channels: 1656000001 is there twice"},
		{`channels: [{}]` + "\nsharedAudiences: [{channels: [\"1656000001\"], type: LIKE}]", `sharedAudiences[0].type: "LIKE"`},
		{`channels: [{}]` + "\nsharedAudiences: [{channels: [\"1656000001\"], type: WEBTRAFFIC}]", "sharedAudiences[0].webtraffic: goes with"},
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

// Who copies the examples of the documentation gets a world.
func TestDocumentedWorldCanBeBuilt(t *testing.T) {
	page, err := os.ReadFile("../../docs/world.md")
	if err != nil {
		t.Fatal(err)
	}
	var examples []string
	for i, part := range strings.Split(string(page), "```") {
		if text, isYAML := strings.CutPrefix(part, "yaml\n"); isYAML && i%2 == 1 {
			examples = append(examples, text)
		}
	}
	if len(examples) != 3 {
		t.Fatalf("%d examples", len(examples))
	}
	// The second and third go on with the channels of the first.
	world := strings.Replace(examples[0], "\npeople:", "\n"+examples[1]+examples[2]+"\npeople:", 1)
	for _, text := range []string{examples[0], world} {
		path := filepath.Join(t.TempDir(), "world.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		w, err := ReadWorld(path)
		if err == nil {
			err = w.rehearse(t.Context())
		}
		if err != nil {
			t.Error(err)
		}
	}
}
