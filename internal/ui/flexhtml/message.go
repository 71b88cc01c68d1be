package flexhtml

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	g "maragu.dev/gomponents"
)

// Context is what a message cannot say about itself. The zero value draws an
// inert message of another person.
type Context struct {
	// MessageID becomes the data-message attribute of the message; "" leaves it out.
	MessageID string
	// ContentURL and PreviewURL are where the media a person sent, or kept copies
	// of a bot's, are served: http, https or a path on this host. They go before
	// the URLs in the message; "" means none.
	ContentURL, PreviewURL string
	// Lang is the reader's language (BCP 47), which picks the right shapes of Han
	// characters; "" leaves it to the page.
	Lang string
	// Quoted is the block of the quoted message, nil if nothing is quoted.
	Quoted g.Node
	// Interactive makes actions tappable; otherwise the message is a picture of
	// itself. Links in text and media controls work in both.
	Interactive bool
	// MentionNames gives the display name of a mentioned user, "" if unknown. It
	// may be nil.
	MentionNames func(userID string) string
	// Own tells that the reader sent the message, which decides its colour.
	Own bool
	// Pointers marks every Flex component with its JSON Pointer from the container.
	Pointers bool
	// Legacy draws what LINE versions before the Flex video and the deca and hecto
	// sizes draw: altContent and kilo.
	Legacy bool
	// StickerURL gives a picture for a sticker, "" to draw the placeholder. It may
	// be nil.
	StickerURL func(packageID, stickerID string) string
	// Link gives the page of ours that opens a URL of a text, "" for none. It may
	// be nil.
	Link func(url string) string
	// Words are in the reader's language; nil is English.
	Words *Words
	// Coupon gives what a coupon message shows. It may be nil.
	Coupon func(couponID string) Coupon
}

// Coupon is what the card of a coupon shows besides its id.
type Coupon struct {
	Title, Reward, Period string
	// Code is what is shown at the till, "" if there is none or not yet.
	Code     string
	ImageURL string // http, https or a path on this host
	Used     bool
	// Note says why nothing can be done with it now, such as that it ended.
	Note string
	// Button is what can be done, "" if nothing. It submits the form of the page
	// whose id is Form, with the coupon's id by the name Act.
	Button, Form, Act string
}

// message is any message object, sent by a bot or received in a webhook.
type message struct {
	Type       word               `json:"type"`
	QuickReply object[quickReply] `json:"quickReply"`

	Text         word                              `json:"text"`
	Emojis       list[object[emoji]]               `json:"emojis"`
	Mention      object[mention]                   `json:"mention"`
	Substitution object[map[string]object[insert]] `json:"substitution"`

	PackageID word `json:"packageId"`
	StickerID word `json:"stickerId"`

	OriginalContentURL word                    `json:"originalContentUrl"`
	PreviewImageURL    word                    `json:"previewImageUrl"`
	ContentProvider    object[contentProvider] `json:"contentProvider"`
	Duration           num                     `json:"duration"`
	FileName           word                    `json:"fileName"`
	FileSize           num                     `json:"fileSize"`

	Title     word `json:"title"`
	Address   word `json:"address"`
	Latitude  num  `json:"latitude"`
	Longitude num  `json:"longitude"`

	CouponID word `json:"couponId"`

	AltText  word                  `json:"altText"`
	BaseURL  word                  `json:"baseUrl"`
	BaseSize object[size]          `json:"baseSize"`
	Actions  list[jsontext.Value]  `json:"actions"`
	Video    object[imagemapVideo] `json:"video"`
	Template object[template]      `json:"template"`
	Contents container             `json:"contents"`
}

func readMessage(raw jsontext.Value) (message, error) {
	var m object[message]
	err := json.Unmarshal(raw, &m, lenient)
	return m.v, err
}

// Message draws the bubble of any message object, without the row around it.
//
// https://developers.line.biz/en/reference/messaging-api/#message-objects
func Message(raw jsontext.Value, ctx Context) g.Node {
	m, err := readMessage(raw)
	if err != nil {
		return ctx.root("msg-unknown", placeholder(ctx.says().NotJSON))
	}
	switch m.Type {
	case "text":
		return ctx.text(ctx.plainText(m))
	case "textV2":
		return ctx.text(ctx.substituted(m))
	case "sticker":
		return ctx.sticker(m)
	case "image":
		return ctx.image(m)
	case "video":
		return ctx.video(m)
	case "audio":
		return ctx.audio(m)
	case "file":
		return ctx.file(m)
	case "location":
		return ctx.location(m)
	case "coupon":
		return ctx.coupon(m)
	case "imagemap":
		return ctx.imagemap(m)
	case "template":
		return ctx.template(m)
	case "flex":
		return ctx.flex(m.Contents, name(m.AltText, ctx.says().Flex))
	}
	return ctx.root("msg-unknown", placeholder(because(ctx.says().UnknownMessage, string(m.Type))))
}

