package chat_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const cafeSecret = "0123456789abcdef0123456789abcdef"

// What each type of message says to the bot, byte for byte but for ids, tokens and times.
func TestMessageEvents(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		const (
			ids    = `"id":"MESSAGE","quoteToken":"QUOTE","markAsReadToken":"*"`
			noneOf = `"id":"MESSAGE","markAsReadToken":"*"`
		)
		quoted := say(s, stage.Aoi, stage.Cafe, text("first")).MessageID
		s.Heard()
		png := base64.StdEncoding.EncodeToString(picture(t, 4, 4))
		for _, c := range []struct{ name, message, want string }{
			{"text", `{"type":"text","text":"こんにちは <&> \u0001"}`, `{"type":"text",` + ids + `,"text":"こんにちは <&> \u0001"}`},
			{"text with an emoji", `{"type":"text","text":"a(love)","emojis":[{"index":1,"length":6,"productId":"p","emojiId":"e"}]}`,
				`{"type":"text",` + ids + `,"text":"a(love)","emojis":[{"index":1,"length":6,"productId":"p","emojiId":"e"}]}`},
			{"text with mentions", `{"type":"text","text":"@Cafe @Ben @All","mention":{"mentionees":[{"index":0,"length":5,"type":"user","userId":"Ub0000000000000000000000000000001"},` +
				`{"index":6,"length":4,"type":"user","userId":"` + stage.Ben + `"},{"index":11,"length":4,"type":"all"}]}}`,
				`{"type":"text",` + ids + `,"text":"@Cafe @Ben @All","mention":{"mentionees":[{"index":0,"length":5,"type":"user","userId":"Ub0000000000000000000000000000001","isSelf":true},` +
					`{"index":6,"length":4,"type":"user","userId":"` + stage.Ben + `","isSelf":false},{"index":11,"length":4,"type":"all"}]}}`},
			{"text that quotes", `{"type":"text","text":"b","quotedMessageId":"` + quoted + `"}`, `{"type":"text",` + ids + `,"text":"b","quotedMessageId":"` + quoted + `"}`},
			{"sticker", `{"type":"sticker","packageId":"1","stickerId":"2"}`,
				`{"type":"sticker",` + ids + `,"packageId":"1","stickerId":"2","stickerResourceType":"STATIC"}`},
			{"sticker with all", `{"type":"sticker","packageId":"1","stickerId":"2","stickerResourceType":"MESSAGE","keywords":["a"],"text":"t","quotedMessageId":"` + quoted + `"}`,
				`{"type":"sticker",` + ids + `,"packageId":"1","stickerId":"2","stickerResourceType":"MESSAGE","keywords":["a"],"text":"t","quotedMessageId":"` + quoted + `"}`},
			{"location", `{"type":"location","title":"t","address":"a","latitude":35.5,"longitude":-139.25}`,
				`{"type":"location",` + noneOf + `,"title":"t","address":"a","latitude":35.5,"longitude":-139.25}`},
			{"bare location", `{"type":"location"}`, `{"type":"location",` + noneOf + `,"latitude":0,"longitude":0}`},
			{"image", `{"type":"image","contentBase64":"` + png + `"}`, `{"type":"image",` + ids + `,"contentProvider":{"type":"line"}}`},
			{"image of a set", `{"type":"image","contentBase64":"` + png + `","imageSet":{"id":"S","index":1,"total":2}}`,
				`{"type":"image",` + ids + `,"contentProvider":{"type":"line"},"imageSet":{"id":"S","index":1,"total":2}}`},
			{"video", `{"type":"video","contentBase64":"AAAA","duration":60000}`, `{"type":"video",` + ids + `,"duration":60000,"contentProvider":{"type":"line"}}`},
			{"audio", `{"type":"audio","contentBase64":"AAAA","duration":1000}`, `{"type":"audio",` + noneOf + `,"duration":1000,"contentProvider":{"type":"line"}}`},
			{"file", `{"type":"file","contentBase64":"AAAA","fileName":"a.bin"}`, `{"type":"file",` + noneOf + `,"fileName":"a.bin","fileSize":3}`},
		} {
			t.Run(c.name, func(t *testing.T) {
				out := say(s, stage.Aoi, stage.Cafe, c.message)
				d, body := event(t, s)
				want := `{"destination":"Ub0000000000000000000000000000001","events":[{"type":"message","message":` + c.want +
					`,"webhookEventId":"ID","deliveryContext":{"isRedelivery":false},"timestamp":TIME,"source":{"type":"user","userId":"` + stage.Aoi + `"},"replyToken":"TOKEN","mode":"active"}]}`
				if !stage.Like(want, body) {
					t.Errorf("\n got %s\nwant %s", body, want)
				}
				if !d.Signed(cafeSecret) {
					t.Error("the signature is not the body's")
				}
				if len(out.EventIDs) != 1 || out.EventIDs[0] != d.Event.ID || out.MessageID != d.Event.Message.ID || out.QuoteToken != d.Event.Message.QuoteToken {
					t.Errorf("the answer %+v names other than %+v", out, d.Event)
				}
			})
		}
	})
}

