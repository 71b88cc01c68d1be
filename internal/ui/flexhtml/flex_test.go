package flexhtml

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// inBox draws components in a box of a bubble's body.
func inBox(t *testing.T, layout, members, contents string) string {
	t.Helper()
	raw := fmt.Sprintf(`{"type":"bubble","body":{"type":"box","layout":%q%s,"contents":[%s]}}`, layout, members, contents)
	out := rendered(t, Flex(jsontext.Value(raw), Context{Interactive: true}))
	checkHTML(t, out)
	_, out, _ = strings.Cut(out, `<div class="fx-block fx-body">`)
	return out
}

// component is one JSON component of the type with the members.
func componentJSON(kind, members string) string {
	base := map[string]string{
		"box": `"layout":"vertical","contents":[]`, "text": `"text":"t"`, "button": `"action":{"type":"message","label":"l","text":"t"}`,
		"image": `"url":"https://a.example/i"`, "icon": `"url":"https://a.example/i"`, "separator": "", "filler": "", "spacer": "",
	}[kind]
	parts := []string{fmt.Sprintf(`"type":%q`, kind)}
	for _, part := range []string{base, members} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// TestKeywords goes through every keyword of every property of every component
// that takes it.
func TestKeywords(t *testing.T) {
	space := [][2]string{{"none", "0px"}, {"xs", "2px"}, {"sm", "4px"}, {"md", "8px"}, {"lg", "12px"}, {"xl", "16px"}, {"xxl", "20px"}, {"7px", "7px"}, {"2.5px", "2.5px"}}
	percent := slices.Concat(space, [][2]string{{"23.5%", "23.5%"}})
	font := [][2]string{{"xxs", "11px"}, {"xs", "13px"}, {"sm", "14px"}, {"md", "16px"}, {"lg", "19px"}, {"xl", "22px"}, {"xxl", "29px"}, {"3xl", "35px"}, {"4xl", "48px"}, {"5xl", "74px"},
		{"21px", "21px"}, {"50%", "16px"}, {"huge", "16px"}, {"full", "16px"}}
	image := [][2]string{{"xxs", "40px"}, {"xs", "60px"}, {"sm", "80px"}, {"md", "100px"}, {"lg", "120px"}, {"xl", "140px"}, {"xxl", "160px"}, {"3xl", "180px"}, {"4xl", "200px"}, {"5xl", "220px"},
		{"full", "100%"}, {"50%", "50%"}, {"33px", "33px"}, {"nonsense", "100px"}}
	same := func(words ...string) (pairs [][2]string) {
		for _, w := range words {
			pairs = append(pairs, [2]string{w, w})
		}
		return pairs
	}
	colours := append(same("#a1B2c3", "#a1B2c3d4"), [2]string{"#abc", ""}, [2]string{"red", ""}, [2]string{"#gggggg", ""})
	gravity := [][2]string{{"top", "flex-start"}, {"center", "center"}, {"bottom", "flex-end"}, {"middle", ""}}
	sizes := [][2]string{{"30px", "30px"}, {"50%", "50%"}, {"md", ""}, {"-3px", ""}, {"30", ""}}
	all := []string{"box", "text", "button", "image", "separator"}
	for _, test := range []struct {
		kinds         []string
		property, css string
		values        [][2]string
	}{
		{all, "margin", "margin-top", slices.Concat(space, [][2]string{{"5%", ""}})},
		{[]string{"box", "text", "button", "image"}, "offsetTop", "top", percent},
		{[]string{"box", "text", "button", "image"}, "offsetBottom", "bottom", slices.Concat(percent, [][2]string{{"-5px", "-5px"}})},
		{[]string{"box", "text", "button", "image"}, "offsetStart", "inset-inline-start", percent},
		{[]string{"box", "text", "button", "image"}, "offsetEnd", "inset-inline-end", percent},
		{[]string{"box", "text", "button", "image"}, "position", "position", [][2]string{{"absolute", "absolute"}, {"relative", ""}, {"fixed", ""}}},
		{[]string{"box"}, "paddingAll", "padding", slices.Concat(percent, [][2]string{{"-5px", ""}})},
		{[]string{"box"}, "paddingTop", "padding-top", percent},
		{[]string{"box"}, "paddingBottom", "padding-bottom", percent},
		{[]string{"box"}, "paddingStart", "padding-inline-start", percent},
		{[]string{"box"}, "paddingEnd", "padding-inline-end", percent},
		{[]string{"box"}, "cornerRadius", "border-radius", slices.Concat(space, [][2]string{{"5%", ""}})},
		{[]string{"box"}, "borderWidth", "border-width", [][2]string{{"none", "0px"}, {"light", "0.5px"}, {"normal", "1px"}, {"medium", "2px"}, {"semi-bold", "3px"}, {"bold", "4px"}, {"6px", "6px"}, {"6%", ""}}},
		{[]string{"box"}, "borderColor", "border-color", colours},
		{[]string{"box", "image"}, "backgroundColor", "background-color", colours},
		{[]string{"box"}, "width", "width", sizes},
		{[]string{"box"}, "maxWidth", "max-width", sizes},
		{[]string{"box"}, "height", "height", sizes},
		{[]string{"box"}, "maxHeight", "max-height", sizes},
		{[]string{"box"}, "justifyContent", "justify-content", append(same("center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"), [2]string{"start", ""})},
		{[]string{"box"}, "alignItems", "align-items", append(same("center", "flex-start", "flex-end"), [2]string{"baseline", ""})},
		{[]string{"text", "button", "image"}, "gravity", "justify-content", gravity},
		{[]string{"text"}, "align", "text-align", append(same("start", "center", "end"), [2]string{"left", ""})},
		{[]string{"image"}, "align", "align-items", [][2]string{{"start", "flex-start"}, {"center", "center"}, {"end", "flex-end"}}},
		{[]string{"image"}, "size", "width", image},
		{[]string{"image"}, "aspectRatio", "aspect-ratio", [][2]string{{"20:13", "20/13"}, {"1.91:1", "1.91/1"}, {"1:3", "1/3"}, {"1:4", "1/1"}, {"0:1", "1/1"}, {"x", "1/1"}, {"100001:1", "1/1"}}},
		{[]string{"text"}, "size", "font-size", font},
		{[]string{"text"}, "color", "color", colours},
		{[]string{"text"}, "weight", "font-weight", [][2]string{{"regular", "400"}, {"bold", "700"}, {"900", ""}}},
		{[]string{"text"}, "style", "font-style", append(same("normal", "italic"), [2]string{"oblique", ""})},
		{[]string{"text"}, "decoration", "text-decoration", append(same("underline", "line-through"), [2]string{"none", ""}, [2]string{"overline", ""})},
		{[]string{"button"}, "height", "height", [][2]string{{"sm", "40px"}, {"md", "52px"}, {"99px", "52px"}}},
		{[]string{"separator"}, "color", "color", colours},
	} {
		for _, kind := range test.kinds {
			for _, value := range test.values {
				out := inBox(t, "vertical", "", componentJSON(kind, fmt.Sprintf("%q:%q", test.property, value[0])))
				_, out, _ = strings.Cut(out, "><") // past the body's own style
				want := test.css + ":" + value[1]
				if value[1] != "" {
					want += ";"
				}
				found := strings.Contains(out, `"`+want) || strings.Contains(out, ";"+want)
				if found != (value[1] != "") {
					t.Errorf("%s %s %q: %q found=%v in %s", kind, test.property, value[0], want, found, out)
				}
			}
		}
	}
	for _, value := range font {
		out := inBox(t, "baseline", "", componentJSON("icon", fmt.Sprintf(`"size":%q`, value[0])))
		if !strings.Contains(out, ";font-size:"+value[1]+";width:1em;") {
			t.Errorf("icon %s: %s", value[0], out)
		}
	}
}

// TestBubble holds what the size of a bubble decides against the table.
func TestBubble(t *testing.T) {
	for size, want := range map[string]struct{ width, corner, header, body, bodyWithFooter string }{
		"nano":  {"120px", "10px", "10px 10px 10px 10px", "10px 10px 10px 10px", "10px 10px 10px 10px"},
		"micro": {"160px", "10px", "10px 10px 10px 10px", "10px 10px 10px 10px", "10px 10px 10px 10px"},
		"deca":  {"220px", "10px", "11px 14px 13px 14px", "11px 14px 13px 14px", "11px 14px 17px 14px"},
		"hecto": {"241px", "10px", "11px 14px 13px 14px", "11px 14px 13px 14px", "11px 14px 17px 14px"},
		"kilo":  {"260px", "10px", "13px 13px 13px 13px", "13px 13px 13px 13px", "13px 13px 17px 13px"},
		"mega":  {"300px", "17px", "20px 20px 20px 20px", "19px 20px 20px 20px", "19px 20px 10px 20px"},
		"giga":  {"500px", "5px", "20px 20px 20px 20px", "19px 20px 20px 20px", "19px 20px 10px 20px"},
		"":      {"300px", "17px", "20px 20px 20px 20px", "19px 20px 20px 20px", "19px 20px 10px 20px"},
		"tera":  {"300px", "17px", "20px 20px 20px 20px", "19px 20px 20px 20px", "19px 20px 10px 20px"},
	} {
		const box = `{"type":"box","layout":"vertical","contents":[]}`
		raw := fmt.Sprintf(`{"type":"bubble","size":%q,"header":%s,"hero":%s,"body":%s`, size, box, box, box)
		expect(t, rendered(t, Flex(jsontext.Value(raw+"}"), Context{})), []string{
			`style="--fx-width:` + want.width + `;border-radius:` + want.corner + `;"`,
			`fx-header"><div class="fx-box fx-vertical" style="padding:` + want.header + `;"`,
			`fx-hero"><div class="fx-box fx-vertical"></div>`,
			`fx-body"><div class="fx-box fx-vertical" style="padding:` + want.body + `;"`,
		}, nil)
		expect(t, rendered(t, Flex(jsontext.Value(raw+`,"footer":`+box+"}"), Context{})), []string{
			`fx-body"><div class="fx-box fx-vertical" style="padding:` + want.bodyWithFooter + `;"`,
			`fx-footer"><div class="fx-box fx-vertical" style="padding:10px 10px 10px 10px;"`,
		}, nil)
	}
}

// TestLayoutRules is the table of rules that the layout guide states in words.
func TestLayoutRules(t *testing.T) {
	text, button := componentJSON("text", ""), componentJSON("button", "")
	for _, test := range []struct {
		name, layout, members, contents string
		want, lack                      []string
	}{
		{"flex is 1 in a horizontal box", "horizontal", "", text, []string{`fx-text" style="flex:1 0 0px;"`}, nil},
		{"flex is 1 in a baseline box", "baseline", "", text, []string{`fx-text" style="flex:1 0 0px;"`}, nil},
		{"flex is 0 in a vertical box", "vertical", "", text, []string{`fx-text" style="flex:0 0 auto;"`}, nil},
		{"flex 0, horizontal", "horizontal", "", componentJSON("text", `"flex":0`), []string{"flex:0 0 auto;"}, []string{"flex:1"}},
		{"flex 3, horizontal", "horizontal", "", componentJSON("text", `"flex":3`), []string{"flex:3 0 0px;"}, nil},
		{"flex 3, vertical", "vertical", "", componentJSON("text", `"flex":3`), []string{"flex:3 0 auto;"}, nil},
		{"negative flex is none", "horizontal", "", componentJSON("text", `"flex":-3`), []string{"flex:0 0 auto;"}, nil},
		{"an icon's flex is 0", "baseline", "", componentJSON("icon", `"flex":4`), []string{`fx-icon" style="flex:0 0 auto;`}, nil},
		{"a separator's flex is 0", "horizontal", "", componentJSON("separator", ""), []string{"flex:0 0 auto;"}, nil},
		{"a filler grows", "vertical", "", componentJSON("filler", ""), []string{`fx-filler" style="flex:1 0 auto;"`}, nil},
		{"a filler's flex", "horizontal", "", componentJSON("filler", `"flex":2`), []string{"flex:2 0 0px;"}, nil},
		{"width sets flex to 0", "horizontal", "", componentJSON("box", `"width":"30%","flex":2`), []string{"flex:0 0 auto;width:30%;"}, nil},
		{"height sets flex to 0", "horizontal", "", componentJSON("box", `"height":"30px"`), []string{"flex:0 0 auto;height:30px;"}, nil},
		{"maxWidth does not", "horizontal", "", componentJSON("box", `"maxWidth":"30px"`), []string{"flex:1 0 0px;max-width:30px;"}, nil},
		{"width does not in a vertical box", "vertical", "", componentJSON("box", `"width":"30%","flex":2`), []string{"flex:2 0 auto;width:30%;"}, nil},

		{"spacing stands before all but the first", "vertical", `,"spacing":"md"`, text + "," + button, []string{`fx-text" style="flex:0 0 auto;"`, `fx-button" style="flex:0 0 auto;margin-top:8px;"`}, nil},
		{"spacing in a horizontal box", "horizontal", `,"spacing":"5px"`, text + "," + button, []string{`fx-button" style="flex:1 0 0px;margin-inline-start:5px;"`}, nil},
		{"a margin replaces spacing", "vertical", `,"spacing":"xxl"`, text + "," + componentJSON("text", `"margin":"sm"`), []string{"margin-top:4px;"}, []string{"margin-top:20px"}},
		{"margin none replaces spacing", "vertical", `,"spacing":"xxl"`, text + "," + componentJSON("text", `"margin":"none"`), []string{"margin-top:0px;"}, []string{"margin-top:20px"}},
		{"the first child's margin counts", "vertical", "", componentJSON("text", `"margin":"lg"`), []string{"margin-top:12px;"}, nil},
		{"no spacing for fillers", "vertical", `,"spacing":"md"`, text + "," + componentJSON("filler", ""), nil, []string{"margin"}},
		{"spacing after a filler", "vertical", `,"spacing":"md"`, componentJSON("filler", "") + "," + text, []string{"margin-top:8px;"}, nil},
		{"no spacing for what is out of the flow", "vertical", `,"spacing":"md"`, componentJSON("text", `"position":"absolute"`) + "," + text, nil, []string{"margin"}},
		{"separators take spacing", "vertical", `,"spacing":"md"`, text + "," + componentJSON("separator", ""), []string{`fx-separator" style="flex:0 0 auto;margin-top:8px;"`}, nil},
		{"spacing takes no percentage", "vertical", `,"spacing":"5%"`, text + "," + text, nil, []string{"margin"}},

		{"a side beats paddingAll", "vertical", `,"paddingAll":"xl","paddingTop":"none"`, "", []string{`style="padding:16px;padding-top:0px;"`}, nil},
		{"a side beats the block's padding", "vertical", `,"paddingStart":"5%"`, "", []string{`style="padding:19px 20px 20px 20px;padding-inline-start:5%;"`}, nil},
		{"gravity does nothing on a baseline", "baseline", "", componentJSON("text", `"gravity":"bottom"`), nil, []string{"justify-content"}},
		{"offsetBottom does nothing on a baseline", "baseline", "", componentJSON("text", `"offsetBottom":"3px","offsetTop":"2px"`), []string{"top:2px;"}, []string{"bottom:"}},
		{"offsets of both kinds of position", "vertical", "", componentJSON("box", `"position":"absolute","offsetTop":"5%","offsetEnd":"md"`), []string{"position:absolute;top:5%;inset-inline-end:8px;"}, nil},
		{"order is the order of painting", "vertical", "", componentJSON("box", `"position":"absolute"`) + "," + text, []string{`position:absolute;"></div><div class="fx-text"`}, nil},

		{"one line unless wrapped", "vertical", "", `{"type":"text","text":"a\nb"}`, []string{`class="fx-line" style="font-size:16px;">a b</p>`}, nil},
		{"wrapped", "vertical", "", `{"type":"text","text":"a\nb","wrap":true}`, []string{`class="fx-line fx-wrap" style="font-size:16px;">` + "a\nb</p>"}, nil},
		{"maxLines", "vertical", "", componentJSON("text", `"wrap":true,"maxLines":2`), []string{"-webkit-line-clamp:2;display:-webkit-box;"}, nil},
		{"maxLines 0 is all", "vertical", "", componentJSON("text", `"wrap":true,"maxLines":0`), nil, []string{"clamp"}},
		{"maxLines without wrap", "vertical", "", componentJSON("text", `"maxLines":2`), nil, []string{"clamp"}},
		{"lineSpacing", "vertical", "", componentJSON("text", `"wrap":true,"lineSpacing":"10px"`), []string{"line-height:calc(1.4em + 10px);margin-block:calc(10px/-2);"}, nil},
		{"lineSpacing takes px only", "vertical", "", componentJSON("text", `"wrap":true,"lineSpacing":"md"`), nil, []string{"line-height"}},
		{"spans win over text", "vertical", "", `{"type":"text","text":"no","size":"xl","contents":[{"type":"span","text":"yes"},{"type":"span","text":"big","size":"xxl"},{"type":"text","text":"no"}]}`,
			[]string{`style="font-size:22px;"><span>yes</span><span style="font-size:29px;">big</span></p>`}, []string{">no<"}},
		{"scaling", "vertical", "", `{"type":"text","scaling":true,"contents":[{"type":"span","text":"s","size":"xs"}]}`, []string{"font-size:calc(16px*var(--fx-scale,1));", "font-size:calc(13px*var(--fx-scale,1));"}, nil},
		{"scaling of an icon", "baseline", "", componentJSON("icon", `"scaling":true`), []string{"font-size:calc(16px*var(--fx-scale,1));width:1em;"}, nil},
		{"scaling of a button", "vertical", "", componentJSON("button", `"scaling":true`), []string{"font-size:calc(16px*var(--fx-scale,1));"}, nil},
		{"shrink-to-fit", "vertical", "", componentJSON("text", `"adjustMode":"shrink-to-fit"`) + "," + componentJSON("button", `"adjustMode":"shrink-to-fit"`), []string{`auto;" data-shrink><p`, `auto;" data-shrink><button`}, nil},

		{"link is the default style; colour is the text's", "vertical", "", componentJSON("button", `"color":"#111111"`), []string{`fx-tap fx-link"`, `style="height:52px;color:#111111;"`}, nil},
		{"primary: colour is the background's", "vertical", "", componentJSON("button", `"style":"primary","color":"#111111"`), []string{`fx-tap fx-primary"`, `style="height:52px;background-color:#111111;"`}, nil},
		{"secondary", "vertical", "", componentJSON("button", `"style":"secondary"`), []string{`fx-tap fx-secondary"`}, nil},
		{"images fit", "vertical", "", componentJSON("image", ""), []string{`class="fx-image" style="flex:0 0 auto;"><div class="fx-frame" style="width:100px;aspect-ratio:1/1;"><img`}, []string{"fx-cover"}},
		{"images cover", "vertical", "", componentJSON("image", `"aspectMode":"cover"`), []string{"fx-frame fx-cover"}, nil},
		{"a full image keeps its width in a centred box", "vertical", `,"alignItems":"center"`, componentJSON("image", `"size":"full"`), []string{"fx-image fx-broad"}, nil},
		{"a full image shares a row", "horizontal", "", componentJSON("image", `"size":"full"`), nil, []string{"fx-broad"}},
		{"a wide icon", "baseline", "", componentJSON("icon", `"aspectRatio":"3:2","size":"sm"`), []string{"font-size:14px;width:1.5em;"}, nil},
		{"a spacer is a fixed space", "vertical", "", componentJSON("spacer", `"size":"xl"`), []string{`fx-filler" style="flex:0 0 16px;"`}, nil},
		{"an unknown component", "vertical", "", `{"type":"map"},{}`, []string{"Unknown component: map<", "Unknown component: <"}, nil},
		{"an unknown layout", "grid", "", "", []string{"Unknown box layout: grid"}, nil},
		{"a video outside the hero is its altContent", "vertical", "", `{"type":"video","url":"https://a.example/v","altContent":` + text + `}`, []string{"fx-text"}, []string{"<video"}},

		{"gradient", "vertical", `,"background":{"type":"linearGradient","angle":"23.5deg","startColor":"#000000","endColor":"#ffffff80"}`, "", []string{"background-image:linear-gradient(23.5deg,#000000,#ffffff80);"}, nil},
		{"gradient with a centre", "vertical", `,"background":{"type":"linearGradient","angle":"0deg","startColor":"#000000","endColor":"#ffffff","centerColor":"#111111","centerPosition":"10%"}`, "", []string{"linear-gradient(0deg,#000000,#111111 10%,#ffffff);"}, nil},
		{"the centre is in the middle", "vertical", `,"background":{"type":"linearGradient","angle":"0deg","startColor":"#000000","endColor":"#ffffff","centerColor":"#111111"}`, "", []string{"#111111 50%"}, nil},
		{"an angle of 360 is none", "vertical", `,"background":{"type":"linearGradient","angle":"360deg","startColor":"#000000","endColor":"#ffffff"}`, "", nil, []string{"gradient"}},
		{"a gradient without an end is none", "vertical", `,"background":{"type":"linearGradient","angle":"1deg","startColor":"#000000"}`, "", nil, []string{"gradient"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			out := inBox(t, test.layout, test.members, test.contents)
			for _, part := range test.want {
				if !strings.Contains(out, part) {
					t.Errorf("no %s in %s", part, out)
				}
			}
			for _, part := range test.lack {
				if strings.Contains(out, part) {
					t.Errorf("%s in %s", part, out)
				}
			}
		})
	}
}

// TestContainerRules are the rules of bubbles, blocks and carousels.
func TestContainerRules(t *testing.T) {
	const box = `{"type":"box","layout":"vertical","contents":[]}`
	const video = `{"type":"video","url":"https://a.example/v","previewUrl":"https://a.example/p","altContent":{"type":"image","url":"https://a.example/alt"},"action":{"type":"uri","label":"More","uri":"https://a.example/"}}`
	separators := `"styles":{"header":{"separator":true},"body":{"separator":true,"separatorColor":"#ff0000","backgroundColor":"#00ff00"}}`
	for _, test := range []struct {
		name, raw  string
		want, lack []string
	}{
		{"direction", `{"type":"bubble","direction":"rtl","body":` + box + `}`, []string{`dir="rtl"`}, nil},
		{"direction is ltr", `{"type":"bubble","direction":"up","body":` + box + `}`, []string{`dir="ltr"`}, nil},
		{"a separator above its block, never above the first", `{"type":"bubble","header":` + box + `,"body":` + box + `,` + separators + `}`,
			[]string{`dir="ltr" style="--fx-width:300px;border-radius:17px;"><div class="fx-block fx-header">`, `</div></div><div class="fx-separator" style="color:#ff0000;"></div><div class="fx-block fx-body" style="background-color:#00ff00;">`}, nil},
		{"no separator above a body that is first", `{"type":"bubble","body":` + box + `,` + separators + `}`, nil, []string{"fx-separator"}},
		{"blocks in their order", `{"type":"bubble","footer":` + box + `,"body":` + box + `,"hero":` + box + `,"header":` + box + `}`, []string{"fx-header", "fx-hero", "fx-body", "fx-footer"}, nil},
		{"a bubble with a body stretches", `{"type":"carousel","contents":[{"type":"bubble","body":` + box + `},{"type":"bubble","footer":` + box + `}]}`, []string{`<li class="fx-bubble fx-mega fx-tall"`, `<li class="fx-bubble fx-mega" dir`}, nil},
		{"a carousel is a list that takes the focus", `{"type":"carousel","contents":[{"type":"bubble"}]}`, []string{`<ul class="fx-carousel" role="list" tabindex="0" aria-label="Carousel of 1">`, "msg-wide"}, nil},
		{"an empty bubble", `{"type":"bubble"}`, []string{"Bubble without a block"}, nil},
		{"a stranger in a carousel", `{"type":"carousel","contents":[{"type":"carousel"},7]}`, []string{"Unknown Flex container: carousel", "Unknown Flex container: <"}, nil},
		{"a stranger", `{"type":"box"}`, []string{"Unknown Flex container: box"}, nil},
		{"no JSON", `{`, []string{"Not readable as JSON"}, nil},
		{"video", `{"type":"bubble","hero":` + video + `}`, []string{`<video src="https://a.example/v" poster="https://a.example/p" controls`, `<button type="button" class="msg-more" data-action`}, []string{"alt\""}},
		{"a small bubble has no video", `{"type":"bubble","size":"micro","hero":` + video + `}`, []string{`src="https://a.example/alt"`}, []string{"<video"}},
		{"a carousel has no video", `{"type":"carousel","contents":[{"type":"bubble","hero":` + video + `}]}`, []string{`src="https://a.example/alt"`}, []string{"<video"}},
		{"a bubble's action", `{"type":"bubble","action":{"type":"message","label":"L","text":"t"},"body":` + box + `}`, []string{`role="button" tabindex="0" aria-label="L"><div class="fx-block`}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			expect(t, rendered(t, Flex(jsontext.Value(test.raw), Context{Interactive: true})), test.want, test.lack)
		})
	}
	out := rendered(t, Flex(jsontext.Value(`{"type":"bubble","hero":`+video+`}`), Context{Legacy: true}))
	expect(t, out, []string{`src="https://a.example/alt"`}, []string{"<video"})
}

func TestPointers(t *testing.T) {
	raw := `{"type":"carousel","contents":[{"type":"bubble","size":"nano","hero":{"type":"video","altContent":{"type":"image","url":"https://a.example"}},
		"body":{"type":"box","layout":"horizontal","contents":[{"type":"separator"},{"type":"text","contents":[{"type":"span","text":"s"}]}]}}]}`
	expect(t, rendered(t, Flex(jsontext.Value(raw), Context{Pointers: true})), []string{
		`tabindex="0" aria-label="Carousel of 1" data-pointer=""`, `data-pointer="/contents/0"`, `fx-image" data-pointer="/contents/0/hero/altContent"`,
		`data-pointer="/contents/0/body"`, `data-pointer="/contents/0/body/contents/0"`, `<span data-pointer="/contents/0/body/contents/1/contents/0">s`,
	}, nil)
}
