package object

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"
)

// value checks one property that is there. An empty string that is not needed
// counts as absent, since SDKs send their zero values.
func (c *checker) value(r *rule, n int32) {
	switch k := c.nodes[n].kind; r.kind {
	case kType:
	case kBool:
		if k != 't' && k != 'f' {
			c.wrongType(r.name)
		}
	case kInt:
		c.whole(r, n)
	case kNumber:
		if k != '0' {
			c.wrongType(r.name)
		}
	case kObject:
		c.inner(r, n)
	case kArray, kActions:
		c.list(r, n)
	case kAny:
		if k != r.json {
			c.wrongType(r.name)
		}
	case kAction:
		c.action(r.name, n, r.holder)
	case kComponent:
		depth := c.push(r.name)
		c.component(n, r.words)
		c.path = c.path[:depth]
	default:
		if k == '0' && r.digits {
			return
		} else if k != '"' {
			c.wrongType(r.name)
		} else if s := c.text(n); len(s) > 0 {
			c.words(r, s)
		} else if r.need && !r.empty {
			c.say(r.name, mayNotBeEmpty, mustBeNonEmpty)
		}
	}
}

// words checks a string that is not empty.
func (c *checker) words(r *rule, s []byte) {
	if r.max > 0 && len(s) > r.max && r.tooLong(s) {
		c.tooLong(r)
		return
	}
	ok := true
	switch r.kind {
	case kSentence:
		if len(bytes.TrimSpace(s)) == 0 {
			c.add(r.name, mayNotBeEmpty)
		}
	case kHTTPS:
		c.media(r.name, s)
	case kLink:
		c.link(r.name, s)
	case kEnum:
		if !isOneOf(r.words, s) {
			c.foreign(r.name, r.words)
		}
	case kPattern:
		ok = bytes.IndexFunc(s, func(x rune) bool { return !strings.ContainsRune(r.chars, x) }) < 0
	case kColor:
		ok = isColor(s)
	case kMeasure:
		if !isOneOf(r.words, s) {
			c.measure(r.name, s, r.units, math.Inf(1))
		}
	case kRatio:
		c.ratio(r.name, s)
	case kAngle:
		c.measure(r.name, s, degree, math.Nextafter(360, 0))
	case kPercent:
		c.measure(r.name, s, percent, 100)
	}
	if !ok {
		c.malformed(r.name)
	}
}

// tooLong counts exactly; the caller has found that the bytes are more than max.
func (r *rule) tooLong(s []byte) bool {
	if r.kind == kShown {
		return Graphemes(string(s)) > r.max
	}
	return UTF16Len(string(s)) > r.max
}

func (c *checker) tooLong(r *rule) {
	switch {
	case c.plain:
		c.add(r.name, lengthBetween(r.min, r.max))
	case r.terse:
		c.add(r.name, invalidProperty)
	default:
		c.add(r.name, notLonger(r.max))
	}
}

func (c *checker) whole(r *rule, n int32) {
	if c.nodes[n].kind != '0' {
		c.wrongType(r.name)
		return
	}
	v, err := strconv.ParseFloat(string(c.raw(n)), 64)
	if err != nil || v != float64(int64(v)) {
		c.wrongType(r.name)
	} else if v < float64(r.min) {
		if c.slash {
			c.add(r.name, notBelow(r.min))
			return
		}
		c.say(r.name, atLeast(r.min), invalidProperty)
	} else if r.max > 0 && v > float64(r.max) {
		c.say(r.name, atMost(r.max), invalidProperty)
	}
}

func (c *checker) inner(r *rule, n int32) {
	if c.nodes[n].kind != '{' {
		c.wrongType(r.name)
		return
	}
	depth := c.push(r.name)
	var at slots
	c.object(n, r.shape, &at)
	c.path = c.path[:depth]
}

