package object

import (
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// deepest is how far values may nest, as in jsontext.
const deepest = 10000

// node is one JSON value. The nodes of a text stand in its order: behind an
// object its member names and values in turn, behind an array its elements.
type node struct {
	start, end int32
	next       int32 // the first node behind this value and all within it
	kind       jsontext.Kind
	escaped    bool // a string that has backslashes
}

// tree is an index of one JSON text: where every value stands. The rules look at
// a few bytes of most values, so the index is all they need: no Go values are
// made, and one pass over the bytes, by this scanner instead of jsontext's
// decoder, halves the cost of checking a Flex Message.
type tree struct {
	src     []byte
	nodes   []node
	scratch []byte
}

// parse indexes raw anew and reports whether it is one well-formed JSON value.
func (t *tree) parse(raw jsontext.Value) bool {
	t.src, t.nodes = raw, t.nodes[:0]
	end := t.value(t.blank(0), deepest)
	return end > 0 && t.blank(end) == len(raw)
}

// at is the byte at i, or 0 behind the end.
func (t *tree) at(i int) byte {
	if i < len(t.src) {
		return t.src[i]
	}
	return 0
}

// blank is the first position from i on that is no white space.
func (t *tree) blank(i int) int {
	for i < len(t.src) && (t.src[i] == ' ' || t.src[i] == '\n' || t.src[i] == '\t' || t.src[i] == '\r') {
		i++
	}
	return i
}

// value indexes the value that begins at i and gives the position behind it; like
// all that follow here, it gives 0 where the grammar is violated.
func (t *tree) value(i, depth int) int {
	kind, end := jsontext.Kind(t.at(i)), 0
	n := len(t.nodes)
	switch kind {
	case '"':
		end, escaped := t.quoted(i)
		t.nodes = append(t.nodes, node{int32(i), int32(end), int32(n + 1), '"', escaped})
		return end
	case '{', '[':
		t.nodes = append(t.nodes, node{start: int32(i), kind: kind})
		if kind == '{' {
			end = t.members(i, depth)
		} else {
			end = t.elements(i, depth)
		}
		t.nodes[n].end, t.nodes[n].next = int32(end), int32(len(t.nodes))
		return end
	case 't':
		end = t.literal(i, "true")
	case 'f':
		end = t.literal(i, "false")
	case 'n':
		end = t.literal(i, "null")
	default:
		kind, end = '0', t.number(i)
	}
	t.nodes = append(t.nodes, node{int32(i), int32(end), int32(n + 1), kind, false})
	return end
}

func (t *tree) members(i, depth int) int {
	i = t.blank(i + 1)
	if t.at(i) == '}' && depth > 0 {
		return i + 1
	}
	for depth > 0 && t.at(i) == '"' {
		if i = t.value(i, depth-1); i == 0 {
			return 0
		}
		if i = t.blank(i); t.at(i) != ':' {
			return 0
		}
		if i = t.value(t.blank(i+1), depth-1); i == 0 {
			return 0
		}
		switch i = t.blank(i); t.at(i) {
		case ',':
			i = t.blank(i + 1)
		case '}':
			return i + 1
		default:
			return 0
		}
	}
	return 0
}

func (t *tree) elements(i, depth int) int {
	i = t.blank(i + 1)
	if t.at(i) == ']' && depth > 0 {
		return i + 1
	}
	for depth > 0 {
		if i = t.value(i, depth-1); i == 0 {
			return 0
		}
		switch i = t.blank(i); t.at(i) {
		case ',':
			i = t.blank(i + 1)
		case ']':
			return i + 1
		default:
			return 0
		}
	}
	return 0
}

// plain are the bytes of a string that need no second look.
var plain = func() (set [256]bool) {
	for x := ' '; x < utf8.RuneSelf; x++ {
		set[x] = x != '"' && x != '\\'
	}
	return set
}()

// quoted gives the position behind the string at i, and whether it has escapes.
func (t *tree) quoted(start int) (end int, escaped bool) {
	src := t.src
	for i := start + 1; i < len(src); i++ {
		x := src[i]
		if plain[x] {
			continue
		}
		switch {
		case x == '"':
			if escaped && !t.unescapes(src[start:i+1]) {
				return 0, false
			}
			return i + 1, escaped
		case x == '\\':
			escaped = true
			i++
		case x < ' ':
			return 0, false
		default:
			r, size := utf8.DecodeRune(src[i:])
			if r == utf8.RuneError && size == 1 {
				return 0, false
			}
			i += size - 1
		}
	}
	return 0, false
}

// unescapes reports whether the escapes of a string are well-formed.
func (t *tree) unescapes(quoted []byte) bool {
	var err error
	t.scratch, err = jsontext.AppendUnquote(t.scratch[:0], quoted)
	return err == nil
}

func (t *tree) literal(i int, word string) int {
	if end := i + len(word); end <= len(t.src) && string(t.src[i:end]) == word {
		return end
	}
	return 0
}

func (t *tree) number(i int) int {
	if t.at(i) == '-' {
		i++
	}
	if t.at(i) == '0' {
		i++
	} else if i = t.digits(i); i == 0 {
		return 0
	}
	if t.at(i) == '.' {
		if i = t.digits(i + 1); i == 0 {
			return 0
		}
	}
	if t.at(i)|0x20 == 'e' {
		if i++; t.at(i) == '+' || t.at(i) == '-' {
			i++
		}
		return t.digits(i)
	}
	return i
}

func (t *tree) digits(i int) int {
	start := i
	for '0' <= t.at(i) && t.at(i) <= '9' {
		i++
	}
	if i == start {
		return 0
	}
	return i
}

// raw is the text of a value.
func (t *tree) raw(n int32) []byte { return t.src[t.nodes[n].start:t.nodes[n].end] }

// text is the content of a string value, unescaped; it is valid until the next
// call, since an escaped one is written into a buffer used again and again.
func (t *tree) text(n int32) []byte {
	v := &t.nodes[n]
	if !v.escaped {
		return t.src[v.start+1 : v.end-1]
	}
	t.scratch, _ = jsontext.AppendUnquote(t.scratch[:0], t.src[v.start:v.end])
	return t.scratch
}

// member is the value of the first member of an object with the name, or 0.
func (t *tree) member(object int32, name string) int32 {
	for n := object + 1; n < t.nodes[object].next; n = t.nodes[n+1].next {
		if string(t.text(n)) == name {
			return n + 1
		}
	}
	return 0
}

// size is the number of elements of an array.
func (t *tree) size(array int32) int {
	size := 0
	for n := array + 1; n < t.nodes[array].next; n = t.nodes[n].next {
		size++
	}
	return size
}
