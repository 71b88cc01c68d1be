package ui

import (
	"bufio"
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/sim"
	"kaiwa/internal/ui/docs"
)

func TestEveryPageHasAStrictPolicy(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/_/", cafeChat, "/_/nothing"} {
		got := w.do(httptest.NewRequest(http.MethodGet, path, nil)).Header().Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(got+";", part+";") {
				t.Errorf("%s: the policy lacks %s: %s", path, part, got)
			}
		}
		if strings.Contains(got, "script-src 'self' 'unsafe") {
			t.Errorf("%s: scripts in the page would run", path)
		}
	}
}

func TestOtherSitesCannotSendForms(t *testing.T) {
	w := newWorld(t)
	send := func(site, origin string) int {
		r := httptest.NewRequest(http.MethodPost, cafeChat+"/messages", strings.NewReader(url.Values{"text": {"hi"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if site != "" {
			r.Header.Set("Sec-Fetch-Site", site)
		}
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		out := httptest.NewRecorder()
		w.pages.ServeHTTP(out, r)
		return out.Code
	}
	for _, c := range []struct {
		site, origin string
		want         int
	}{
		{"cross-site", "https://evil.example", http.StatusForbidden},
		{"same-site", "http://other.localhost", http.StatusForbidden},
		{"", "https://evil.example", http.StatusForbidden},
		{"same-origin", "http://example.com", http.StatusSeeOther},
		{"none", "", http.StatusSeeOther},
		{"", "", http.StatusSeeOther}, // curl
	} {
		if got := send(c.site, c.origin); got != c.want {
			t.Errorf("from %q %q: status %d, want %d", c.site, c.origin, got, c.want)
		}
	}
}

func TestPagesNeedNoOtherHostAndNoInlineScript(t *testing.T) {
	w := newWorld(t)
	w.push(aoi, `{"type":"text","text":"<script>alert(1)</script>"}`)
	for _, path := range []string{"/_/", "/_/phone/" + aoi, cafeChat} {
		p := w.get(path)
		for _, s := range p.all("script") {
			if !strings.HasPrefix(s.attr("src"), "/_/static/") || s.words() != "" {
				t.Errorf("%s has a script %q %q", path, s.attr("src"), s.words())
			}
		}
		for _, l := range p.all("head link") {
			if !strings.HasPrefix(l.attr("href"), "/_/static/") {
				t.Errorf("%s links %q", path, l.attr("href"))
			}
		}
	}
}

func TestPagesAreLight(t *testing.T) {
	w := newWorld(t)
	for range 60 {
		w.push(aoi, `{"type":"text","text":"A message of ordinary length, as bots send them to people all day long."}`)
	}
	if n := w.do(httptest.NewRequest(http.MethodGet, cafeChat, nil)).Body.Len(); n > 60_000 {
		t.Errorf("a chat of 50 messages is %d bytes, more than 60 kB", n)
	}
	all := map[string]int{}
	for _, path := range []string{"/_/", "/_/phone/" + aoi, cafeChat, "/_/welcome", "/_/workspace/" + team + "/settings/api-keys", docs.Path} {
		loaded := map[string]int{}
		for _, s := range w.get(path).all("script") {
			w.load(s.attr("src"), loaded)
		}
		maps.Copy(all, loaded)
		t.Logf("%s loads %d bytes of scripts", path, sum(loaded))
	}
	if total := sum(all); len(all) < 8 || total > 25_000 {
		t.Errorf("the %d scripts are %d bytes together, more than 25 kB", len(all), total)
	}
}

// load notes the size of a script and of all that it imports or starts.
func (w *world) load(src string, into map[string]int) {
	w.t.Helper()
	if _, known := into[src]; known {
		return
	}
	res := w.do(httptest.NewRequest(http.MethodGet, src, nil))
	if res.Code != http.StatusOK || !strings.Contains(res.Header().Get("Cache-Control"), "immutable") {
		w.t.Errorf("%s: status %d, %s", src, res.Code, res.Header().Get("Cache-Control"))
	}
	into[src] = res.Body.Len()
	for _, m := range regexp.MustCompile(`(?:from |new URL\()'\./([a-z]+\.js)'`).FindAllStringSubmatch(res.Body.String(), -1) {
		w.load(src[:strings.LastIndexByte(src, '/')+1]+m[1], into)
	}
}

func sum(sizes map[string]int) (total int) {
	for _, n := range sizes {
		total += n
	}
	return total
}

func TestLanguageAndThemeAreRemembered(t *testing.T) {
	w := newWorld(t)
	get := func(accept string, cookies ...*http.Cookie) *node {
		r := httptest.NewRequest(http.MethodGet, "/_/", nil)
		r.Header.Set("Accept-Language", accept)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		return parse(t, w.do(r).Body.String())
	}
	for accept, want := range map[string]string{"": "en", "ja-JP,ja;q=0.9,en;q=0.8": "ja", "fr, JA;q=0.5": "ja", "de": "en", "en-GB,ja": "en"} {
		if got := get(accept).one("html").attr("lang"); got != want {
			t.Errorf("Accept-Language %q: %s, want %s", accept, got, want)
		}
	}
	res := w.post("/_/display", url.Values{"lang": {"ja"}, "theme": {"dark"}, "back": {cafeChat}})
	if res.Code != http.StatusSeeOther || res.Header().Get("Location") != cafeChat {
		t.Fatalf("status %d to %q", res.Code, res.Header().Get("Location"))
	}
	p := get("en", res.Result().Cookies()...)
	if p.one("html").attr("lang") != "ja" || p.one("html").attr("data-theme") != "dark" {
		t.Error("the choice is forgotten")
	}
	for _, back := range []string{"https://evil.example/", "//evil.example", "/v2/bot/info", `/_/\evil`} {
		if got := w.post("/_/display", url.Values{"back": {back}}).Header().Get("Location"); got != "/_/" {
			t.Errorf("back to %q leads to %q", back, got)
		}
	}
}

func TestClockAndFaultsShowOnEveryPage(t *testing.T) {
	w := newWorld(t)
	if p := w.get("/_/"); p.one("#clock").words() != "" || p.one("#faults").words() != "" {
		t.Error("a server as usual shows a clock or faults")
	}
	w.clock.Set(w.clock.Now().AddDate(100, 0, 0))
	w.faults.Put([]fault.Rule{{Effect: fault.Effect{Status: 500}}})
	p := w.get("/_/")
	if !strings.Contains(p.one("#clock").words(), "Virtual clock 21") || !strings.Contains(p.one("#faults").words(), "Faults are on") {
		t.Errorf("clock %q, faults %q", p.one("#clock").words(), p.one("#faults").words())
	}
}

func TestHomeShowsTheWorld(t *testing.T) {
	p := newWorld(t).get("/_/")
	if got := p.one(".faces").words(); got != "A Aoi B Ben <b> C Chen" {
		t.Errorf("people %q", got)
	}
	if got := p.one(".grid .card"); got != nil {
		t.Error("channel and group share a card")
	}
	if got := p.all(".card")[0].words(); got != "Cafe channel 1656000001 · messaging @kaiwacafe · Friends: 2 Webhook off" {
		t.Errorf("channel %q", got)
	}
}

// patches reads the live updates of topics that follow what act does.
func (w *world) patches(topics string, act func()) string {
	w.t.Helper()
	server := httptest.NewServer(w.pages)
	defer server.Close()
	ctx, stop := context.WithCancel(w.t.Context())
	defer stop()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/_/events?topics="+topics, nil)
	res, err := http.DefaultClient.Do(req)
	if err != nil || res.StatusCode != http.StatusOK {
		w.t.Fatalf("no stream: %v %v", res, err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() && lines.Text() != "" { // the position
	}
	act()
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: ["); ok {
			return data
		}
	}
	w.t.Fatalf("the stream ended: %v", lines.Err())
	return ""
}

func TestOpenPagesFollowWhatHappens(t *testing.T) {
	chatTopic, listTopic := "chat:"+aoi+":"+cafe, "chats:"+aoi
	var w *world
	var id string
	cases := []struct {
		name, topics string
		before, act  func()
		want         []string
	}{
		{"an answer", chatTopic, nil, func() { w.push(aoi, `{"type":"text","text":"Welcome"}`) },
			[]string{`"op":"append","target":"messages"`, "Welcome", `"target":"quick"`, `"target":"announce"`, "Kaiwa Cafe: Welcome"}},
		{"the list", listTopic, nil, func() { w.push(aoi, `{"type":"text","text":"Welcome"}`) },
			[]string{`"op":"replace","target":"chats"`, "Welcome"}},
		{"own words elsewhere", chatTopic, nil, func() { id = w.say(aoi, "From another tab") },
			[]string{`"op":"append"`, "From another tab", `class=\"row own\"`}},
		{"taken back", chatTopic, func() { id = w.say(aoi, "Oops") }, func() {
			if _, err := w.config.Sim.Happen(t.Context(), aoi, sim.Happening{Type: "unsend", MessageID: id}); err != nil {
				t.Fatal(err)
			}
		}, []string{`"op":"replace","target":"m-`, "You unsent a message"}},
		{"the clock", "clock", nil, func() {
			if _, err := w.config.Sim.MoveClock(t.Context(), sim.ClockChange{Advance: "36h"}); err != nil {
				t.Fatal(err)
			}
		}, []string{`"op":"replace","target":"clock"`, "Virtual clock"}},
		{"only one's own", chatTopic, nil, func() {
			w.push(ben, `{"type":"text","text":"For Ben"}`)
			w.push(aoi, `{"type":"text","text":"For Aoi"}`)
		}, []string{"For Aoi"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w = newWorld(t)
			if c.before != nil {
				c.before()
			}
			got := w.patches(c.topics, c.act)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %s in %s", want, got)
				}
			}
		})
	}
}
