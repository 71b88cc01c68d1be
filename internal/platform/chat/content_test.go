package chat_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	_ "image/jpeg"
	"image/png"
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const (
	notFound = `{"message":"not found"}`
	gone     = `{"message":"The content is gone"}`
)

func picture(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func content(id, what string) string { return "GET /v2/bot/message/" + id + "/content" + what }

func TestContent(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		raw := picture(t, 640, 320)
		large := strings.Repeat("kaiwa ", 500_000) // several pieces
		image := say(s, stage.Aoi, stage.Cafe, `{"type":"image","contentBase64":"`+base64.StdEncoding.EncodeToString(raw)+`"}`).MessageID
		file := say(s, stage.Aoi, stage.Cafe, `{"type":"file","fileName":"a.txt","contentBase64":"`+base64.StdEncoding.EncodeToString([]byte(large))+`"}`).MessageID
		audio := say(s, stage.Aoi, stage.Cafe, `{"type":"audio","contentBase64":"AAAA"}`).MessageID
		video := say(s, stage.Aoi, stage.Cafe, `{"type":"video","contentBase64":"AAAA","preparing":"30s"}`).MessageID
		words := say(s, stage.Aoi, stage.Cafe, text("a")).MessageID
		group := say(s, stage.Ben, stage.Lunch, `{"type":"file","fileName":"a.txt","contentBase64":"AAAA"}`).MessageID
		own := push(s, stage.Aoi, "from the account")
		const unfit, noPreview = `{"message":"Transcoding status doesn't support this type of content"}`, `{"message":"The content can not be previewed"}`
		s.Play(t, []stage.Step{
			{Name: "image", Call: content(image, ""), As: stage.Cafe, Status: 200, Want: string(raw)},
			{Name: "file", Call: content(file, ""), As: stage.Cafe, Status: 200, Want: large},
			{Name: "file of a group", Call: content(group, ""), As: stage.Cafe, Status: 200, Want: "\x00\x00\x00"},
			{Name: "video that is being prepared", Call: content(video, ""), As: stage.Cafe, Status: 202, Want: ""},
			{Name: "its status", Call: content(video, "/transcoding"), As: stage.Cafe, Status: 200, Want: `{"status":"processing"}`},
			{Name: "audio's status", Call: content(audio, "/transcoding"), As: stage.Cafe, Status: 200, Want: `{"status":"succeeded"}`},
			{Name: "an image's status", Call: content(image, "/transcoding"), As: stage.Cafe, Status: 400, Want: unfit},
			{Name: "a file's status", Call: content(file, "/transcoding"), As: stage.Cafe, Status: 400, Want: unfit},
			{Name: "a file's preview", Call: content(file, "/preview"), As: stage.Cafe, Status: 400, Want: noPreview},
			{Name: "audio's preview", Call: content(audio, "/preview"), As: stage.Cafe, Status: 400, Want: noPreview},
		})
		for what, id := range map[string]string{"a text": words, "its own message": own, "nothing": "1", "no number": "abc", "zero": "0", "with zeros": "0" + image, "too large": "99999999999999999999"} {
			for _, part := range []string{"", "/preview", "/transcoding"} {
				s.Play(t, []stage.Step{{Name: what + part, Call: content(id, part), As: stage.Cafe, Status: 404, Want: notFound}})
			}
		}
		for _, part := range []string{"", "/preview", "/transcoding"} {
			s.Play(t, []stage.Step{
				{Name: "another account" + part, Call: content(image, part), As: stage.Shop, Status: 404, Want: notFound},
				{Name: "an account that was not in the group" + part, Call: content(group, part), As: stage.Shop, Status: 404, Want: notFound},
			})
		}
		got := s.As(stage.Cafe, "GET", "/v2/bot/message/"+image+"/content", "")
		if got.Header.Get("Content-Type") != "image/png" || got.Header.Get("Content-Length") == "" || got.Header.Get("x-line-request-id") == "" {
			t.Errorf("headers %v", got.Header)
		}
		preview := s.As(stage.Cafe, "GET", "/v2/bot/message/"+image+"/content/preview", "")
		small, err := decode(preview.Body)
		if err != nil || preview.Header.Get("Content-Type") != "image/jpeg" || small.Width != 240 || small.Height != 120 {
			t.Errorf("preview: %v %+v %v", err, small, preview.Header)
		}
		if preview := s.As(stage.Cafe, "GET", "/v2/bot/message/"+video+"/content/preview", ""); preview.Status != 200 || preview.Header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("a video's preview: %d %v", preview.Status, preview.Header)
		}
		s.Advance("30s")
		s.Play(t, []stage.Step{
			{Name: "prepared", Call: content(video, ""), As: stage.Cafe, Status: 200, Want: "\x00\x00\x00"},
			{Name: "its status then", Call: content(video, "/transcoding"), As: stage.Cafe, Status: 200, Want: `{"status":"succeeded"}`},
		})
	})
}

