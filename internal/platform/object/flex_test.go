package object

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
)

// flex is a Flex Message around a container.
func flex(container string) string {
	return `{"type":"flex","altText":"alt","contents":` + container + `}`
}

// bubble is a Flex Message of a bubble whose body holds the components.
func bubble(components ...string) string {
	return flex(`{"type":"bubble","body":` + vertical(components...) + `}`)
}

func vertical(components ...string) string {
	return `{"type":"box","layout":"vertical","contents":[` + strings.Join(components, ",") + `]}`
}

// hosts says for each kind of object how a message with one of them looks, %s
// being the property under test, and where the object stands.
var hosts = map[string]struct{ message, path string }{
	"bubble":     {flex(`{"type":"bubble","body":` + vertical() + `,%s}`), ""},
	"style":      {flex(`{"type":"bubble","body":` + vertical() + `,"styles":{"hero":{%s}}}`), "/styles/hero"},
	"gradient":   {bubble(`{"type":"box","layout":"vertical","contents":[],"background":{"type":"linearGradient","angle":"1deg","startColor":"#000000","endColor":"#ffffff",%s}}`), "/body/contents/0/background"},
	"bare":       {bubble(`{"type":"box","contents":[],%s}`), "/body/contents/0"},
	"background": {bubble(`{"type":"box","layout":"vertical","contents":[],"background":{"type":"linearGradient","startColor":"#000000","endColor":"#ffffff",%s}}`), "/body/contents/0/background"},
	"box":        {bubble(`{"type":"box","layout":"vertical","contents":[],%s}`), "/body/contents/0"},
	"button":     {bubble(`{"type":"button","action":{"type":"message","label":"l","text":"t"},%s}`), "/body/contents/0"},
	"image":      {bubble(`{"type":"image","url":"https://x.example/a.png",%s}`), "/body/contents/0"},
	"text":       {bubble(`{"type":"text","text":"t",%s}`), "/body/contents/0"},
	"span":       {bubble(`{"type":"text","contents":[{"type":"span",%s}]}`), "/body/contents/0/contents/0"},
	"icon":       {bubble(`{"type":"box","layout":"baseline","contents":[{"type":"icon","url":"https://x.example/a.png",%s}]}`), "/body/contents/0/contents/0"},
	"video":      {flex(`{"type":"bubble","hero":{"type":"video","url":"https://x.example/","previewUrl":"https://x.example/","altContent":` + vertical() + `,%s}}`), "/hero"},
	"separator":  {bubble(`{"type":"separator",%s}`), "/body/contents/0"},
	"filler":     {bubble(`{"type":"filler",%s}`), "/body/contents/0"},
}

