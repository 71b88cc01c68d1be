package object

import (
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Kind is the send that messages are meant for.
type Kind uint8

// The sends. Mentions and quotes are for replies and pushes only.
const (
	Reply Kind = iota
	Push
	Multicast
	Broadcast
	Narrowcast
)

// Destination is the type of chat that messages are going to.
type Destination uint8

// The destinations. ToUnknown (the validate operations, or a reply token that has
// not been looked up yet) leaves out the rules that depend on it.
const (
	ToUnknown Destination = iota
	ToUser
	ToGroup
	ToRoom
)

// Options is what the rules need to know of a send beside its messages.
type Options struct {
	Kind        Kind
	Destination Destination
}

// Message is one accepted message object: the caller's bytes plus what senders
// need to know of it. Fields that its type does not have are zero.
type Message struct {
	Raw         jsontext.Value // exactly the caller's bytes, not a copy, but for a sticker's ids that were numbers
	Type        string
	Text        string    // text and textV2: the text, placeholders as they stand
	AltText     string    // template, flex, imagemap: what a notification or chat list shows
	QuoteToken  string    // text, textV2, sticker: the token of the quoted message
	Mentions    []Mention // textV2: one for each placeholder of the text that mentions
	Emojis      []Emoji   // text: as listed; textV2: one for each placeholder
	CouponID    string    // coupon
	DeliveryTag string    // coupon
	TrackingID  string    // video
	PackageID   string    // sticker
	StickerID   string    // sticker
	ContentURL  string    // image, video, audio: originalContentUrl
	PreviewURL  string    // image, video: previewImageUrl
	Duration    int64     // audio, in milliseconds
	SenderName  string    // any: sender.name
	SenderIcon  string    // any: sender.iconUrl
	QuickReply  bool      // any: has quick reply buttons
}

// Validate checks the messages of one send, 1 to 5 of them, and gives either all
// of them, in order, or the refusal of the whole array.
// https://developers.line.biz/en/reference/messaging-api/#message-objects
func Validate(messages []jsontext.Value, opt Options) ([]Message, *Error) {
	if len(messages) < 1 || len(messages) > 5 {
		return nil, bodyError([]Problem{{"messages", sizeBetween(1, 5)}})
	}
	c := borrow(opt)
	defer c.giveBack()
	out := make([]Message, len(messages))
	for i, raw := range messages {
		c.message(i, raw, &out[i])
	}
	if err := c.refusal(); err != nil {
		return nil, err
	}
	return out, nil
}

// Quotable reports whether sent messages of the type get a quote token.
// https://developers.line.biz/en/docs/messaging-api/get-quote-tokens/
func Quotable(messageType string) bool {
	switch messageType {
	case "text", "textV2", "sticker", "image", "video", "template", "flex":
		return true
	}
	return false
}

// message checks one message object.
func (c *checker) message(index int, raw jsontext.Value, out *Message) {
	c.path = append(strconv.AppendInt(append(c.path[:0], "messages["...), int64(index), 10), ']')
	c.slash, c.plain = false, true
	if !c.parse(raw) || c.nodes[0].kind != '{' {
		c.wrongType("")
		return
	}
	kind, ok := c.typeOf(0, messageTypes)
	if !ok {
		return
	}
	out.Raw, out.Type = raw, kind
	var at slots
	s := messageShapes[kind]
	c.object(0, s, &at)
	c.keep(s, &at, out)
	if out.QuoteToken != "" && c.opt.Kind != Reply && c.opt.Kind != Push {
		c.clash("quoteToken")
	}
	switch kind {
	case "text":
		c.emojis(s.at(&at, "emojis"), out)
	case "textV2":
		c.textV2(index, s.at(&at, "substitution"), out)
	case "sticker":
		c.spell(out, s.at(&at, "packageId"), s.at(&at, "stickerId"))
		if out.PackageID != "" && out.StickerID != "" && !sendable(out.PackageID, out.StickerID) {
			c.add("stickerId", mustBeSendable)
		}
	case "video":
		if out.TrackingID != "" && (c.opt.Destination == ToGroup || c.opt.Destination == ToRoom) {
			c.clash("trackingId")
		}
	case "imagemap":
		c.imagemap(s, &at)
	case "template", "flex":
		c.rendered(index, kind, s, &at)
	}
}

// keep copies what senders need to know.
func (c *checker) keep(s *shape, at *slots, out *Message) {
	for i := range s.rules {
		if at[i] == 0 {
			continue
		}
		switch s.rules[i].name {
		case "text":
			out.Text = c.stringOf(at[i])
		case "altText":
			out.AltText = c.stringOf(at[i])
		case "quoteToken":
			out.QuoteToken = c.stringOf(at[i])
		case "couponId":
			out.CouponID = c.stringOf(at[i])
		case "deliveryTag":
			out.DeliveryTag = c.stringOf(at[i])
		case "trackingId":
			out.TrackingID = c.stringOf(at[i])
		case "packageId":
			out.PackageID = c.idOf(at[i])
		case "stickerId":
			out.StickerID = c.idOf(at[i])
		case "originalContentUrl":
			out.ContentURL = c.stringOf(at[i])
		case "previewImageUrl":
			out.PreviewURL = c.stringOf(at[i])
		case "duration":
			out.Duration = c.intOf(at[i])
		case "quickReply":
			out.QuickReply = true
		case "sender":
			c.sender(at[i], out)
		}
	}
}

// idOf is an id that may be written as a number.
func (c *checker) idOf(n int32) string {
	if c.nodes[n].kind == '0' {
		return string(c.raw(n))
	}
	return c.stringOf(n)
}

// spell writes members of the message that are numbers as strings, which all
// who read the message expect.
func (c *checker) spell(out *Message, members ...int32) {
	slices.Sort(members)
	var text jsontext.Value
	from := int32(0)
	for _, n := range members {
		if v := c.nodes[n]; n != 0 && v.kind == '0' {
			text = append(append(text, c.src[from:v.start]...), '"')
			text = append(append(text, c.raw(n)...), '"')
			from = v.end
		}
	}
	if from > 0 {
		out.Raw = append(text, c.src[from:]...)
	}
}

// mostSenderName is the length of a sender's name in UTF-16 code units.
const mostSenderName = 20

// sender keeps the name and icon that stand for the account's own.
func (c *checker) sender(n int32, out *Message) {
	if c.nodes[n].kind != '{' {
		return
	}
	out.SenderName = c.stringOf(c.member(n, "name"))
	out.SenderIcon = c.stringOf(c.member(n, "iconUrl"))
	if UTF16Len(out.SenderName) > mostSenderName {
		c.longName = true
	} else if namesLINE(out.SenderName) {
		c.add("sender.name", mustBeOtherName)
	}
}

// rendered checks the inside of a template or Flex Message. Only the first
// message that is wrong inside is reported, so the ones behind it are not read.
func (c *checker) rendered(index int, kind string, s *shape, at *slots) {
	if c.content != nil {
		return
	}
	name, path := "contents", ""
	if kind == "template" {
		name, path = "template", "template"
	}
	n := s.at(at, name)
	if n == 0 || c.nodes[n].kind != '{' {
		return
	}
	c.offender, c.slash, c.plain, c.animated = index, true, false, 0
	c.path = append(c.path[:0], path...)
	if kind == "template" {
		c.template(n)
	} else {
		c.container(n)
	}
}
