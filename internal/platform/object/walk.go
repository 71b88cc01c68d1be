package object

import (
	"bytes"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Action is one action object of a message (or of a rich menu).
type Action struct {
	Pointer string         // RFC 6901, from the message: "/template/actions/0"
	Type    string         // its "type"
	Raw     jsontext.Value // the action's bytes, as they stand in the message
}

// actionTypes are the types of action objects. An object of one of them may also
// be a message or a component ("location", "message"), so where it stands counts
// too: under one of actionKeys.
var actionTypes = map[string]bool{"postback": true, "message": true, "uri": true,
	"datetimepicker": true, "camera": true, "cameraRoll": true, "location": true,
	"richmenuswitch": true, "clipboard": true}

// Actions gives every action object of a message in the order of its text: quick
// reply, template, Flex and imagemap actions alike. The message need not be
// valid; of something that is no JSON there are none.
func Actions(raw jsontext.Value) []Action {
	var t tree
	if !t.parse(raw) {
		return nil
	}
	w := walker{tree: &t}
	w.walk(0, false)
	return w.found
}

// ActionAt gives the action of the message that equals the given one as a JSON
// value: members in any order, numbers and strings however spelled.
func ActionAt(message, action jsontext.Value) (Action, bool) {
	for _, a := range Actions(message) {
		if SameValue(a.Raw, action) {
			return a, true
		}
	}
	return Action{}, false
}

// SameValue reports whether two JSON texts are the same value.
func SameValue(a, b jsontext.Value) bool {
	a, b = a.Clone(), b.Clone()
	return a.Canonicalize() == nil && b.Canonicalize() == nil && bytes.Equal(a, b)
}

type walker struct {
	*tree
	path  []byte
	found []Action
}

// walk visits a value; action says whether it stands where an action does.
func (w *walker) walk(n int32, action bool) {
	depth := len(w.path)
	switch w.nodes[n].kind {
	case '{':
		if t := w.member(n, "type"); action && t != 0 && w.nodes[t].kind == '"' && actionTypes[string(w.text(t))] {
			w.found = append(w.found, Action{string(w.path), string(w.text(t)), w.raw(n)})
			return
		}
		for m := n + 1; m < w.nodes[n].next; m = w.nodes[m+1].next {
			name := jsontext.Pointer("").AppendToken(string(w.text(m)))
			w.path = append(w.path[:depth], name...)
			w.walk(m+1, name == "/action" || name == "/defaultAction" || name == "/actions")
		}
	case '[':
		for m, i := n+1, 0; m < w.nodes[n].next; m, i = w.nodes[m].next, i+1 {
			w.path = strconv.AppendInt(append(w.path[:depth], '/'), int64(i), 10)
			w.walk(m, action)
		}
	}
	w.path = w.path[:depth]
}