func decode(s string) (image.Config, error) {
	c, _, err := image.DecodeConfig(strings.NewReader(s))
	return c, err
}

// A picture that claims to be huge is kept, and previewed without being decoded.
func TestPictureBomb(t *testing.T) {
	s := stage.Start(t, "", "")
	raw := picture(t, 4, 4)
	copy(raw[16:], []byte{0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff}) // 65535 by 65535
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
	id := say(s, stage.Aoi, stage.Cafe, `{"type":"image","contentBase64":"`+base64.StdEncoding.EncodeToString(raw)+`"}`).MessageID
	preview := s.As(stage.Cafe, "GET", "/v2/bot/message/"+id+"/content/preview", "")
	if small, err := decode(preview.Body); err != nil || small.Width > 240 {
		t.Errorf("preview: %v %+v", err, small)
	}
}

func TestUnsend(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		image := say(s, stage.Aoi, stage.Cafe, `{"type":"image","contentBase64":"`+base64.StdEncoding.EncodeToString(picture(t, 4, 4))+`"}`).MessageID
		words := say(s, stage.Aoi, stage.Cafe, text("secret")).MessageID
		group := say(s, stage.Ben, stage.Lunch, text("oops")).MessageID
		s.Heard()
		s.Hold()
		unsend := func(who, id string) stage.Step {
			return stage.Step{Name: "unsend", Call: "POST /sim/v1/people/" + who + "/events", Body: `{"type":"unsend","messageId":"` + id + `"}`}
		}
		ok, others, twice, nothing := unsend(stage.Aoi, image), unsend(stage.Ben, words), unsend(stage.Aoi, image), unsend(stage.Aoi, "1")
		ok.Status, ok.Want, ok.Effect = 200, `{"webhookEventIds":["*"]}`, "content_parts-1 contents-1 outbox+1 webhook_events+1 | unsend webhook"
		others.Name, others.Status, others.Want = "another's", 404, `{"message":"messageId: `+stage.Ben+` sent no message `+words+`"}`
		twice.Name, twice.Status, twice.Want = "twice", 409, `{"message":"messageId: `+image+` is unsent already"}`
		nothing.Name, nothing.Status, nothing.Want = "nothing", 404, `{"message":"messageId: `+stage.Aoi+` sent no message 1"}`
		s.Play(t, []stage.Step{ok, others, twice, nothing})
		s.Sim("DELETE", "/faults", "")
		_, body := event(t, s)
		if want := `{"destination":"Ub0000000000000000000000000000001","events":[{"type":"unsend","unsend":{"messageId":"` + image +
			`"},"webhookEventId":"ID","deliveryContext":{"isRedelivery":false},"timestamp":TIME,"source":{"type":"user","userId":"` + stage.Aoi + `"},"mode":"active"}]}`; body != want {
			t.Errorf("\n got %s\nwant %s", body, want)
		}
		happen(s, stage.Aoi, `{"type":"unsend","messageId":"`+words+`"}`)
		happen(s, stage.Ben, `{"type":"unsend","messageId":"`+group+`"}`)
		if got := s.HeardTypes(); got != "cafe:unsend cafe:unsend" {
			t.Errorf("heard %q", got)
		}
		s.Play(t, []stage.Step{
			{Name: "content", Call: content(image, ""), As: stage.Cafe, Status: 410, Want: gone},
			{Name: "preview", Call: content(image, "/preview"), As: stage.Cafe, Status: 410, Want: gone},
			{Name: "to others it never was", Call: content(image, ""), As: stage.Shop, Status: 404, Want: notFound},
		})
		var body2, kind string
		s.Row(`SELECT body, type FROM messages WHERE CAST(id AS TEXT) = $1`, []any{words}, &body2, &kind)
		if body2 != `{"type":"text"}` || kind != "text" {
			t.Errorf("kept %s of type %s", body2, kind)
		}
		for _, m := range read(s, stage.Aoi, stage.Cafe).Messages {
			if m.UnsentAt == "" || len(m.Message) > 0 || m.From.ID != stage.Aoi {
				t.Errorf("shown as %+v", m)
			}
		}
		if strings.Contains(s.Sim("GET", "/people/"+stage.Aoi+"/chats", ""), "secret") {
			t.Error("the text stands in the list of chats")
		}
	})
}

// Whom a person has blocked hears nothing more of them.
func TestUnsendAfterABlock(t *testing.T) {
	s := stage.Start(t, "", "")
	words := say(s, stage.Aoi, stage.Cafe, text("a")).MessageID
	s.Sim("POST", "/people/"+stage.Aoi+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
	if got := happen(s, stage.Aoi, `{"type":"unsend","messageId":"`+words+`"}`); got != `{"webhookEventIds":[]}` {
		t.Error(got)
	}
	if got := s.HeardTypes(); got != "cafe:message cafe:unfollow" {
		t.Errorf("heard %q", got)
	}
}
