package object

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Holder is the object that an action is set on. It decides which actions are
// allowed and what their label must be.
// https://developers.line.biz/en/reference/messaging-api/#action-object-label-spec
type Holder uint8

// The holders.
const (
	HolderTemplate      Holder = iota // actions of buttons, confirm, carousel
	HolderDefault                     // defaultAction of buttons and carousel columns
	HolderImageCarousel               // action of an image carousel column
	HolderQuickReply                  // action of a quick reply button
	HolderRichMenu                    // action of a rich menu area
	HolderFlexButton                  // action of a Flex button
	HolderFlexOther                   // action of any other Flex component
	HolderFlexVideo                   // action of a Flex video
	HolderImagemap                    // an element of an imagemap's actions
)

var (
	common  = []string{"postback", "message", "uri", "datetimepicker", "clipboard"}
	inReply = []string{"postback", "message", "uri", "datetimepicker", "camera", "cameraRoll", "location", "clipboard"}
	// The reference keeps the camera, the pictures and the place for quick
	// replies, but menus with them have been created on the platform.
	inMenu = []string{"postback", "message", "uri", "datetimepicker", "richmenuswitch", "clipboard", "camera", "cameraRoll", "location"}
)

// holders is the table of what each holder allows.
var holders = [...]struct {
	types []string
	label rule
}{
	HolderTemplate:      {common, shown("label", 20).required()},
	HolderDefault:       {common, shown("label", 20)},
	HolderImageCarousel: {common, shown("label", 12)},
	HolderQuickReply:    {inReply, shown("label", 20).required()},
	HolderRichMenu:      {inMenu, shown("label", 20)},
	HolderFlexButton:    {common, shown("label", 40).required().bare()},
	HolderFlexOther:     {common, shown("label", 40).bare()},
	HolderFlexVideo:     {[]string{"uri"}, shown("label", 40).bare()},
	HolderImagemap:      {[]string{"uri", "message", "clipboard"}, shown("label", 100)},
}

// actionShapes is the table of action types; labels are the holder's.
var actionShapes = map[string]*shape{
	"postback": shapeOf(
		str("data", 300).required().blank(),
		shown("displayText", 300),
		shown("text", 300),
		enum("inputOption", "closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"),
		shown("fillInText", 300),
	),
	"message": shapeOf(shown("text", 300).required()),
	"uri": shapeOf(
		link("uri").required(),
		inner("altUri", shapeOf(link("desktop"))),
	),
	"datetimepicker": shapeOf(
		str("data", 300).required().blank(),
		enum("mode", "date", "time", "datetime").required(),
		str("initial", 0),
		str("max", 0),
		str("min", 0),
	),
	"camera":     shapeOf(),
	"cameraRoll": shapeOf(),
	"location":   shapeOf(),
	"richmenuswitch": shapeOf(
		str("richMenuAliasId", 32).required(),
		str("data", 300).required().blank(),
	),
	"clipboard": shapeOf(between("clipboardText", 1, 1000).required()),
}

// areaShape is a part of an imagemap's image, in pixels of the base size.
var areaShape = shapeOf(
	whole("x", 0).required(),
	whole("y", 0).required(),
	whole("width", 1).required(),
	whole("height", 1).required(),
)

// areaShapes is the table of imagemap action types.
// https://developers.line.biz/en/reference/messaging-api/#imagemap-action-objects
var areaShapes = map[string]*shape{
	"uri":       shapeOf(link("linkUri").required(), inner("area", areaShape).required()),
	"message":   shapeOf(str("text", 400).required(), inner("area", areaShape).required()),
	"clipboard": shapeOf(between("clipboardText", 1, 1000).required(), inner("area", areaShape).required()),
}

// ValidateAction checks one action object that stands on holder at path. Paths
// below it are written as path is: "areas[0].action" gives
// "areas[0].action.uri", "/body/action" gives "/body/action/uri". An action on
// a quick reply or an imagemap is refused in the words of the envelope, any
// other one in those of templates and rich menus.
func ValidateAction(raw jsontext.Value, holder Holder, path string) []Problem {
	c := borrow(Options{})
	defer c.giveBack()
	c.path = append(c.path[:0], path...)
	c.slash = strings.Contains(path, "/")
	c.plain = holder == HolderQuickReply || holder == HolderImagemap
	if !c.parse(raw) {
		return []Problem{{path, invalidProperty}}
	}
	c.action("", 0, holder)
	if c.mistyped != "" {
		c.body = append([]Problem{{c.mistyped, invalidProperty}}, c.body...)
	}
	return append(c.body, c.content...)
}

// action checks the action object that is the named property of the object the
// walk is at.
func (c *checker) action(name string, n int32, holder Holder) {
	depth := c.push(name)
	defer func() { c.path = c.path[:depth] }()
	if c.nodes[n].kind != '{' {
		c.wrongType("")
		return
	}
	h, table := &holders[holder], actionShapes
	if holder == HolderImagemap {
		table = areaShapes
	}
	kind, ok := c.typeOf(n, h.types)
	if !ok {
		return
	}
	label := c.member(n, h.label.name)
	switch there := label != 0 && c.nodes[label].kind != 'n'; {
	case h.label.need && holder != HolderTemplate && (!there || string(c.raw(label)) == `""`):
		c.add("", noLabel)
	case there:
		c.value(&h.label, label)
	case h.label.need:
		c.missing(h.label.name)
	}
	var at slots
	s := table[kind]
	c.object(n, s, &at)
	switch {
	case holder == HolderImagemap:
	case kind == "postback":
		c.postback(s, &at)
	case kind == "datetimepicker":
		c.picker(s, &at)
	}
}

// typeOf is the "type" of an object that must be one of the given ones.
func (c *checker) typeOf(n int32, types []string) (string, bool) {
	t := c.member(n, "type")
	if t == 0 || c.nodes[t].kind == 'n' {
		c.missing("type")
		return "", false
	}
	if c.nodes[t].kind != '"' {
		c.wrongType("type")
		return "", false
	}
	given := c.text(t)
	for _, kind := range types {
		if string(given) == kind {
			return kind, true
		}
	}
	if len(given) == 0 {
		c.say("type", mayNotBeEmpty, invalidProperty)
	} else {
		c.foreign("type", types)
	}
	return "", false
}

// postback checks what the properties of a postback action are to each other.
func (c *checker) postback(s *shape, at *slots) {
	if c.filled(s.at(at, "displayText")) && c.filled(s.at(at, "text")) {
		c.clash("text")
	}
	if c.filled(s.at(at, "fillInText")) && string(c.textOf(s.at(at, "inputOption"))) != "openKeyboard" {
		c.clash("fillInText")
	}
}

// picker checks the dates of a datetimepicker action against its mode.
func (c *checker) picker(s *shape, at *slots) {
	mode := string(c.textOf(s.at(at, "mode")))
	if mode != "date" && mode != "time" && mode != "datetime" {
		return
	}
	for _, name := range [...]string{"initial", "max", "min"} {
		if n := s.at(at, name); c.filled(n) && !isMoment(mode, c.text(n)) {
			c.say(name, mustBeValid, noMoment)
			return
		}
	}
	low, high := string(c.textOf(s.at(at, "min"))), string(c.textOf(s.at(at, "max")))
	if low != "" && high != "" && strings.ToUpper(low) >= strings.ToUpper(high) {
		if c.plain {
			c.malformed("max")
		} else {
			c.add("", wrongOrder)
		}
	}
}
