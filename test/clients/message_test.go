package clients

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	m "github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

const https = "https://example.com/"

// everyType is one message of each type as the official client writes it, with
// the zero values that it sends unasked. quotable ones get a quote token.
var everyType = []struct {
	name     string
	message  m.MessageInterface
	quotable bool
}{
	{"text", &m.TextMessage{Text: "Hello 👍 $", Emojis: []m.Emoji{{Index: 9, ProductId: "5ac1bfd5040ab15980c9b435", EmojiId: "001"}},
		Sender:     &m.Sender{Name: "Cony", IconUrl: https + "cony.png"},
		QuickReply: &m.QuickReply{Items: []m.QuickReplyItem{{ImageUrl: https + "q.png", Action: &m.MessageAction{Label: "Yes", Text: "Yes"}}, {Action: &m.LocationAction{Label: "Where"}}}}}, true},
	{"textV2", &m.TextMessageV2{Text: "braces {{ }} stay"}, true},
	{"sticker", &m.StickerMessage{PackageId: "446", StickerId: "1988"}, true},
	{"image", &m.ImageMessage{OriginalContentUrl: https + "a.jpg", PreviewImageUrl: https + "b.jpg"}, true},
	{"video", &m.VideoMessage{OriginalContentUrl: https + "a.mp4", PreviewImageUrl: https + "b.jpg", TrackingId: "t"}, true},
	{"audio", &m.AudioMessage{OriginalContentUrl: https + "a.m4a", Duration: 60000}, false},
	{"location", &m.LocationMessage{Title: "Cafe", Address: "Tokyo", Latitude: 35.67966, Longitude: 139.73669}, false},
	{"imagemap", &m.ImagemapMessage{BaseUrl: https + "map", AltText: "a map", BaseSize: &m.ImagemapBaseSize{Width: 1040, Height: 700},
		Video: &m.ImagemapVideo{OriginalContentUrl: https + "a.mp4", PreviewImageUrl: https + "b.jpg", Area: &m.ImagemapArea{Width: 1040, Height: 585},
			ExternalLink: &m.ImagemapExternalLink{LinkUri: https, Label: "More"}},
		Actions: []m.ImagemapActionInterface{&m.UriImagemapAction{LinkUri: https, Area: &m.ImagemapArea{Width: 520, Height: 700}},
			&m.MessageImagemapAction{Text: "right", Area: &m.ImagemapArea{X: 520, Width: 520, Height: 700}}}}, false},
	{"buttons", template(&m.ButtonsTemplate{ThumbnailImageUrl: https + "a.jpg", Title: "Menu", Text: "Choose", DefaultAction: &m.UriAction{Label: "Open", Uri: https},
		Actions: []m.ActionInterface{&m.PostbackAction{Label: "Buy", Data: "buy"}, &m.UriAction{Label: "Call", Uri: "tel:+81312345678"},
			&m.DatetimePickerAction{Label: "When", Data: "when", Mode: "datetime", Min: "2026-01-01T00:00", Max: "2026-12-31T23:59"}, &m.ClipboardAction{Label: "Copy", ClipboardText: "code"}}}), true},
	{"confirm", template(&m.ConfirmTemplate{Text: "Sure?", Actions: []m.ActionInterface{&m.MessageAction{Label: "Yes", Text: "yes"}, &m.MessageAction{Label: "No", Text: "no"}}}), true},
	{"carousel", template(&m.CarouselTemplate{Columns: []m.CarouselColumn{{Text: "one", Actions: []m.ActionInterface{&m.MessageAction{Label: "1", Text: "1"}}},
		{Text: "two", Actions: []m.ActionInterface{&m.UriAction{Label: "2", Uri: "http://example.com/plain"}}}}}), true},
	{"image carousel", template(&m.ImageCarouselTemplate{Columns: []m.ImageCarouselColumn{{ImageUrl: https + "a.jpg", Action: &m.UriAction{Label: "Open", Uri: https}}}}), true},
	{"flex bubble", &m.FlexMessage{AltText: "a bubble", Contents: bubble()}, true},
	{"flex carousel", &m.FlexMessage{AltText: "bubbles", Contents: &m.FlexCarousel{Contents: []m.FlexBubble{*bubble(), *bubble()}}}, true},
}

func template(t m.TemplateInterface) *m.TemplateMessage {
	return &m.TemplateMessage{AltText: "a template", Template: t}
}

func bubble() *m.FlexBubble {
	return &m.FlexBubble{Size: m.FlexBubbleSIZE_KILO,
		Hero: &m.FlexImage{Url: https + "a.jpg", Size: "full", AspectRatio: "20:13", AspectMode: m.FlexImageASPECT_MODE_COVER},
		Body: &m.FlexBox{Layout: m.FlexBoxLAYOUT_VERTICAL, Contents: []m.FlexComponentInterface{
			&m.FlexText{Text: "Total", Weight: m.FlexTextWEIGHT_BOLD}, &m.FlexSeparator{Margin: "md"},
			&m.FlexText{Contents: []m.FlexSpan{{Text: "700", Color: "#112233"}, {Text: " yen"}}},
			&m.FlexBox{Layout: m.FlexBoxLAYOUT_BASELINE, Contents: []m.FlexComponentInterface{&m.FlexIcon{Url: https + "i.png"}, &m.FlexFiller{}}},
			&m.FlexButton{Action: &m.UriAction{Label: "Pay", Uri: https}, Style: m.FlexButtonSTYLE_PRIMARY}}}}
}

