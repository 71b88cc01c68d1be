package object

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

func TestTextV2(t *testing.T) {
	v2 := func(text, substitution string) string {
		return fmt.Sprintf(`{"type":"textV2","text":%q,"substitution":%s}`, text, substitution)
	}
	mention := `{"type":"mention","mentionee":{"type":"user","userId":"U1"}}`
	all := `{"type":"mention","mentionee":{"type":"all"}}`
	emoji := `{"type":"emoji","productId":"p","emojiId":"e"}`
	entries := func(n int, key string) string {
		var b []string
		for i := range n {
			b = append(b, fmt.Sprintf(`"%s%d":%s`, key, i, emoji))
		}
		return `{` + strings.Join(b, ",") + `}`
	}
	rows := []row{
		{"plain", `{"type":"textV2","text":"hi"}`, ""},
		{"all three", v2("{a} {b} {c}", `{"a":`+mention+`,"b":`+all+`,"c":`+emoji+`}`), ""},
		{"5000", v2(thumb(2500), `null`), ""},
		{"5001", v2(thumb(2500)+"a", `null`), "messages[0].text Length must be between 0 and 5000"},
		{"empty", v2("", `null`), "messages[0].text May not be empty"},
		{"escaped braces", v2("{{a}} }}{{ {{{a}}}", `{"a":`+emoji+`}`), ""},
		{"lone open", v2("a { b", `null`), "text '{' and '}' must be in pairs"},
		{"lone close", v2("a } b", `null`), "text '{' and '}' must be in pairs"},
		{"open at the end", v2("a {", `null`), "text '{' and '}' must be in pairs"},
		{"open in a placeholder", v2("{a{b}", `{"a":`+emoji+`}`), "text '{' and '}' must be in pairs"},
		{"nothing in braces", v2("{}", `null`), "text " + keyMismatch("")},
		{"no key in braces", v2("{!owe} {!owe}", `{"!owe":`+emoji+`}`), "messages[0].substitution.!owe Must have a key of 1 to 20 characters of 0-9, a-z, A-Z and _"},
		{"text in braces", v2("Owed by {!owe}, {the rest}", `null`), "text The key '!owe' enclosed in '{}' does not match the pattern '^[a-zA-Z0-9_]{1,20}$'.; text " + keyMismatch("the rest")},
		{"not defined", v2("{a} {b} {a}", `{"b":`+emoji+`}`), "text The key 'a' enclosed in '{}' is not in substitution."},
		{"defined but unused", v2("x", `{"a":`+emoji+`}`), ""},
		{"key 20", v2("x", `{"`+a(20)+`":`+emoji+`}`), ""},
		{"key 21", v2("x", `{"`+a(21)+`":`+emoji+`}`), "messages[0].substitution." + a(21) + " Must have a key of 1 to 20 characters of 0-9, a-z, A-Z and _"},
		{"key barred", v2("x", `{"a-b":`+emoji+`}`), "messages[0].substitution.a-b Must have a key of 1 to 20 characters of 0-9, a-z, A-Z and _"},
		{"100 entries", v2("x", entries(100, "k")), ""},
		{"101 entries", v2("x", entries(101, "k")), "messages[0].substitution Size must be between 0 and 100"},
		{"20 and 20", v2(strings.Repeat("{m}{e}", 20), `{"m":`+mention+`,"e":`+emoji+`}`), ""},
		{"21 mentions", v2(strings.Repeat("{m}", 21), `{"m":`+mention+`}`), "text must not have more than 20 mentions and 20 emojis"},
		{"21 emojis", v2(strings.Repeat("{e}", 21), `{"e":`+emoji+`}`), "text must not have more than 20 mentions and 20 emojis"},
		{"substitution an array", v2("x", `[]`), mistyped("messages[0].substitution")},
		{"entry a string", v2("x", `{"a":"b"}`), mistyped("messages[0].substitution.a")},
		{"entry of another type", v2("x", `{"a":{"type":"link"}}`), "messages[0].substitution.a.type Must be one of the following values: [mention, emoji]"},
		{"entry without type", v2("x", `{"a":{}}`), "messages[0].substitution.a.type May not be empty"},
		{"emoji without ids", v2("x", `{"a":{"type":"emoji"}}`), "messages[0].substitution.a.productId May not be empty; messages[0].substitution.a.emojiId May not be empty"},
		{"nobody mentioned", v2("x", `{"a":{"type":"mention"}}`), "messages[0].substitution.a.mentionee May not be empty"},
		{"mentionee a string", v2("x", `{"a":{"type":"mention","mentionee":"U1"}}`), mistyped("messages[0].substitution.a.mentionee")},
		{"mentionee of another type", v2("x", `{"a":{"type":"mention","mentionee":{"type":"bot"}}}`), "messages[0].substitution.a.mentionee.type Must be one of the following values: [user, all]"},
		{"user without id", v2("x", `{"a":{"type":"mention","mentionee":{"type":"user"}}}`), "messages[0].substitution.a.mentionee.userId May not be empty"},
	}
	check(t, Options{Kind: Push, Destination: ToGroup}, rows)
}

// TestTextV2Form: what is wrong with the placeholders of a text is told in the
// form of templates, of the first message only and behind what is wrong with the envelope.
func TestTextV2Form(t *testing.T) {
	const wrong = `{"type":"textV2","text":"{a b}"}`
	_, err := Validate([]jsontext.Value{jsontext.Value(hello), jsontext.Value(wrong), jsontext.Value(wrong)}, Options{})
	if want := "A message (messages[1])\u00a0in the request body is invalid: text " + keyMismatch("a b"); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if got := refused(Options{}, `{"type":"flex","altText":"a","contents":{"type":"bubble"}}`, wrong); got != "/ At least one block must be specified" {
		t.Error(got)
	}
	if got := refused(Options{}, wrong, `{"type":"text"}`); got != "messages[1].text May not be empty" {
		t.Error(got)
	}
}

func TestCounting(t *testing.T) {
	for _, c := range []struct {
		s              string
		utf16, cluster int
	}{
		{"", 0, 0}, {"abc", 3, 3}, {"👍", 2, 1}, {family(1), 11, 1}, {"猫a", 2, 2}, {"e\u0301", 2, 1}, {"a\r\nb", 4, 3},
	} {
		if UTF16Len(c.s) != c.utf16 || Graphemes(c.s) != c.cluster {
			t.Errorf("%q: %d code units and %d clusters, want %d and %d", c.s, UTF16Len(c.s), Graphemes(c.s), c.utf16, c.cluster)
		}
	}
}
