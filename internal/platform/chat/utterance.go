package chat

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// Utterance is a message as a person sends it.
type Utterance struct {
	Type                string    `json:"type"`
	Text                string    `json:"text,omitzero"`
	Emojis              []Emoji   `json:"emojis,omitzero"`
	Mention             *Mention  `json:"mention,omitzero"`
	QuotedMessageID     string    `json:"quotedMessageId,omitzero"`
	PackageID           string    `json:"packageId,omitzero"`
	StickerID           string    `json:"stickerId,omitzero"`
	StickerResourceType string    `json:"stickerResourceType,omitzero"`
	Keywords            []string  `json:"keywords,omitzero"`
	Title               string    `json:"title,omitzero"`
	Address             string    `json:"address,omitzero"`
	Latitude            float64   `json:"latitude,omitzero"`
	Longitude           float64   `json:"longitude,omitzero"`
	Duration            int64     `json:"duration,omitzero"` // milliseconds
	FileName            string    `json:"fileName,omitzero"`
	ImageSet            *ImageSet `json:"imageSet,omitzero"`
	// ContentBase64 is the file; Content is it decoded, or as it came by multipart.
	ContentBase64 string `json:"contentBase64,omitzero"`
	Content       []byte `json:"-"`
	// Preparing is how long (a Go duration) the platform takes to prepare a
	// video or audio file; until then its content answers 202.
	Preparing string `json:"preparing,omitzero"`
	preparing time.Duration
	mime      string
	preview   []byte
	prepared  bool
}

// Emoji is a LINE emoji in a text: where its alternative text stands, in UTF-16 units.
type Emoji struct {
	Index     int    `json:"index"`
	Length    int    `json:"length"`
	ProductID string `json:"productId"`
	EmojiID   string `json:"emojiId"`
}

// Mention is who a text mentions.
type Mention struct {
	Mentionees []Mentionee `json:"mentionees"`
}

// Mentionee is one mention; index and length are UTF-16 units of the text.
type Mentionee struct {
	Index  int    `json:"index"`
	Length int    `json:"length"`
	Type   string `json:"type"`
	UserID string `json:"userId,omitzero"`
	IsSelf *bool  `json:"isSelf,omitzero"`
}

// ImageSet groups images that were sent together.
type ImageSet struct {
	ID    string `json:"id"`
	Index int    `json:"index,omitzero"`
	Total int    `json:"total,omitzero"`
}

// seenBy adds what only the receiving account's webhook says: whether it is meant.
func (m *Mention) seenBy(ch *channel.Channel) Mention {
	out := Mention{Mentionees: make([]Mentionee, len(m.Mentionees))}
	copy(out.Mentionees, m.Mentionees)
	for i := range out.Mentionees {
		x := &out.Mentionees[i]
		x.IsSelf = nil
		if ch != nil && x.Type == "user" {
			self := x.UserID == ch.Account.UserID
			x.IsSelf = &self
		}
	}
	return out
}

// textMost is the longest text that the app lets people send, in UTF-16 units.
const textMost = 10000

// mentionsMost is how many mentions one text can have.
const mentionsMost = 20

// Prepare refuses what no phone would send and makes the preview of a picture.
// It is called before the transaction: decoding a picture takes its time, and
// all writers would wait for it.
func (u *Utterance) Prepare() error {
	if u.prepared {
		return nil
	}
	if err := u.check(); err != nil {
		return err
	}
	if u.Content != nil {
		u.preview = previewOf(*u)
	}
	u.prepared = true
	return nil
}

func (u *Utterance) check() error {
	if u.QuotedMessageID != "" && u.Type != "text" && u.Type != "sticker" {
		return api.Errorf(api.Invalid, "message.quotedMessageId: with text and sticker only")
	}
	if u.ImageSet != nil {
		if err := u.checkImageSet(); err != nil {
			return err
		}
	}
	switch u.Type {
	case "image", "video", "audio", "file":
		return u.checkContent()
	}
	if u.Content != nil || u.ContentBase64 != "" {
		return api.Errorf(api.Invalid, "message: only image, video, audio and file have content")
	}
	switch u.Type {
	case "text":
		return u.checkText()
	case "sticker":
		return u.checkSticker()
	case "location":
		if u.Latitude < -90 || u.Latitude > 90 || u.Longitude < -180 || u.Longitude > 180 {
			return api.Errorf(api.Invalid, "message: latitude is -90 to 90, longitude -180 to 180")
		}
	default:
		return api.Errorf(api.Invalid, "message.type: %q is none of text, sticker, location, image, video, audio, file", u.Type)
	}
	return nil
}

func (u *Utterance) checkText() error {
	n := utf16Len(u.Text)
	if n == 0 || n > textMost {
		return api.Errorf(api.Invalid, "message.text: 1 to %d characters", textMost)
	}
	for i, e := range u.Emojis {
		if e.Index < 0 || e.Length < 1 || e.Index > n || e.Length > n-e.Index {
			return api.Errorf(api.Invalid, "message.emojis[%d]: index and length lie outside of the text", i)
		}
		if e.ProductID == "" || e.EmojiID == "" {
			return api.Errorf(api.Invalid, "message.emojis[%d]: give productId and emojiId", i)
		}
	}
	return u.checkMention(n)
}

