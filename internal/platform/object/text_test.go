package object

import (
	"fmt"
	"strings"
	"testing"
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
		{"lone open", v2("a { b", `null`), "messages[0].text Must have '{' and '}' in pairs"},
		{"lone close", v2("a } b", `null`), "messages[0].text Must have '{' and '}' in pairs"},
		{"open at the end", v2("a {", `null`), "messages[0].text Must have '{' and '}' in pairs"},
		{"open in a placeholder", v2("{a{b}", `{"a":`+emoji+`}`), "messages[0].text Must have '{' and '}' in pairs"},
		{"nothing in braces", v2("{}", `null`), "messages[0].text Must have '{' and '}' in pairs"},
		{"not defined", v2("{a} {b} {a}", `{"b":`+emoji+`}`), "messages[0].substitution.a May not be empty"},
		{"defined but unused", v2("x", `{"a":`+emoji+`}`), ""},
		{"key 20", v2("x", `{"`+a(20)+`":`+emoji+`}`), ""},
		{"key 21", v2("x", `{"`+a(21)+`":`+emoji+`}`), "messages[0].substitution." + a(21) + " Must have a key of 1 to 20 characters of 0-9, a-z, A-Z and _"},
		{"key barred", v2("x", `{"a-b":`+emoji+`}`), "messages[0].substitution.a-b Must have a key of 1 to 20 characters of 0-9, a-z, A-Z and _"},
		{"100 entries", v2("x", entries(100, "k")), ""},
		{"101 entries", v2("x", entries(101, "k")), "messages[0].substitution Size must be between 0 and 100"},
		{"20 and 20", v2(strings.Repeat("{m}{e}", 20), `{"m":`+mention+`,"e":`+emoji+`}`), ""},
		{"21 mentions", v2(strings.Repeat("{m}", 21), `{"m":`+mention+`}`), "messages[0].text Must have at most 20 mentions and 20 emojis"},
		{"21 emojis", v2(strings.Repeat("{e}", 21), `{"e":`+emoji+`}`), "messages[0].text Must have at most 20 mentions and 20 emojis"},
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
