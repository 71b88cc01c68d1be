package welcome

import (
	"fmt"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/ui/page"
)

// programs are the ways to send a push, one open at a time: disclosure elements
// of one name are tabs that need no script.
func (v view) programs() g.Node {
	list := []struct{ id, name, text string }{
		{"curl", "curl", page.Curl{Base: v.base, Path: "/v2/bot/message/push", Token: v.token,
			Body: fmt.Sprintf(`{"to":"%s","messages":[{"type":"text","text":"Hello from curl"}]}`, v.person.UserID)}.String()},
		{"go", "Go", v.fill(programGo)},
		{"node", "Node.js", v.fill(programNode)},
		{"python", "Python", v.fill(programPython)},
	}
	return h.Div(h.Class("tabs"), g.Map(list, func(p struct{ id, name, text string }) g.Node {
		return h.Details(g.Attr("name", "program"), g.If(p.id == "curl", g.Attr("open")),
			h.Summary(g.Text(p.name)), page.Snippet(v.lang, "program-"+p.id, p.text))
	}))
}

// fill puts address, token and person into a program.
func (v view) fill(program string) string {
	return strings.NewReplacer("BASE", v.base, "TOKEN", v.token, "PERSON", v.person.UserID).Replace(program)
}

// The programs use the official SDKs; only the base URL differs from what
// talks to LINE.
const (
	programGo = `// go get github.com/line/line-bot-sdk-go/v8
bot, err := messaging_api.NewMessagingApiAPI("TOKEN",
	messaging_api.WithEndpoint("BASE"))
if err != nil {
	log.Fatal(err)
}
_, err = bot.PushMessage(&messaging_api.PushMessageRequest{
	To: "PERSON",
	Messages: []messaging_api.MessageInterface{
		messaging_api.TextMessage{Text: "Hello from Go"},
	},
}, "")`
	programNode = `// npm install @line/bot-sdk
import { messagingApi } from '@line/bot-sdk';

const client = new messagingApi.MessagingApiClient({
  channelAccessToken: 'TOKEN',
  baseURL: 'BASE',
});
await client.pushMessage({
  to: 'PERSON',
  messages: [{ type: 'text', text: 'Hello from Node.js' }],
});`
	programPython = `# pip install line-bot-sdk
from linebot.v3.messaging import (ApiClient, Configuration,
    MessagingApi, PushMessageRequest, TextMessage)

config = Configuration(host='BASE', access_token='TOKEN')
with ApiClient(config) as client:
    MessagingApi(client).push_message(PushMessageRequest(
        to='PERSON',
        messages=[TextMessage(text='Hello from Python')]))`
)
