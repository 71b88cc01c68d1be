package flexhtml

import (
	"math"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The types below read a message as far as it can be read. The renderer also
// shows messages that were refused, so a member of the wrong type counts as
// absent and does not take the rest of the message with it.

// lenient accepts what a strict decoder would refuse before we could draw it.
var lenient = json.JoinOptions(
	jsontext.AllowDuplicateNames(true),
	jsontext.AllowInvalidUTF8(true),
)

// word is a string member; "" when absent or no string.
type word string

func (w *word) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*w = ""
	if dec.PeekKind() != '"' {
		return dec.SkipValue()
	}
	tok, err := dec.ReadToken()
	if err != nil {
		return err
	}
	*w = word(strings.ToValidUTF8(tok.String(), "\uFFFD"))
	return nil
}

// num is a number member; not set when absent, no number or not finite.
type num struct {
	set bool
	f   float64
}

func (n *num) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*n = num{}
	if dec.PeekKind() != '0' {
		return dec.SkipValue()
	}
	tok, err := dec.ReadToken()
	if err != nil {
		return err
	}
	if f, err := tok.Float(); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
		*n = num{true, f}
	}
	return nil
}

// whole gives the number as an int within 0..most, or the default.
func (n num) whole(otherwise, most int) int {
	if !n.set || n.f < 0 {
		return otherwise
	}
	return int(math.Min(n.f, float64(most)))
}

// boolean is a boolean member; false when absent or no boolean.
type boolean bool

func (b *boolean) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	kind := dec.PeekKind()
	*b = boolean(kind == 't')
	return dec.SkipValue()
}

// object is a member that must be an object; the zero T when it is not.
type object[T any] struct{ v T }

func (o *object[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*o = object[T]{}
	if dec.PeekKind() != '{' {
		return dec.SkipValue()
	}
	return json.UnmarshalDecode(dec, &o.v)
}

// list is an array member; empty when absent or no array.
type list[T any] []T

func (l *list[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*l = nil
	if dec.PeekKind() != '[' {
		return dec.SkipValue()
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != ']' {
		var item T
		*l = append(*l, item)
		if err := json.UnmarshalDecode(dec, &(*l)[len(*l)-1]); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// component is any Flex component; which members count depends on its type.
type component struct {
	Type     word            `json:"type"`
	Layout   word            `json:"layout"`
	Contents list[component] `json:"contents"`
	Action   jsontext.Value  `json:"action"`

	Flex         num  `json:"flex"`
	Margin       word `json:"margin"`
	Position     word `json:"position"`
	OffsetTop    word `json:"offsetTop"`
	OffsetBottom word `json:"offsetBottom"`
	OffsetStart  word `json:"offsetStart"`
	OffsetEnd    word `json:"offsetEnd"`
	Gravity      word `json:"gravity"`
	Align        word `json:"align"`
	Size         word `json:"size"`
	Color        word `json:"color"`
	Style        word `json:"style"`

	Spacing         word               `json:"spacing"`
	Width           word               `json:"width"`
	MaxWidth        word               `json:"maxWidth"`
	Height          word               `json:"height"`
	MaxHeight       word               `json:"maxHeight"`
	PaddingAll      word               `json:"paddingAll"`
	PaddingTop      word               `json:"paddingTop"`
	PaddingBottom   word               `json:"paddingBottom"`
	PaddingStart    word               `json:"paddingStart"`
	PaddingEnd      word               `json:"paddingEnd"`
	BackgroundColor word               `json:"backgroundColor"`
	BorderColor     word               `json:"borderColor"`
	BorderWidth     word               `json:"borderWidth"`
	CornerRadius    word               `json:"cornerRadius"`
	JustifyContent  word               `json:"justifyContent"`
	AlignItems      word               `json:"alignItems"`
	Background      object[background] `json:"background"`

	URL         word            `json:"url"`
	PreviewURL  word            `json:"previewUrl"`
	AltContent  sole[component] `json:"altContent"`
	AspectRatio word            `json:"aspectRatio"`
	AspectMode  word            `json:"aspectMode"`

	Text        word    `json:"text"`
	Wrap        boolean `json:"wrap"`
	MaxLines    num     `json:"maxLines"`
	LineSpacing word    `json:"lineSpacing"`
	Weight      word    `json:"weight"`
	Decoration  word    `json:"decoration"`
	AdjustMode  word    `json:"adjustMode"`
	Scaling     boolean `json:"scaling"`
}

func (c *component) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() != '{' {
		return dec.SkipValue()
	}
	type members component
	return json.UnmarshalDecode(dec, (*members)(c))
}

// sole is a member that holds one object of a type that contains itself; it is
// a slice of at most one because a struct cannot hold its own type.
type sole[T any] []T

func (l *sole[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*l = nil
	if dec.PeekKind() != '{' {
		return dec.SkipValue()
	}
	var item T
	if err := json.UnmarshalDecode(dec, &item); err != nil {
		return err
	}
	*l = sole[T]{item}
	return nil
}

// background is a box's background, of which only linearGradient exists.
type background struct {
	Type           word `json:"type"`
	Angle          word `json:"angle"`
	StartColor     word `json:"startColor"`
	EndColor       word `json:"endColor"`
	CenterColor    word `json:"centerColor"`
	CenterPosition word `json:"centerPosition"`
}

// blockStyle is one member of a bubble's styles.
type blockStyle struct {
	BackgroundColor word    `json:"backgroundColor"`
	Separator       boolean `json:"separator"`
	SeparatorColor  word    `json:"separatorColor"`
}

// bubbleStyles are the styles of a bubble's blocks.
type bubbleStyles struct {
	Header object[blockStyle] `json:"header"`
	Hero   object[blockStyle] `json:"hero"`
	Body   object[blockStyle] `json:"body"`
	Footer object[blockStyle] `json:"footer"`
}

// container is a bubble, or a carousel whose contents are bubbles.
type container struct {
	Type      word                 `json:"type"`
	Size      word                 `json:"size"`
	Direction word                 `json:"direction"`
	Header    sole[component]      `json:"header"`
	Hero      sole[component]      `json:"hero"`
	Body      sole[component]      `json:"body"`
	Footer    sole[component]      `json:"footer"`
	Styles    object[bubbleStyles] `json:"styles"`
	Action    jsontext.Value       `json:"action"`
	Contents  list[container]      `json:"contents"`
}

func (c *container) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*c = container{}
	if dec.PeekKind() != '{' {
		return dec.SkipValue()
	}
	type members container
	return json.UnmarshalDecode(dec, (*members)(c))
}
