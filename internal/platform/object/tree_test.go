package object

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// The scanner must agree with jsontext about what JSON is.
func agrees(t *testing.T, raw []byte) {
	t.Helper()
	var own tree
	// The number of names may differ only in that duplicates are left to the caller.
	want := jsontext.Value(raw).IsValid(jsontext.AllowDuplicateNames(true))
	if got := own.parse(raw); got != want {
		t.Errorf("%.200q: got %v, jsontext says %v", raw, got, want)
	}
}

var grammar = []string{
	``, ` `, `{}`, `[]`, ` [ ] `, `{"a":1}`, `{"a" : [1 , {"b":"c"}] }`, `[1,2,]`, `{"a":1,}`, `{,}`, `[,1]`, `{"a"}`, `{"a":}`, `{1:2}`, `{"a":1 "b":2}`, `[1 2]`,
	`[`, `{`, `[1`, `{"a":1`, `]`, `}`, `{]`, `[}`, `[]]`, `{} {}`, `true`, `false`, `null`, `tru`, `truex`, `nul`, `True`,
	`0`, `-0`, `1`, `-1`, `01`, `-`, `+1`, `1.`, `.1`, `1.5`, `1.5.5`, `1e5`, `1E+5`, `1e-5`, `1e`, `1e+`, `0x1`, `Infinity`, `1a`,
	`""`, `"a"`, `"a`, `"`, `"\n"`, `"\x"`, `"\`, `"\"`, `"\\"`, `"\u12"`, `"\u1234"`, `"\ud83d\ude00"`, `"\ud83d"`, `"\ud83dx"`, "\"\n\"", "\"\x7f\"", "\"\xff\"", "\"\xe3\x81\"", `"あ😀"`,
	"\ufeff{}", "{\"\xff\":1}", `{"\ud83d":1}`, "\v1", `/**/1`, `'a'`,
}

func TestGrammar(t *testing.T) {
	for _, s := range grammar {
		agrees(t, []byte(s))
	}
	for _, n := range []int{9999, 10000, 10001} {
		agrees(t, []byte(strings.Repeat("[", n)+strings.Repeat("]", n)))
	}
}

func FuzzGrammar(f *testing.F) {
	for _, s := range grammar {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) { agrees(t, raw) })
}

// Whatever comes in, nothing panics; what is accepted is accepted again, is JSON
// and is kept byte for byte; what is refused says why.
func FuzzValidate(f *testing.F) {
	for _, s := range []string{hello, tappable, string(receipt()), template(`{"type":"confirm","text":"a","actions":[` + yes + `,` + yes + `]}`),
		`{"type":"textV2","text":"{a}{{","substitution":{"a":{"type":"mention","mentionee":{"type":"all"}}}}`,
		`{"type":"text","text":"$","emojis":[{"index":0,"productId":"p","emojiId":"e"}]}`,
		`{"type":"imagemap","baseUrl":"https://x.example/i","altText":"map","baseSize":{"width":1040,"height":585},"actions":[]}`,
		`{"type":"sticker","packageId":"446","stickerId":"1988","quickReply":{"items":[{"type":"action","action":{"type":"camera","label":"C"}}]}}`} {
		f.Add([]byte(s), uint8(0), uint8(0))
	}
	f.Fuzz(func(t *testing.T, raw []byte, kind, destination uint8) {
		opt := Options{Kind(kind % 5), Destination(destination % 4)}
		got, err := Validate([]jsontext.Value{raw}, opt)
		Actions(raw)
		ValidateAction(raw, Holder(kind%uint8(len(holders))), "a")
		if err != nil {
			if err.Message == "" || got != nil {
				t.Fatalf("refused without a word: %v %v", got, err)
			}
			return
		}
		if string(got[0].Raw) != string(raw) || !got[0].Raw.IsValid(jsontext.AllowDuplicateNames(true)) {
			t.Fatalf("kept %q", got[0].Raw)
		}
		if _, err := Validate([]jsontext.Value{got[0].Raw}, opt); err != nil {
			t.Fatalf("accepted once only: %v", err)
		}
	})
}