// list checks an array of objects of one shape, or of actions.
func (c *checker) list(r *rule, n int32) {
	if c.nodes[n].kind != '[' {
		c.wrongType(r.name)
		return
	}
	size := c.size(n)
	switch {
	case size >= r.min && (size <= r.max || r.max == 0):
	case c.plain:
		c.add(r.name, sizeBetween(r.min, r.max))
	case size > r.max:
		c.add(r.name, notMore(r.max))
	default:
		c.add(r.name, notLess(r.min))
	}
	depth := c.push(r.name)
	for m, i := n+1, 0; m < c.nodes[n].next; m, i = c.nodes[m].next, i+1 {
		back := c.pushIndex(i)
		if r.kind == kActions {
			c.action("", m, r.holder)
		} else if c.nodes[m].kind != '{' {
			c.wrongType("")
		} else {
			var at slots
			c.object(m, r.shape, &at)
		}
		c.path = c.path[:back]
	}
	c.path = c.path[:depth]
}

func isOneOf(words []string, s []byte) bool {
	for _, w := range words {
		if string(s) == w {
			return true
		}
	}
	return false
}

// isColor accepts #RRGGBB and #RRGGBBAA; the short #RGB is refused by the platform.
func isColor(s []byte) bool {
	if (len(s) != 7 && len(s) != 9) || s[0] != '#' {
		return false
	}
	for _, x := range s[1:] {
		if !isHex(x) {
			return false
		}
	}
	return true
}

// measure checks a number before one of the units: "50px", "23.5%", "90deg". Only
// offsets may be negative, which the platform does not document but takes.
func (c *checker) measure(name string, s []byte, units unit, high float64) {
	digits := bytes.TrimPrefix(s, []byte("-"))
	for i, suffix := range [...]string{"px", "%", "deg"} {
		if !isDecimal(digits, suffix) {
			continue
		}
		v, _ := strconv.ParseFloat(string(s[:len(s)-len(suffix)]), 64)
		switch {
		case units&(px<<i) == 0:
			c.add(name, invalidUnit)
		case v < 0 && units&signed == 0:
			c.add(name, belowLimit)
		case v > high:
			c.add(name, aboveLimit)
		}
		return
	}
	c.malformed(name)
}

// isDecimal accepts digits, perhaps with a fraction, before the suffix.
func isDecimal(s []byte, suffix string) bool {
	if !bytes.HasSuffix(s, []byte(suffix)) {
		return false
	}
	s = s[:len(s)-len(suffix)]
	digits, dots := 0, 0
	for i, x := range s {
		switch {
		case '0' <= x && x <= '9':
			digits++
		case x == '.' && i > 0 && i < len(s)-1 && dots == 0:
			dots++
		default:
			return false
		}
	}
	return digits > 0
}

// ratio checks "w:h", both from 1 to 100000 and h at most three times w.
func (c *checker) ratio(name string, s []byte) {
	w, h, ok := bytes.Cut(s, []byte(":"))
	width, height := side(w), side(h)
	if !ok || width == 0 || height == 0 {
		c.malformed(name)
	} else if height > 3*width {
		c.add(name, tooHigh)
	}
}

// side is one side of a ratio, or 0 for what can be none.
func side(s []byte) float64 {
	v, err := strconv.ParseFloat(string(s), 64)
	if !isDecimal(s, "") || err != nil || v < 1 || v > 100000 {
		return 0
	}
	return v
}

// isMoment accepts a date, time or date with time of a datetimepicker action.
// https://developers.line.biz/en/reference/messaging-api/#date-and-time-format
func isMoment(mode string, s []byte) bool {
	layout := map[string]string{"date": "2006-01-02", "time": "15:04", "datetime": "2006-01-02T15:04"}[mode]
	t, err := time.Parse(layout, strings.Replace(string(s), "t", "T", 1))
	return err == nil && len(s) == len(layout) && (mode == "time" || t.Year() >= 1900 && t.Year() <= 2100)
}
