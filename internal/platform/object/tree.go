package object

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// node is one JSON value. The nodes of a text stand in its order: behind an
// object its member names and values in turn, behind an array its elements.
type node struct {
	kind       jsontext.Kind
	start, end int32
	next       int32 // the first node behind this value and all within it
}

// tree is an index of one JSON text: where every value stands. It spares the
// rules a decoding into Go values, of which they look at a few bytes each.
type tree struct {
	src     []byte
	nodes   []node
	scratch []byte
}

// parse indexes raw anew and reports whether it is one well-formed JSON value.
func (t *tree) parse(raw jsontext.Value) bool {
	t.src, t.nodes = raw, t.nodes[:0]
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true))
	if !t.value(dec) {
		return false
	}
	return dec.PeekKind() == 0 && dec.InputOffset() == int64(len(bytes.TrimRight(raw, " \t\r\n")))
}

func (t *tree) value(dec *jsontext.Decoder) bool {
	kind, at := dec.PeekKind(), len(t.nodes)
	switch kind {
	case '{', '[':
		if _, err := dec.ReadToken(); err != nil {
			return false
		}
		t.nodes = append(t.nodes, node{kind: kind, start: int32(dec.InputOffset()) - 1})
		for k := dec.PeekKind(); k != '}' && k != ']'; k = dec.PeekKind() {
			if !t.value(dec) {
				return false
			}
		}
		if _, err := dec.ReadToken(); err != nil {
			return false
		}
		t.nodes[at].end = int32(dec.InputOffset())
	default:
		v, err := dec.ReadValue()
		if err != nil {
			return false
		}
		end := int32(dec.InputOffset())
		t.nodes = append(t.nodes, node{kind: kind, start: end - int32(len(v)), end: end})
	}
	t.nodes[at].next = int32(len(t.nodes))
	return true
}

// raw is the text of a value.
func (t *tree) raw(n int32) []byte { return t.src[t.nodes[n].start:t.nodes[n].end] }

// text is the content of a string value, unescaped; it is valid until the next
// call, since an escaped one is written into a buffer used again and again.
func (t *tree) text(n int32) []byte {
	raw := t.raw(n)
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	t.scratch, _ = jsontext.AppendUnquote(t.scratch[:0], raw)
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
