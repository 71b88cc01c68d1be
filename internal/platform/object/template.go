package object

// cross names a check of an object's properties against each other.
type cross uint8

const (
	crossNone cross = iota
	crossTemplateText
	crossColumn
	crossColumns
	crossBubble
	crossBox
	crossText
	crossImage
	crossVideo
)

var templateTypes = []string{"buttons", "confirm", "carousel", "image_carousel"}

var (
	imageRatio = enum("imageAspectRatio", "rectangle", "square")
	imageSize  = enum("imageSize", "cover", "contain")
)

// templateShapes is the table of template types.
// https://developers.line.biz/en/reference/messaging-api/#template-messages
var templateShapes = map[string]*shape{
	"buttons": shapeOf(
		https("thumbnailImageUrl"),
		imageRatio,
		imageSize,
		color("imageBackgroundColor"),
		shown("title", 40),
		shown("text", 0).required(), // 160, or 60 beside an image or a title
		action("defaultAction", HolderDefault),
		actions("actions", 1, 4, HolderTemplate).required(),
	).with(crossTemplateText),
	"confirm": shapeOf(
		shown("text", 240).required(),
		actions("actions", 2, 2, HolderTemplate).required(),
	),
	"carousel": shapeOf(
		list("columns", 1, 10, shapeOf(
			https("thumbnailImageUrl"),
			color("imageBackgroundColor"),
			shown("title", 40),
			shown("text", 0).required(), // 120, or 60 beside an image or a title
			action("defaultAction", HolderDefault),
			actions("actions", 1, 3, HolderTemplate).required(),
		).with(crossColumn)).required(),
		imageRatio,
		imageSize,
	).with(crossColumns),
	"image_carousel": shapeOf(
		list("columns", 1, 10, shapeOf(
			https("imageUrl").required(),
			action("action", HolderImageCarousel).required(),
		)).required(),
	),
}

func (c *checker) template(n int32) {
	if kind, ok := c.typeOf(n, templateTypes); ok {
		var at slots
		c.object(n, templateShapes[kind], &at)
	}
}

// templateText checks a text whose limit is lower beside an image or a title.
func (c *checker) templateText(s *shape, at *slots, alone int) {
	n, limit := s.at(at, "text"), alone
	if c.filled(s.at(at, "thumbnailImageUrl")) || c.filled(s.at(at, "title")) {
		limit = 60
	}
	if t := c.textOf(n); len(t) > limit && Graphemes(string(t)) > limit {
		c.add("text", notLonger(limit))
	}
}

// columns checks that the columns of a carousel are alike.
func (c *checker) columns(s *shape, at *slots) {
	n := s.at(at, "columns")
	if n == 0 || c.nodes[n].kind != '[' {
		return
	}
	depth := c.push("columns")
	var first int32
	for m, i := n+1, 0; m < c.nodes[n].next; m, i = c.nodes[m].next, i+1 {
		if c.nodes[m].kind != '{' {
			continue
		}
		if first == 0 {
			first = m
			continue
		}
		back := c.pushIndex(i)
		c.alike(first, m)
		c.path = c.path[:back]
	}
	c.path = c.path[:depth]
}

// alike compares a column with the first one.
func (c *checker) alike(first, column int32) {
	for _, name := range [...]string{"thumbnailImageUrl", "title"} {
		if c.filled(c.member(first, name)) != c.filled(c.member(column, name)) {
			c.add(name, mustBeInAllColumns)
		}
	}
	a, b := c.member(first, "actions"), c.member(column, "actions")
	if a != 0 && b != 0 && c.nodes[a].kind == '[' && c.nodes[b].kind == '[' && c.size(a) != c.size(b) {
		c.add("actions", mustBeAsMany)
	}
}
