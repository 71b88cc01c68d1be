package object

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	menuBounds = `"bounds":{"x":0,"y":0,"width":2500,"height":1686}`
	menuArea   = `{` + menuBounds + `,"action":{"type":"postback","data":"d"}}`
	menuObject = `{"size":{"width":2500,"height":1686},"selected":false,"name":"Nice","chatBarText":"Tap","areas":[` + menuArea + `]}`
)

// menuRefusal is what a rich menu is refused with: "path text; path text".
func menuRefusal(t *testing.T, raw string) string {
	t.Helper()
	_, err := ValidateRichMenu(jsontext.Value(raw))
	if err == nil {
		return ""
	}
	return strings.TrimPrefix(err.Error(), bodyError(err.Details).Message+": ")
}

func TestValidateRichMenu(t *testing.T) {
	with := func(old, is string) string {
		if strings.Count(menuObject, old) != 1 {
			t.Fatalf("%q is not there once", old)
		}
		return strings.Replace(menuObject, old, is, 1)
	}
	acts := func(action string) string { return with(`{"type":"postback","data":"d"}`, action) }
	size := func(width, height string) string {
		return with(`"size":{"width":2500,"height":1686}`, `"size":{"width":`+width+`,"height":`+height+`}`)
	}
	for _, r := range []row{
		{"the documentation's example", menuObject, ""},
		{"no name", with(`"name":"Nice",`, ``), "name must be specified"},
		{"a null name", with(`"Nice"`, `null`), "name must be specified"},
		{"an empty name", with(`"Nice"`, `""`), "name must be non-empty text"},
		{"all missing", `{}`, "size must be specified; selected must be specified; name must be specified; chatBarText must be specified; areas must be specified"},
		{"a name at its limit", with(`Nice`, family(300)), ""},
		{"a name too long", with(`Nice`, family(301)), "name must not be longer than 300 characters"},
		{"a chat bar text at its limit", with(`Tap`, family(14)), ""},
		{"a chat bar text too long", with(`Tap`, thumb(15)), "chatBarText must not be longer than 14 characters"},
		{"selected is a text", with(`false`, `"false"`), "selected invalid property"},
		{"no areas", with(menuArea, ``), ""},
		{"20 areas", with(menuArea, times(20, menuArea)), ""},
		{"21 areas", with(menuArea, times(21, menuArea)), "areas must not be more than 20 items"},
		{"an area that is a number", with(menuArea, `1`), "areas[0] invalid property"},
		{"an area without anything", with(menuArea, `{}`), "areas[0].bounds must be specified; areas[0].action must be specified"},
		{"bounds beyond the menu", with(menuBounds, `"bounds":{"x":1667,"y":844,"width":834,"height":843}`), ""},
		{"bounds to the left", with(menuBounds, `"bounds":{"x":-1,"y":0,"width":1,"height":1}`), "areas[0].bounds.x invalid property"},
		{"bounds of no width", with(menuBounds, `"bounds":{"x":0,"y":0,"width":0,"height":1}`), "areas[0].bounds.width invalid property"},
		{"bounds beyond all", with(menuBounds, `"bounds":{"x":0,"y":2147483648,"width":1,"height":1}`), "areas[0].bounds.y invalid property"},
		{"half a pixel", with(menuBounds, `"bounds":{"x":0.5,"y":0,"width":1,"height":1}`), "areas[0].bounds.x invalid property"},
		{"the smallest size", size("800", "250"), ""},
		{"too narrow", size("799", "250"), "size.width invalid property"},
		{"too wide", size("2501", "1686"), "size.width invalid property"},
		{"too low", size("800", "249"), "size.height invalid property"},
		{"as high as may be", size("2500", "1724"), ""},
		{"too high for its width", size("2500", "1725"), "size invalid property"},
		{"a wrong scheme", acts(`{"type":"uri","uri":"ftp://example.com"}`), "areas[0].action.uri invalid uri"},
		{"no URI", acts(`{"type":"uri","uri":"example"}`), "areas[0].action.uri invalid uri"},
		{"an unknown action", acts(`{"type":"shop"}`), "areas[0].action.type invalid property"},
		{"an empty label", acts(`{"type":"message","label":"","text":"t"}`), ""},
		{"a label too long", acts(`{"type":"message","label":"` + a(21) + `","text":"t"}`), "areas[0].action.label must not be longer than 20 characters"},
		{"a switch", acts(`{"type":"richmenuswitch","richMenuAliasId":"b","data":"to b"}`), ""},
		{"a switch without data", acts(`{"type":"richmenuswitch","richMenuAliasId":"b"}`), "areas[0].action.data must be specified"},
		{"a camera, as the platform takes it", acts(`{"type":"camera","label":"Snap"}`), ""},
		{"no object", `[]`, " invalid property"},
	} {
		t.Run(r.name, func(t *testing.T) {
			if got := menuRefusal(t, r.message); got != r.want {
				t.Errorf("%.300s\n got %q\nwant %q", r.message, got, r.want)
			}
		})
	}
}

// What is accepted says all that it said, and nothing of white space.
func TestRichMenuIsRead(t *testing.T) {
	got, err := ValidateRichMenu(jsontext.Value(`{"areas":[{"action":{ "type":"uri", "l\u0061bel":"", "uri":"https://a.example", "data":"of another type", "more":{"a":[1]},
			"altUri": {"desktop": "https://b.example", "phone":1} },"bounds":{"height":4e2,"width":3,"y":2,"x":1}}],
		"chatBarText":"Tap","name":"N\u0061me","selected":true,"size":{"height":250,"width":800},"more":1}`))
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "Name" || got.ChatBarText != "Tap" || !got.Selected || got.Width != 800 || got.Height != 250 || len(got.Areas) != 1 {
		t.Errorf("%+v", got)
	}
	if a := got.Areas[0]; a.Bounds != (Bounds{1, 2, 3, 400}) || string(a.Action) != `{"type":"uri","l\u0061bel":"","uri":"https://a.example","altUri":{"desktop":"https://b.example"}}` {
		t.Errorf("%+v %s", a.Bounds, a.Action)
	}
}

func TestMenuFits(t *testing.T) {
	for _, c := range []struct {
		width, height int64
		want          bool
	}{{2500, 1686, true}, {2500, 843, true}, {1200, 405, true}, {800, 250, true}, {800, 551, true}, {800, 552, false}, {799, 250, false}, {2501, 843, false}, {800, 249, false}} {
		if got := MenuFits(c.width, c.height); got != c.want {
			t.Errorf("%d x %d: %t", c.width, c.height, got)
		}
	}
}
