package object

import (
	"strconv"
	"strings"
)

// messageTypes is in the order of the platform's own list, the newer types last.
var messageTypes = []string{"text", "image", "video", "audio", "location", "sticker",
	"template", "imagemap", "flex", "textV2", "coupon"}

const (
	letters      = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	trackingSet  = letters + "-.=,+*()%$&;:@{}!?<>[]"
	deliverySet  = letters + "_"
	longestKey   = 20
	mostKeys     = 100
	mostMentions = 20
	mostEmojis   = 20
)

// messageShapes is the one table of message types. Templates and containers are
// only checked to be objects here; their inside has its own tables.
// https://developers.line.biz/en/reference/messaging-api/#message-objects
var messageShapes = map[string]*shape{
	"text": messageOf(
		sentence("text", 5000).required(),
		list("emojis", 0, mostEmojis, shapeOf(
			whole("index", 0).required(),
			str("productId", 0).required(),
			str("emojiId", 0).required(),
		)),
		str("quoteToken", 0),
	),
	"textV2": messageOf(
		sentence("text", 5000).required(),
		object("substitution"),
		str("quoteToken", 0),
	),
	"sticker": messageOf(
		str("packageId", 0).required().orNumber(),
		str("stickerId", 0).required().orNumber(),
		str("quoteToken", 0),
	),
	"image": messageOf(
		https("originalContentUrl").required(),
		https("previewImageUrl").required(),
	),
	"video": messageOf(
		https("originalContentUrl").required(),
		https("previewImageUrl").required(),
		pattern("trackingId", 100, trackingSet),
	),
	"audio": messageOf(
		https("originalContentUrl").required(),
		whole("duration", 0).required(),
	),
	"location": messageOf(
		str("title", 100).required(),
		str("address", 100).required(),
		number("latitude").required(),
		number("longitude").required(),
	),
	"coupon": messageOf(
		str("couponId", 0).required(),
		pattern("deliveryTag", 30, deliverySet),
	),
	"imagemap": messageOf(
		https("baseUrl").required(),
		str("altText", 1500).required(),
		inner("baseSize", shapeOf(
			whole("width", 1040).upTo(1040).required(),
			whole("height", 1).required(),
		)).required(),
		inner("video", shapeOf(
			https("originalContentUrl").required(),
			https("previewImageUrl").required(),
			inner("area", areaShape).required(),
			inner("externalLink", shapeOf(
				link("linkUri").required(),
				str("label", 30).required(),
			)),
		)),
		actions("actions", 0, 50, HolderImagemap).required(),
	),
	"template": messageOf(
		str("altText", 1500).required(),
		object("template").required(),
	),
	"flex": messageOf(
		str("altText", 1500).required(),
		object("contents").required(),
	),
}

// messageOf is the shape of a message type: its own properties and the common
// ones. https://developers.line.biz/en/reference/messaging-api/#common-properties-for-messages
func messageOf(own ...rule) *shape {
	return shapeOf(append(own,
		inner("quickReply", shapeOf(
			list("items", 1, 13, shapeOf(
				enum("type", "action"),
				https("imageUrl"),
				action("action", HolderQuickReply).required(),
			)).required(),
		)),
		inner("sender", shapeOf(
			str("name", 0), // 20, see checker.sender
			https("iconUrl"),
		)),
	)...)
}

// imagemap lets an image without areas through only where it carries a video.
func (c *checker) imagemap(s *shape, at *slots) {
	n := s.at(at, "actions")
	if n != 0 && c.nodes[n].kind == '[' && c.size(n) == 0 && s.at(at, "video") == 0 {
		c.add("actions", sizeBetween(1, 50))
	}
}

// namesLINE reports whether LINE stands as a word of its own in a sender's name,
// the one barred word that the platform tells.
func namesLINE(name string) bool {
	for word := range strings.FieldsSeq(name) {
		if strings.EqualFold(word, "LINE") {
			return true
		}
	}
	return false
}

// span is a run of numbers, both ends included.
type span struct{ first, last int }

// stickers are the ids of sendable stickers by package, as far as we know the
// published list, and, in packages 1 to 4, of the list before it, which bots
// still send from. docs/divergences.md says what is verified of it.
// https://developers.line.biz/en/docs/messaging-api/sticker-list/
var stickers = map[string][]span{
	"446":   {{1988, 2027}},
	"789":   {{10855, 10894}},
	"1070":  {{17839, 17878}},
	"6136":  {{10551376, 10551399}},
	"6325":  {{10979904, 10979927}},
	"6359":  {{11069848, 11069871}},
	"6362":  {{11087920, 11087943}},
	"6370":  {{11088016, 11088039}},
	"6632":  {{11825374, 11825397}},
	"8515":  {{16581242, 16581265}},
	"8522":  {{16581266, 16581289}},
	"8525":  {{16581290, 16581313}},
	"11537": {{52002734, 52002773}},
	"11538": {{51626494, 51626533}},
	"11539": {{52114110, 52114149}},
	"1":     {{1, 17}, {21, 21}, {100, 139}, {401, 430}},
	"2":     {{18, 20}, {22, 47}, {140, 179}, {501, 527}},
	"3":     {{180, 259}},
	"4":     {{260, 307}, {601, 632}},
}

// IsStickerPackage says whether there is a package of that id among the known ones.
func IsStickerPackage(id string) bool { return stickers[id] != nil }

// sendable reports whether bots may send a sticker.
func sendable(packageID, stickerID string) bool {
	id, err := strconv.Atoi(stickerID)
	if err != nil {
		return false
	}
	for _, s := range stickers[packageID] {
		if s.first <= id && id <= s.last {
			return true
		}
	}
	return false
}
