package stage

import "testing"

func TestLike(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{`{}`, `{}`, true},
		{`{}`, `{} `, false},
		{``, ``, true},
		{``, `a`, false},
		{`{"id":"*"}`, `{"id":"1"}`, true},
		{`{"id":"*"}`, `{"id":""}`, true},
		{`{"id":"*"}`, `{"id":"1","b":"2"}`, false},
		{`{"id":"*"}`, `{"id":1}`, false},
		{`["*","*"]`, `["a","b"]`, true},
		{`["*","*"]`, `["a"]`, false},
		{`["*","*"]`, `["a","b","c"]`, false},
		{`"at 09:00:*Z"`, `"at 09:00:01.5Z"`, true},
		{`"at 09:00:*Z"`, `"at 09:01:01.5Z"`, false},
		{`a*`, `ab`, true},
		{`a*`, `a"`, false},
	} {
		if got := Like(c.pattern, c.text); got != c.want {
			t.Errorf("%s like %s: %t", c.text, c.pattern, got)
		}
	}
}

func TestBooksTellTheDifference(t *testing.T) {
	before := books{"messages": 1, "chats": 2, "#usage": 3, "#gone": 1}
	after := books{"messages": 3, "chats": 2, "#usage": 1, "sends": 1}
	if got, want := after.since(before), "#gone-1 #usage-2 messages+2 sends+1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
