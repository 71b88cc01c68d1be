package object

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// refused is what the platform would answer to the messages, the details alone
// where there are some: "path text; path text".
func refused(opt Options, messages ...string) string {
	var raws []jsontext.Value
	for _, m := range messages {
		raws = append(raws, jsontext.Value(m))
	}
	_, err := Validate(raws, opt)
	switch {
	case err == nil:
		return ""
	case len(err.Details) == 0:
		return err.Message
	}
	var details []string
	for _, p := range err.Details {
		details = append(details, p.Property+" "+p.Message)
	}
	return strings.Join(details, "; ")
}

// row is one rule at its limit (want "") or past it.
type row struct{ name, message, want string }

func check(t *testing.T, opt Options, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			if got := refused(opt, r.message); got != r.want {
				t.Errorf("%.300s\n got %q\nwant %q", r.message, got, r.want)
			}
		})
	}
}

func a(n int) string     { return strings.Repeat("a", n) }
func thumb(n int) string { return strings.Repeat("👍", n) }

// family is one grapheme cluster of 7 code points and 11 UTF-16 code units.
func family(n int) string { return strings.Repeat("👨‍👩‍👧‍👦", n) }

// site is an https URL of n characters.
func site(n int) string { return "https://x.example/" + a(n-len("https://x.example/")) }

func times(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }

func mistyped(property string) string {
	return "The property, '" + property + "', in the request body is invalid (line: -, column: -)"
}

const hello = `{"type":"text","text":"hello"}`

