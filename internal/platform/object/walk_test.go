package object

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

const tappable = `{"type":"flex","altText":"a","quickReply":{"items":[{"type":"action","action":{"type":"location","label":"Here"}}]},
"contents":{"type":"carousel","contents":[{"type":"bubble","action":{"type":"uri","uri":"https://x.example/1"},
"hero":{"type":"video","url":"https://x.example/","previewUrl":"https://x.example/","altContent":{"type":"image","url":"https://x.example/","action":{"type":"message","text":"alt"}}},
"body":{"type":"box","layout":"vertical","action":{"type":"postback","data":"box"},"contents":[{"type":"text","text":"t","action":{"type":"clipboard","clipboardText":"c"}},
{"type":"button","action":{"type":"datetimepicker","label":"l","data":"d","mode":"date"}}]}}]}}`

func TestActionsOfAMessage(t *testing.T) {
	for _, c := range []struct {
		message string
		want    []string // pointer and type
	}{
		{hello, nil},
		{`{"type":"location","title":"t","address":"a","latitude":1,"longitude":1}`, nil},
		{`{`, nil},
		{tappable, []string{
			"/quickReply/items/0/action location",
			"/contents/contents/0/action uri",
			"/contents/contents/0/hero/altContent/action message",
			"/contents/contents/0/body/action postback",
			"/contents/contents/0/body/contents/0/action clipboard",
			"/contents/contents/0/body/contents/1/action datetimepicker",
		}},
		{template(`{"type":"carousel","columns":[{"text":"t","defaultAction":{"type":"uri","uri":"https://x.example/"},"actions":[` + yes + `,` + yes + `]}]}`), []string{
			"/template/columns/0/defaultAction uri",
			"/template/columns/0/actions/0 message",
			"/template/columns/0/actions/1 message",
		}},
		{template(`{"type":"image_carousel","columns":[{"imageUrl":"https://x.example/","action":` + yes + `}]}`), []string{"/template/columns/0/action message"}},
		{`{"type":"imagemap","actions":[{"type":"message","text":"t","area":{}},{"type":"other"}]}`, []string{"/actions/0 message"}},
		{`{"areas":[{"bounds":{},"action":{"type":"richmenuswitch","richMenuAliasId":"b","data":"d"}}]}`, []string{"/areas/0/action richmenuswitch"}},
		{`{"a/b~":{"action":{"type":"camera"}}}`, []string{"/a~1b~0/action camera"}},
	} {
		got := Actions(jsontext.Value(c.message))
		if len(got) != len(c.want) {
			t.Errorf("%s: got %d actions, want %d", c.message, len(got), len(c.want))
			continue
		}
		for i, a := range got {
			if a.Pointer+" "+a.Type != c.want[i] {
				t.Errorf("action %d: got %s %s, want %s", i, a.Pointer, a.Type, c.want[i])
			}
		}
	}
}

func TestActionAt(t *testing.T) {
	for _, c := range []struct{ action, want string }{
		{`{"type":"postback","data":"box"}`, "/contents/contents/0/body/action"},
		{` { "data" : "\u0062ox", "type":"postback" } `, "/contents/contents/0/body/action"},
		{`{"type":"postback","data":"bo"}`, ""},
		{`{"type":"postback","data":"box","displayText":null}`, ""},
		{`{"type":"postback"`, ""},
	} {
		got, found := ActionAt(jsontext.Value(tappable), jsontext.Value(c.action))
		if found != (c.want != "") || got.Pointer != c.want {
			t.Errorf("%s: got %q %v, want %q", c.action, got.Pointer, found, c.want)
		}
	}
}

func TestSameValue(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`{"a":1,"b":[true,null]}`, `{ "b":[true,null], "a":1.0 }`, true},
		{`"\u3042"`, `"あ"`, true},
		{`[1,2]`, `[2,1]`, false},
		{`{`, `{`, false},
	} {
		a, b := jsontext.Value(c.a), jsontext.Value(c.b)
		if got := SameValue(a, b); got != c.want {
			t.Errorf("%s and %s: got %v", c.a, c.b, got)
		}
		if string(a) != c.a || string(b) != c.b {
			t.Errorf("%s and %s became %s and %s", c.a, c.b, a, b)
		}
	}
}
