package mission_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

// world is the usual one, in which the Cafe and the Shop may give mission
// stickers, Aoi lives in Taipei and Chen uses Android.
var world = strings.NewReplacer(
	`beacons: [{hwid: "0123456789"}]}`, `beacons: [{hwid: "0123456789"}],
         missionStickers: [
           {productId: "9001", name: Tea friends, salesPeriod: {from: "2026-01-15T10:00:00+09:00", until: "2026-01-15T11:00:00+09:00"}},
           {productId: "9002"}, {productId: "9003", countries: [JP, TH]}, {productId: "9004", devices: [ios]}]}`,
	`displayName: Shop}}`, `displayName: Shop, country: TH}, missionStickers: [{productId: "9005"}, {productId: "9003", countries: [JP]}]}`,
	`displayName: Aoi,`, `displayName: Aoi, demographics: {area: tw_01, appType: ios},`,
	`displayName: Chen}`, `displayName: Chen, demographics: {area: jp_13, appType: android}}`).Replace(stage.World)

const (
	give  = "POST /shop/v3/mission"
	given = "mission_stickers+1 | missionSticker"
)

func body(to, productID string) string {
	return `{"to":"` + to + `","productType":"STICKER","productId":"` + productID + `","sendPresentMessage":false}`
}

func says(message string) string { return `{"message":"` + message + `"}` }