func TestSayRefusals(t *testing.T) {
	s := stage.Start(t, "", "")
	at := `{"channelId":"` + stage.Cafe + `"}`
	elsewhere := say(s, stage.Ben, stage.Cafe, text("mine")).MessageID
	pixel := base64.StdEncoding.EncodeToString(picture(t, 1, 1))
	const noSet = "message.imageSet: of an image, with an id, and an index from 1 to total where they are told"
	refuse := func(name, who, chat, message string, status int, want string) stage.Step {
		return stage.Step{Name: name, Call: "POST /sim/v1/people/" + who + "/messages", Body: `{"chat":` + chat + `,"message":` + message + `}`, Status: status, Want: `{"message":"` + want + `"}`}
	}
	s.Play(t, []stage.Step{
		refuse("nobody", stage.Nobody, at, text("a"), 404, "userId: there is no person "+stage.Nobody),
		refuse("no chat named", stage.Aoi, `{}`, text("a"), 400, "chat: give one of channelId, groupId and roomId"),
		refuse("two chats named", stage.Aoi, `{"channelId":"`+stage.Cafe+`","groupId":"`+stage.Lunch+`"}`, text("a"), 400, "chat: give one of channelId, groupId and roomId"),
		refuse("an unknown channel", stage.Aoi, `{"channelId":"1"}`, text("a"), 404, `channelId: there is no channel \"1\"`),
		refuse("a login channel", stage.Aoi, `{"channelId":"`+stage.Login+`"}`, text("a"), 409, "channelId: "+stage.Login+" is no messaging channel"),
		refuse("a channel of another provider", stage.Aoi, `{"channelId":"`+stage.Foreign+`"}`, text("a"), 404, "chat: "+stage.Foreign+" is not of the provider of "+stage.Aoi),
		refuse("an unknown group", stage.Aoi, `{"groupId":"C1"}`, text("a"), 404, "chat: there is no group or room C1"),
		refuse("a group of another provider", stage.Eve, `{"groupId":"`+stage.Lunch+`"}`, text("a"), 404, "chat: there is no group or room "+stage.Lunch),
		refuse("a group they are not in", stage.Chen, `{"groupId":"`+stage.Lunch+`"}`, text("a"), 409, stage.Chen+" is not in "+stage.Lunch),
		refuse("an account they blocked", stage.Dan, at, text("a"), 409, stage.Dan+" has blocked this account; follow it first"),
		refuse("no type", stage.Aoi, at, `{"text":"a"}`, 400, `message.type: \"\" is none of text, sticker, location, image, video, audio, file`),
		refuse("an account's type", stage.Aoi, at, `{"type":"flex"}`, 400, `message.type: \"flex\" is none of text, sticker, location, image, video, audio, file`),
		refuse("an empty text", stage.Aoi, at, text(""), 400, "message.text: 1 to 10000 characters"),
		refuse("a text too long", stage.Aoi, at, text(strings.Repeat("👍", 5001)), 400, "message.text: 1 to 10000 characters"),
		refuse("an emoji outside of the text", stage.Aoi, at, `{"type":"text","text":"👍","emojis":[{"index":1,"length":2}]}`, 400, "message.emojis[0]: index and length lie outside of the text"),
		refuse("a mention outside of the text", stage.Aoi, at, `{"type":"text","text":"ab","mention":{"mentionees":[{"index":0,"length":3,"type":"all"}]}}`, 400,
			"message.mention.mentionees[0]: index and length lie outside of the text"),
		refuse("a mention of another type", stage.Aoi, at, `{"type":"text","text":"ab","mention":{"mentionees":[{"index":0,"length":1,"type":"bot"}]}}`, 400,
			"message.mention.mentionees[0].type: user or all"),
		refuse("21 mentions", stage.Aoi, at, `{"type":"text","text":"a","mention":{"mentionees":[`+strings.Repeat(`{"index":0,"length":1,"type":"all"},`, 20)+`{"index":0,"length":1,"type":"all"}]}}`, 400,
			"message.mention.mentionees: at most 20"),
		refuse("a quote of nothing", stage.Aoi, at, `{"type":"text","text":"a","quotedMessageId":"1"}`, 400, "quotedMessageId: no message 1 in this chat"),
		refuse("a quote of another's chat", stage.Aoi, at, `{"type":"text","text":"a","quotedMessageId":"`+elsewhere+`"}`, 400, "quotedMessageId: no message "+elsewhere+" in this chat"),
		refuse("a location that quotes", stage.Aoi, at, `{"type":"location","quotedMessageId":"`+elsewhere+`"}`, 400, "message.quotedMessageId: with text and sticker only"),
		refuse("half a sticker", stage.Aoi, at, `{"type":"sticker","packageId":"1"}`, 400, "message: a sticker needs packageId and stickerId"),
		refuse("a sticker of no known type", stage.Aoi, at, `{"type":"sticker","packageId":"1","stickerId":"2","stickerResourceType":"STILL"}`, 400,
			"message.stickerResourceType: one of STATIC, ANIMATION, SOUND, ANIMATION_SOUND, POPUP, POPUP_SOUND, CUSTOM, MESSAGE, NAME_TEXT, PER_STICKER_TEXT"),
		refuse("a text on a plain sticker", stage.Aoi, at, `{"type":"sticker","packageId":"1","stickerId":"2","text":"t"}`, 400,
			"message.text: on stickers of the stickerResourceType MESSAGE and PER_STICKER_TEXT only"),
		refuse("a long text on a sticker", stage.Aoi, at, `{"type":"sticker","packageId":"1","stickerId":"2","stickerResourceType":"MESSAGE","text":"`+strings.Repeat("a", 101)+`"}`, 400,
			"message.text: at most 100 characters on a sticker"),
		refuse("an emoji without its ids", stage.Aoi, at, `{"type":"text","text":"(a)","emojis":[{"index":0,"length":3,"productId":"1"}]}`, 400, "message.emojis[0]: give productId and emojiId"),
		refuse("a mention of nobody", stage.Aoi, at, `{"type":"text","text":"a","mention":{"mentionees":[]}}`, 400,
			"message.mention.mentionees: at least one; leave mention out where nobody is mentioned"),
		refuse("a mention of no user id", stage.Aoi, at, `{"type":"text","text":"@a","mention":{"mentionees":[{"index":0,"length":2,"type":"user","userId":"Ua"}]}}`, 400,
			"message.mention.mentionees[0].userId: U and 32 lower-case hex digits, of the type user only"),
		refuse("a mention of all by a user id", stage.Aoi, at, `{"type":"text","text":"@a","mention":{"mentionees":[{"index":0,"length":2,"type":"all","userId":"`+stage.Ben+`"}]}}`, 400,
			"message.mention.mentionees[0].userId: U and 32 lower-case hex digits, of the type user only"),
		refuse("an image set of a text", stage.Aoi, at, `{"type":"text","text":"a","imageSet":{"id":"A"}}`, 400, noSet),
		refuse("an image set without an id", stage.Aoi, at, `{"type":"image","imageSet":{"index":1,"total":2},"contentBase64":"`+pixel+`"}`, 400, noSet),
		refuse("an image beyond its set", stage.Aoi, at, `{"type":"image","imageSet":{"id":"A","index":3,"total":2},"contentBase64":"`+pixel+`"}`, 400, noSet),
		refuse("an image of an unknown place in its set", stage.Aoi, at, `{"type":"image","imageSet":{"id":"A","total":2},"contentBase64":"`+pixel+`"}`, 400, noSet),
		refuse("an image that lasts", stage.Aoi, at, `{"type":"image","duration":1,"contentBase64":"`+pixel+`"}`, 400, "message.duration: milliseconds of a video or an audio"),
		refuse("an audio of no length", stage.Aoi, at, `{"type":"audio","duration":-1,"contentBase64":"AAAA"}`, 400, "message.duration: milliseconds of a video or an audio"),
		refuse("a place beyond the pole", stage.Aoi, at, `{"type":"location","latitude":90.5}`, 400, "message: latitude is -90 to 90, longitude -180 to 180"),
		refuse("an image without content", stage.Aoi, at, `{"type":"image"}`, 400, "message: image needs contentBase64, or a content part"),
		refuse("an image that is none", stage.Aoi, at, `{"type":"image","contentBase64":"aGVsbG8="}`, 400, "message: the content is text/plain; charset=utf-8, no picture"),
		refuse("no Base64", stage.Aoi, at, `{"type":"image","contentBase64":"?"}`, 400, "message.contentBase64: no Base64"),
		refuse("a file without a name", stage.Aoi, at, `{"type":"file","contentBase64":"AAAA"}`, 400, "message: a file needs fileName"),
		refuse("a file with a NUL in its name", stage.Aoi, at, `{"type":"file","contentBase64":"AAAA","fileName":"a\u0000"}`, 400, "message: a file needs fileName"),
		refuse("a preparation that is no duration", stage.Aoi, at, `{"type":"video","contentBase64":"AAAA","preparing":"soon"}`, 400, "message.preparing: a duration such as 30s"),
		refuse("a text with content", stage.Aoi, at, `{"type":"text","text":"a","contentBase64":"AAAA"}`, 400, "message: only image, video, audio and file have content"),
		refuse("a text that is a number", stage.Aoi, at, `{"type":"text","text":1}`, 400, "message.text is not of the right type (line 1, column *)"),
	})
}

