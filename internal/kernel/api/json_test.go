package api_test

import (
	stdjson "encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
)

// nested is an array in an array and so on, so deep.
func nested(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }

func TestDecode(t *testing.T) {
	for name, c := range map[string]struct {
		text         string
		property     string
		line, column int // 0: accepted
	}{
		"empty object":            {`{}`, "", 0, 0},
		"blanks around":           {" \r\n\t{} \n", "", 0, 0},
		"all members":             {`{"text":"a","n":1,"list":[{"to":"x"}],"extra":[1.5e3,true,null,{}]}`, "", 0, 0},
		"unknown members":         {`{"other":{"deep":[1]},"text":"a"}`, "", 0, 0},
		"null is absent":          {`{"text":null,"n":null,"list":null}`, "", 0, 0},
		"names have a case":       {`{"TEXT":5}`, "", 0, 0},
		"escapes":                 {`{"text":"\u00e9\n\ud83d\ude00\/\""}`, "", 0, 0},
		"deep enough":             {`{"extra":` + nested(63) + `}`, "", 0, 0},
		"brackets in a string":    {`{"text":"` + strings.Repeat(`[{\"\\`, 100) + `"}`, "", 0, 0},
		"depth 64":                {`{"other":` + nested(63) + `}`, "", 0, 0},
		"depth 65":                {`{"other":` + nested(64) + `}`, "", 1, 73},
		"depth 65 in lines":       {"{\"other\":\n" + nested(64) + "}", "", 2, 64},
		"unclosed and very deep":  {strings.Repeat(`{"a":`, 10_000), "", 1, 321},
		"nothing":                 {``, "", 1, 1},
		"blanks only":             {"  \n ", "", 2, 2},
		"cut off":                 {`{"text":"a`, "", 1, 11},
		"duplicate names":         {`{"text":"a","text":"b"}`, "", 1, 19},
		"duplicate names, later":  {"{\"text\":\"a\",\n \"n\":1,\n  \"text\":\"b\"}", "", 3, 9},
		"duplicates, escaped":     {`{"text":"a","te\u0078t":"b"}`, "", 1, 24},
		"duplicates, unknown":     {`{"other":1,"other":2}`, "", 1, 19},
		"duplicates, deep":        {`{"extra":{"a":[{"b":1,"b":2}]}}`, "extra.a[0]", 1, 26},
		"duplicates, unread":      {`{"other":{"a":[{"b":1,"b":2}]}}`, "other.a[0]", 1, 26},
		"a line break in a list":  {"{\"list\":[{\"to\":\"x\"},\n{\"to\":\"a\nb\"}]}", "list[1]", 2, 9},
		"cut off in a list":       {`{"list":[{"to":"x"`, "list[0]", 1, 19},
		"broken behind a list":    {`{"list":[{"to":"x"}],}`, "", 1, 21},
		"invalid UTF-8":           {"{\"text\":\"a\xffb\"}", "", 1, 11},
		"invalid UTF-8, unread":   {"{\"other\":\"\xc3\x28\"}", "", 1, 11},
		"invalid UTF-8 in a name": {"{\"\xed\xa0\x80\":1}", "", 1, 3},
		"half of a surrogate":     {`{"text":"\ud83d"}`, "", 1, 10},
		"wrong way round":         {`{"text":"\ude00\ud83d"}`, "", 1, 10},
		"half, unread":            {`{"other":"a\ud83d b"}`, "", 1, 12},
		"control character":       {"{\"text\":\"a\nb\"}", "", 1, 11},
		"trailing data":           {`{} {}`, "", 1, 4},
		"trailing comma":          {`{"n":1,}`, "", 1, 7},
		"comment":                 {`{/* no */}`, "", 1, 2},
		"byte order mark":         {"\ufeff{}", "", 1, 1},
		"not a number":            {`{"n":NaN}`, "", 1, 6},
		"leading zero":            {`{"n":01}`, "", 1, 7},
		"wrong type":              {"{\"n\":1,\n\"text\":5}", "text", 2, 8},
		"wrong type in a list":    {`{"list":[{"to":"a"},{"to":[]}]}`, "list[1].to", 1, 27},
		"object for a list":       {`{"list":{}}`, "list", 1, 9},
		"no whole number":         {`{"n":1.5}`, "n", 1, 6},
		"too large a number":      {`{"n":92233720368547758070}`, "n", 1, 6},
		"string for a number":     {`{"n":"1"}`, "n", 1, 6},
		"list for an object":      {`[]`, "", 1, 1},
		"string for an object":    {`"text"`, "", 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var in note
			err := api.Decode([]byte(c.text), &in)
			if c.line == 0 {
				if err != nil {
					t.Fatalf("refused: %v", err)
				}
				return
			}
			var bad *api.BadJSON
			if !errors.As(err, &bad) {
				t.Fatalf("error %v, value %+v", err, in)
			}
			if bad.Property != c.property || bad.Line != c.line || bad.Column != c.column {
				t.Errorf("%q at line %d, column %d; want %q at %d, %d (%v)", bad.Property, bad.Line, bad.Column, c.property, c.line, c.column, err)
			}
		})
	}
}

