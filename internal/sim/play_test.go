package sim_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

func TestMediaPlay(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		const src = `"originalContentUrl":"https://example.com/a.mp4","previewImageUrl":"https://example.com/b.png"`
		const hero = `{"type":"flex","altText":"a","contents":{"type":"bubble","size":"mega","hero":{"type":"video","url":"https://example.com/a.mp4",` +
			`"previewUrl":"https://example.com/b.png","altContent":{"type":"image","url":"https://example.com/b.png"}}}}`
		const moving = `{"type":"imagemap","baseUrl":"https://example.com/i","altText":"a","baseSize":{"width":1040,"height":1040},"actions":[],` +
			`"video":{` + src + `,"area":{"x":0,"y":0,"width":1040,"height":585}}}`
		video, tracked := push(s, stage.Aoi, `{"type":"video",`+src+`}`), push(s, stage.Aoi, `{"type":"video",`+src+`,"trackingId":"t1"}`)
		audio := push(s, stage.Aoi, `{"type":"audio","originalContentUrl":"https://example.com/a.m4a","duration":1000}`)
		inFlex, inMap := push(s, stage.Aoi, hero), push(s, stage.Aoi, moving)
		words, other, shared := push(s, stage.Aoi, text("a")), push(s, stage.Ben, `{"type":"video",`+src+`}`), push(s, stage.Lunch, `{"type":"video",`+src+`}`)
		own := say(s, stage.Aoi, stage.Cafe, text("own"))
		s.Heard()
		body := func(id, percent string) string {
			return `{"type":"mediaPlay","messageId":"` + id + `","percent":` + percent + `}`
		}
		call := "POST /sim/v1/people/" + stage.Aoi + "/events"
		const none = `{"webhookEventIds":[]}`
		unseen := func(id string) string { return "messageId: " + stage.Aoi + " sees no account's message " + id }
		s.Play(t, []stage.Step{
			happens("a video, begun", stage.Aoi, body(video, "0"), none, ""),
			happens("to its end", stage.Aoi, body(video, "100"), none, ""),
			happens("an audio", stage.Aoi, body(audio, "25"), none, ""),
			happens("in a Flex Message", stage.Aoi, body(inFlex, "50"), none, ""),
			happens("in an imagemap", stage.Aoi, body(inMap, "50"), none, ""),
			happens("in a group", stage.Aoi, body(shared, "50"), none, ""),
			happens("a tracked video, not to its end", stage.Aoi, body(tracked, "99"), none, ""),
			happens("a tracked video to its end", stage.Aoi, body(tracked, "100"), `{"webhookEventIds":["*"]}`, anEvent),
			refused("no percentage", call, `{"type":"mediaPlay","messageId":"`+video+`"}`, 400, "percent: 0 to 100"),
			refused("more than all", call, body(video, "101"), 400, "percent: 0 to 100"),
			refused("less than nothing", call, body(video, "-1"), 400, "percent: 0 to 100"),
			refused("nothing to play", call, body(words, "1"), 409, "messageId: "+words+" has no video and no audio"),
			refused("in another chat", call, body(other, "1"), 404, unseen(other)),
			refused("of one's own", call, body(own, "1"), 404, unseen(own)),
			refused("no message", call, body("1", "1"), 404, unseen("1")),
		})
		if heard := s.Heard(); len(heard) != 1 || !strings.Contains(heard[0].Body, `"videoPlayComplete":{"trackingId":"t1"}`) {
			t.Errorf("heard %+v", heard)
		}
	})
}
