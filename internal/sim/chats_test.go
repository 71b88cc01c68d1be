package sim_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

func TestChats(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		call := "GET /sim/v1/people/" + stage.Aoi + "/chats"
		cafe := `{"id":"1656000001","type":"account","name":"Kaiwa Cafe","pictureUrl":"https://example.com/p.png","unreadCount":0}`
		shop := `{"id":"1656000002","type":"account","name":"Shop","unreadCount":0}`
		lunch := `{"id":"` + stage.Lunch + `","type":"group","name":"Lunch","unreadCount":0}`
		family := `{"id":"` + stage.Family + `","type":"group","name":"Family","unreadCount":0}`
		corner := `{"id":"` + stage.Corner + `","type":"room","name":"","unreadCount":0}`
		s.Play(t, []stage.Step{
			{Name: "nothing was said yet", Call: call, Status: 200, Want: `{"chats":[` + strings.Join([]string{cafe, shop, lunch, family, corner}, ",") + `]}`},
			{Name: "who has none", Call: "GET /sim/v1/people/" + stage.Dan + "/chats", Status: 200, Want: `{"chats":[]}`},
			refused("nobody", "GET /sim/v1/people/"+stage.Nobody+"/chats", "", 404, "userId: there is no person "+stage.Nobody),
		})
		id := push(s, stage.Lunch, text("hello"))
		lunch = `{"id":"` + stage.Lunch + `","type":"group","name":"Lunch","unreadCount":1,"lastMessage":{"id":"` + id +
			`","from":{"type":"account","id":"1656000001","name":"Kaiwa Cafe","iconUrl":"https://example.com/p.png"},"sentAt":"2026-01-15T00:00:*Z","message":{"type":"text","text":"hello"},"read":false}}`
		s.Play(t, []stage.Step{{Name: "last spoken first", Call: call, Status: 200, Want: `{"chats":[` + strings.Join([]string{lunch, cafe, shop, family, corner}, ",") + `]}`}})
		s.Sim("POST", "/people/"+stage.Aoi+"/unfollow", `{"channelId":"`+stage.Shop+`"}`)
		s.Sim("POST", "/groups/"+stage.Lunch+"/leave", `{"userIds":["`+stage.Aoi+`"]}`)
		s.Play(t, []stage.Step{{Name: "a group that one has left is gone, a blocked account stays", Call: call, Status: 200,
			Want: `{"chats":[` + strings.Join([]string{cafe, shop, family, corner}, ",") + `]}`}})
	})
}

func TestMessages(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		call := "GET /sim/v1/people/" + stage.Aoi + "/chats/" + stage.Cafe + "/messages"
		own := say(s, stage.Aoi, stage.Cafe, text("own"))
		named := push(s, stage.Aoi, `{"type":"text","text":"as Mika","sender":{"name":"Mika","iconUrl":"https://example.com/mika.png"}}`)
		s.As(stage.Cafe, "POST", "/v2/bot/message/push", `{"to":"`+stage.Aoi+`","messages":[`+text("quiet")+`],"notificationDisabled":true}`)
		aoi := `"from":{"type":"person","id":"` + stage.Aoi + `","name":"Aoi","iconUrl":"https://example.com/aoi.png"}`
		at := `"sentAt":"2026-01-15T00:00:*Z"`
		s.Play(t, []stage.Step{{Name: "all", Call: call, Status: 200, Want: `{"messages":[` +
			`{"id":"` + own + `",` + aoi + `,` + at + `,"message":{"type":"text","text":"own"},"read":true},` +
			`{"id":"` + named + `","from":{"type":"account","id":"1656000001","name":"Mika","iconUrl":"https://example.com/mika.png"},` + at +
			`,"message":{"type":"text","text":"as Mika","sender":{"name":"Mika","iconUrl":"https://example.com/mika.png"}},"read":false},` +
			`{"id":"*","from":{"type":"account","id":"1656000001","name":"Kaiwa Cafe","iconUrl":"https://example.com/p.png"},` + at +
			`,"message":{"type":"text","text":"quiet"},"read":false,"notificationDisabled":true}]}`}})
		s.Sim("POST", "/people/"+stage.Aoi+"/events", `{"type":"unsend","messageId":"`+own+`"}`)
		s.Play(t, []stage.Step{
			{Name: "unsent", Call: call + "?before=" + named, Status: 200, Want: `{"messages":[{"id":"` + own + `",` + aoi + `,` + at + `,"read":true,"unsentAt":"2026-01-15T00:00:*Z"}]}`},
			refused("a limit of 0", call+"?limit=0", "", 400, "limit: 1 to 100"),
			refused("a limit of 101", call+"?limit=101", "", 400, "limit: 1 to 100"),
			refused("a limit below 0", call+"?limit=-1", "", 400, "limit: 1 to 100"),
			refused("no number", call+"?limit=x", "", 400, "limit: 1 to 100"),
			refused("before nothing", call+"?before=1", "", 400, "before: there is no message 1"),
			refused("an unknown chat", "GET /sim/v1/people/"+stage.Aoi+"/chats/C1/messages", "", 404, "chat: there is no group or room C1"),
			refused("an unknown channel", "GET /sim/v1/people/"+stage.Aoi+"/chats/1/messages", "", 404, `channelId: there is no channel "1"`),
			refused("nobody", "GET /sim/v1/people/"+stage.Nobody+"/chats/"+stage.Cafe+"/messages", "", 404, "userId: there is no person "+stage.Nobody),
		})
	})
}