func TestEnvelope(t *testing.T) {
	five := []string{hello, hello, hello, hello, hello}
	for name, c := range map[string]struct {
		messages []string
		want     string
	}{
		"none":               {nil, "messages Size must be between 1 and 5"},
		"one":                {five[:1], ""},
		"five":               {five, ""},
		"six":                {append(five, hello), "messages Size must be between 1 and 5"},
		"no type":            {[]string{`{}`}, "messages[0].type May not be empty"},
		"null type":          {[]string{`{"type":null}`}, "messages[0].type May not be empty"},
		"number as type":     {[]string{`{"type":1}`}, mistyped("messages[0].type")},
		"unknown type":       {[]string{`{"type":"video2"}`}, "messages[0].type Must be one of the following values: [text, image, video, audio, location, sticker, template, imagemap, flex, textV2, coupon]"},
		"not an object":      {[]string{hello, `"hello"`}, mistyped("messages[1]")},
		"null":               {[]string{`null`}, mistyped("messages[0]")},
		"no JSON":            {[]string{`{"type":"text","text":"hello"`}, mistyped("messages[0]")},
		"type error first":   {[]string{`{"type":"text"}`, `{"type":"text","text":[]}`}, mistyped("messages[1].text")},
		"all violations":     {[]string{`{"type":"text"}`, hello, `{"type":"sticker"}`}, "messages[0].text May not be empty; messages[2].packageId May not be empty; messages[2].stickerId May not be empty"},
		"body before inside": {[]string{`{"type":"flex","altText":"a","contents":{"type":"bubble"}}`, `{"type":"text"}`}, "messages[1].text May not be empty"},
		"first inside only": {[]string{hello, `{"type":"flex","altText":"a","contents":{"type":"bubble"}}`, `{"type":"template","altText":"a","template":{}}`},
			"/ At least one block must be specified"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := refused(Options{}, c.messages...); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Bots compare these bytes.
func TestTopLevelMessages(t *testing.T) {
	for _, c := range []struct{ message, want string }{
		{`{"type":"text"}`, "The request body has 1 error(s)"},
		{`{"type":"sticker"}`, "The request body has 2 error(s)"},
		{`{"type":"flex","altText":"a","contents":{"type":"bubble"}}`, "A message (messages[1])\u00a0in the request body is invalid"},
		{`{"type":"text","text":1}`, "The property, 'messages[1].text', in the request body is invalid (line: -, column: -)"},
	} {
		_, err := Validate([]jsontext.Value{jsontext.Value(hello), jsontext.Value(c.message)}, Options{})
		if err == nil || err.Message != c.want {
			t.Errorf("%s: got %v, want %q", c.message, err, c.want)
		}
	}
}

func TestErrorOnOneLine(t *testing.T) {
	err := bodyError([]Problem{{"a", "is bad"}, {"b", "is worse"}})
	if got, want := err.Error(), "The request body has 2 error(s): a is bad; b is worse"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSimpleTypes(t *testing.T) {
	text := func(s string) string { return `{"type":"text","text":` + s + `}` }
	emoji := func(index int) string { return fmt.Sprintf(`{"index":%d,"productId":"p","emojiId":"1"}`, index) }
	media := func(kind, original, preview, more string) string {
		return fmt.Sprintf(`{"type":%q,"originalContentUrl":%q,"previewImageUrl":%q%s}`, kind, original, preview, more)
	}
	ok := "https://x.example/a.jpg"
	check(t, Options{}, []row{
		{"text", text(`"` + a(5000) + `"`), ""},
		{"text too long", text(`"` + a(5001) + `"`), "messages[0].text Length must be between 0 and 5000"},
		{"text in UTF-16", text(`"` + thumb(2500) + `"`), ""},
		{"text too long in UTF-16", text(`"` + thumb(2500) + `a"`), "messages[0].text Length must be between 0 and 5000"},
		{"text escaped", text(`"` + strings.Repeat(`\u3042`, 5000) + `"`), ""},
		{"text empty", text(`""`), "messages[0].text May not be empty"},
		{"text blank", text(`" \n\t"`), "messages[0].text May not be empty"},
		{"text null", text(`null`), "messages[0].text May not be empty"},
		{"text missing", `{"type":"text"}`, "messages[0].text May not be empty"},
		{"text a number", text(`1`), mistyped("messages[0].text")},
		{"text an object", text(`{}`), mistyped("messages[0].text")},
		{"unknown field", `{"type":"text","text":"a","colour":{"x":[1]}}`, ""},
		{"optional nulls", `{"type":"text","text":"a","emojis":null,"quoteToken":null,"quickReply":null,"sender":null}`, ""},
		{"quoteToken empty", `{"type":"text","text":"a","quoteToken":""}`, ""},
		{"quoteToken a number", `{"type":"text","text":"a","quoteToken":1}`, mistyped("messages[0].quoteToken")},

		{"emoji", `{"type":"text","text":"👍$ $","emojis":[` + emoji(2) + `,` + emoji(4) + `]}`, ""},
		{"emoji index off", `{"type":"text","text":"👍$ $","emojis":[` + emoji(1) + `,` + emoji(4) + `]}`, "messages[0].emojis[0].index Must be the position of a '$' in the text"},
		{"emoji index behind", `{"type":"text","text":"$","emojis":[` + emoji(9) + `]}`, "messages[0].emojis[0].index Must be the position of a '$' in the text"},
		{"emoji index negative", `{"type":"text","text":"$","emojis":[` + emoji(-1) + `]}`, "messages[0].emojis[0].index Must be greater than or equal to 0"},
		{"emoji index a fraction", `{"type":"text","text":"$","emojis":[{"index":0.5,"productId":"p","emojiId":"1"}]}`, mistyped("messages[0].emojis[0].index")},
		{"emoji empty", `{"type":"text","text":"$","emojis":[{}]}`, "messages[0].emojis[0].index May not be empty; messages[0].emojis[0].productId May not be empty; messages[0].emojis[0].emojiId May not be empty"},
		{"emojis none", `{"type":"text","text":"$","emojis":[]}`, ""},
		{"emojis 20", `{"type":"text","text":"$","emojis":[` + times(20, emoji(0)) + `]}`, ""},
		{"emojis 21", `{"type":"text","text":"$","emojis":[` + times(21, emoji(0)) + `]}`, "messages[0].emojis Size must be between 0 and 20"},
		{"emojis an object", `{"type":"text","text":"$","emojis":{}}`, mistyped("messages[0].emojis")},
		{"emoji a string", `{"type":"text","text":"$","emojis":["$"]}`, mistyped("messages[0].emojis[0]")},

		{"sticker", `{"type":"sticker","packageId":"446","stickerId":"1988"}`, ""},
		{"sticker of the list before", `{"type":"sticker","packageId":"1","stickerId":"401"}`, ""},
		{"sticker of another package", `{"type":"sticker","packageId":"789","stickerId":"1988"}`, "messages[0].stickerId Must be a sticker that can be sent with the Messaging API"},
		{"sticker of no package", `{"type":"sticker","packageId":"99","stickerId":"1"}`, "messages[0].stickerId Must be a sticker that can be sent with the Messaging API"},
		{"sticker no number", `{"type":"sticker","packageId":"446","stickerId":"x"}`, "messages[0].stickerId Must be a sticker that can be sent with the Messaging API"},
		{"sticker numbers", `{"type":"sticker","packageId":446,"stickerId":"1988"}`, mistyped("messages[0].packageId")},
		{"sticker empty", `{"type":"sticker","packageId":"","stickerId":"1988"}`, "messages[0].packageId May not be empty"},

		{"image", media("image", site(2000), site(2000), ""), ""},
		{"image too long", media("image", site(2001), ok, ""), "messages[0].originalContentUrl Length must be between 0 and 2000"},
		{"image http", media("image", "http://x.example/a.jpg", ok, ""), "messages[0].originalContentUrl Must be a valid HTTPS URL"},
		{"image HTTPS", media("image", "HTTPS://x.example/a.jpg", ok, ""), ""},
		{"image no scheme", media("image", ok, "//x.example/a.jpg", ""), "messages[0].previewImageUrl Must be a valid HTTPS URL"},
		{"image no host", media("image", ok, "https:///a.jpg", ""), "messages[0].previewImageUrl Must be a valid HTTPS URL"},
		{"image with a blank", media("image", ok, "https://x.example/a b.jpg", ""), "messages[0].previewImageUrl Must be a valid HTTPS URL"},
		{"image half encoded", media("image", ok, "https://x.example/%E3%8", ""), "messages[0].previewImageUrl Must be a valid HTTPS URL"},
		{"image beyond ASCII", media("image", ok, "https://x.example/猫.jpg", ""), ""},
		{"image without URLs", `{"type":"image"}`, "messages[0].originalContentUrl May not be empty; messages[0].previewImageUrl May not be empty"},

		{"video", media("video", ok, ok, ""), ""},
		{"video tracked", media("video", ok, ok, `,"trackingId":"aZ0-.=,+*()%$&;:@{}!?<>[]"`), ""},
		{"video trackingId empty", media("video", ok, ok, `,"trackingId":""`), ""},
		{"video trackingId 100", media("video", ok, ok, `,"trackingId":"`+a(100)+`"`), ""},
		{"video trackingId 101", media("video", ok, ok, `,"trackingId":"`+a(101)+`"`), "messages[0].trackingId Length must be between 0 and 100"},
		{"video trackingId barred", media("video", ok, ok, `,"trackingId":"a b"`), "messages[0].trackingId Must be a valid value"},

		{"audio", `{"type":"audio","originalContentUrl":"` + ok + `","duration":60000}`, ""},
		{"audio of 0 ms", `{"type":"audio","originalContentUrl":"` + ok + `","duration":0}`, ""},
		{"audio of 1e3 ms", `{"type":"audio","originalContentUrl":"` + ok + `","duration":1e3}`, ""},
		{"audio of less", `{"type":"audio","originalContentUrl":"` + ok + `","duration":-1}`, "messages[0].duration Must be greater than or equal to 0"},
		{"audio of a string", `{"type":"audio","originalContentUrl":"` + ok + `","duration":"1"}`, mistyped("messages[0].duration")},
		{"audio without duration", `{"type":"audio","originalContentUrl":"` + ok + `"}`, "messages[0].duration May not be empty"},

		{"location", `{"type":"location","title":"` + a(100) + `","address":"` + thumb(50) + `","latitude":35.6,"longitude":-139}`, ""},
		{"location 0,0", `{"type":"location","title":"a","address":"b","latitude":0,"longitude":0}`, ""},
		{"location too long", `{"type":"location","title":"` + a(101) + `","address":"` + thumb(51) + `","latitude":1,"longitude":1}`, "messages[0].title Length must be between 0 and 100; messages[0].address Length must be between 0 and 100"},
		{"location nowhere", `{"type":"location","title":"a","address":"b"}`, "messages[0].latitude May not be empty; messages[0].longitude May not be empty"},
		{"location strings", `{"type":"location","title":"a","address":"b","latitude":"1","longitude":1}`, mistyped("messages[0].latitude")},

		{"coupon", `{"type":"coupon","couponId":"01JYNW8JMQVFBNWF1APF8Z3FS7","deliveryTag":"` + a(27) + `_Z9"}`, ""},
		{"coupon tag empty", `{"type":"coupon","couponId":"c","deliveryTag":""}`, ""},
		{"coupon tag too long", `{"type":"coupon","couponId":"c","deliveryTag":"` + a(31) + `"}`, "messages[0].deliveryTag Length must be between 0 and 30"},
		{"coupon tag barred", `{"type":"coupon","couponId":"c","deliveryTag":"a-b"}`, "messages[0].deliveryTag Must be a valid value"},
		{"coupon without id", `{"type":"coupon"}`, "messages[0].couponId May not be empty"},
	})
}

func TestTextV2(t *testing.T) {
	v2 := func(text, substitution string) string {
		return fmt.Sprintf(`{"type":"textV2","text":%q,"substitution":%s}`, text, substitution)
	}
	mention := `{"type":"mention","mentionee":{"type":"user","userId":"U1"}}`
	all := `{"type":"mention","mentionee":{"type":"all"}}`
	emoji := `{"type":"emoji","productId":"p","emojiId":"e"}`
	entries := func(n int, key string) string {
		var b []string
		for i := range n {
			b = append(b, fmt.Sprintf(`"%s%d":%s`, key, i, emoji))
		}
		return `{` + strings.Join(b, ",") + `}`
	}
	rows := []row{
		{"plain", `{"type":"textV2","text":"hi"}`, ""},
		{"all three", v2("{a} {b} {c}", `{"a":`+mention+`,"b":`+all+`,"c":`+emoji+`}`), ""},
		{"5000", v2(thumb(2500), `null`), ""},
		{"5001", v2(thumb(2500)+"a", `null`), "messages[0].text Length must be between 0 and 5000"},
		{"empty", v2("", `null`), "messages[0].text May not be empty"},
		{"escaped braces", v2("{{a}} }}{{ {{{a}}}", `{"a":`+emoji+`}`), ""},
		{"lone open", v2("a { b", `null`), "messages[0].text Must have '{' and '}' in pairs"},
		{"lone close", v2("a } b", `null`), "messages[0].text Must have '{' and '}' in pairs"},
		{"open at the end", v2("a {", `null`), "messages[0].text Must have '{' and '}' in pairs"},
		{"open in a placeholder", v2("{a{b}", `{"a":`+emoji+`}`), "messages[0].text Must have '{' and '}' in pairs"},
		{"nothing in braces", v2("{}", `null`), "messages[0].text Must have '{' and '}' in pairs"},
		{"not defined", v2("{a} {b} {a}", `{"b":`+emoji+`}`), "messages[0].substitution.a May not be empty"},
		{"defined but unused", v2("x", `{"a":`+emoji+`}`), ""},
		{"key 20", v2("x", `{"`+a(20)+`":`+emoji+`}`), ""},
		{"key 21", v2("x", `{"`+a(21)+`":`+emoji+`}`), "messages[0].substitution." + a(21) + " Must have a key of 1 to 20 characters of 0-9, a-z, A-Z and _"},
		{"key barred", v2("x", `{"a-b":`+emoji+`}`), "messages[0].substitution.a-b Must have a key of 1 to 20 characters of 0-9, a-z, A-Z and _"},
		{"100 entries", v2("x", entries(100, "k")), ""},
		{"101 entries", v2("x", entries(101, "k")), "messages[0].substitution Size must be between 0 and 100"},
		{"20 and 20", v2(strings.Repeat("{m}{e}", 20), `{"m":`+mention+`,"e":`+emoji+`}`), ""},
		{"21 mentions", v2(strings.Repeat("{m}", 21), `{"m":`+mention+`}`), "messages[0].text Must have at most 20 mentions and 20 emojis"},
		{"21 emojis", v2(strings.Repeat("{e}", 21), `{"e":`+emoji+`}`), "messages[0].text Must have at most 20 mentions and 20 emojis"},
		{"substitution an array", v2("x", `[]`), mistyped("messages[0].substitution")},
		{"entry a string", v2("x", `{"a":"b"}`), mistyped("messages[0].substitution.a")},
		{"entry of another type", v2("x", `{"a":{"type":"link"}}`), "messages[0].substitution.a.type Must be one of the following values: [mention, emoji]"},
		{"entry without type", v2("x", `{"a":{}}`), "messages[0].substitution.a.type May not be empty"},
		{"emoji without ids", v2("x", `{"a":{"type":"emoji"}}`), "messages[0].substitution.a.productId May not be empty; messages[0].substitution.a.emojiId May not be empty"},
		{"nobody mentioned", v2("x", `{"a":{"type":"mention"}}`), "messages[0].substitution.a.mentionee May not be empty"},
		{"mentionee a string", v2("x", `{"a":{"type":"mention","mentionee":"U1"}}`), mistyped("messages[0].substitution.a.mentionee")},
		{"mentionee of another type", v2("x", `{"a":{"type":"mention","mentionee":{"type":"bot"}}}`), "messages[0].substitution.a.mentionee.type Must be one of the following values: [user, all]"},
		{"user without id", v2("x", `{"a":{"type":"mention","mentionee":{"type":"user"}}}`), "messages[0].substitution.a.mentionee.userId May not be empty"},
	}
	check(t, Options{Kind: Push, Destination: ToGroup}, rows)
}

// Some properties are not for every send.
func TestWhatDependsOnTheSend(t *testing.T) {
	mention := `{"type":"textV2","text":"{a}","substitution":{"a":{"type":"mention","mentionee":{"type":"all"}}}}`
	quote := `{"type":"sticker","packageId":"446","stickerId":"1988","quoteToken":"q"}`
	video := `{"type":"video","originalContentUrl":"https://x.example/","previewImageUrl":"https://x.example/","trackingId":"t"}`
	const mentions, quotes, tracks = "messages[0].substitution.a Must not be specified", "messages[0].quoteToken Must not be specified", "messages[0].trackingId Must not be specified"
	for _, c := range []struct {
		opt                   Options
		mention, quote, video string
	}{
		{Options{Reply, ToUnknown}, "", "", ""},
		{Options{Reply, ToUser}, mentions, "", ""},
		{Options{Reply, ToGroup}, "", "", tracks},
		{Options{Push, ToRoom}, "", "", tracks},
		{Options{Push, ToUnknown}, "", "", ""},
		{Options{Multicast, ToUser}, mentions, quotes, ""},
		{Options{Broadcast, ToUnknown}, mentions, quotes, ""},
		{Options{Narrowcast, ToUnknown}, mentions, quotes, ""},
	} {
		for message, want := range map[string]string{mention: c.mention, quote: c.quote, video: c.video} {
			if got := refused(c.opt, message); got != want {
				t.Errorf("%v %s: got %q, want %q", c.opt, message, got, want)
			}
		}
	}
}

func TestCommonProperties(t *testing.T) {
	with := func(more string) string { return `{"type":"text","text":"a",` + more + `}` }
	item := `{"type":"action","action":{"type":"camera","label":"Camera"}}`
	check(t, Options{}, []row{
		{"items 13", with(`"quickReply":{"items":[` + times(13, item) + `]}`), ""},
		{"items 14", with(`"quickReply":{"items":[` + times(14, item) + `]}`), "messages[0].quickReply.items Size must be between 1 and 13"},
		{"items none", with(`"quickReply":{"items":[]}`), "messages[0].quickReply.items Size must be between 1 and 13"},
		{"items missing", with(`"quickReply":{}`), "messages[0].quickReply.items May not be empty"},
		{"quickReply an array", with(`"quickReply":[]`), mistyped("messages[0].quickReply")},
		{"item without type", with(`"quickReply":{"items":[{"action":{"type":"location","label":"Here"}}]}`), ""},
		{"item of another type", with(`"quickReply":{"items":[{"type":"x","action":{"type":"location","label":"Here"}}]}`), "messages[0].quickReply.items[0].type Must be one of the following values: [action]"},
		{"item without action", with(`"quickReply":{"items":[{"type":"action"}]}`), "messages[0].quickReply.items[0].action May not be empty"},
		{"item with an image", with(`"quickReply":{"items":[{"type":"action","imageUrl":"` + site(2000) + `","action":{"type":"location","label":"Here"}}]}`), ""},
		{"item image http", with(`"quickReply":{"items":[{"type":"action","imageUrl":"http://x.example/","action":{"type":"location","label":"Here"}}]}`), "messages[0].quickReply.items[0].imageUrl Must be a valid HTTPS URL"},
		{"sender", with(`"sender":{"name":"` + a(20) + `","iconUrl":"https://x.example/i.png"}`), ""},
		{"sender empty", with(`"sender":{"name":"","iconUrl":""}`), ""},
		{"sender name 21", with(`"sender":{"name":"` + a(21) + `"}`), "messages[0].sender.name Length must be between 0 and 20"},
		{"sender LINE", with(`"sender":{"name":"Line support"}`), "messages[0].sender.name Must not contain a word that may not be used"},
		{"sender ONLINE", with(`"sender":{"name":"ONLINE SHOP"}`), ""},
		{"sender icon http", with(`"sender":{"iconUrl":"http://x.example/i.png"}`), "messages[0].sender.iconUrl Must be a valid HTTPS URL"},
	})
}

func TestImagemap(t *testing.T) {
	area := `{"x":0,"y":0,"width":520,"height":1040}`
	link := `{"type":"uri","linkUri":"https://x.example/","area":` + area + `}`
	with := func(actions, more string) string {
		return `{"type":"imagemap","baseUrl":"https://x.example/i","altText":"map","baseSize":{"width":1040,"height":585},"actions":[` + actions + `]` + more + `}`
	}
	video := func(more string) string {
		return `,"video":{"originalContentUrl":"https://x.example/v","previewImageUrl":"https://x.example/p","area":` + area + more + `}`
	}
	empty := `{"type":"imagemap"}`
	check(t, Options{}, []row{
		{"one action", with(link, ""), ""},
		{"50 actions", with(times(50, link), ""), ""},
		{"51 actions", with(times(51, link), ""), "messages[0].actions Size must be between 0 and 50"},
		{"no action", with("", ""), "messages[0].actions Size must be between 1 and 50"},
		{"no action but a video", with("", video("")), ""},
		{"nothing", empty, "messages[0].baseUrl May not be empty; messages[0].altText May not be empty; messages[0].baseSize May not be empty; messages[0].actions May not be empty"},
		{"altText 1500", strings.Replace(with(link, ""), `"map"`, `"`+thumb(750)+`"`, 1), ""},
		{"altText 1501", strings.Replace(with(link, ""), `"map"`, `"`+thumb(750)+`a"`, 1), "messages[0].altText Length must be between 0 and 1500"},
		{"width 700", strings.Replace(with(link, ""), `:1040,"height":585`, `:700,"height":585`, 1), "messages[0].baseSize.width Must be greater than or equal to 1040"},
		{"width 2500", strings.Replace(with(link, ""), `:1040,"height":585`, `:2500,"height":585`, 1), "messages[0].baseSize.width Must be less than or equal to 1040"},
		{"height missing", strings.Replace(with(link, ""), `,"height":585`, ``, 1), "messages[0].baseSize.height May not be empty"},
		{"video linked", with(link, video(`,"externalLink":{"linkUri":"https://x.example/","label":"`+a(30)+`"}`)), ""},
		{"video label 31", with(link, video(`,"externalLink":{"linkUri":"https://x.example/","label":"`+a(31)+`"}`)), "messages[0].video.externalLink.label Length must be between 0 and 30"},
		{"video label alone", with(link, video(`,"externalLink":{"label":"a"}`)), "messages[0].video.externalLink.linkUri May not be empty"},
		{"video empty", with(link, `,"video":{}`), "messages[0].video.originalContentUrl May not be empty; messages[0].video.previewImageUrl May not be empty; messages[0].video.area May not be empty"},
		{"video area negative", with(link, strings.Replace(video(""), `"x":0`, `"x":-1`, 1)), "messages[0].video.area.x Must be greater than or equal to 0"},
		{"uri label 100", with(`{"type":"uri","label":"`+family(100)+`","linkUri":"`+site(1000)+`","area":`+area+`}`, ""), ""},
		{"uri label 101", with(`{"type":"uri","label":"`+a(101)+`","linkUri":"`+site(1001)+`","area":`+area+`}`, ""), "messages[0].actions[0].label Length must be between 0 and 100; messages[0].actions[0].linkUri Length must be between 0 and 1000"},
		{"uri javascript", with(`{"type":"uri","linkUri":"javascript:1","area":`+area+`}`, ""), "messages[0].actions[0].linkUri Must be a valid URI"},
		{"message 400", with(`{"type":"message","text":"`+a(400)+`","area":`+area+`}`, ""), ""},
		{"message 401", with(`{"type":"message","text":"`+a(401)+`","area":`+area+`}`, ""), "messages[0].actions[0].text Length must be between 0 and 400"},
		{"message without text", with(`{"type":"message","area":`+area+`}`, ""), "messages[0].actions[0].text May not be empty"},
		{"clipboard 1000", with(`{"type":"clipboard","clipboardText":"`+a(1000)+`","area":`+area+`}`, ""), ""},
		{"clipboard 1001", with(`{"type":"clipboard","clipboardText":"`+a(1001)+`","area":`+area+`}`, ""), "messages[0].actions[0].clipboardText Length must be between 1 and 1000"},
		{"action without area", with(`{"type":"message","text":"a"}`, ""), "messages[0].actions[0].area May not be empty"},
		{"postback", with(`{"type":"postback","data":"a"}`, ""), "messages[0].actions[0].type Must be one of the following values: [uri, message, clipboard]"},
	})
}

func TestWhatSendersLearn(t *testing.T) {
	raws := []jsontext.Value{
		jsontext.Value(` {"type":"text","text":"a\u0024","emojis":[{"index":1,"productId":"p","emojiId":"e"}],"quoteToken":"q","quickReply":{"items":[{"type":"action","action":{"type":"camera","label":"C"}}]}} `),
		jsontext.Value(`{"type":"textV2","text":"{u}{e}{w}{u}","substitution":{"e":{"type":"emoji","productId":"p","emojiId":"e"},"u":{"type":"mention","mentionee":{"type":"user","userId":"U1"}},"w":{"type":"mention","mentionee":{"type":"all"}},"x":{"type":"mention","mentionee":{"type":"all"}}}}`),
		jsontext.Value(`{"type":"video","originalContentUrl":"https://x.example/v","previewImageUrl":"https://x.example/p","trackingId":"t","sender":{"name":"Ann","iconUrl":"https://x.example/i"}}`),
		jsontext.Value(`{"type":"audio","originalContentUrl":"https://x.example/v","duration":1500}`),
		jsontext.Value(`{"type":"coupon","couponId":"c","deliveryTag":"d"}`),
	}
	got, err := Validate(raws, Options{Kind: Push})
	if err != nil {
		t.Fatal(err)
	}
	mention := Mention{Key: "u", UserID: "U1"}
	want := []Message{
		{Type: "text", Text: "a$", QuoteToken: "q", QuickReply: true, Emojis: []Emoji{{Index: 1, ProductID: "p", EmojiID: "e"}}},
		{Type: "textV2", Text: "{u}{e}{w}{u}", Mentions: []Mention{mention, {Key: "w", All: true}, mention}, Emojis: []Emoji{{Key: "e", ProductID: "p", EmojiID: "e"}}},
		{Type: "video", ContentURL: "https://x.example/v", PreviewURL: "https://x.example/p", TrackingID: "t", SenderName: "Ann", SenderIcon: "https://x.example/i"},
		{Type: "audio", ContentURL: "https://x.example/v", Duration: 1500},
		{Type: "coupon", CouponID: "c", DeliveryTag: "d"},
	}
	for i := range want {
		want[i].Raw = raws[i]
		if fmt.Sprintf("%+v", got[i]) != fmt.Sprintf("%+v", want[i]) {
			t.Errorf("message %d:\n got %+v\nwant %+v", i, got[i], want[i])
		}
	}
	one, err := Validate([]jsontext.Value{jsontext.Value(`{"type":"sticker","packageId":"446","stickerId":"1988"}`)}, Options{})
	if err != nil || one[0].PackageID != "446" || one[0].StickerID != "1988" {
		t.Errorf("sticker: %+v %v", one, err)
	}
	one, err = Validate([]jsontext.Value{jsontext.Value(`{"type":"flex","altText":"Alt","contents":{"type":"bubble","body":{"type":"box","layout":"vertical","contents":[]}}}`)}, Options{})
	if err != nil || one[0].AltText != "Alt" {
		t.Errorf("flex: %+v %v", one, err)
	}
}

func TestQuotable(t *testing.T) {
	var got []string
	for _, kind := range messageTypes {
		if Quotable(kind) {
			got = append(got, kind)
		}
	}
	if want := []string{"text", "image", "video", "sticker", "template", "flex", "textV2"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCounting(t *testing.T) {
	for _, c := range []struct {
		s              string
		utf16, cluster int
	}{
		{"", 0, 0}, {"abc", 3, 3}, {"👍", 2, 1}, {family(1), 11, 1}, {"猫a", 2, 2}, {"e\u0301", 2, 1}, {"a\r\nb", 4, 3},
	} {
		if UTF16Len(c.s) != c.utf16 || Graphemes(c.s) != c.cluster {
			t.Errorf("%q: %d code units and %d clusters, want %d and %d", c.s, UTF16Len(c.s), Graphemes(c.s), c.utf16, c.cluster)
		}
	}
}

// A body of 2 MB could otherwise be answered with many times as much.
func TestDetailsAreBounded(t *testing.T) {
	_, err := Validate([]jsontext.Value{jsontext.Value(bubble(times(5000, `{}`)))}, Options{})
	if err == nil || len(err.Details) != mostProblems {
		t.Errorf("got %d details, want %d", len(err.Details), mostProblems)
	}
}

// Sends of several bots are checked at the same time with pooled buffers.
func TestConcurrentValidation(t *testing.T) {
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			text := strings.Repeat(string(rune('a'+i)), 10+i)
			for range 200 {
				got, err := Validate([]jsontext.Value{jsontext.Value(`{"type":"text","text":"` + text + `\n"}`)}, Options{})
				if err != nil || got[0].Text != text+"\n" {
					t.Errorf("got %v %v, want %q", got, err, text)
				}
			}
		})
	}
	group.Wait()
}
