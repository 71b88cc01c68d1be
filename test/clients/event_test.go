package clients

import (
	"bytes"
	"testing"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

// from is a one-on-one source of events.
func from(person string) webhook.UserSource {
	return webhook.UserSource{Source: webhook.Source{Type: "user"}, UserId: person}
}

// heard has a person send a message to the cafe and gives the SDK's event of it,
// after checking what all message events have.
func heard[T webhook.MessageContentInterface](s *stage, person, chat string, message object) (T, webhook.MessageEvent) {
	s.t.Helper()
	before := s.now()
	said := s.says(person, chat, message)
	after := s.now()
	e, c := one[webhook.MessageEvent](s.t, s)
	content, ok := e.Message.(T)
	if !ok {
		s.t.Fatalf("the SDK made a %T of the message: %s", e.Message, c.body)
	}
	if len(said.WebhookEventIDs) != 1 || e.WebhookEventId != said.WebhookEventIDs[0] || c.meta.Message.ID != said.MessageID {
		s.t.Errorf("event %s of message %s, said %+v", e.WebhookEventId, c.meta.Message.ID, said)
	}
	if e.Mode != webhook.EventMode_ACTIVE || e.DeliveryContext.IsRedelivery || !replyToken.MatchString(e.ReplyToken) || c.meta.Message.MarkAsReadToken == "" {
		s.t.Errorf("event: %s", c.body)
	}
	if e.Timestamp < before.UnixMilli() || e.Timestamp > after.UnixMilli() {
		s.t.Errorf("timestamp %d is not between %d and %d", e.Timestamp, before.UnixMilli(), after.UnixMilli())
	}
	return content, e
}

func TestTextEvent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	first, e := heard[webhook.TextMessageContent](s, aoi, cafe, object{"type": "text", "text": "こんにちは <&> 👍"})
	if first.Text != "こんにちは <&> 👍" || first.QuoteToken == "" || first.Mention != nil || first.Emojis != nil || e.Source != from(aoi) {
		t.Errorf("%+v from %+v", first, e.Source)
	}
	quoting, _ := heard[webhook.TextMessageContent](s, aoi, cafe, object{"type": "text", "text": "(love) that one", "quotedMessageId": first.Id,
		"emojis": []object{{"index": 0, "length": 6, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}}})
	if quoting.QuotedMessageId != first.Id || len(quoting.Emojis) != 1 ||
		quoting.Emojis[0] != (webhook.Emoji{Index: 0, Length: 6, ProductId: "5ac1bfd5040ab15980c9b435", EmojiId: "001"}) {
		t.Errorf("%+v", quoting)
	}
	// In a group: who is mentioned, and whether it is this bot.
	mention, e := heard[webhook.TextMessageContent](s, aoi, team, object{"type": "text", "text": "👍 @All @Kaiwa Cafe @Ben", "mention": object{"mentionees": []object{
		{"index": 3, "length": 4, "type": "all"}, {"index": 8, "length": 11, "type": "user", "userId": cafeUser}, {"index": 20, "length": 4, "type": "user", "userId": ben}}}})
	if source, ok := e.Source.(webhook.GroupSource); !ok || source.GroupId != team || source.UserId != aoi {
		t.Errorf("source %+v", e.Source)
	}
	if mention.Mention == nil || len(mention.Mention.Mentionees) != 3 {
		t.Fatalf("%+v", mention)
	}
	if all, ok := mention.Mention.Mentionees[0].(webhook.AllMentionee); !ok || all.Index != 3 || all.Length != 4 {
		t.Errorf("%+v", mention.Mention.Mentionees[0])
	}
	for i, want := range map[int]webhook.UserMentionee{1: {Index: 8, Length: 11, UserId: cafeUser, IsSelf: true}, 2: {Index: 20, Length: 4, UserId: ben}} {
		got, ok := mention.Mention.Mentionees[i].(webhook.UserMentionee)
		if got.Mentionee = (webhook.Mentionee{}); !ok || got != want {
			t.Errorf("mentionee %d: %+v", i, got)
		}
	}
}

