package pnp_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const (
	templated = "POST /v2/bot/message/pnp/templated/push"
	toNewly   = "#delivered.pnp.templated+1 chats+1 messages+1 webhook_events+1 | message webhook"
	toAgain   = "#delivered.pnp.templated+1 messages+1 webhook_events+1 | message webhook"
)

// filled is a request to Aoi with this template and body.
func filled(key, body string) string {
	return `{"to":"` + aoi + `","templateKey":"` + key + `","body":` + body + `}`
}

var shipped = filled("shipment_completed_ja", `{"emphasizedItem":{"itemKey":"date_002_ja","content":"Saturday"},
	"items":[{"itemKey":"time_range_001_ja","content":"A.M."},{"itemKey":"number_001_ja","content":"1234567"},
		{"itemKey":"price_001_ja","content":"120 USD"},{"itemKey":"name_010_ja","content":"Frozen Soup Set"}],
	"buttons":[{"buttonKey":"check_delivery_status_ja","url":"https://example.com/status"},{"buttonKey":"contact_ja","url":"https://example.com/contact"}]}`)

func TestTemplate(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		s.Play(t, []stage.Step{
			{Name: "all of it", Call: templated, As: stage.Cafe, Body: shipped, Status: 202, Want: `{}`, Effect: toNewly},
			{Name: "nothing but the template", Call: templated, As: stage.Cafe, Body: `{"to":"` + aoi + `","templateKey":"shipment_completed_ja"}`, Status: 202,
				Want: `{}`, Effect: toAgain},
			{Name: "the world's own keys", Call: templated, As: stage.Cafe, Status: 202, Want: `{}`, Effect: toAgain,
				Body: filled("table_ready_ja", `{"items":[{"itemKey":"table_001_ja","content":"7"}],"buttons":[{"buttonKey":"menu_ja","url":"https://example.com/"}]}`)},
			{Name: "nobody", Call: templated, As: stage.Cafe, Body: strings.Replace(shipped, aoi, hash("0"), 1), Status: 422, Want: failed},
			{Name: "one who blocked", Call: templated, As: stage.Cafe, Body: strings.Replace(shipped, aoi, dan, 1), Status: 202, Want: `{}`},
			{Name: "one who has not decided", Call: templated, As: stage.Cafe, Body: strings.Replace(shipped, aoi, chen, 1), Status: 202, Want: `{}`,
				Effect: "phone_waiting+1"},
		})
		lines := s.Sim("GET", "/people/"+stage.Aoi+"/chats/"+stage.Cafe+"/messages", "")
		for _, want := range []string{`"type":"flex"`, `"text":"Frozen Soup Set"`, `"uri":"https://example.com/contact"`, `"text":"Your table is ready"`, `"label":"Menu"`} {
			if !strings.Contains(lines, want) {
				t.Errorf("no %s in %s", want, lines)
			}
		}
		sent := lines[strings.Index(lines, `{"type":"flex"`):]
		sent = sent[:strings.Index(sent, `},"read"`)+1]
		if a := s.As(stage.Cafe, "POST", "/v2/bot/message/validate/push", `{"messages":[`+sent+`]}`); a.Status != 200 {
			t.Errorf("what a template makes is no message: %s %s", a.Body, sent)
		}
	})
}

