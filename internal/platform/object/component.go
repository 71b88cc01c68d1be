package object

import "slices"

var (
	spaces  = []string{"none", "xs", "sm", "md", "lg", "xl", "xxl"}
	borders = []string{"none", "light", "normal", "medium", "semi-bold", "bold"}
	sizes   = []string{"xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl"}
	widths  = append(slices.Clone(sizes), "full")
)

var (
	flexible = whole("flex", 0)
	margin   = measure("margin", px, spaces)
	align    = enum("align", "start", "end", "center")
	gravity  = enum("gravity", "top", "bottom", "center")
	shrink   = enum("adjustMode", "shrink-to-fit")
	scaling  = boolean("scaling")
	weight   = enum("weight", "regular", "bold")
	italic   = enum("style", "normal", "italic")
	lines    = enum("decoration", "none", "underline", "line-through")
	tap      = action("action", HolderFlexOther)

	place = []rule{
		enum("position", "relative", "absolute"),
		measure("offsetTop", px|percent|signed, spaces),
		measure("offsetBottom", px|percent|signed, spaces),
		measure("offsetStart", px|percent|signed, spaces),
		measure("offsetEnd", px|percent|signed, spaces),
	}
)

// gradient is the background of a box.
var gradient = shapeOf(
	enum("type", "linearGradient").required(),
	special("angle", kAngle).required(),
	color("startColor").required(),
	color("endColor").required(),
	color("centerColor"),
	special("centerPosition", kPercent),
)

// componentShapes is the table of Flex components.
// https://developers.line.biz/en/reference/messaging-api/#flex-component
var componentShapes = map[string]*shape{
	"box": placedOf(
		enum("layout", "horizontal", "vertical", "baseline").required(),
		array("contents").required(), // its components are checked with the layout
		color("backgroundColor"),
		color("borderColor"),
		measure("borderWidth", px, borders),
		measure("cornerRadius", px, spaces),
		measure("width", px|percent, nil),
		measure("maxWidth", px|percent, nil),
		measure("height", px|percent, nil),
		measure("maxHeight", px|percent, nil),
		flexible,
		measure("spacing", px, spaces),
		margin,
		measure("paddingAll", px|percent, spaces),
		measure("paddingTop", px|percent, spaces),
		measure("paddingBottom", px|percent, spaces),
		measure("paddingStart", px|percent, spaces),
		measure("paddingEnd", px|percent, spaces),
		tap,
		enum("justifyContent", "center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"),
		enum("alignItems", "center", "flex-start", "flex-end"),
		inner("background", gradient),
	).with(crossBox),
	"button": placedOf(
		action("action", HolderFlexButton).required(),
		flexible, margin,
		enum("height", "sm", "md"),
		enum("style", "primary", "secondary", "link"),
		color("color"),
		gravity, shrink, scaling,
	),
	"image": placedOf(
		https("url").required(),
		flexible, margin, align, gravity,
		measure("size", px|percent, widths),
		ratio("aspectRatio"),
		enum("aspectMode", "fit", "cover"),
		color("backgroundColor"),
		tap,
		boolean("animated"),
	).with(crossImage),
	"video": componentOf(
		https("url").required(),
		https("previewUrl").required(),
		object("altContent").required(),
		ratio("aspectRatio"),
		action("action", HolderFlexVideo),
	).with(crossVideo),
	"icon": placedOf(
		https("url").required(),
		margin,
		measure("size", px, sizes),
		scaling,
		ratio("aspectRatio"),
	),
	"text": placedOf(
		shown("text", 0),
		array("contents"),
		shrink, flexible, margin,
		measure("size", px, sizes),
		scaling, align, gravity,
		boolean("wrap"),
		measure("lineSpacing", px, nil),
		whole("maxLines", 0),
		weight,
		color("color"),
		tap, italic, lines,
	).with(crossText),
	"span": componentOf(
		shown("text", 0),
		color("color"),
		measure("size", px, sizes),
		weight, italic, lines,
	),
	"separator": componentOf(margin, color("color")),
	"filler":    componentOf(flexible),
}

// componentOf is the shape of a component, whose type mostly stands first.
func componentOf(rules ...rule) *shape {
	return shapeOf(append([]rule{special("type", kType)}, rules...)...)
}

// placedOf is the shape of a component that can be moved from its place.
func placedOf(rules ...rule) *shape { return componentOf(append(rules, place...)...) }