// Preview is the one line that stands for a message in a chat list or a
// notification: its text, its altText, or its kind in brackets. It is plain
// text, not HTML, and is not shortened.
func Preview(raw jsontext.Value, ctx Context) string {
	w := ctx.says()
	m, err := readMessage(raw)
	if err != nil {
		return "[" + w.Message + "]"
	}
	switch m.Type {
	case "text":
		return oneLine(string(m.Text))
	case "textV2":
		return oneLine(ctx.substitutedLine(m))
	case "flex", "template", "imagemap":
		if m.AltText != "" {
			return oneLine(string(m.AltText))
		}
	}
	kind := "[" + w.kind(string(m.Type)) + "]"
	switch m.Type {
	case "location":
		return oneLine(kind + " " + string(m.Title))
	case "file":
		return oneLine(kind + " " + string(m.FileName))
	}
	return kind
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// root is the outermost element of every message.
func (ctx Context) root(class string, content ...g.Node) g.Node {
	if ctx.Own {
		class += " msg-own"
	}
	return g.El("div", g.Attr("class", "msg "+class), ctx.lang(),
		g.If(ctx.MessageID != "", g.Attr("data-message", ctx.MessageID)), g.Group(content))
}

func (ctx Context) lang() g.Node {
	if ctx.Lang == "" {
		return nil
	}
	return g.Attr("lang", ctx.Lang)
}

// placeholder stands for what cannot be drawn, and says what it is.
func placeholder(label string) g.Node {
	return g.El("div", g.Attr("class", "msg-placeholder"), g.Text(label))
}

// name is an accessible name, which must not be empty.
func name(text word, otherwise string) string {
	if strings.TrimSpace(string(text)) == "" {
		return otherwise
	}
	return string(text)
}

// Words are the words that stand in messages without their sender having
// written them: names of kinds, labels for assistive technology, and what
// placeholders say.
type Words struct {
	// The kinds of messages, as a chat list names them.
	Message, Photo, Video, Voice, Sticker, Location, File, Coupon, Flex, Template, Imagemap string
	// Used says that a coupon was; More is on the button of a video; All and
	// User are who is mentioned, after an @.
	Used, More, All, User string
	// Labels. Carousel is followed by the number of its columns.
	QuickReplies, Carousel, Previous, Next, Emoji, Action string
	// What placeholders say; NoURL and NotWeb after a kind and a colon, the
	// Unknown ones before a colon and what is unknown.
	NoURL, NotWeb, NotJSON, TooDeep, EmptyBubble, NoAltContent          string
	UnknownMessage, UnknownContainer, UnknownComponent, UnknownTemplate string
	UnknownLayout, Image, Icon                                          string
}

// English are the words where a Context has none.
var English = Words{
	Message: "Message", Photo: "Photo", Video: "Video", Voice: "Voice message", Sticker: "Sticker", Location: "Location", File: "File",
	Coupon: "Coupon", Flex: "Flex Message", Template: "Template", Imagemap: "Imagemap",
	Used: "Used", More: "More", All: "All", User: "user",
	QuickReplies: "Quick replies", Carousel: "Carousel of", Previous: "Previous", Next: "Next", Emoji: "LINE emoji", Action: "Action",
	NoURL: "no URL that can be shown", NotWeb: "not an http or https URL", NotJSON: "Not readable as JSON", TooDeep: "Nested too deeply",
	EmptyBubble: "Bubble without a block", NoAltContent: "Video without altContent",
	UnknownMessage: "Unknown message", UnknownContainer: "Unknown Flex container", UnknownComponent: "Unknown component",
	UnknownTemplate: "Unknown template", UnknownLayout: "Unknown box layout", Image: "Image", Icon: "Icon",
}

func (ctx Context) says() *Words {
	if ctx.Words == nil {
		return &English
	}
	return ctx.Words
}

// kind is the word for a message that has no text.
func (w *Words) kind(messageType string) string {
	switch messageType {
	case "sticker":
		return w.Sticker
	case "image":
		return w.Photo
	case "video":
		return w.Video
	case "audio":
		return w.Voice
	case "location":
		return w.Location
	case "file":
		return w.File
	case "coupon":
		return w.Coupon
	case "flex":
		return w.Flex
	case "template":
		return w.Template
	case "imagemap":
		return w.Imagemap
	}
	return w.Message
}

// because is what a placeholder says of a kind: why it is not there.
func because(kind, why string) string { return kind + ": " + why }

func (w *Words) carousel(columns int) string { return w.Carousel + " " + strconv.Itoa(columns) }