// Each documented answer of missionStickerV3.
func TestGive(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		s := stage.Start(t, dsn, world)
		s.Play(t, []stage.Step{
			{Name: "a set", Call: give, As: stage.Cafe, Body: body(stage.Aoi, "9002"), Status: 200, Want: ``, Effect: given},
			{Name: "again: they keep it", Call: give, As: stage.Cafe, Body: body(stage.Aoi, "9002"), Status: 200, Want: ``},
			{Name: "to no friend", Call: give, As: stage.Cafe, Body: body(stage.Chen, "9002"), Status: 200, Want: ``, Effect: given},
			{Name: "in the person's country", Call: give, As: stage.Cafe, Body: body(stage.Chen, "9003"), Status: 200, Want: ``, Effect: given},
			{Name: "in the account's country, where the person tells none", Call: give, As: stage.Cafe, Body: body(stage.Ben, "9003"), Status: 200, Want: ``, Effect: given},
			{Name: "to the device", Call: give, As: stage.Cafe, Body: body(stage.Aoi, "9004"), Status: 200, Want: ``, Effect: given},
			{Name: "to an unknown device", Call: give, As: stage.Cafe, Body: body(stage.Ben, "9004"), Status: 200, Want: ``, Effect: given},

			{Name: "no user id", Call: give, As: stage.Cafe, Body: body("U1", "9002"), Status: 400, Want: says("invalid request")},
			{Name: "NUL", Call: give, As: stage.Cafe, Body: body(`\u0000`, "9002"), Status: 400, Want: says("invalid request")},
			{Name: "nobody", Call: give, As: stage.Cafe, Body: body(stage.Nobody, "9002"), Status: 400, Want: says("invalid request")},
			{Name: "of another provider", Call: give, As: stage.Cafe, Body: body(stage.Eve, "9002"), Status: 400, Want: says("invalid request")},
			{Name: "a group", Call: give, As: stage.Cafe, Body: body(stage.Lunch, "9002"), Status: 400, Want: says("invalid request")},
			{Name: "an emoji", Call: give, As: stage.Cafe, Body: strings.Replace(body(stage.Aoi, "9002"), "STICKER", "EMOJI", 1), Status: 400, Want: says("invalid request")},
			{Name: "with a message", Call: give, As: stage.Cafe, Body: strings.Replace(body(stage.Aoi, "9002"), "false", "true", 1), Status: 400, Want: says("invalid request")},
			{Name: "nothing said of a message", Call: give, As: stage.Cafe, Body: strings.Replace(body(stage.Aoi, "9002"), "false", "null", 1), Status: 400, Want: says("invalid request")},
			{Name: "nothing", Call: give, As: stage.Cafe, Body: `{}`, Status: 400, Want: says("invalid request")},
			{Name: "a number for a person", Call: give, As: stage.Cafe, Body: `{"to":5}`, Status: 400, Want: says("The property, 'to', in the request body is invalid (line: 1, column: 7)")},

			{Name: "an ordinary set", Call: give, As: stage.Cafe, Body: body(stage.Aoi, "446"), Status: 400, Want: says("illegal argument")},
			{Name: "before its period", Call: give, As: stage.Cafe, Body: body(stage.Aoi, "9001"), Status: 400, Want: says("not in sales period")},
			{Name: "another channel's", Call: give, As: stage.Cafe, Body: body(stage.Aoi, "9005"), Status: 400, Want: says("sticker set not available for channel")},
			{Name: "not in the person's country", Call: give, As: stage.Cafe, Body: body(stage.Aoi, "9003"), Status: 400, Want: says("not available")},
			{Name: "not in the account's country", Call: give, As: stage.Shop, Body: body(stage.Ben, "9003"), Status: 400, Want: says("not available")},
			{Name: "not on the device", Call: give, As: stage.Cafe, Body: body(stage.Chen, "9004"), Status: 400, Want: says("not available")},
			{Name: "a channel that may not", Call: give, As: stage.Foreign, Body: body(stage.Eve, "9002"), Status: 403, Want: says("not allowed to use the API")},
			{Name: "no set", Call: give, As: stage.Cafe, Body: body(stage.Aoi, "9999"), Status: 404, Want: says("not found")},
			{Name: "no id", Call: give, As: stage.Cafe, Body: body(stage.Aoi, `x\u0000`), Status: 404, Want: says("not found")},
			{Name: "without a token", Call: give, Body: body(stage.Aoi, "9002"), Status: 401, Want: `{"message":"*"}`},
		})
		s.Until("2026-01-15T10:00:00+09:00")
		s.Play(t, []stage.Step{{Name: "when its period begins", Call: give, As: stage.Cafe, Body: body(stage.Aoi, "9001"), Status: 200, Want: ``, Effect: given}})
		s.Until("2026-01-15T11:00:00+09:00")
		s.Play(t, []stage.Step{{Name: "when it is over", Call: give, As: stage.Cafe, Body: body(stage.Ben, "9001"), Status: 400, Want: says("not in sales period")}})
		s.Restart()
		person := s.Sim("GET", "/people/"+stage.Aoi, "")
		_, list, _ := strings.Cut(person, `"missionStickers":`)
		if want := `[{"productId":"9001","name":"Tea friends","channelId":"1656000001","givenAt":"2026-01-15T*"},` +
			`{"productId":"9004","channelId":"1656000001","givenAt":"2026-01-15T*"},{"productId":"9002","channelId":"1656000001","givenAt":"2026-01-15T*"}]}`; !stage.Like(want, list) {
			t.Errorf("the person has %s", list)
		}
		if world := s.Sim("GET", "/world", ""); !strings.Contains(world, `"missionStickers":[{"productId":"9001","name":"Tea friends","from":"2026-01-15T10:00:00+09:00","until":"2026-01-15T11:00:00+09:00"},`+
			`{"productId":"9002"},{"productId":"9003","countries":["JP","TH"]},{"productId":"9004","devices":["ios"]}]`) {
			t.Errorf("the world does not tell the sets: %s", world)
		}
		s.Sim("POST", "/reset", "")
		if person := s.Sim("GET", "/people/"+stage.Aoi, ""); !strings.Contains(person, `"missionStickers":[]`) {
			t.Errorf("after a reset: %s", person)
		}
	})
}

// What a server or the network between does wrong is played by faults.
func TestFailures(t *testing.T) {
	s := stage.Start(t, "", world)
	for status, message := range map[string]string{"500": "internal error", "502": "upstream error"} {
		s.Sim("PUT", "/faults", `{"match":{"path":"/shop/v3/mission"},"effect":{"status":`+status+`,"body":"{\"message\":\"`+message+`\"}"}}`)
		if a := s.As(stage.Cafe, "POST", "/shop/v3/mission", body(stage.Aoi, "9002")); a.Body != says(message) || !strings.HasPrefix(status, string(rune('0'+a.Status/100))) {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		s.Sim("DELETE", "/faults", "")
	}
}
