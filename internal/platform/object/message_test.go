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
		"empty type":         {[]string{`{"type":""}`}, "messages[0].type May not be empty"},
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
		{`{"type":"text","text":"a","sender":{"name":"` + a(21) + `"}}`, "sender.name length is invalid"},
		{`{"type":"text","sender":{"name":"` + a(21) + `"}}`, "The request body has 1 error(s)"},
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

// TestStickersOfNumbers: who reads the message finds strings.
func TestStickersOfNumbers(t *testing.T) {
	for message, want := range map[string]string{
		`{"stickerId":1988, "packageId" : 446,"type":"sticker","quoteToken":"q"}`: `{"stickerId":"1988", "packageId" : "446","type":"sticker","quoteToken":"q"}`,
		`{"type":"sticker","packageId":"446","stickerId":1988}`:                   `{"type":"sticker","packageId":"446","stickerId":"1988"}`,
		`{"type":"sticker","packageId":"446","stickerId":"1988"}`:                 `{"type":"sticker","packageId":"446","stickerId":"1988"}`,
	} {
		raw := jsontext.Value(message)
		got, err := Validate([]jsontext.Value{raw}, Options{Kind: Push})
		if err != nil || string(got[0].Raw) != want || got[0].PackageID != "446" || got[0].StickerID != "1988" || string(raw) != message {
			t.Errorf("%s: %+v %v", message, got, err)
		}
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