// The values that each property takes and refuses, one blank between them,
// written from the reference and not from the tables of the package.
func TestFlexProperties(t *testing.T) {
	const (
		px       = `"0px" "50px" "23.5px" `
		both     = px + `"50%" "23.5%" `
		keywords = `"none" "xs" "sm" "md" "lg" "xl" "xxl"`
		fonts    = `"xxs" "xs" "sm" "md" "lg" "xl" "xxl" "3xl" "4xl" "5xl"`
		noSize   = `"10" "10em" "px" ".5px" "1.px" "1.2.3px" "-1px" "big" true 10 []`
		colors   = `"#a0B1c2" "#00000000" ""`
		noColor  = `"#FFF" "red" "#12345" "#1234567" "#GGGGGG" "123456#" 0`
		ratios   = `"1:1" "1.91:1" "1:3" "100000:1" "20:13"`
		noRatio  = `"1" "1:" ":1" "0:1" "1:4" "100001:1" "a:b" "1:1:1" 1`
		wholes   = `0 1 300 1e2`
		noWhole  = `-1 0.5 "1" true`
		bools    = `true false`
		noBool   = `"true" 0`
		gravity  = `"top" "bottom" "center"`
		align    = `"start" "end" "center"`
		action   = `{"type":"uri","uri":"https://x.example/"}`
	)
	type property struct{ host, name, takes, refuses string }
	properties := []property{
		{"bubble", "size", `"nano" "micro" "deca" "hecto" "kilo" "mega" "giga"`, `"full" 1`},
		{"bubble", "direction", `"ltr" "rtl"`, `"auto" 1`},
		{"bubble", "header", vertical(), `"box" []`},
		{"bubble", "hero", vertical() + ` {"type":"image","url":"https://x.example/a.png"}`, `"image" []`},
		{"bubble", "footer", vertical(), `"box" []`},
		{"bubble", "styles", `{} {"header":{},"body":{},"footer":null}`, `"dark" []`},
		{"bubble", "action", action, `"uri" []`},
		{"style", "backgroundColor", colors, noColor},
		{"style", "separator", bools, noBool},
		{"style", "separatorColor", colors, noColor},
		{"bare", "layout", `"horizontal" "vertical" "baseline"`, `"grid" 1`},
		{"background", "angle", `"0deg" "90deg" "359.9deg"`, `"360deg" "360.0deg" "-1deg" "90" "deg" "1turn" 90`},
		{"gradient", "centerColor", colors, noColor},
		{"gradient", "centerPosition", `"0%" "50%" "12.5%" "100%"`, `"101%" "-1%" "50" "50px" 50`},
		{"box", "backgroundColor", colors, noColor},
		{"box", "borderColor", colors, noColor},
		{"box", "borderWidth", px + `"none" "light" "normal" "medium" "semi-bold" "bold"`, noSize + ` "5%" "xs"`},
		{"box", "cornerRadius", px + keywords, noSize + ` "5%" "full"`},
		{"box", "width", both + `""`, noSize + ` "md"`},
		{"box", "maxWidth", both + `""`, noSize + ` "md"`},
		{"box", "height", both + `""`, noSize + ` "md"`},
		{"box", "maxHeight", both + `""`, noSize + ` "md"`},
		{"box", "spacing", px + keywords, noSize + ` "5%"`},
		{"box", "paddingAll", both + keywords, noSize},
		{"box", "paddingTop", both + keywords, noSize},
		{"box", "paddingBottom", both + keywords, noSize},
		{"box", "paddingStart", both + keywords, noSize},
		{"box", "paddingEnd", both + keywords, noSize},
		{"box", "justifyContent", `"center" "flex-start" "flex-end" "space-between" "space-around" "space-evenly"`, `"stretch" 1`},
		{"box", "alignItems", `"center" "flex-start" "flex-end"`, `"space-between" 1`},
		{"button", "height", `"sm" "md"`, `"lg" "10px" 1`},
		{"button", "style", `"primary" "secondary" "link"`, `"danger" 1`},
		{"button", "color", colors, noColor},
		{"image", "size", both + fonts + ` "full"`, noSize + ` "none"`},
		{"image", "aspectRatio", ratios, noRatio},
		{"image", "aspectMode", `"fit" "cover"`, `"contain" 1`},
		{"image", "backgroundColor", colors, noColor},
		{"image", "animated", bools, noBool},
		{"icon", "size", px + fonts, noSize + ` "50%" "full"`},
		{"icon", "aspectRatio", ratios, noRatio},
		{"video", "aspectRatio", ratios, noRatio},
		{"video", "action", action, `"uri" []`},
		{"text", "size", px + fonts, noSize + ` "50%" "full"`},
		{"text", "wrap", bools, noBool},
		{"text", "lineSpacing", px + `""`, noSize + ` "md" "5%"`},
		{"text", "maxLines", wholes, noWhole},
		{"span", "text", `"t" ""`, `1 []`},
		{"span", "size", px + fonts, noSize + ` "50%" "full"`},
		{"separator", "color", colors, noColor},
	}
	for _, s := range []struct {
		hosts string
		property
	}{
		{"box button image text filler", property{"", "flex", wholes, noWhole}},
		{"box button image icon text separator", property{"", "margin", px + keywords, noSize + ` "5%"`}},
		{"box button image icon text", property{"", "position", `"relative" "absolute"`, `"fixed" 1`}},
		{"box button image icon text", property{"", "offsetTop", both + keywords + ` "-5px" "-2.5%"`, `"5" "full" 5`}},
		{"box button image icon text", property{"", "offsetBottom", both + keywords + ` "-5px"`, `"5" "--5px" 5`}},
		{"box button image icon text", property{"", "offsetStart", both + keywords + ` "-5px"`, `"5" "-" 5`}},
		{"box button image icon text", property{"", "offsetEnd", both + keywords + ` "-5px"`, `"5" 5`}},
		{"box image text", property{"", "action", action, `"uri" []`}},
		{"button image text", property{"", "gravity", gravity, `"start" 1`}},
		{"image text", property{"", "align", align, `"left" 1`}},
		{"button text", property{"", "adjustMode", `"shrink-to-fit"`, `"shrink" 1`}},
		{"button icon text", property{"", "scaling", bools, noBool}},
		{"text span", property{"", "weight", `"regular" "bold"`, `"light" 1`}},
		{"text span", property{"", "color", colors, noColor}},
		{"text span", property{"", "style", `"normal" "italic"`, `"oblique" 1`}},
		{"text span", property{"", "decoration", `"none" "underline" "line-through"`, `"overline" 1`}},
	} {
		for host := range strings.FieldsSeq(s.hosts) {
			properties = append(properties, property{host, s.name, s.takes, s.refuses})
		}
	}
	// What is said of refused values that are not just of a wrong form.
	const unit, low, high = "invalid unit", "lower limit exceeded", "upper limit exceeded"
	why := map[string]string{`"5%"`: unit, `"50%"`: unit, `"50px"`: unit, `"-1px"`: low, `"-1%"`: low, `"-1deg"`: low, `"101%"`: high, `"360deg"`: high,
		`"360.0deg"`: high, `"1:4"`: "aspect ratio must be in the range (0 < (h/w) <= 3)", `-1`: "must be greater than or equal to 0"}
	for _, p := range properties {
		host := hosts[p.host]
		for _, values := range []string{p.takes, p.refuses} {
			for value := range strings.FieldsSeq(values) {
				want := ""
				if values == p.refuses {
					want = host.path + "/" + p.name + " " + cmp.Or(why[value], "invalid property")
				}
				message := fmt.Sprintf(host.message, fmt.Sprintf("%q:%s", p.name, value))
				if got := refused(Options{}, message); got != want {
					t.Errorf("%s.%s %s: got %q, want %q", p.host, p.name, value, got, want)
				}
			}
		}
		null := fmt.Sprintf(host.message, fmt.Sprintf("%q:null", p.name))
		if got := refused(Options{}, null); got != "" && !strings.HasSuffix(got, "/"+p.name+" must be specified") {
			t.Errorf("%s.%s null: got %q", p.host, p.name, got)
		}
	}
}

