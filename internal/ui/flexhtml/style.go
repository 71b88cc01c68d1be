package flexhtml

import (
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
)

// style collects the declarations of one style attribute. Everything put into
// it is a constant of this package or has passed one of the checks below, so
// nothing a message says can become a declaration of its own.
type style struct{ css []byte }

func (s *style) set(property, value string) {
	s.css = append(s.css, property...)
	s.css = append(s.css, ':')
	s.css = append(s.css, value...)
	s.css = append(s.css, ';')
}

// pick sets the property when the table knows the word.
func (s *style) pick(property string, w word, table map[string]string) {
	if value, ok := table[string(w)]; ok {
		s.set(property, value)
	}
}

// measure sets the property when the word is a keyword of the table or a length
// in an allowed unit, and tells whether it was.
func (s *style) measure(property string, w word, l lengths) bool {
	value, ok := l.css(w)
	if ok {
		s.set(property, value)
	}
	return ok
}

// paint sets the property when the word is a colour.
func (s *style) paint(property string, w word) {
	if value, ok := colour(w); ok {
		s.set(property, value)
	}
}

// attr is the style attribute, nil when nothing was set.
func (s *style) attr() g.Node {
	if len(s.css) == 0 {
		return nil
	}
	return g.Attr("style", string(s.css))
}

// lengths says which lengths a property takes: keywords, px always, and where
// allowed percentages and negative values.
type lengths struct {
	keywords          map[string]float64
	percent, negative bool
}

var (
	marginLengths  = lengths{keywords: spaces, negative: true}
	offsetLengths  = lengths{keywords: spaces, percent: true, negative: true}
	paddingLengths = lengths{keywords: spaces, percent: true}
	cornerLengths  = lengths{keywords: spaces}
	sizeLengths    = lengths{percent: true}
	borderLengths  = lengths{keywords: borderWidths}
	fontLengths    = lengths{keywords: fontSizes}
	imageLengths   = lengths{keywords: imageSizes, percent: true}
	plainLengths   = lengths{}
)

// css gives the CSS length of a word and whether there is one.
func (l lengths) css(w word) (string, bool) {
	if w == "" {
		return "", false
	}
	if n, ok := l.keywords[string(w)]; ok {
		return px(n), true
	}
	n, percent, ok := measured(string(w))
	if !ok || (percent && !l.percent) || (n < 0 && !l.negative) {
		return "", false
	}
	if percent {
		return decimal(n) + "%", true
	}
	return px(n), true
}

// measured reads "12px", "-3.5px" or "23.5%".
func measured(s string) (n float64, percent, ok bool) {
	number, isPx := strings.CutSuffix(s, "px")
	if !isPx {
		if number, percent = strings.CutSuffix(s, "%"); !percent {
			return 0, false, false
		}
	}
	n, ok = number64(number)
	return n, percent, ok
}

// number64 reads a plain decimal number of at most 12 characters: no exponent,
// no sign but a leading minus, none of the spellings ParseFloat adds.
func number64(s string) (float64, bool) {
	if s == "" || len(s) > 12 {
		return 0, false
	}
	for i := range len(s) {
		c := s[i]
		if !(c >= '0' && c <= '9' || c == '.' || c == '-' && i == 0) {
			return 0, false
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

func px(n float64) string { return decimal(n) + "px" }

// decimal writes a number with at most four decimals and no exponent.
func decimal(n float64) string {
	s := strconv.FormatFloat(n, 'f', 4, 64)
	s = strings.TrimRight(s, "0")
	return strings.TrimSuffix(s, ".")
}

// colour passes #RRGGBB and #RRGGBBAA, the only forms LINE takes.
func colour(w word) (string, bool) {
	if len(w) != 7 && len(w) != 9 || w[0] != '#' {
		return "", false
	}
	for i := 1; i < len(w); i++ {
		c := w[i] | 0x20
		if !(w[i] >= '0' && w[i] <= '9' || c >= 'a' && c <= 'f') {
			return "", false
		}
	}
	return string(w), true
}

// angle reads "23.5deg" within 0 <= a < 360.
func angle(w word) (string, bool) {
	number, ok := strings.CutSuffix(string(w), "deg")
	if !ok {
		return "", false
	}
	n, ok := number64(number)
	if !ok || n < 0 || n >= 360 {
		return "", false
	}
	return decimal(n) + "deg", true
}

// ratio reads "20:13" into the CSS aspect ratio. Both sides are 1 to 100000 and
// the height is at most three times the width; anything else is the default, a
// square.
func ratio(w word) (width, height float64) {
	a, b, ok := strings.Cut(string(w), ":")
	if ok {
		x, okx := number64(a)
		y, oky := number64(b)
		if okx && oky && x >= 1 && y >= 1 && x <= 100000 && y <= 100000 && y <= 3*x {
			return x, y
		}
	}
	return 1, 1
}

// scaled makes a font size follow the font size setting of the LINE app.
func scaled(size string, scaling bool) string {
	if !scaling {
		return size
	}
	return "calc(" + size + "*var(--fx-scale,1))"
}