func TestContentEvents(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	image, e := heard[webhook.ImageMessageContent](s, chen, office, file("image", picture(t, 8), object{"imageSet": object{"id": "E0", "index": 1, "total": 2}}))
	if image.QuoteToken == "" || image.ContentProvider == nil || image.ContentProvider.Type != webhook.ContentProviderTYPE_LINE ||
		image.ImageSet == nil || *image.ImageSet != (webhook.ImageSet{Id: "E0", Index: 1, Total: 2}) {
		t.Errorf("image: %+v", image)
	}
	if source, ok := e.Source.(webhook.RoomSource); !ok || source.RoomId != office || source.UserId != chen {
		t.Errorf("source %+v", e.Source)
	}
	if image, _ = heard[webhook.ImageMessageContent](s, aoi, cafe, file("image", picture(t, 8), nil)); image.ImageSet != nil {
		t.Errorf("image: %+v", image)
	}
	video, _ := heard[webhook.VideoMessageContent](s, aoi, cafe, file("video", []byte("a film"), object{"duration": 60000}))
	if video.Duration != 60000 || video.QuoteToken == "" || video.ContentProvider == nil || video.ContentProvider.Type != webhook.ContentProviderTYPE_LINE {
		t.Errorf("video: %+v", video)
	}
	audio, e := heard[webhook.AudioMessageContent](s, aoi, cafe, file("audio", []byte("a song"), object{"duration": 5000}))
	if audio.Duration != 5000 || audio.ContentProvider == nil || audio.ContentProvider.Type != webhook.ContentProviderTYPE_LINE {
		t.Errorf("audio: %+v of %+v", audio, e)
	}
	document, _ := heard[webhook.FileMessageContent](s, aoi, cafe, file("file", []byte("a letter"), object{"fileName": "手紙.txt"}))
	if document.FileName != "手紙.txt" || document.FileSize != 8 {
		t.Errorf("file: %+v", document)
	}
	location, _ := heard[webhook.LocationMessageContent](s, aoi, cafe, object{"type": "location", "title": "my location", "address": "Tokyo", "latitude": 35.67966, "longitude": 139.73669})
	if location.Title != "my location" || location.Address != "Tokyo" || location.Latitude != 35.67966 || location.Longitude != 139.73669 {
		t.Errorf("location: %+v", location)
	}
	if location, _ = heard[webhook.LocationMessageContent](s, aoi, cafe, object{"type": "location", "latitude": 0, "longitude": 0}); location.Title != "" || location.Address != "" {
		t.Errorf("location: %+v", location)
	}
	sticker, _ := heard[webhook.StickerMessageContent](s, aoi, cafe, object{"type": "sticker", "packageId": "446", "stickerId": "1988", "stickerResourceType": "ANIMATION",
		"keywords": []string{"hello", "cony"}, "quotedMessageId": image.Id})
	if sticker.PackageId != "446" || sticker.StickerId != "1988" || sticker.StickerResourceType != webhook.StickerMessageContentSTICKER_RESOURCE_TYPE_ANIMATION ||
		sticker.QuoteToken == "" || len(sticker.Keywords) != 2 || sticker.QuotedMessageId != image.Id {
		t.Errorf("sticker: %+v", sticker)
	}
}

func TestFriendshipEvents(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	befriend := func(person, act string) {
		t.Helper()
		sim[object](s, "POST", "/people/"+person+"/"+act, object{"channelId": cafe})
	}
	befriend(chen, "follow")
	follow, _ := one[webhook.FollowEvent](t, s)
	if follow.Source != from(chen) || follow.Follow.IsUnblocked || !replyToken.MatchString(follow.ReplyToken) {
		t.Errorf("follow: %+v", follow)
	}
	answer, err := s.api.ReplyMessage(&messaging_api.ReplyMessageRequest{ReplyToken: follow.ReplyToken, Messages: text("Welcome")})
	must(t, answer, err)
	if got := s.texts(chen, cafe); got != "account: Welcome" {
		t.Errorf("chen sees %s", got)
	}
	befriend(chen, "unfollow")
	unfollow, c := one[webhook.UnfollowEvent](t, s)
	if unfollow.Source != from(chen) || c.meta.ReplyToken != "" {
		t.Errorf("unfollow: %s", c.body)
	}
	befriend(dai, "follow")
	if follow, _ = one[webhook.FollowEvent](t, s); !follow.Follow.IsUnblocked {
		t.Errorf("unblocked: %+v", follow)
	}
	befriend(dai, "follow") // is a friend already: nothing happens
	s.settle()
	if calls := s.bot.took(); len(calls) != 0 {
		t.Errorf("events of no change: %s", bodies(calls))
	}
}

