package message_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const (
	reply     = "POST /v2/bot/message/reply"
	multicast = "POST /v2/bot/message/multicast"
	broadcast = "POST /v2/bot/message/broadcast"

	noHeader = `{"message":"Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"}`
	noAccess = `{"message":"Authentication failed. Confirm that the access token in the authorization header is valid."}`
	empty    = `{"message":"The request body has 1 error(s)","details":[{"message":"May not be empty","property":"messages[0].text"}]}`
	noToken  = `{"message":"Invalid reply token"}`
	noText   = `"messages":[{"type":"text","text":""}]`
	anyToken = "00000000000000000000000000000000"
)

func size(property string, low, high string) string {
	return `{"message":"The request body has 1 error(s)","details":[{"message":"Size must be between ` + low + ` and ` + high + `","property":"` + property + `"}]}`
}

// TestEnvelope is what all sends refuse, whatever is in the store: nothing is left behind.
func TestEnvelope(t *testing.T) {
	s := stage.Start(t, "", "")
	var steps []stage.Step
	for _, send := range []struct{ call, address string }{
		{reply, `"replyToken":"` + anyToken + `",`}, {push, `"to":"` + stage.Aoi + `",`}, {multicast, `"to":["` + stage.Aoi + `"],`}, {broadcast, ``},
		{"POST /v2/bot/message/validate/reply", ``}, {"POST /v2/bot/message/validate/push", ``}, {"POST /v2/bot/message/validate/multicast", ``},
		{"POST /v2/bot/message/validate/broadcast", ``}, {"POST /v2/bot/message/validate/narrowcast", ``},
	} {
		name := send.call[strings.LastIndex(send.call, "message/")+8:]
		six := strings.TrimSuffix(strings.Repeat(`{"type":"text","text":"a"},`, 6), ",")
		add := func(what, body, want string) {
			steps = append(steps, stage.Step{Name: name + ": " + what, Call: send.call, As: stage.Cafe, Body: body, Status: 400, Want: want})
		}
		add("no JSON", "{", `{"message":"The request body could not be parsed as JSON (line: 1, column: 2)"}`)
		add("no JSON in line 2", "{\n \"messages\":x}", `{"message":"The request body could not be parsed as JSON (line: 2, column: 13)"}`)
		add("a name twice", `{"messages":[],"messages":[]}`,
			`{"message":"The request body could not be parsed as JSON (line: 1, column: 26)","details":[{"message":"Duplicate field 'messages'"}]}`)
		add("a name twice in a message", "{\"messages\":[{},{\"type\":\"text\",\n\"text\":\"a\",\"type\":\"text\"}]}",
			`{"message":"The property, 'messages[1]', in the request body is invalid (line: 2, column: 18)","details":[{"message":"Duplicate field 'type'"}]}`)
		add("a message that is no JSON", "{\"messages\":[{\"type\":\"text\",\"text\":\"a\nb\"}]}",
			`{"message":"The property, 'messages[0]', in the request body is invalid (line: 1, column: 38)"}`)
		add("messages no array", `{`+send.address+`"messages":{}}`, `{"message":"The property, 'messages', in the request body is invalid (line: 1, column: *)"}`)
		add("no messages", `{`+send.address+`"messages":[]}`, size("messages", "1", "5"))
		add("messages null", `{`+send.address+`"messages":null}`, size("messages", "1", "5"))
		add("messages missing", `{`+strings.TrimSuffix(send.address, ",")+`}`, size("messages", "1", "5"))
		add("six messages", `{`+send.address+`"messages":[`+six+`]}`, size("messages", "1", "5"))
		add("empty text", `{`+send.address+noText+`}`, empty)
		add("a message that is no object", `{`+send.address+`"messages":[1]}`, invalid("messages[0]"))
		add("two faults in two messages", `{`+send.address+`"messages":[{"type":"text"},{"type":"text","text":"`+strings.Repeat("a", 5001)+`"}]}`,
			`{"message":"The request body has 2 error(s)","details":[{"message":"May not be empty","property":"messages[0].text"},`+
				`{"message":"Length must be between 0 and 5000","property":"messages[1].text"}]}`)
		add("a fault inside of a template", `{`+send.address+`"messages":[{"type":"flex","altText":"a","contents":{"type":"bubble"}}]}`,
			"{\"message\":\"A message (messages[0])\u00a0in the request body is invalid\",\"details\":[{\"message\":\"At least one block must be specified\",\"property\":\"/\"}]}")
		steps = append(steps,
			stage.Step{Name: name + ": no token", Call: send.call, Body: "{", Status: 401, Want: noHeader},
			stage.Step{Name: name + ": unknown token", Call: send.call, Body: "{", Header: []string{"Authorization", "Bearer nothing"}, Status: 401, Want: noAccess},
			stage.Step{Name: name + ": no JSON's media type", Call: send.call, As: stage.Cafe, Body: "{}", Header: []string{"Content-Type", "text/plain"}, Status: 415,
				Want: `{"message":"The content type, text/plain, is not supported"}`},
			stage.Step{Name: name + ": too large", Call: send.call, As: stage.Cafe, Body: strings.Repeat(" ", 2<<20+1), Status: 413,
				Want: `{"message":"The request body is too large"}`})
	}
	s.Play(t, steps)
}