func TestTemplateRefuses(t *testing.T) {
	s := stage.Start(t, "", world)
	item := `{"itemKey":"price_001_ja","content":"1"}`
	button := `{"buttonKey":"contact_ja","url":"https://example.com/"}`
	items := func(list ...string) string {
		return filled("shipment_completed_ja", `{"items":[`+strings.Join(list, ",")+`]}`)
	}
	buttons := func(list ...string) string {
		return filled("shipment_completed_ja", `{"buttons":[`+strings.Join(list, ",")+`]}`)
	}
	emphasized := func(it string) string {
		return filled("shipment_completed_ja", `{"emphasizedItem":`+it+`,"items":[{"itemKey":"date_002_ja","content":"a"}]}`)
	}
	noKey := func(what, key, property string) string {
		return `{"message":"The request body has 1 invalid key(s).","details":[{"message":"The specified ` + what + ` key does not exist: ` + key + `","property":"` + property + `"}]}`
	}
	noTemplate := func(key string) string {
		return `{"message":"Invalid templateKey: ` + key + `","details":[{"message":"The specified template doesn't exist, or you don't have the permission","property":"templateKey"}]}`
	}
	const twice = "Duplicate itemKey in items or between emphasizedItem and items are not allowed: "
	for _, c := range []struct{ name, body, want string }{
		{"no to", `{"templateKey":"shipment_completed_ja"}`, problem("May not be empty", "to")},
		{"a bad to", `{"to":"1","templateKey":"shipment_completed_ja"}`, problem("The value must be a valid SHA-256 digest.", "to")},
		{"no template", `{"to":"` + aoi + `"}`, problem("May not be empty", "templateKey")},
		{"an unknown template", filled("reserve_004", `{}`), noTemplate("reserve_004")},
		{"an unknown item", items(`{"itemKey":"datetime_000","content":"a"}`), noKey("item", "datetime_000", "body.items[0].itemKey")},
		{"an unknown emphasized item", emphasized(`{"itemKey":"datetime_000","content":"a"}`), noKey("item", "datetime_000", "body.emphasizedItem.itemKey")},
		{"an unknown button", buttons(`{"buttonKey":"none","url":"https://example.com/"}`), noKey("button", "none", "body.buttons[0].buttonKey")},
		{"an item twice", items(item, item), problem(twice+"price_001_ja", "body.items[1].itemKey")},
		{"an item that is emphasized too", emphasized(`{"itemKey":"date_002_ja","content":"a"}`), problem(twice+"date_002_ja", "body.emphasizedItem.itemKey")},
		{"a button twice", buttons(button, button), problem("Duplicate buttonKey in buttons are not allowed: contact_ja", "body.buttons[1].buttonKey")},
		{"no item key", items(`{"content":"a"}`), problem("May not be empty", "body.items[0].itemKey")},
		{"no content", items(`{"itemKey":"price_001_ja"}`), problem("May not be empty", "body.items[0].content")},
		{"an empty emphasized item", emphasized(`{}`), problem("May not be empty", "body.emphasizedItem.itemKey", "May not be empty", "body.emphasizedItem.content")},
		{"16 emphasized", emphasized(`{"itemKey":"name_010_ja","content":"1234567890123456"}`), problem("Length must be between 0 and 15", "body.emphasizedItem.content")},
		{"301 in an item", items(`{"itemKey":"name_010_ja","content":"` + strings.Repeat("あ", 301) + `"}`), problem("Length must be between 0 and 300", "body.items[0].content")},
		{"16 items", items(strings.Split(strings.TrimSuffix(strings.Repeat(`{"itemKey":"k*","content":"a"}|`, 16), "|"), "|")...), ""},
		{"3 buttons", buttons(button, `{"buttonKey":"check_delivery_status_ja","url":"https://example.com/"}`, `{"buttonKey":"c","url":"https://example.com/"}`),
			problem("Size must be between 0 and 2", "body.buttons")},
		{"no url", buttons(`{"buttonKey":"contact_ja"}`), problem("May not be empty", "body.buttons[0].url")},
		{"no url's form", buttons(`{"buttonKey":"contact_ja","url":"example.com"}`), problem("invalid uri", "body.buttons[0].url")},
		{"a long url", buttons(`{"buttonKey":"contact_ja","url":"https://example.com/` + strings.Repeat("a", 981) + `"}`),
			problem("Length must be between 0 and 1000", "body.buttons[0].url")},
		{"items of another type", filled("shipment_completed_ja", `{"items":{}}`), `{"message":"The property, 'body.items', in the request body is invalid (line: 1, column: *)"}`},
	} {
		if c.name == "16 items" { // each of another key
			for i := range 16 {
				c.body = strings.Replace(c.body, "k*", "k"+string(rune('a'+i)), 1)
			}
			c.want = problem("Size must be between 0 and 15", "body.items")
		}
		s.Play(t, []stage.Step{{Name: c.name, Call: templated, As: stage.Cafe, Body: c.body, Status: 400, Want: c.want}})
	}
	s.Play(t, []stage.Step{
		{Name: "an account that may not", Call: templated, Header: []string{"Authorization", "Bearer quiet-token"}, Body: shipped, Status: 403, Want: denied},
		{Name: "Japan's template from an account of Taiwan", Call: templated, As: stage.Shop, Body: shipped, Status: 400, Want: noTemplate("shipment_completed_ja")},
		{Name: "the Cafe's own template from another account", Call: templated, As: stage.Shop, Body: filled("table_ready_ja", `{}`), Status: 400, Want: noTemplate("table_ready_ja")},
		{Name: "a retry key", Call: templated, As: stage.Cafe, Body: shipped, Header: []string{"X-Line-Retry-Key", "123e4567-e89b-12d3-a456-426614174000"}, Status: 400,
			Want: `{"message":"The retry key is not supported by this API"}`},
		{Name: "a tag of 15", Call: templated, As: stage.Cafe, Body: shipped, Header: []string{"X-Line-Delivery-Tag", "123456789012345"}, Status: 400,
			Want: `{"message":"The value for the 'X-Line-Delivery-Tag' parameter is invalid"}`},
	})
}
