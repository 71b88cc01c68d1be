package ui

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// node is an element of a page.
type node struct {
	name  string
	attrs map[string]string
	kids  []*node
	text  string // of a text node, which has no name
}

// parse reads HTML as browsers do, as far as our own pages need it: the
// standard library's XML reader knows how, when it is told to be lenient.
func parse(t testing.TB, html string) *node {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(html))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	root := &node{}
	open := []*node{root}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root
		}
		if err != nil {
			t.Fatalf("the page cannot be read: %v", err)
		}
		parent := open[len(open)-1]
		switch x := token.(type) {
		case xml.StartElement:
			n := &node{name: x.Name.Local, attrs: map[string]string{}}
			for _, a := range x.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			parent.kids = append(parent.kids, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			parent.kids = append(parent.kids, &node{text: string(x)})
		}
	}
}

// all finds the elements that a selector of the forms tag, .class, #id, [attr],
// [attr=value] and their combinations (tag.class[attr]) describes. A space
// looks inside of what was found.
func (n *node) all(selector string) []*node {
	found := []*node{n}
	for part := range strings.FieldsSeq(selector) {
		var next []*node
		for _, f := range found {
			for _, kid := range f.kids {
				kid.walk(func(x *node) {
					if x.matches(part) {
						next = append(next, x)
					}
				})
			}
		}
		found = next
	}
	return found
}

// one finds the only element that a selector describes, nil if there is not
// exactly one.
func (n *node) one(selector string) *node {
	if found := n.all(selector); len(found) == 1 {
		return found[0]
	}
	return nil
}

func (n *node) walk(visit func(*node)) {
	if n.name != "" {
		visit(n)
	}
	for _, kid := range n.kids {
		kid.walk(visit)
	}
}

func (n *node) matches(part string) bool {
	for part != "" {
		end := strings.IndexAny(part[1:], ".#[") + 1
		if end == 0 {
			end = len(part)
		}
		one := part[:end]
		part = part[end:]
		switch one[0] {
		case '.':
			if !strings.Contains(" "+n.attrs["class"]+" ", " "+one[1:]+" ") {
				return false
			}
		case '#':
			if n.attrs["id"] != one[1:] {
				return false
			}
		case '[':
			name, value, valued := strings.Cut(strings.Trim(one, "[]"), "=")
			got, has := n.attrs[name]
			if !has || valued && got != value {
				return false
			}
		default:
			if n.name != one {
				return false
			}
		}
	}
	return true
}

// words is the text inside, with single spaces.
func (n *node) words() string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	var collect func(*node)
	collect = func(x *node) {
		b.WriteString(x.text)
		b.WriteByte(' ')
		for _, kid := range x.kids {
			collect(kid)
		}
	}
	collect(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// attr is an attribute, "" of no element.
func (n *node) attr(name string) string {
	if n == nil {
		return ""
	}
	return n.attrs[name]
}