func TestFlexComponents(t *testing.T) {
	text := `{"type":"text","text":"t"}`
	button := func(action string) string { return `{"type":"button","action":` + action + `}` }
	check(t, Options{}, []row{
		{"altText missing", `{"type":"flex","contents":{"type":"bubble","body":` + vertical() + `}}`, "messages[0].altText May not be empty"},
		{"contents missing", `{"type":"flex","altText":"a"}`, "messages[0].contents May not be empty"},
		{"contents an array", flex(`[]`), mistyped("messages[0].contents")},
		{"container without type", flex(`{}`), "/type must be specified"},
		{"container of another type", flex(`{"type":"box"}`), "/type invalid property"},

		{"one block of each", flex(`{"type":"bubble","header":` + vertical(text) + `,"hero":{"type":"image","url":"https://x.example/"},"body":` + vertical() + `,"footer":` + vertical(text) + `}`), ""},
		{"no block", flex(`{"type":"bubble","body":null}`), "/ At least one block must be specified"},
		{"text as body", flex(`{"type":"bubble","body":` + text + `}`), "/body/type invalid property"},
		{"text as hero", flex(`{"type":"bubble","hero":` + text + `}`), "/hero/type invalid property"},
		{"all violations of a message", flex(`{"type":"bubble","size":"big","body":` + vertical(`{"type":"text"}`, `{"type":"separator","color":"red"}`) + `}`),
			"/size invalid property; /body/contents/0 invalid text content; /body/contents/0 `text` or `contents` must be specified; /body/contents/1/color invalid property"},

		{"box without all", bubble(`{"type":"box"}`), "/body/contents/0/layout must be specified; /body/contents/0/contents must be specified"},
		{"box contents an object", bubble(`{"type":"box","layout":"vertical","contents":{}}`), "/body/contents/0/contents invalid property"},
		{"everything in a vertical box", bubble(vertical(), button(`{"type":"message","label":"l","text":"t"}`), `{"type":"image","url":"https://x.example/"}`, text, `{"type":"separator"}`, `{"type":"filler"}`), ""},
		{"everything in a baseline box", bubble(`{"type":"box","layout":"baseline","contents":[{"type":"icon","url":"https://x.example/"},` + text + `,{"type":"filler"}]}`), ""},
		{"icon in a vertical box", bubble(`{"type":"icon","url":"https://x.example/"}`), "/body/contents/0/type invalid property"},
		{"icon in a box without layout", flex(`{"type":"bubble","body":{"type":"box","contents":[{"type":"icon","url":"https://x.example/"}]}}`), "/body/layout must be specified"},
		{"separator in a baseline box", bubble(`{"type":"box","layout":"baseline","contents":[{"type":"separator"}]}`), "/body/contents/0/contents/0/type invalid property"},
		{"box in a baseline box", bubble(`{"type":"box","layout":"baseline","contents":[` + vertical() + `]}`), "/body/contents/0/contents/0/type invalid property"},
		{"video in a box", bubble(`{"type":"video"}`), "/body/contents/0/type invalid property"},
		{"span in a box", bubble(`{"type":"span","text":"t"}`), "/body/contents/0/type invalid property"},
		{"spacer", bubble(`{"type":"spacer"}`), "/body/contents/0/type invalid property"},
		{"component without type", bubble(`{"text":"t"}`), "/body/contents/0/type must be specified"},
		{"component a string", bubble(`"text"`), "/body/contents/0 invalid property"},
		{"component null", bubble(`null`), "/body/contents/0 invalid property"},

		{"text missing", bubble(`{"type":"text"}`), "/body/contents/0 invalid text content; /body/contents/0 `text` or `contents` must be specified"},
		{"text null", bubble(`{"type":"text","text":null,"contents":null}`), "/body/contents/0 invalid text content; /body/contents/0 `text` or `contents` must be specified"},
		{"text empty", bubble(`{"type":"text","text":""}`), "/body/contents/0/text must be non-empty text"},
		{"text a blank", bubble(`{"type":"text","text":" "}`), ""},
		{"text a number", bubble(`{"type":"text","text":5}`), "/body/contents/0/text invalid property"},
		{"text with no span", bubble(`{"type":"text","text":"t","contents":[]}`), ""},
		{"text of no span", bubble(`{"type":"text","contents":[]}`), "/body/contents/0 invalid text content; /body/contents/0 `text` or `contents` must be specified"},
		{"text of spans", bubble(`{"type":"text","text":"","contents":[{"type":"span","text":"a"},{"type":"span","text":"b"}]}`), ""},
		{"text of texts", bubble(`{"type":"text","contents":[` + text + `]}`), "/body/contents/0/contents/0/type invalid property"},
		{"zero values of SDKs", bubble(`{"type":"text","text":"t","flex":0,"maxLines":0,"wrap":false,"scaling":false,"size":"","color":"","align":""}`), ""},
		{"unknown property", bubble(`{"type":"text","text":"t","shadow":{"x":1}}`), ""},

		{"button without action", bubble(`{"type":"button"}`), "/body/contents/0/action must be specified"},
		{"button label 40", bubble(button(`{"type":"message","label":"` + family(40) + `","text":"t"}`)), ""},
		{"button label 41", bubble(button(`{"type":"message","label":"` + a(41) + `","text":"t"}`)), "/body/contents/0/action/label invalid property"},
		{"button without label", bubble(button(`{"type":"message","text":"t"}`)), "/body/contents/0/action `label` must be specified"},
		{"button text empty", bubble(button(`{"type":"message","label":"l","text":""}`)), "/body/contents/0/action/text must be non-empty text"},
		{"button with camera", bubble(button(`{"type":"camera","label":"l"}`)), "/body/contents/0/action/type invalid property"},

		{"image without url", bubble(`{"type":"image"}`), "/body/contents/0/url must be specified"},
		{"image url 2000", bubble(`{"type":"image","url":"` + site(2000) + `"}`), ""},
		{"image url 2001", bubble(`{"type":"image","url":"` + site(2001) + `"}`), "/body/contents/0/url must not be longer than 2000 characters"},
		{"image http", flex(`{"type":"bubble","hero":{"type":"image","url":"http://x.example/"}}`), "/hero/url invalid uri scheme"},
		{"animated 10", bubble(times(10, `{"type":"image","url":"https://x.example/","animated":true}`), `{"type":"image","url":"https://x.example/","animated":false}`), ""},
		{"animated 11", bubble(times(11, `{"type":"image","url":"https://x.example/","animated":true}`)), "/ must not have more than 10 animated images"},

		{"gradient empty", bubble(`{"type":"box","layout":"vertical","contents":[],"background":{}}`), "/body/contents/0/background/type must be specified; /body/contents/0/background/angle must be specified; /body/contents/0/background/startColor must be specified; /body/contents/0/background/endColor must be specified"},
		{"gradient of another type", bubble(`{"type":"box","layout":"vertical","contents":[],"background":{"type":"radialGradient","angle":"0deg","startColor":"#000000","endColor":"#000000"}}`), "/body/contents/0/background/type invalid property"},
	})
}