// Of more keywords than an event has room for, each event tells some.
func TestManyKeywords(t *testing.T) {
	s := stage.Start(t, "", "")
	var all []string
	for i := range 40 {
		all = append(all, fmt.Sprintf("word%d", i))
	}
	tell := func() []string {
		say(s, stage.Aoi, stage.Cafe, `{"type":"sticker","packageId":"1","stickerId":"2","keywords":["`+strings.Join(all, `","`)+`"]}`)
		_, list, _ := strings.Cut(s.Next().Body, `"keywords":["`)
		list, _, _ = strings.Cut(list, `"]`)
		told := strings.Split(list, `","`)
		slices.Sort(told)
		return told
	}
	first, second := tell(), tell()
	for _, told := range [][]string{first, second} {
		if len(slices.Compact(slices.Clone(told))) != 15 || len(told) != 15 || slices.ContainsFunc(told, func(w string) bool { return !slices.Contains(all, w) }) {
			t.Errorf("told %q", told)
		}
	}
	if slices.Equal(first, second) { // alike once in 40 thousand million
		t.Errorf("twice the same %q", first)
	}
}

// A message of a group goes to each account in it, and to no other.
func TestSayInGroups(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Sim("POST", "/groups/"+stage.Lunch+"/join", `{"channelId":"`+stage.Shop+`"}`)
		s.Heard()
		s.Hold()
		did := s.Effect(func() { say(s, stage.Ben, stage.Lunch, text("all")) })
		if want := "message_accounts+2 messages+1 outbox+2 reply_tokens+2 webhook_events+2 | message webhook webhook"; did != want {
			t.Errorf("did %q, want %q", did, want)
		}
		did = s.Effect(func() { say(s, stage.Aoi, stage.Family, text("none")) })
		if want := "messages+1 | message"; did != want {
			t.Errorf("without an account: did %q, want %q", did, want)
		}
		s.Sim("DELETE", "/faults", "")
		heard := s.Heard()
		if len(heard) != 2 || heard[0].Event.ReplyToken == heard[1].Event.ReplyToken || heard[0].Event.Message.ID != heard[1].Event.Message.ID ||
			heard[0].Event.Message.QuoteToken == heard[1].Event.Message.QuoteToken {
			t.Fatalf("%+v", heard)
		}
		for _, d := range heard {
			if want := `{"type":"group","groupId":"` + stage.Lunch + `","userId":"` + stage.Ben + `"}`; string(d.Event.Source) != want {
				t.Errorf("source %s, want %s", d.Event.Source, want)
			}
		}
		say(s, stage.Chen, stage.Corner, text("room"))
		d, _ := event(t, s)
		if want := `{"type":"room","roomId":"` + stage.Corner + `","userId":"` + stage.Chen + `"}`; string(d.Event.Source) != want {
			t.Errorf("source %s, want %s", d.Event.Source, want)
		}
	})
}

func TestSayLeaves(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Hold()
		did := s.Effect(func() { say(s, stage.Aoi, stage.Cafe, text("a")) })
		if want := "chats+1 messages+1 outbox+1 reply_tokens+1 webhook_events+1 | message webhook"; did != want {
			t.Errorf("did %q, want %q", did, want)
		}
		did = s.Effect(func() {
			say(s, stage.Aoi, stage.Cafe, `{"type":"video","contentBase64":"`+strings.Repeat("AAAA", 400_000)+`"}`)
		})
		if want := "content_parts+2 contents+1 messages+1 outbox+1 reply_tokens+1 webhook_events+1 | message webhook"; did != want {
			t.Errorf("did %q, want %q", did, want)
		}
	})
}
