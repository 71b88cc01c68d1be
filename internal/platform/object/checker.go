package object

import (
	"math/bits"
	"strconv"
	"sync"
)

// mostProblems bounds the answer to a body made to violate as much as it can.
const mostProblems = 1000

// checker walks one messages array and gathers what is wrong with it.
type checker struct {
	tree
	opt      Options
	path     []byte    // where the walk is
	slash    bool      // whether steps of the path are written /a/0 instead of a[0]
	plain    bool      // whether the texts are those of the envelope
	mistyped string    // the path of the first value of a wrong JSON type
	longName bool      // whether a sender's name is too long
	body     []Problem // violations of the envelope and simple types
	content  []Problem // violations within the first offending template or flex
	offender int       // the index of that message
	animated int       // animated images of the message so far
}

// checkers spares the hot path the allocation of the buffers in a checker.
var checkers = sync.Pool{New: func() any { return new(checker) }}

func borrow(opt Options) *checker {
	c := checkers.Get().(*checker)
	c.opt = opt
	return c
}

// giveBack leaves nothing of the caller's in the pool, nor what an uncommonly
// large message needed.
func (c *checker) giveBack() {
	if cap(c.nodes) > 1<<14 {
		c.nodes, c.scratch = nil, nil
	}
	c.src, c.mistyped, c.longName, c.body, c.content = nil, "", false, nil, nil
	checkers.Put(c)
}

// refusal is what the violations found so far amount to, or nil.
func (c *checker) refusal() *Error {
	switch {
	case c.mistyped != "":
		return typeError(c.mistyped)
	case c.body != nil:
		return bodyError(c.body)
	case c.longName:
		return senderNameError()
	case c.content != nil:
		return messageError(c.offender, c.content)
	}
	return nil
}

// property is the path of a property of the object the walk is at; "" is the
// object itself.
func (c *checker) property(name string) string {
	depth := c.push(name)
	p := string(c.path)
	c.path = c.path[:depth]
	if p == "" {
		return "/"
	}
	return p
}

// push goes on to a property and gives what pop needs to come back.
func (c *checker) push(name string) int {
	depth := len(c.path)
	if name == "" {
		return depth
	}
	if c.slash {
		c.path = append(c.path, '/')
	} else if depth > 0 {
		c.path = append(c.path, '.')
	}
	c.path = append(c.path, name...)
	return depth
}

// pushIndex goes on to an element of an array.
func (c *checker) pushIndex(i int) int {
	depth := len(c.path)
	if c.slash {
		c.path = strconv.AppendInt(append(c.path, '/'), int64(i), 10)
	} else {
		c.path = append(strconv.AppendInt(append(c.path, '['), int64(i), 10), ']')
	}
	return depth
}

// add notes a violation by a property of the object the walk is at.
func (c *checker) add(name, message string) {
	problems := &c.content
	if c.plain {
		problems = &c.body
	}
	if len(*problems) < mostProblems {
		*problems = append(*problems, Problem{c.property(name), message})
	}
}

// wrongType notes a property of a JSON type that it cannot have.
func (c *checker) wrongType(name string) {
	if !c.plain {
		c.add(name, invalidProperty)
	} else if c.mistyped == "" {
		c.mistyped = c.property(name)
	}
}

// object checks an object against a shape and says where its properties stand.
func (c *checker) object(n int32, s *shape, at *slots) {
	there := uint32(0)
	for m := n + 1; m < c.nodes[n].next; m = c.nodes[m+1].next {
		if i := s.index(c.text(m)); i >= 0 && at[i] == 0 && c.nodes[m+1].kind != 'n' {
			at[i] = m + 1
			there |= 1 << i
		}
	}
	for left := there | s.needs; left != 0; left &= left - 1 {
		if i := bits.TrailingZeros32(left); at[i] != 0 {
			c.value(&s.rules[i], at[i])
		} else {
			c.missing(s.rules[i].name)
		}
	}
	if s.cross != crossNone {
		c.crossed(s, at)
	}
}

// missing notes a required property that is absent or null.
func (c *checker) missing(name string) {
	c.say(name, mayNotBeEmpty, mustBeSpecified)
}

// foreign notes a value that is none of the words allowed.
func (c *checker) foreign(name string, words []string) {
	if c.plain {
		c.add(name, oneOf(words))
	} else {
		c.add(name, invalidProperty)
	}
}

// clash notes a property that may not be there beside another one.
func (c *checker) clash(name string) { c.say(name, mustNotBeGiven, invalidProperty) }

// malformed notes a string that is not written as it must be.
func (c *checker) malformed(name string) { c.say(name, mustBeValid, invalidProperty) }

// say notes a violation in the words of the family the walk is in.
func (c *checker) say(name, plain, rendered string) {
	if c.plain {
		c.add(name, plain)
	} else {
		c.add(name, rendered)
	}
}

// textOf is the content of a property that is a string, or nothing.
func (c *checker) textOf(n int32) []byte {
	if n == 0 || c.nodes[n].kind != '"' {
		return nil
	}
	return c.text(n)
}

// filled reports whether a property is a string that is not empty.
func (c *checker) filled(n int32) bool { return len(c.textOf(n)) > 0 }

// stringOf is textOf for keeping.
func (c *checker) stringOf(n int32) string { return string(c.textOf(n)) }

// intOf is the whole number that a property is, or 0.
func (c *checker) intOf(n int32) int64 {
	v, _ := strconv.ParseFloat(string(c.raw(n)), 64)
	return int64(v)
}
