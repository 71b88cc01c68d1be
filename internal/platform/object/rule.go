package object

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// kind says what a property's value must be.
type kind uint8

const (
	kType      kind = iota // the type, by which the shape was found
	kString                // a string of at most max UTF-16 code units
	kSentence              // the same, and more than blanks
	kShown                 // a string of at most max grapheme clusters
	kPattern               // a string of at most max characters, all of them in chars
	kHTTPS                 // an https: URL of at most max code units
	kLink                  // a URI a tap may open, of at most max code units
	kEnum                  // one of words
	kColor                 // #RRGGBB or #RRGGBBAA
	kMeasure               // a number with one of units, or one of words
	kRatio                 // "w:h"
	kAngle                 // "Ndeg", 0 to less than 360
	kPercent               // "N%", 0 to 100
	kBool                  // true or false
	kInt                   // a whole number, at least min
	kNumber                // any number
	kAny                   // an object or array, as json says, that is checked elsewhere
	kObject                // an object of shape
	kArray                 // min to max objects of shape
	kAction                // an action object for holder
	kActions               // min to max of them
	kComponent             // one Flex component, of a type in words
)

// unit is a set of suffixes a measure may have.
type unit uint8

const (
	px unit = 1 << iota
	percent
	degree
	signed // may be negative
)

// rule is what one property must be. All that the rules of one kind differ in is
// data here, so a table of rules reads like the platform's own reference.
type rule struct {
	name     string
	kind     kind
	need     bool
	empty    bool // a needed string may be ""
	terse    bool // a string that is too long is just an invalid property
	digits   bool // a number will do for the string
	min, max int
	words    []string
	units    unit
	chars    string
	json     jsontext.Kind
	shape    *shape
	holder   Holder
}

// shape is the rules of one type of object, in the order of the reference, which
// is also the order in which violations are reported.
type shape struct {
	rules []rule
	names []string // of the rules
	needs uint32   // a bit for each rule of a property that must be there
	cross cross
}

// slots says where the properties of an object stand, by the index of their
// rule; 0 is a property that is absent or null.
type slots [32]int32

func shapeOf(rules ...rule) *shape {
	s := &shape{rules: rules}
	for i, r := range rules {
		s.names = append(s.names, r.name)
		if r.need {
			s.needs |= 1 << i
		}
	}
	return s
}

// index is the index of the rule for a property, or -1. For the two dozen names
// at most that a shape has, looking at each is faster than hashing.
func (s *shape) index(name []byte) int {
	for i, n := range s.names {
		if n == string(name) {
			return i
		}
	}
	return -1
}

// with adds a check of the properties against each other.
func (s *shape) with(c cross) *shape { s.cross = c; return s }

// at is where the named property stands, or 0.
func (s *shape) at(in *slots, name string) int32 { return in[slices.Index(s.names, name)] }

// What most rules are not.
func (r rule) required() rule    { r.need = true; return r }
func (r rule) blank() rule       { r.empty = true; return r }
func (r rule) bare() rule        { r.terse = true; return r }
func (r rule) orNumber() rule    { r.digits = true; return r }
func (r rule) upTo(max int) rule { r.max = max; return r }

func str(name string, max int) rule   { return rule{name: name, kind: kString, max: max} }
func shown(name string, max int) rule { return rule{name: name, kind: kShown, max: max} }
func https(name string) rule          { return rule{name: name, kind: kHTTPS, max: 2000} }
func link(name string) rule           { return rule{name: name, kind: kLink, max: 1000} }
func enum(name string, words ...string) rule {
	return rule{name: name, kind: kEnum, words: words}
}
func pattern(name string, max int, chars string) rule {
	return rule{name: name, kind: kPattern, max: max, chars: chars}
}
func between(name string, min, max int) rule {
	return rule{name: name, kind: kString, min: min, max: max}
}
func whole(name string, min int) rule   { return rule{name: name, kind: kInt, min: min} }
func number(name string) rule           { return rule{name: name, kind: kNumber} }
func boolean(name string) rule          { return rule{name: name, kind: kBool} }
func color(name string) rule            { return rule{name: name, kind: kColor} }
func ratio(name string) rule            { return rule{name: name, kind: kRatio} }
func inner(name string, s *shape) rule  { return rule{name: name, kind: kObject, shape: s} }
func action(name string, h Holder) rule { return rule{name: name, kind: kAction, holder: h} }
func special(name string, k kind) rule  { return rule{name: name, kind: k} }
func sentence(name string, max int) rule {
	return rule{name: name, kind: kSentence, max: max}
}
func object(name string) rule { return rule{name: name, kind: kAny, json: '{'} }
func array(name string) rule  { return rule{name: name, kind: kAny, json: '['} }
func component(name string, types []string) rule {
	return rule{name: name, kind: kComponent, words: types}
}
func list(name string, min, max int, s *shape) rule {
	return rule{name: name, kind: kArray, min: min, max: max, shape: s}
}
func measure(name string, units unit, words []string) rule {
	return rule{name: name, kind: kMeasure, units: units, words: words}
}
func actions(name string, min, max int, h Holder) rule {
	return rule{name: name, kind: kActions, min: min, max: max, holder: h}
}
