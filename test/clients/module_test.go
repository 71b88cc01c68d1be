package clients

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/module"
	"github.com/line/line-bot-sdk-go/v8/linebot/module_attach"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

const moduleWorld = `
providers:
  - name: Modules
    channels:
      - {id: "1657000001", type: module, name: Booking, secret: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, webhook: {endpoint: "%s"},
         callbackUrls: ["https://booking.example.com/attached"]}
`

const (
	bookingID, bookingSecret = "1657000001", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	attachedAt               = "https://booking.example.com/attached"
	scopes                   = "message:send message:receive profile:read"
)

// forBot adds the header by which a module says whom it acts for.
type forBot struct {
	id   string
	next http.RoundTripper
}

func (f forBot) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("X-Line-Bot-Id", f.id)
	return f.next.RoundTrip(req)
}

// allowed has the admin of the cafe press the button, as their browser does, and
// gives the code that the module gets.
func allowed(s *stage) string {
	s.t.Helper()
	q := url.Values{"response_type": {"code"}, "client_id": {bookingID}, "redirect_uri": {attachedAt}, "scope": {scopes}, "state": {"abc"}}
	form := url.Values{"botId": {cafeUser}, "consent": {"allow"}}
	req, err := http.NewRequest(http.MethodPost, s.server.URL+"/module/auth/v1/authorize?"+q.Encode(), strings.NewReader(form.Encode()))
	must(s.t, req, err).Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultTransport.RoundTrip(req)
	defer must(s.t, res, err).Body.Close()
	at, err := res.Location()
	if must(s.t, at, err); at.Query().Get("state") != "abc" || at.Host != "booking.example.com" {
		s.t.Fatalf("%d %s", res.StatusCode, at)
	}
	return at.Query().Get("code")
}