// TestDecodeNamesDuplicates by the two examples of the platform's news of
// December 6, 2022: what is there twice, in what, and where its second name ends.
func TestDecodeNamesDuplicates(t *testing.T) {
	const first = "{\n  \"to\": \"U1\",\n  \"to\": \"U1\",\n  \"messages\": []\n}"
	const second = "{\n  \"to\": \"U1\",\n  \"list\": [\n    {\n      \"type\": \"text\",\n      \"text\": \"a\"\n    },\n    {\n      \"type\": \"text\",\n" +
		"\n      \"type\": \"text\"\n    }\n  ]\n}"
	for text, want := range map[string]api.BadJSON{
		first:                 {Duplicate: "to", Line: 3, Column: 7},
		second:                {Duplicate: "type", Property: "list[1]", Line: 11, Column: 13},
		`{"a\"b":1,"a\"b":2}`: {Duplicate: `a"b`, Line: 1, Column: 17},
	} {
		var bad *api.BadJSON
		if err := api.Decode([]byte(text), new(struct{})); !errors.As(err, &bad) {
			t.Fatal(err)
		}
		if bad.Cause = nil; *bad != want {
			t.Errorf("%+v, want %+v", *bad, want)
		}
	}
}

func TestDecodeReadsValues(t *testing.T) {
	var in note
	if err := api.Decode([]byte(`{"text":"\ud83d\ude00é","n":-7,"list":[{"to":"x"},{"to":"y"}]}`), &in); err != nil {
		t.Fatal(err)
	}
	if in.Text != "😀é" || in.N != -7 || len(in.List) != 2 || in.List[1].To != "y" {
		t.Errorf("%+v", in)
	}
}

func TestPropertyPath(t *testing.T) {
	for pointer, want := range map[string]string{"": "", "/to": "to", "/messages/0/text": "messages[0].text", "/0": "[0]",
		"/a/0/1/b": "a[0][1].b", "/a~1b/c~0d": "a/b.c~d"} {
		if got := api.PropertyPath(pointer); got != want {
			t.Errorf("%q becomes %q, want %q", pointer, got, want)
		}
	}
}

func TestEncode(t *testing.T) {
	b, err := api.Encode(note{Text: "<é\u2028>&", List: nil})
	if want := "{\"text\":\"<é\u2028>&\"}"; string(b) != want || err != nil {
		t.Errorf("%s, %v; want %s", b, err, want)
	}
	if _, err := api.Encode(note{Text: "\xff"}); err == nil {
		t.Error("invalid UTF-8 was written")
	}
}

// FuzzDecode: what is accepted is strict JSON and survives a round trip; what
// is refused is refused with a place inside of the text.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{}`, `{"text":"a","n":1,"list":[{"to":"x"}],"extra":{"a":[null]}}`, `{"a":1,"a":2}`, "{\"text\":\"\xff\"}",
		`{"text":"\ud800"}`, `{"extra":` + nested(64) + `}`, `{} {}`, `[`, `{"n":1e400}`, "\n\n{\"n\":\n\"x\"}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var in note
		err := api.Decode(text, &in)
		if err != nil {
			var bad *api.BadJSON
			if !errors.As(err, &bad) {
				t.Fatalf("%T: %v", err, err)
			}
			lines := strings.Split(string(text), "\n")
			if bad.Line < 1 || bad.Line > len(lines) || bad.Column < 1 || bad.Column > len(lines[bad.Line-1])+1 {
				t.Fatalf("line %d, column %d is not in %q", bad.Line, bad.Column, text)
			}
			return
		}
		if !utf8.Valid(text) || !stdjson.Valid(text) || !jsontext.Value(text).IsValid() {
			t.Fatalf("%q was accepted", text)
		}
		if deepest(text) > 64 {
			t.Fatalf("%q is too deep", text)
		}
		again, err := api.Encode(in)
		if err != nil {
			t.Fatalf("%+v: %v", in, err)
		}
		var back note
		if err := api.Decode(again, &back); err != nil || !reflect.DeepEqual(in, back) {
			t.Fatalf("%+v became %s, then %+v, %v", in, again, back, err)
		}
	})
}

// deepest measures nesting with a reader of its own.
func deepest(text []byte) (most int) {
	d := stdjson.NewDecoder(strings.NewReader(string(text)))
	for depth := 0; ; {
		token, err := d.Token()
		if err != nil {
			return most
		}
		switch token {
		case stdjson.Delim('{'), stdjson.Delim('['):
			depth++
			most = max(most, depth)
		case stdjson.Delim('}'), stdjson.Delim(']'):
			depth--
		}
	}
}
