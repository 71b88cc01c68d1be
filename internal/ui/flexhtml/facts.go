package flexhtml

// LINE publishes the names of its sizes but not their pixels. The figures here
// are measurements that independent renderers agree on; where they differ, the
// choice is made in this file and nowhere else. A length is in CSS pixels.

// spaces are the keywords of margin, spacing, padding*, offset* and
// cornerRadius.
var spaces = map[string]float64{
	"none": 0, "xs": 2, "sm": 4, "md": 8, "lg": 12, "xl": 16, "xxl": 20,
}

// fontSizes are the keywords of the size of text, span and icon.
var fontSizes = map[string]float64{
	"xxs": 11, "xs": 13, "sm": 14, "md": 16, "lg": 19, "xl": 22, "xxl": 29,
	"3xl": 35, "4xl": 48, "5xl": 74,
}

// imageSizes are the keywords of an image's size, the width of its drawing
// area; "full" is the width of the component and is handled by its renderer.
var imageSizes = map[string]float64{
	"xxs": 40, "xs": 60, "sm": 80, "md": 100, "lg": 120, "xl": 140, "xxl": 160,
	"3xl": 180, "4xl": 200, "5xl": 220,
}

// borderWidths are the keywords of a box's borderWidth.
var borderWidths = map[string]float64{
	"none": 0, "light": 0.5, "normal": 1, "medium": 2, "semi-bold": 3, "bold": 4,
}

// buttonHeights are the keywords of a button's height.
var buttonHeights = map[string]float64{"sm": 40, "md": 52}

// sides are paddings in the order of CSS: top, end, bottom, start.
type sides [4]float64

// bubbleFacts is what the size of a bubble decides.
type bubbleFacts struct {
	width, corner float64
	header, body  sides
	// bodyEnd is the body's bottom padding when a footer follows.
	bodyEnd float64
	// video tells whether the hero may be a video.
	video bool
}

// defaultBubble is the size of a bubble that names none.
const defaultBubble = "mega"

var bubbles = map[string]bubbleFacts{
	"nano":  {width: 120, corner: 10, header: sides{10, 10, 10, 10}, body: sides{10, 10, 10, 10}, bodyEnd: 10},
	"micro": {width: 160, corner: 10, header: sides{10, 10, 10, 10}, body: sides{10, 10, 10, 10}, bodyEnd: 10},
	"deca":  {width: 220, corner: 10, header: sides{11, 14, 13, 14}, body: sides{11, 14, 13, 14}, bodyEnd: 17},
	"hecto": {width: 241, corner: 10, header: sides{11, 14, 13, 14}, body: sides{11, 14, 13, 14}, bodyEnd: 17},
	"kilo":  {width: 260, corner: 10, header: sides{13, 13, 13, 13}, body: sides{13, 13, 13, 13}, bodyEnd: 17, video: true},
	"mega":  {width: 300, corner: 17, header: sides{20, 20, 20, 20}, body: sides{19, 20, 20, 20}, bodyEnd: 10, video: true},
	"giga":  {width: 500, corner: 5, header: sides{20, 20, 20, 20}, body: sides{19, 20, 20, 20}, bodyEnd: 10, video: true},
}

// footerPadding is the same for every size; a hero has none.
var footerPadding = sides{10, 10, 10, 10}

// imagemapWidths are the widths in which a bot serves its imagemap picture.
var imagemapWidths = []int{240, 300, 460, 700, 1040}

// words allowed for properties that choose one of a few; the value is the CSS
// of the property it becomes. A word outside its table counts as not given.
var (
	justifications = words("center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly")
	alignments     = words("center", "flex-start", "flex-end")
	gravities      = map[string]string{"top": "flex-start", "center": "center", "bottom": "flex-end"}
	textAligns     = words("start", "center", "end")
	imageAligns    = map[string]string{"start": "flex-start", "center": "center", "end": "flex-end"}
	weights        = map[string]string{"regular": "400", "bold": "700"}
	slants         = words("normal", "italic")
	decorations    = words("none", "underline", "line-through")
	layouts        = words("horizontal", "vertical", "baseline")
	buttonStyles   = words("primary", "secondary", "link")
)

// words is the table of values that CSS spells as LINE does.
func words(values ...string) map[string]string {
	table := make(map[string]string, len(values))
	for _, v := range values {
		table[v] = v
	}
	return table
}