// Pages of own messages and broadcasts, back to the beginning.
func TestMessagesPageByPage(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		for i := range 12 {
			if i%3 == 2 {
				s.As(stage.Cafe, "POST", "/v2/bot/message/broadcast", `{"messages":[`+text(fmt.Sprint(i))+`]}`)
			} else {
				push(s, stage.Aoi, text(fmt.Sprint(i)))
			}
		}
		if got := seen(s, stage.Aoi, stage.Cafe); got != "0 1 2 3 4 5 6 7 8 9 10 11" {
			t.Fatalf("sees %q", got)
		}
		for limit := 1; limit <= 13; limit++ {
			var texts []string
			before := ""
			for {
				page := s.Sim("GET", fmt.Sprintf("/people/%s/chats/%s/messages?limit=%d%s", stage.Aoi, stage.Cafe, limit, before), "")
				parts := strings.Split(page, `{"id":"`)[1:]
				if len(parts) == 0 {
					break
				}
				var part []string
				for _, p := range parts {
					_, rest, _ := strings.Cut(p, `"text":"`)
					word, _, _ := strings.Cut(rest, `"`)
					part = append(part, word)
				}
				texts = append(part, texts...)
				before = "&before=" + parts[0][:strings.Index(parts[0], `"`)]
			}
			if got := strings.Join(texts, " "); got != "0 1 2 3 4 5 6 7 8 9 10 11" {
				t.Errorf("%d a page: %q", limit, got)
			}
		}
	})
}

// A person's own way to the files of their chats.
func TestContentForPeople(t *testing.T) {
	s := stage.Start(t, "", "")
	id := say(s, stage.Aoi, stage.Lunch, `{"type":"file","fileName":"a.txt","contentBase64":"`+base64.StdEncoding.EncodeToString([]byte("hello"))+`"}`)
	at := func(who, chat, rest string) string {
		return "GET /sim/v1/people/" + who + "/chats/" + chat + "/messages/" + id + "/content" + rest
	}
	s.Play(t, []stage.Step{
		{Name: "the sender", Call: at(stage.Aoi, stage.Lunch, ""), Status: 200, Want: "hello"},
		{Name: "a member", Call: at(stage.Ben, stage.Lunch, ""), Status: 200, Want: "hello"},
		refused("one who was not there", at(stage.Chen, stage.Lunch, ""), "", 404, "there is no such file in this chat"),
		refused("another chat", at(stage.Aoi, stage.Family, ""), "", 404, "there is no such file in this chat"),
		refused("a preview that there is not", at(stage.Aoi, stage.Lunch, "/preview"), "", 404, "this message has no preview"),
	})
	if got := s.Do("GET", strings.TrimPrefix(at(stage.Ben, stage.Lunch, ""), "GET "), "").Header.Get("Content-Disposition"); got != "attachment; filename=a.txt" {
		t.Errorf("Content-Disposition %q", got)
	}
	words := say(s, stage.Aoi, stage.Lunch, text("no file"))
	s.Play(t, []stage.Step{refused("a text", "GET /sim/v1/people/"+stage.Aoi+"/chats/"+stage.Lunch+"/messages/"+words+"/content", "", 404, "there is no such file in this chat")})
}

// form is a multipart body of parts: name, file name, text.
func form(t *testing.T, parts ...[3]string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		disposition := `form-data; name="` + p[0] + `"`
		if p[1] != "" {
			disposition += `; filename="` + p[1] + `"`
		}
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(p[2])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

func TestSayByMultipart(t *testing.T) {
	s := stage.Start(t, "", "")
	call := "POST /sim/v1/people/" + stage.Aoi + "/messages"
	file := `{"chat":` + ref(stage.Cafe) + `,"message":{"type":"file"}}`
	body, contentType := form(t, [3]string{"message", "", file}, [3]string{"content", "report.pdf", "%PDF-"})
	s.Play(t, []stage.Step{{Name: "a file", Call: call, Body: body, Header: []string{"Content-Type", contentType}, Status: 200,
		Want: `{"messageId":"*","webhookEventIds":["*"]}`, Effect: "chats+1 content_parts+1 contents+1 messages+1 reply_tokens+1 webhook_events+1 | message webhook"}})
	if d := s.Next(); !strings.Contains(d.Body, `"fileName":"report.pdf","fileSize":5}`) {
		t.Errorf("heard %s", d.Body)
	}
	const parts = "multipart needs a part named message (JSON: chat and message) and one named content (the file)"
	for name, c := range map[string]struct {
		parts   [][3]string
		refusal string
	}{
		"no content":       {[][3]string{{"message", "", file}}, parts},
		"no message":       {[][3]string{{"content", "a", "b"}}, parts},
		"no JSON":          {[][3]string{{"message", "", "{"}, {"content", "a", "b"}}, "The body is no valid JSON (line 1, column 2)"},
		"content in words": {[][3]string{{"message", "", `{"chat":` + ref(stage.Cafe) + `,"message":` + text("a") + `}`}, {"content", "a", "b"}}, "message: only image, video, audio and file have content"},
		"an empty file":    {[][3]string{{"message", "", file}, {"content", "a", ""}}, "message: file needs contentBase64, or a content part"},
	} {
		body, contentType := form(t, c.parts...)
		step := refused(name, call, body, 400, c.refusal)
		step.Header = []string{"Content-Type", contentType}
		s.Play(t, []stage.Step{step})
	}
	broken := refused("no end", call, body[:40], 400, "The multipart body could not be read")
	broken.Header = []string{"Content-Type", contentType}
	s.Play(t, []stage.Step{broken})
}