// checkMention checks the mentions of a text of n UTF-16 units.
func (u *Utterance) checkMention(n int) error {
	if u.Mention == nil {
		return nil
	}
	if len(u.Mention.Mentionees) == 0 {
		return api.Errorf(api.Invalid, "message.mention.mentionees: at least one; leave mention out where nobody is mentioned")
	}
	if len(u.Mention.Mentionees) > mentionsMost {
		return api.Errorf(api.Invalid, "message.mention.mentionees: at most %d", mentionsMost)
	}
	for i, m := range u.Mention.Mentionees {
		if m.Index < 0 || m.Length < 1 || m.Index > n || m.Length > n-m.Index {
			return api.Errorf(api.Invalid, "message.mention.mentionees[%d]: index and length lie outside of the text", i)
		}
		if m.Type != "user" && m.Type != "all" {
			return api.Errorf(api.Invalid, "message.mention.mentionees[%d].type: user or all", i)
		}
		// Who has not agreed to be known is mentioned without a user id.
		if m.UserID != "" && (m.Type == "all" || !friend.UserID.MatchString(m.UserID)) {
			return api.Errorf(api.Invalid, "message.mention.mentionees[%d].userId: U and 32 lower-case hex digits, of the type user only", i)
		}
	}
	return nil
}

// The types of stickers, and those that people write a text on.
// https://developers.line.biz/en/reference/messaging-api/#wh-sticker
var (
	stickerTypes = []string{"STATIC", "ANIMATION", "SOUND", "ANIMATION_SOUND", "POPUP", "POPUP_SOUND", "CUSTOM", "MESSAGE", "NAME_TEXT", "PER_STICKER_TEXT"}
	textStickers = []string{"MESSAGE", "PER_STICKER_TEXT"}
)

// stickerTextMost is the longest text on a sticker.
const stickerTextMost = 100

func (u *Utterance) checkSticker() error {
	switch {
	case u.PackageID == "" || u.StickerID == "":
		return api.Errorf(api.Invalid, "message: a sticker needs packageId and stickerId")
	case u.StickerResourceType != "" && !slices.Contains(stickerTypes, u.StickerResourceType):
		return api.Errorf(api.Invalid, "message.stickerResourceType: one of %s", strings.Join(stickerTypes, ", "))
	case u.Text != "" && !slices.Contains(textStickers, u.StickerResourceType):
		return api.Errorf(api.Invalid, "message.text: on stickers of the stickerResourceType %s only", strings.Join(textStickers, " and "))
	case utf16Len(u.Text) > stickerTextMost:
		return api.Errorf(api.Invalid, "message.text: at most %d characters on a sticker", stickerTextMost)
	}
	return nil
}

// checkImageSet: old phones tell neither the place nor the number of the images.
func (u *Utterance) checkImageSet() error {
	s := u.ImageSet
	if u.Type != "image" || s.ID == "" || s.Index < 0 || s.Index > s.Total || (s.Index == 0) != (s.Total == 0) {
		return api.Errorf(api.Invalid, "message.imageSet: of an image, with an id, and an index from 1 to total where they are told")
	}
	return nil
}

func (u *Utterance) checkContent() error {
	if u.ContentBase64 != "" {
		b, err := base64.StdEncoding.DecodeString(u.ContentBase64)
		if err != nil {
			return api.Errorf(api.Invalid, "message.contentBase64: no Base64")
		}
		u.Content, u.ContentBase64 = b, ""
	}
	if len(u.Content) == 0 {
		return api.Errorf(api.Invalid, "message: %s needs contentBase64, or a content part", u.Type)
	}
	if u.Duration < 0 || u.Duration > 0 && u.Type != "video" && u.Type != "audio" {
		return api.Errorf(api.Invalid, "message.duration: milliseconds of a video or an audio")
	}
	if u.Type == "file" && u.FileName == "" || strings.ContainsRune(u.FileName, 0) {
		return api.Errorf(api.Invalid, "message: a file needs fileName")
	}
	if u.Preparing != "" {
		d, err := time.ParseDuration(u.Preparing)
		if err != nil || d < 0 {
			return api.Errorf(api.Invalid, "message.preparing: a duration such as 30s")
		}
		u.preparing = d
	}
	u.mime = http.DetectContentType(u.Content)
	switch {
	case u.Type == "image" && u.mime != "image/jpeg" && u.mime != "image/png" && u.mime != "image/gif" && u.mime != "image/webp":
		return api.Errorf(api.Invalid, "message: the content is %s, no picture", u.mime)
	case u.Type == "video" && !strings.HasPrefix(u.mime, "video/"):
		u.mime = "video/mp4" // what phones record, whatever a test sends in its place
	case u.Type == "audio" && !strings.HasPrefix(u.mime, "audio/"):
		u.mime = "audio/x-m4a"
	}
	return nil
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}