func TestGatheringEvents(t *testing.T) {
	t.Parallel()
	for _, kind := range []struct{ path, id string }{{"/groups", "groupId"}, {"/rooms", "roomId"}} {
		s := newStage(t)
		id := sim[map[string]string](s, "POST", kind.path, object{"name": "Hike", "userIds": []string{aoi}, "channelIds": []string{cafe}})[kind.id]
		here := func(m meta) {
			t.Helper()
			if m.Source.GroupID+m.Source.RoomID != id || m.Source.Type+"Id" != kind.id || m.Source.UserID != "" {
				t.Errorf("source %+v of %s", m.Source, m.Type)
			}
		}
		join, c := one[webhook.JoinEvent](t, s)
		here(c.meta)
		answer, err := s.api.ReplyMessage(&messaging_api.ReplyMessageRequest{ReplyToken: join.ReplyToken, Messages: text("Hello all")})
		must(t, answer, err)
		if got := s.texts(aoi, id); got != "account: Hello all" {
			t.Errorf("aoi sees %s", got)
		}
		sim[object](s, "POST", kind.path+"/"+id+"/join", object{"userIds": []string{ben, chen}})
		joined, c := one[webhook.MemberJoinedEvent](t, s)
		here(c.meta)
		if len(joined.Joined.Members) != 2 || joined.Joined.Members[0] != from(ben) || joined.Joined.Members[1] != from(chen) || !replyToken.MatchString(joined.ReplyToken) {
			t.Errorf("memberJoined: %s", c.body)
		}
		sim[object](s, "POST", kind.path+"/"+id+"/leave", object{"userIds": []string{chen}})
		left, c := one[webhook.MemberLeftEvent](t, s)
		here(c.meta)
		if len(left.Left.Members) != 1 || left.Left.Members[0] != from(chen) || c.meta.ReplyToken != "" {
			t.Errorf("memberLeft: %s", c.body)
		}
		sim[object](s, "POST", kind.path+"/"+id+"/leave", object{"channelId": cafe})
		_, c = one[webhook.LeaveEvent](t, s)
		if here(c.meta); c.meta.ReplyToken != "" {
			t.Errorf("leave: %s", c.body)
		}
		s.writes(ben, id, "Is it gone?") // the bot does not hear it
		s.settle()
		if calls := s.bot.took(); len(calls) != 0 {
			t.Errorf("events after leaving: %s", bodies(calls))
		}
	}
}

func TestUnsendEvent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	said := s.writes(ben, team, "never mind")
	one[webhook.MessageEvent](t, s)
	s.does(ben, object{"type": "unsend", "messageId": said.MessageID})
	unsend, c := one[webhook.UnsendEvent](t, s)
	if unsend.Unsend.MessageId != said.MessageID || c.meta.ReplyToken != "" || c.meta.Source.GroupID != team {
		t.Errorf("unsend: %s", c.body)
	}
}