var messageID = regexp.MustCompile(`^[1-9][0-9]{0,19}$`)

// Each message is accepted, stands in the person's chat as the bot sent it, under
// the id that the answer names, and has a quote token where it can be quoted.
func TestEveryMessageType(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for i, c := range everyType {
		answer, err := s.api.PushMessage(&m.PushMessageRequest{To: aoi, Messages: []m.MessageInterface{c.message}}, "")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if len(answer.SentMessages) != 1 || !messageID.MatchString(answer.SentMessages[0].Id) || (answer.SentMessages[0].QuoteToken != "") != c.quotable {
			t.Errorf("%s: %+v", c.name, answer)
		}
		list := s.sees(aoi, cafe)
		if len(list) != i+1 {
			t.Fatalf("%s: aoi sees %d messages", c.name, len(list))
		}
		sent, err := json.Marshal(c.message)
		must(t, sent, err)
		if got := list[i]; got.ID != answer.SentMessages[0].Id || got.From.Type != "account" || got.From.ID != cafe || !sameJSON(t, got.Message, sent) {
			t.Errorf("%s: aoi sees\n%s of %+v\nsent\n%s", c.name, got.Message, got.From, sent)
		}
	}
}

// The five validate operations take what can be sent, and say what is wrong in
// the words of sending.
func TestValidate(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	operations := map[string]func(*m.ValidateMessageRequest) (struct{}, error){
		"reply": s.api.ValidateReply, "push": s.api.ValidatePush, "multicast": s.api.ValidateMulticast, "narrowcast": s.api.ValidateNarrowcast, "broadcast": s.api.ValidateBroadcast,
	}
	for name, validate := range operations {
		for _, c := range everyType {
			if _, err := validate(&m.ValidateMessageRequest{Messages: []m.MessageInterface{c.message}}); err != nil {
				t.Errorf("%s: %s: %v", name, c.name, err)
			}
		}
		for _, c := range wrongMessages {
			_, err := validate(&m.ValidateMessageRequest{Messages: c.messages})
			refused(t, name+": "+c.name, err, 400, c.body)
		}
	}
	if list := s.sees(aoi, cafe); len(list) != 0 {
		t.Errorf("validating sent %+v", list)
	}
}

const nbsp = "\u00a0" // stands after the closing parenthesis, where one expects a space

// wrongMessages are refused in these very bytes: bots look for them.
var wrongMessages = []struct {
	name     string
	messages []m.MessageInterface
	body     string
}{
	{"no message", []m.MessageInterface{}, `{"message":"The request body has 1 error(s)","details":[{"message":"Size must be between 1 and 5","property":"messages"}]}`},
	{"six messages", []m.MessageInterface{hello, hello, hello, hello, hello, hello},
		`{"message":"The request body has 1 error(s)","details":[{"message":"Size must be between 1 and 5","property":"messages"}]}`},
	{"empty texts", []m.MessageInterface{&m.TextMessage{}, hello, &m.TextMessage{}},
		`{"message":"The request body has 2 error(s)","details":[{"message":"May not be empty","property":"messages[0].text"},{"message":"May not be empty","property":"messages[2].text"}]}`},
	{"5001 characters", []m.MessageInterface{&m.TextMessage{Text: strings.Repeat("a", 5001)}},
		`{"message":"The request body has 1 error(s)","details":[{"message":"Length must be between 0 and 5000","property":"messages[0].text"}]}`},
	{"a long title", []m.MessageInterface{template(&m.ButtonsTemplate{Title: strings.Repeat("a", 41), Text: "t", Actions: []m.ActionInterface{&m.MessageAction{Label: "l", Text: "t"}}})},
		`{"message":"A message (messages[0])` + nbsp + `in the request body is invalid","details":[{"message":"must not be longer than 40 characters","property":"template/title"}]}`},
	{"an app's scheme", []m.MessageInterface{hello, &m.FlexMessage{AltText: "a", Contents: &m.FlexBubble{Body: &m.FlexBox{Layout: "vertical",
		Contents: []m.FlexComponentInterface{&m.FlexButton{Action: &m.UriAction{Label: "l", Uri: "myapp://open"}}}}}}},
		`{"message":"A message (messages[1])` + nbsp + `in the request body is invalid","details":[{"message":"invalid uri scheme","property":"/body/contents/0/action/uri"}]}`},
	{"an empty bubble", []m.MessageInterface{&m.FlexMessage{AltText: "a", Contents: &m.FlexBubble{}}},
		`{"message":"A message (messages[0])` + nbsp + `in the request body is invalid","details":[{"message":"At least one block must be specified","property":"/"}]}`},
}

var hello = &m.TextMessage{Text: "hello"}

// A text's length is counted in UTF-16 units: 2,500 thumbs fit, one more does not.
func TestTextLength(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	_, err := s.api.ValidatePush(&m.ValidateMessageRequest{Messages: text(strings.Repeat("👍", 2500))})
	must(t, 0, err)
	_, err = s.api.ValidatePush(&m.ValidateMessageRequest{Messages: text(strings.Repeat("👍", 2501))})
	refused(t, "2501 thumbs", err, 400, wrongMessages[3].body)
}
