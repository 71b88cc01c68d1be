package sim_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

func happens(name, who, body, want, effect string) stage.Step {
	return stage.Step{Name: name, Call: "POST /sim/v1/people/" + who + "/events", Body: body, Status: 200, Want: want, Effect: effect}
}

func TestBeacon(t *testing.T) {
	s := stage.Start(t, "", "")
	const ids = `{"webhookEventIds":["*"]}`
	s.Play(t, []stage.Step{
		happens("enter", stage.Aoi, `{"type":"beacon","hwid":"0123456789","beaconType":"enter"}`, ids, "chats+1 "+anEvent),
		happens("with a device message", stage.Aoi, `{"type":"beacon","hwid":"0123456789","beaconType":"stay","dm":"abcd"}`, ids, anEvent),
		refused("another type", "POST /sim/v1/people/"+stage.Aoi+"/events", `{"type":"beacon","hwid":"0123456789","beaconType":"leave"}`, 400, "beaconType: enter, banner or stay"),
		refused("another device", "POST /sim/v1/people/"+stage.Aoi+"/events", `{"type":"beacon","hwid":"1","beaconType":"enter"}`, 404, "hwid: no channel has a beacon 1"),
		refused("of another provider", "POST /sim/v1/people/"+stage.Eve+"/events", `{"type":"beacon","hwid":"0123456789","beaconType":"enter"}`, 404, "hwid: no channel has a beacon 0123456789"),
		refused("who blocked", "POST /sim/v1/people/"+stage.Dan+"/events", `{"type":"beacon","hwid":"0123456789","beaconType":"enter"}`, 409, stage.Dan+" has blocked this account; follow it first"),
		refused("who never was a friend", "POST /sim/v1/people/"+stage.Chen+"/events", `{"type":"beacon","hwid":"0123456789","beaconType":"enter"}`, 409,
			stage.Chen+" is no friend of this account, and it hears of friends only; follow it first"),
		refused("nothing", "POST /sim/v1/people/"+stage.Aoi+"/events", `{}`, 400, `type: "" is none of unsend, edit, read, beacon, accountLink, membership, couponAcquire, couponUse, videoPlayComplete, mediaPlay, phoneConsent`),
		refused("nobody", "POST /sim/v1/people/"+stage.Nobody+"/events", `{"type":"beacon"}`, 404, "userId: there is no person "+stage.Nobody),
	})
	heard := s.Heard()
	if len(heard) != 2 || !strings.Contains(heard[0].Body, `"beacon":{"hwid":"0123456789","type":"enter"},`) ||
		!strings.Contains(heard[1].Body, `"beacon":{"hwid":"0123456789","type":"stay","dm":"abcd"},`) || heard[0].Event.ReplyToken == "" {
		t.Errorf("heard %+v", heard)
	}
}

func TestVideoPlayComplete(t *testing.T) {
	s := stage.Start(t, "", "")
	video := func(more string) string {
		return `{"type":"video","originalContentUrl":"https://example.com/a.mp4","previewImageUrl":"https://example.com/b.png"` + more + `}`
	}
	tracked, plain, other := push(s, stage.Aoi, video(`,"trackingId":"t1"`)), push(s, stage.Aoi, video("")), push(s, stage.Ben, video(`,"trackingId":"t2"`))
	own := say(s, stage.Aoi, stage.Cafe, text("own"))
	s.Heard()
	call := "POST /sim/v1/people/" + stage.Aoi + "/events"
	body := func(id string) string { return `{"type":"videoPlayComplete","messageId":"` + id + `"}` }
	s.Play(t, []stage.Step{
		happens("tracked", stage.Aoi, body(tracked), `{"webhookEventIds":["*"]}`, anEvent),
		refused("without a trackingId", call, body(plain), 409, "messageId: "+plain+" is no video with a trackingId"),
		refused("another's", call, body(other), 404, "messageId: no message "+other+" in this chat"),
		refused("one's own", call, body(own), 404, "messageId: no account sent a message "+own),
		refused("none", call, body("1"), 404, "messageId: no account sent a message 1"),
	})
	if heard := s.Heard(); len(heard) != 1 || !strings.Contains(heard[0].Body, `"videoPlayComplete":{"trackingId":"t1"},`) || heard[0].Event.ReplyToken == "" {
		t.Errorf("heard %+v", heard)
	}
}