func TestPostbackEvents(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	picker := func(mode messaging_api.DatetimePickerActionMODE) messaging_api.ActionInterface {
		return &messaging_api.DatetimePickerAction{Label: string(mode), Data: "when=" + string(mode), Mode: mode}
	}
	answer, err := s.api.PushMessage(&messaging_api.PushMessageRequest{To: aoi, Messages: []messaging_api.MessageInterface{&messaging_api.TemplateMessage{AltText: "menu",
		Template: &messaging_api.ButtonsTemplate{Text: "When?", Actions: []messaging_api.ActionInterface{picker("date"), picker("time"), picker("datetime"),
			&messaging_api.PostbackAction{Label: "Buy", Data: "action=buy&item=<1>", DisplayText: "I buy"}}}}}}, "")
	id := must(t, answer, err).SentMessages[0].Id
	for _, c := range []struct {
		action object
		picked string
		data   string
		params map[string]string
	}{
		{object{"type": "datetimepicker", "label": "date", "data": "when=date", "mode": "date"}, "2026-02-03", "when=date", map[string]string{"date": "2026-02-03"}},
		{object{"type": "datetimepicker", "label": "time", "data": "when=time", "mode": "time"}, "10:30", "when=time", map[string]string{"time": "10:30"}},
		{object{"type": "datetimepicker", "label": "datetime", "data": "when=datetime", "mode": "datetime"}, "2026-02-03T10:30", "when=datetime", map[string]string{"datetime": "2026-02-03T10:30"}},
		{object{"type": "postback", "label": "Buy", "data": "action=buy&item=<1>", "displayText": "I buy"}, "", "action=buy&item=<1>", nil},
	} {
		sim[object](s, "POST", "/people/"+aoi+"/taps", object{"chat": in(cafe), "messageId": id, "action": c.action, "datetime": c.picked})
		e, _ := one[webhook.PostbackEvent](t, s)
		if e.Postback.Data != c.data || len(e.Postback.Params) != len(c.params) || !replyToken.MatchString(e.ReplyToken) || e.Source != from(aoi) {
			t.Errorf("postback: %+v %+v", e, e.Postback)
		}
		for name, want := range c.params {
			if e.Postback.Params[name] != want {
				t.Errorf("params %v, want %v", e.Postback.Params, c.params)
			}
		}
	}
	if list := s.sees(aoi, cafe); len(list) != 2 || list[1].From.Type != "person" || !bytes.Contains(list[1].Message, []byte("I buy")) {
		t.Errorf("the display text does not stand in the chat: %+v", list)
	}
}

func TestVideoPlayCompleteEvent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	answer, err := s.api.PushMessage(&messaging_api.PushMessageRequest{To: aoi, Messages: []messaging_api.MessageInterface{&messaging_api.VideoMessage{
		OriginalContentUrl: "https://example.com/v.mp4", PreviewImageUrl: "https://example.com/v.jpg", TrackingId: "track-1"}}}, "")
	must(t, answer, err)
	s.does(aoi, object{"type": "videoPlayComplete", "messageId": answer.SentMessages[0].Id})
	e, _ := one[webhook.VideoPlayCompleteEvent](t, s)
	if e.VideoPlayComplete.TrackingId != "track-1" || e.Source != from(aoi) || !replyToken.MatchString(e.ReplyToken) {
		t.Errorf("videoPlayComplete: %+v", e)
	}
}

func TestBeaconEvents(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, kind := range []webhook.BeaconContentTYPE{webhook.BeaconContentTYPE_ENTER, webhook.BeaconContentTYPE_BANNER, webhook.BeaconContentTYPE_STAY} {
		s.does(ben, object{"type": "beacon", "hwid": beacon, "beaconType": kind, "dm": "01ff"})
		e, _ := one[webhook.BeaconEvent](t, s)
		if *e.Beacon != (webhook.BeaconContent{Hwid: beacon, Type: kind, Dm: "01ff"}) || e.Source != from(ben) || !replyToken.MatchString(e.ReplyToken) {
			t.Errorf("beacon: %+v %+v", e, e.Beacon)
		}
	}
}

// An event that its own bot caused, or that another account's chat holds, is not
// told: bots would answer themselves.
func TestNoEchoes(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.bot.does(func(c call) int {
		if e, ok := c.event.(webhook.MessageEvent); ok {
			said := e.Message.(webhook.TextMessageContent).Text
			answer, err := s.bot.api.ReplyMessage(&messaging_api.ReplyMessageRequest{ReplyToken: e.ReplyToken, Messages: text("You said " + said)})
			if err != nil || len(answer.SentMessages) != 1 {
				t.Errorf("reply: %+v %v", answer, err)
			}
		}
		return 0
	})
	s.writes(aoi, tea, "to another account")
	s.writes(aoi, cafe, "one")
	s.writes(aoi, cafe, "two")
	s.advance(time.Hour)
	if calls := s.bot.took(); len(calls) != 2 {
		t.Errorf("the bot got %s", bodies(calls))
	}
	if got := s.texts(aoi, cafe); got != "person: one\nperson: two\naccount: You said one\naccount: You said two" &&
		got != "person: one\naccount: You said one\nperson: two\naccount: You said two" {
		t.Errorf("aoi sees %s", got)
	}
}
