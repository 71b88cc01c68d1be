package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestServiceTemplatesOfTheWorldFile: each mistake is one line that tells its place.
func TestServiceTemplatesOfTheWorldFile(t *testing.T) {
	app := func(keys string) string { return `channels: [{id: "1656000003", type: miniapp, ` + keys + `}]` }
	one := func(entry string) string { return app(`serviceMessageTemplates: [` + entry + `]`) }
	const at = "channels[0]: serviceMessageTemplates[0]."
	const form = " is not {name}_{language} with a language of ja, en, zh-TW, th, id, ko, in at most 30 characters"
	many := make([]string, 21)
	for i := range many {
		many[i] = fmt.Sprintf("{name: t%d_en}", i)
	}
	for _, c := range []struct{ text, want string }{
		{one(strings.Join(many, ", ")), "channels[0]: serviceMessageTemplates: 21 are more than 20"},
		{one("{}"), at + `name: ""` + form},
		{one("{name: done}"), at + `name: "done"` + form},
		{one("{name: done_fr}"), at + `name: "done_fr"` + form},
		{one("{name: done_zh-CN}"), at + `name: "done_zh-CN"` + form},
		{one("{name: abcdefghijklmnopqrstuvwxyz12_en}"), at + `name: "abcdefghijklmnopqrstuvwxyz12_en"` + form},
		{one("{name: a_en}, {name: a_en}"), "channels[0]: serviceMessageTemplates[1].name: a_en is there twice"},
		{one("{name: a_en, layout: wide}"), at + `layout: "wide" is none of detailed, simple`},
		{one(`{name: a_en, params: [""]}`), at + `params[0]: "" is not letters, digits, _ and -`},
		{one(`{name: a_en, params: [a, a]}`), at + `params[1]: a is there twice`},
		{one(`{name: a_en, params: [a], optionalParams: [a]}`), at + `optionalParams[0]: a is there twice`},
		{one(`{name: a_en, title: "{a}"}`), at + `title: {a} is none of its params`},
		{one(`{name: a_en, details: [{text: "{a}"}]}`), at + `details[0].text: {a} is none of its params`},
		{one(`{name: a_en, buttons: [{label: A, uri: "{a}"}]}`), at + `buttons[0].uri: {a} is none of its params`},
		{one(`{name: a_en, buttons: [{uri: "https://example.com/"}]}`), at + `buttons[0].label is missing`},
		{one(`{name: a_en, layout: simple, details: [{text: a}, {text: b}]}`), at + `details: the layout simple has one at most`},
		{one(`{name: a_en, colour: red}`), `line 1: unknown field "colour"`},
		{app("region: FR"), `channels[0]: region: "FR" is none of [JP TH TW]`},
		{app(`iconUrl: "http://example.com/"`), `channels[0]: iconUrl: "http://example.com/" is no https URL`},
		{`channels: [{serviceMessageTemplates: [{name: a_en}]}]`, "channels[0]: region, iconUrl, serviceMessageTemplates: only miniapp channels have them"},
		{`channels: [{type: login, region: JP}]`, "channels[0]: region, iconUrl, serviceMessageTemplates: only miniapp channels have them"},
		{one(strings.Join(many[1:], ", ")), ""},
		{one("{name: abcdefghijklmnopqrstuvwxy_zh-TW}"), at + "name:"},
		{one("{name: abcdefghijklmnopqrstuvwx_zh-TW, params: [a, button_uri_1]}"), ""},
	} {
		path := filepath.Join(t.TempDir(), "world.yaml")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := ReadWorld(path)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}