func TestFlexVideo(t *testing.T) {
	video := func(size, alt string) string {
		return `{"type":"bubble"` + size + `,"hero":{"type":"video","url":"https://x.example/v","previewUrl":"https://x.example/p","altContent":` + alt + `}}`
	}
	image := `{"type":"image","url":"https://x.example/"}`
	check(t, Options{}, []row{
		{"mega by default", flex(video("", image)), ""},
		{"kilo", flex(video(`,"size":"kilo"`, vertical())), ""},
		{"giga", flex(video(`,"size":"giga"`, image)), ""},
		{"micro", flex(video(`,"size":"micro"`, image)), "/hero invalid property"},
		{"hecto", flex(video(`,"size":"hecto"`, image)), "/hero invalid property"},
		{"in a carousel", flex(`{"type":"carousel","contents":[` + video("", image) + `]}`), "/contents/0/hero embedding videos in messages is not allowed"},
		{"text as altContent", flex(video("", `{"type":"text","text":"t"}`)), "/hero/altContent/type invalid property"},
		{"bare", flex(`{"type":"bubble","hero":{"type":"video"}}`), "/hero/url must be specified; /hero/previewUrl must be specified; /hero/altContent must be specified"},
		{"postback", flex(strings.Replace(video("", image), `"altContent"`, `"action":{"type":"postback","data":"d"},"altContent"`, 1)), "/hero/action/type invalid property"},
	})
}