func TestAddresses(t *testing.T) {
	s := stage.Start(t, "", "")
	missing := func(property string) string {
		return `{"message":"The request body has 1 error(s)","details":[{"message":"May not be empty","property":"` + property + `"}]}`
	}
	many := `{"to":["` + strings.Repeat(stage.Aoi+`","`, 500) + stage.Ben + `"],` + hi + `}`
	table := []struct{ name, call, body, want string }{
		{"push without to", push, `{` + hi + `}`, missing("to")},
		{"push to null", push, `{"to":null,` + hi + `}`, missing("to")},
		{"push to nothing", push, to(""), missing("to")},
		{"push to a list", push, `{"to":["` + stage.Aoi + `"],` + hi + `}`, `{"message":"The property, 'to', in the request body is invalid (line: 1, column: *)"}`},
		{"push to a malformed id", push, to("hello"), invalid("to")},
		{"push to an id in upper case", push, to(strings.ToUpper(stage.Aoi)), invalid("to")},
		{"push to an account's kind of id", push, to("X" + stage.Aoi[1:]), invalid("to")},
		{"push: to and messages are told together", push, `{` + noText + `}`, `{"message":"The request body has 2 error(s)","details":[` +
			`{"message":"May not be empty","property":"to"},{"message":"May not be empty","property":"messages[0].text"}]}`},
		{"push: messages come before a malformed to", push, `{"to":"hello",` + noText + `}`, empty},
		{"reply without a token", reply, `{` + hi + `}`, missing("replyToken")},
		{"reply with an empty token", reply, `{"replyToken":"",` + hi + `}`, missing("replyToken")},
		{"reply: messages come before the token", reply, `{"replyToken":"` + anyToken + `",` + noText + `}`, empty},
		{"reply with a dummy token", reply, `{"replyToken":"` + anyToken + `",` + hi + `}`, noToken},
		{"reply with the other dummy token", reply, `{"replyToken":"` + strings.Repeat("f", 32) + `",` + hi + `}`, noToken},
		{"multicast without to", multicast, `{` + hi + `}`, size("to", "1", "500")},
		{"multicast to none", multicast, `{"to":[],` + hi + `}`, size("to", "1", "500")},
		{"multicast to 501", multicast, many, size("to", "1", "500")},
		{"multicast to a text", multicast, to(stage.Aoi), `{"message":"The property, 'to', in the request body is invalid (line: 1, column: *)"}`},
		{"multicast to a malformed second", multicast, `{"to":["` + stage.Aoi + `","u1"],` + hi + `}`, invalid("to[1]")},
		{"multicast to a group", multicast, `{"to":["` + stage.Aoi + `","` + stage.Lunch + `"],` + hi + `}`, invalid("to[1]")},
		{"multicast: messages come before a malformed id", multicast, `{"to":["u1"],` + noText + `}`, empty},
		{"push with two units", push, `{"to":"` + stage.Aoi + `","customAggregationUnits":["a","b"],` + hi + `}`, size("customAggregationUnits", "0", "1")},
		{"push with a malformed unit", push, `{"to":"` + stage.Aoi + `","customAggregationUnits":["a-b"],` + hi + `}`, invalid("customAggregationUnits[0]")},
		{"multicast with a unit of 31", multicast, `{"to":["` + stage.Aoi + `"],"customAggregationUnits":["` + strings.Repeat("a", 31) + `"],` + hi + `}`,
			invalid("customAggregationUnits[0]")},
		{"multicast that quotes", multicast, `{"to":["` + stage.Aoi + `"],"messages":[{"type":"text","text":"a","quoteToken":"q"}]}`,
			`{"message":"The request body has 1 error(s)","details":[{"message":"Must not be specified","property":"messages[0].quoteToken"}]}`},
		{"broadcast that mentions", broadcast, `{"messages":[{"type":"textV2","text":"{a}","substitution":{"a":{"type":"mention","mentionee":{"type":"all"}}}}]}`,
			`{"message":"The request body has 1 error(s)","details":[{"message":"Must not be specified","property":"messages[0].substitution.a"}]}`},
	}
	for _, c := range table {
		s.Play(t, []stage.Step{{Name: c.name, Call: c.call, As: stage.Cafe, Body: c.body, Status: 400, Want: c.want}})
	}
}

func TestValidateLeavesNothing(t *testing.T) {
	s := stage.Start(t, "", "")
	for _, kind := range []string{"reply", "push", "multicast", "narrowcast", "broadcast"} {
		s.Play(t, []stage.Step{
			{Name: kind, Call: "POST /v2/bot/message/validate/" + kind, As: stage.Shop, Status: 200, Want: `{}`,
				Body: `{` + hi + `,"to":7,"replyToken":[],"notificationDisabled":"of another type","customAggregationUnits":{}}`},
		})
	}
}

// SDKs send every optional member, with null for what is not set.
func TestNullsCountAsAbsent(t *testing.T) {
	s := stage.Start(t, "", "")
	s.Play(t, []stage.Step{{Name: "push", Call: push, As: stage.Cafe, Status: 200, Want: sentOne, Effect: toPerson, Header: []string{"X-Line-Retry-Key", ""},
		Body: `{"to":"` + stage.Aoi + `","messages":[{"type":"text","text":"a","quickReply":null,"sender":null,"quoteToken":null,"emojis":null}],` +
			`"notificationDisabled":null,"customAggregationUnits":null,"somethingNew":1}`}})
}
