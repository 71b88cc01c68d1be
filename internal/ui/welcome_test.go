package ui

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kaiwa/internal/platform/webhook"
	"kaiwa/internal/ui/page"
)

// ticks tells which of the three steps are done.
func ticks(p *node) string {
	var done strings.Builder
	for _, id := range []string{"#tick-1", "#tick-2", "#tick-3"} {
		if p.one(id).attr("data-done") == "1" {
			done.WriteString("✓")
		} else {
			done.WriteString("-")
		}
	}
	return done.String()
}

// bot is a bot's server that answers with a status.
func bot(t *testing.T, status int) (address string, bodies *[]string) {
	bodies = &[]string{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*bodies = append(*bodies, r.Header.Get("X-Line-Signature")+" "+string(body))
		w.WriteHeader(status)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/callback", bodies
}

func TestThreeStepsTickWhenTheyHappen(t *testing.T) {
	w := newWorld(t)
	if got := ticks(w.get("/_/welcome")); got != "---" {
		t.Fatalf("at the start %s", got)
	}
	w.push(aoi, `{"type":"text","text":"not by the API"}`)
	if got := ticks(w.get("/_/welcome")); got != "---" {
		t.Fatalf("what the server says by itself ticks %s", got)
	}
	w.say(aoi, "Hello")
	if got := ticks(w.get("/_/welcome")); got != "✓--" {
		t.Fatalf("after hello %s", got)
	}
	for _, link := range w.get("/_/welcome").all(".meta a") {
		if !strings.HasPrefix(link.attr("href"), cafeChat+"?m=") {
			t.Errorf("beside the steps a message leads to %q", link.attr("href"))
		}
	}
	api := page.API{Handler: w.config.API}
	answer, err := api.Call(t.Context(), http.MethodPost, "/v2/bot/message/push", devToken, `{"to":"`+aoi+`","messages":[{"type":"text","text":"pushed"}]}`)
	if err != nil || answer.Status != http.StatusOK {
		t.Fatalf("push: %d %s %v", answer.Status, answer.Body, err)
	}
	if got := ticks(w.get("/_/welcome")); got != "✓✓-" {
		t.Fatalf("after a push %s", got)
	}
	address, bodies := bot(t, http.StatusOK)
	if res := w.post("/_/welcome/webhook", url.Values{"channel": {cafe}, "endpoint": {address}}); res.Code != http.StatusSeeOther {
		t.Fatalf("verify: status %d %s", res.Code, res.Body)
	}
	p := w.get("/_/welcome")
	if got := ticks(p); got != "✓✓✓" {
		t.Fatalf("after verify %s: %s", got, p.one("#verified").words())
	}
	if got := p.one("#verified").words(); !strings.HasPrefix(got, "The bot answered 200 OK") {
		t.Errorf("result %q", got)
	}
	const body = `{"destination":"Ub0000000000000000000000000000001","events":[]}`
	signature := webhook.Signature(strings.Repeat("5", 32), []byte(body))
	if len(*bodies) != 1 || (*bodies)[0] != signature+" "+body {
		t.Errorf("the bot got %q", *bodies)
	}
	if got := p.one("#sent").words(); !strings.Contains(got, "X-Line-Signature: "+signature) || !strings.HasSuffix(got, body) {
		t.Errorf("the page says that was sent: %s", got)
	}
	if hook := w.config.Sim.Channels.Get(cafe).Webhook; hook.Endpoint != address || !hook.Active {
		t.Errorf("webhook %+v", hook)
	}
	if _, hidden := p.one("#all-done").attrs["hidden"]; hidden {
		t.Error("the end is not told")
	}
}

func TestVerifyTellsWhatTheBotDidWrong(t *testing.T) {
	failing, _ := bot(t, http.StatusInternalServerError)
	for address, want := range map[string]string{
		failing:                  "The bot did not accept it 500 ERROR_STATUS_CODE",
		"http://127.0.0.1:1/":    "The bot did not accept it 0 COULD_NOT_CONNECT",
		"ftp://example.com/hook": "The bot did not accept it 400 Invalid webhook endpoint URL",
	} {
		w := newWorld(t)
		w.post("/_/welcome/webhook", url.Values{"channel": {cafe}, "endpoint": {address}})
		p := w.get("/_/welcome")
		if got := p.one("#verified").words(); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
		if got := ticks(p); got != "---" {
			t.Errorf("%s: ticks %s", address, got)
		}
	}
}

func TestARefusedCallIsExplained(t *testing.T) {
	w := newWorld(t)
	api := page.API{Handler: w.config.API}
	got := w.patches("welcome:"+aoi+":"+cafe, func() {
		if _, err := api.Call(t.Context(), http.MethodPost, "/v2/bot/message/push", "no-token", `{}`); err != nil {
			t.Fatal(err)
		}
	})
	for _, want := range []string{`"target":"received"`, "We received", "POST /v2/bot/message/push", "401", devToken} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
}

func TestOpenStepsTickByThemselves(t *testing.T) {
	w := newWorld(t)
	got := w.patches("welcome:"+aoi+":"+cafe, func() { w.say(aoi, "Hello") })
	if !strings.Contains(got, `id=\"tick-1\" class=\"tick done\"`) {
		t.Errorf("no tick in %s", got)
	}
}

func TestStepsNeedAnAccountWithAFriend(t *testing.T) {
	w := newWorld(t)
	if res := w.post("/_/welcome/webhook", url.Values{"channel": {"1"}, "endpoint": {"http://127.0.0.1:1/"}}); res.Code != http.StatusNotFound {
		t.Errorf("unknown channel: status %d", res.Code)
	}
	programs := w.get("/_/welcome").all(".tabs pre")
	if len(programs) != 4 {
		t.Fatalf("%d programs", len(programs))
	}
	for _, p := range programs {
		for _, want := range []string{"http://example.com", devToken, aoi} {
			if !strings.Contains(p.words(), want) {
				t.Errorf("%s lacks %s", p.attr("id"), want)
			}
		}
	}
}