func TestFlexCarousel(t *testing.T) {
	one := `{"type":"bubble","body":` + vertical() + `}`
	kilo := `{"type":"bubble","size":"kilo","body":` + vertical() + `}`
	mega := `{"type":"bubble","size":"mega","body":` + vertical() + `}`
	carousel := func(bubbles string) string { return flex(`{"type":"carousel","contents":[` + bubbles + `]}`) }
	check(t, Options{}, []row{
		{"1 bubble", carousel(one), ""},
		{"12 bubbles", carousel(times(12, one)), ""},
		{"13 bubbles", carousel(times(13, one)), "/contents must not be more than 12 items"},
		{"0 bubbles", carousel(""), "/contents must not be less than 1 items"},
		{"no contents", flex(`{"type":"carousel"}`), "/contents must be specified"},
		{"contents an object", flex(`{"type":"carousel","contents":{}}`), "/contents invalid property"},
		{"bubble a string", carousel(`"bubble"`), "/contents/0 invalid property"},
		{"carousel of carousels", carousel(`{"type":"carousel","contents":[]}`), "/contents/0/type invalid property"},
		{"one size said and unsaid", carousel(one + "," + mega), ""},
		{"two sizes", carousel(one + "," + kilo), "/contents/1/size must be the same in all bubbles"},
		{"deep inside", carousel(one + `,{"type":"bubble","footer":` + vertical(`{"type":"button","action":{"type":"uri","label":"l","uri":"x"}}`) + `}`),
			"/contents/1/footer/contents/0/action/uri invalid uri; /contents/1/footer/contents/0/action/uri invalid uri scheme"},
		{"empty bubble", carousel(`{"type":"bubble"}`), "/contents/0 At least one block must be specified"},
		{"11 animated over the bubbles", carousel(times(11, `{"type":"bubble","hero":{"type":"image","url":"https://x.example/","animated":true}}`)), "/ must not have more than 10 animated images"},
	})
}

func TestFlexSizes(t *testing.T) {
	// sized is a bubble of exactly n bytes of JSON, blanks not counted.
	sized := func(n int, blanks string) string {
		frame := `{"type":"bubble","body":` + vertical(`{"type":"text","text":"%s"}`) + `}`
		return blanks + fmt.Sprintf(frame, a(n-len(frame)+len("%s")))
	}
	carousel := func(n, each int) string {
		frame := `{"type":"carousel","contents":[` + times(n/each, sized(each, "")) + `]}`
		return frame
	}
	check(t, Options{}, []row{
		{"30 KB", flex(sized(30<<10, "")), ""},
		{"over 30 KB", flex(sized(30<<10+1, "")), "/ Too large flex message. The maximum size of JSON data that defines a bubble is 30 KB."},
		{"30 KB and blanks", flex(strings.Replace(sized(30<<10, ""), `{`, `{ `+strings.Repeat("\n", 100), 1)), ""},
		{"carousel of 50 KB", flex(carousel(50<<10-100, 25<<10-50)), ""},
		{"carousel over 50 KB", flex(carousel(50<<10+2, 25<<10+1)), "/ Too large flex message. The maximum size of JSON data that defines a carousel is 50 KB."},
		{"bubble of a carousel over 30 KB", flex(carousel(30<<10+1, 30<<10+1)), "/contents/0 Too large flex message. The maximum size of JSON data that defines a bubble is 30 KB."},
	})
}
