package object

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Kind is the send that messages are meant for.
type Kind uint8

// The sends. Mentions, quotes and tracking ids are not for every one of them.
const (
	Reply Kind = iota
	Push
	Multicast
	Broadcast
	Narrowcast
)

// Destination is the type of chat that messages are going to.
type Destination uint8

// The destinations; ToUnknown (validate operations, a reply token not yet looked
// up) leaves out the rules that depend on it.
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

// Mention is one person, or everyone, that a textV2 message mentions.
type Mention struct {
	Key    string // of the substitution
	UserID string // "" when All
	All    bool
}

// Emoji is one LINE emoji of a text (by Index, in UTF-16 code units) or textV2
// message (by Key).
type Emoji struct {
	Key       string
	Index     int
	ProductID string
	EmojiID   string
}

// Message is one accepted message object: the caller's bytes plus what senders
// need to know of it. Fields that its type does not have are zero.
type Message struct {
	Raw         jsontext.Value // exactly the caller's bytes
	Type        string
	Text        string    // text and textV2: the text, placeholders as they stand
	AltText     string    // template, flex, imagemap: what a notification shows
	QuoteToken  string    // of the quoted message
	Mentions    []Mention // textV2, in the order of the substitution map
	Emojis      []Emoji   // text and textV2
	CouponID    string    // coupon
	DeliveryTag string    // coupon
	TrackingID  string    // video
	PackageID   string    // sticker
	StickerID   string    // sticker
	ContentURL  string    // image, video, audio: originalContentUrl
	PreviewURL  string    // image, video: previewImageUrl
	Duration    int64     // audio, milliseconds
	SenderName  string    // sender.name
	SenderIcon  string    // sender.iconUrl
	QuickReply  bool      // has quick reply buttons
}

// Validate checks the messages of one send, 1 to 5 of them, and gives either all
// of them, in order, or the refusal of the whole array.
// https://developers.line.biz/en/reference/messaging-api/#message-objects
func Validate(messages []jsontext.Value, opt Options) ([]Message, *Error) {
	if len(messages) < 1 || len(messages) > 5 {
		return nil, bodyError([]Problem{{"messages", sizeBetween(1, 5)}})
	}
	c := checkers.Get().(*checker)
	defer checkers.Put(c)
	c.reset(opt)
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

// messageTypes is in the order in which the platform lists them.
var messageTypes = []string{"text", "image", "video", "audio", "location", "sticker",
	"template", "imagemap", "flex", "textV2", "coupon"}

var textShape = shapeOf(
	str("text", 5000).required(),
	str("quoteToken", 0),
)

var stickerShape = shapeOf(
	str("packageId", 0).required(),
	str("stickerId", 0).required(),
	str("quoteToken", 0),
)

var imageShape = shapeOf(
	https("originalContentUrl").required(),
	https("previewImageUrl").required(),
)

// shapes is the one table of message types.
var shapes = map[string]*shape{
	"text":    textShape,
	"sticker": stickerShape,
	"image":   imageShape,
}

func (c *checker) message(index int, raw jsontext.Value, out *Message) {
	c.enter(index)
	if !c.parse(raw) || c.nodes[0].kind != '{' {
		c.wrongType("")
		return
	}
	t := c.member(0, "type")
	if t == 0 || c.nodes[t].kind == 'n' {
		c.add("type", mayNotBeEmpty)
		return
	}
	if c.nodes[t].kind != '"' {
		c.wrongType("type")
		return
	}
	s := shapes[string(c.text(t))]
	if s == nil {
		c.add("type", oneOf(messageTypes))
		return
	}
	out.Raw, out.Type = raw, string(c.text(t))
	var at slots
	c.object(0, s, &at)
	c.fill(s, &at, out)
}

// fill copies what senders need to know.
func (c *checker) fill(s *shape, at *slots, out *Message) {
	for i, r := range s.rules {
		n := at[i]
		if n == 0 || c.nodes[n].kind != '"' {
			continue
		}
		switch r.name {
		case "text":
			out.Text = string(c.text(n))
		case "quoteToken":
			out.QuoteToken = string(c.text(n))
		case "packageId":
			out.PackageID = string(c.text(n))
		case "stickerId":
			out.StickerID = string(c.text(n))
		case "originalContentUrl":
			out.ContentURL = string(c.text(n))
		case "previewImageUrl":
			out.PreviewURL = string(c.text(n))
		}
	}
}

func (c *checker) enter(index int) {
	c.path = append(c.path[:0], "messages["...)
	c.path = strconv.AppendInt(c.path, int64(index), 10)
	c.path = append(c.path, ']')
	c.slash, c.plain = false, true
}