// A module's life by the official clients: attached, listed, acting, told of
// what happens, taking chats over and giving them back, detached.
func TestModule(t *testing.T) {
	t.Parallel()
	booking := newBot(t, bookingSecret, cafeUser)
	s := newStage(t, fmt.Sprintf(moduleWorld, booking.url))
	booking.recorder = s.bot.recorder
	attach, err := module_attach.NewLineModuleAttachAPI("unused", module_attach.WithEndpoint(s.server.URL), module_attach.WithHTTPClient(s.http))
	must(t, attach, err)
	exchange := func(code string) (*module_attach.AttachModuleResponse, error) {
		return attach.AttachModule("authorization_code", code, attachedAt, "", bookingID, bookingSecret, "", "", scopes, "")
	}
	code := allowed(s)
	got, err := exchange(code)
	if must(t, got, err); got.BotId != cafeUser || !slices.Equal(got.Scopes, strings.Fields(scopes)) {
		t.Errorf("%+v", got)
	}
	_, err = exchange(code)
	refused(t, "a used code", err, 400, `{"error":"invalid_grant","error_description":"invalid authorization code"}`)
	e, _ := oneOf[webhook.ModuleEvent](t, s, booking)
	if content, ok := e.Module.(webhook.AttachedModuleContent); !ok || content.BotId != cafeUser || !slices.Equal(content.Scopes, strings.Fields(scopes)) {
		t.Errorf("%+v", e.Module)
	}

	issued, err := s.tokens.IssueChannelToken("client_credentials", bookingID, bookingSecret)
	token := must(t, issued, err).AccessToken
	own, err := module.NewLineModuleAPI(token, module.WithEndpoint(s.server.URL), module.WithHTTPClient(s.http))
	must(t, own, err)
	list, err := own.GetModules("", 0)
	if must(t, list, err); len(list.Bots) != 1 || list.Next != "" ||
		list.Bots[0] != (module.ModuleBot{UserId: cafeUser, BasicId: "@kaiwacafe", PremiumId: "@cafe", DisplayName: "Kaiwa Cafe", PictureUrl: "https://example.com/p.png"}) {
		t.Errorf("%+v", list)
	}
	_, err = own.GetModules("nonsense", 0)
	refused(t, "a made-up start", err, 400, `{"message":"Invalid start param"}`)

	acting := &http.Client{Transport: forBot{cafeUser, s.http.Transport}}
	chats, err := module.NewLineModuleAPI(token, module.WithEndpoint(s.server.URL), module.WithHTTPClient(acting))
	must(t, chats, err)
	api, err := messaging_api.NewMessagingApiAPI(token, messaging_api.WithEndpoint(s.server.URL), messaging_api.WithHTTPClient(acting))
	must(t, api, err)
	_, err = s.client(token).GetProfile(aoi)
	refused(t, "for no account", err, 403, `{"message":"Access to this API is not available for your account"}`)

	s.writes(aoi, cafe, "hello")
	if e, _ := oneOf[webhook.MessageEvent](t, s, s.bot); e.Mode != webhook.EventMode_ACTIVE {
		t.Errorf("the cafe's own: %+v", e)
	}
	waiting, _ := oneOf[webhook.MessageEvent](t, s, booking)
	known, ok := waiting.Source.(webhook.UserSource)
	if want := "L" + aoi + "-" + cafeUser; waiting.Mode != webhook.EventMode_STANDBY || !ok || known.UserId != want {
		t.Fatalf("%+v", waiting)
	}
	profile, err := api.GetProfile(known.UserId)
	if must(t, profile, err); profile.UserId != known.UserId || profile.DisplayName != "Aoi" {
		t.Errorf("%+v", profile)
	}
	if _, err := chats.AcquireChatControl(known.UserId, &module.AcquireChatControlRequest{Expired: true, Ttl: 60}); err != nil {
		t.Fatal(err)
	}
	activated, _ := oneOf[webhook.ActivatedEvent](t, s, booking)
	if lasts := activated.ChatControl.ExpireAt - activated.Timestamp; lasts != 60_000 || activated.Source != webhook.SourceInterface(known) {
		t.Errorf("%d ms, %+v", lasts, activated)
	}
	s.writes(aoi, cafe, "a table for two")
	if e, _ := oneOf[webhook.MessageEvent](t, s, s.bot); e.Mode != webhook.EventMode_STANDBY || e.ReplyToken != "" {
		t.Errorf("the cafe's own: %+v", e)
	}
	active, _ := oneOf[webhook.MessageEvent](t, s, booking)
	answer, err := api.ReplyMessage(&messaging_api.ReplyMessageRequest{ReplyToken: active.ReplyToken, Messages: text("Booked")})
	if must(t, answer, err); len(answer.SentMessages) != 1 {
		t.Errorf("%+v", answer)
	}
	if err := pushes(api, known.UserId, "See you"); err != nil {
		t.Error(err)
	}
	if list := s.sees(aoi, cafe); len(list) != 4 {
		t.Errorf("aoi sees %+v", list)
	}
	if _, err := chats.ReleaseChatControl(known.UserId); err != nil {
		t.Fatal(err)
	}
	if e, _ := oneOf[webhook.DeactivatedEvent](t, s, booking); e.Source != webhook.SourceInterface(known) {
		t.Errorf("%+v", e)
	}
	_, err = chats.AcquireChatControl("nobody", &module.AcquireChatControlRequest{})
	refused(t, "no chat", err, 400, `{"message":"The value for the 'chatId' parameter is invalid"}`)
	_, err = chats.ReleaseChatControl("nobody")
	refused(t, "no chat", err, 400, `{"message":"The value for the 'chatId' parameter is invalid"}`)
	_, err = chats.AcquireChatControl(chen, &module.AcquireChatControlRequest{})
	refused(t, "no friend", err, 404, notFound)

	for _, c := range []string{"suspend", "resume"} {
		sim[object](s, "POST", "/channels/"+cafe+"/"+c, nil)
	}
	s.settle()
	calls := booking.took()
	if len(calls) != 2 {
		t.Fatalf("%s", bodies(calls))
	}
	if _, ok := calls[0].event.(webhook.BotSuspendedEvent); !ok {
		t.Errorf("%T", calls[0].event)
	}
	if _, ok := calls[1].event.(webhook.BotResumedEvent); !ok {
		t.Errorf("%T", calls[1].event)
	}

	if _, err := own.DetachModule(&module.DetachModuleRequest{BotId: cafeUser}); err != nil {
		t.Fatal(err)
	}
	gone, _ := oneOf[webhook.ModuleEvent](t, s, booking)
	if content, ok := gone.Module.(webhook.DetachedModuleContent); !ok || content.BotId != cafeUser {
		t.Errorf("%+v", gone.Module)
	}
	_, err = own.DetachModule(&module.DetachModuleRequest{BotId: cafeUser})
	refused(t, "detached", err, 400, `{"message":"Specified channel is not detachable"}`)
	_, err = own.DetachModule(&module.DetachModuleRequest{BotId: aoi})
	refused(t, "no bot", err, 400, `{"message":"user/group/room Id is not available."}`)
}
