package flexhtml

import (
	"flag"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	g "maragu.dev/gomponents"
)

var update = flag.Bool("update", false, "write the golden files anew")

func rendered(t testing.TB, n g.Node) string {
	t.Helper()
	if n == nil {
		return ""
	}
	var b strings.Builder
	if err := n.Render(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// samples are the messages of testdata by name.
func samples(t testing.TB) map[string]jsontext.Value {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no samples", err)
	}
	all := map[string]jsontext.Value{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = raw
	}
	return all
}

// everything is a context that uses every field.
func everything() Context {
	return Context{
		MessageID: "468789577898262530", ContentURL: "", PreviewURL: "", Lang: "ja", Interactive: true, Own: true, Pointers: true,
		Quoted:       g.El("blockquote", g.Text("quoted")),
		MentionNames: func(id string) string { return map[string]string{"U1": "Aki"}[id] },
		StickerURL:   func(_, _ string) string { return "" },
		Coupon:       func(string) Coupon { return Coupon{Title: "Free cake", Period: "until Sunday", Used: true} },
	}
}

func TestGolden(t *testing.T) {
	for name, raw := range samples(t) {
		t.Run(name, func(t *testing.T) {
			out := rendered(t, Message(raw, everything()))
			checkHTML(t, out)
			got := strings.ReplaceAll(out, "><", ">\n<") + "\n"
			file := "testdata/" + name + ".html"
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestContext says what each field of Context changes.
func TestContext(t *testing.T) {
	const hi = `{"type":"text","text":"hi"}`
	const media = `{"type":"video","id":"1","contentProvider":{"type":"external","originalContentUrl":"https://x.example/o","previewImageUrl":"https://x.example/p"}}`
	for _, test := range []struct {
		name, raw  string
		ctx        Context
		want, lack []string
	}{
		{"zero", hi, Context{}, []string{`<div class="msg msg-text" dir="auto"><p>hi</p></div>`}, nil},
		{"id", hi, Context{MessageID: "12"}, []string{`data-message="12"`}, nil},
		{"lang", hi, Context{Lang: "zh-Hant"}, []string{`lang="zh-Hant"`}, nil},
		{"own", hi, Context{Own: true}, []string{`msg-own`}, nil},
		{"quoted", hi, Context{Quoted: g.El("q", g.Text("before"))}, []string{`<q>before</q><p>hi</p>`}, nil},
		{"quoted sticker", `{"type":"sticker"}`, Context{Quoted: g.El("q")}, []string{`<q></q><div class="msg-sticker-square"`}, nil},
		{"media of the message", media, Context{}, []string{`src="https://x.example/o"`, `poster="https://x.example/p"`}, nil},
		{"media of the caller", media, Context{ContentURL: "/c/1", PreviewURL: "/p/1"}, []string{`src="/c/1"`, `poster="/p/1"`}, []string{"x.example"}},
		{"media on another host", media, Context{ContentURL: "//evil.example/1"}, []string{`src="https://x.example/o"`}, []string{"evil"}},
		{"file", `{"type":"file","fileName":"a.pdf","fileSize":2048}`, Context{ContentURL: "/c/1"}, []string{`href="/c/1"`, `download="a.pdf"`, "2 KB"}, nil},
		{"no media", `{"type":"image"}`, Context{}, []string{"Photo: no URL that can be shown"}, []string{"<img"}},
		{"sticker picture", `{"type":"sticker","packageId":"1","stickerId":"2"}`, Context{StickerURL: func(p, s string) string { return "/st/" + p + "-" + s }}, []string{`src="/st/1-2"`, `alt="Sticker 1/2"`}, []string{"square"}},
		{"coupon", `{"type":"coupon","couponId":"C"}`, Context{Coupon: func(id string) Coupon { return Coupon{Title: "Cake " + id, ImageURL: "/i"} }}, []string{"Cake C", `src="/i"`}, []string{"Used", "<button", "msg-code"}},
		{"coupon to use", `{"type":"coupon","couponId":"C"}`, Context{Interactive: true, Coupon: func(string) Coupon {
			return Coupon{Reward: "<Free>", Period: "Today", Code: "X1", Note: "Soon", Button: "Use", Form: "f", Act: "go"}
		}}, []string{"&lt;Free&gt;", "<span>Today</span>", `<strong class="msg-code">X1</strong>`, ">Soon</span>", `<button class="msg-act" form="f" name="go" value="C">Use</button>`}, nil},
		{"coupon in a picture of itself", `{"type":"coupon","couponId":"C"}`, Context{Coupon: func(string) Coupon { return Coupon{Button: "Use"} }}, nil, []string{"<button"}},
		{"legacy size", `{"type":"flex","contents":{"type":"bubble","size":"deca"}}`, Context{Legacy: true}, []string{"fx-kilo"}, []string{"fx-deca"}},
		{"no pointers", `{"type":"flex","contents":{"type":"bubble"}}`, Context{}, nil, []string{"data-pointer"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			expect(t, rendered(t, Message(jsontext.Value(test.raw), test.ctx)), test.want, test.lack)
		})
	}
}

func expect(t *testing.T, out string, want, lack []string) {
	t.Helper()
	checkHTML(t, out)
	for _, part := range want {
		if !strings.Contains(out, part) {
			t.Errorf("no %s in\n%s", part, out)
		}
	}
	for _, part := range lack {
		if strings.Contains(out, part) {
			t.Errorf("%s in\n%s", part, out)
		}
	}
}

var dataAction = regexp.MustCompile(`data-action="([^"]*)"`)

// TestActionsStayAsTheyAre compares every data-action with the bytes of the
// message it came from, and counts them.
func TestActionsStayAsTheyAre(t *testing.T) {
	want := map[string]int{
		"flex-cafe": 3, "flex-bill": 2, "flex-carousel": 3, "flex-video": 1, "imagemap": 3,
		"template-buttons": 4, "template-confirm": 2, "template-carousel": 2, "template-image-carousel": 2, "text": 0,
	}
	all := samples(t)
	for name, count := range want {
		found := dataAction.FindAllStringSubmatch(rendered(t, Message(all[name], Context{Interactive: true})), -1)
		if len(found) != count {
			t.Errorf("%s: %d actions, want %d", name, len(found), count)
		}
		for _, m := range found {
			if raw := html.UnescapeString(m[1]); !strings.Contains(string(all[name]), raw) {
				t.Errorf("%s: %s does not stand in the message", name, raw)
			}
		}
		inert := rendered(t, Message(all[name], Context{}))
		expect(t, inert, nil, []string{"data-action", "<button", "tabindex=\"0\" role=\"button\"", `role="button"`})
	}
}

func TestTap(t *testing.T) {
	box := func(action, inner string) string {
		return `{"type":"flex","contents":{"type":"bubble","body":{"type":"box","layout":"vertical","action":` + action + `,"contents":[` + inner + `]}}}`
	}
	const go1 = `{"type":"uri","label":"Go","uri":"https://a.example/"}`
	for _, test := range []struct {
		name, raw  string
		want, lack []string
	}{
		{"alone", box(go1, ""), []string{`role="button" tabindex="0" aria-label="Go"`}, nil},
		{"around words", box(go1, `{"type":"text","text":"x"}`), []string{`role="button" tabindex="0"><div`}, []string{`aria-label="Go"`}},
		{"image", box("null", `{"type":"image","url":"https://a.example/","action":{"type":"message","text":"tea"}}`), []string{`role="button" tabindex="0"><div`, `alt="tea"`}, nil},
		{"around another", box(go1, `{"type":"text","text":"x","action":`+go1+`}`), []string{`role="group" tabindex="0"`, `role="button" tabindex="0"`}, nil},
		{"no action", box("null", ""), nil, []string{"data-action", "tabindex"}},
		{"no object", box(`"javascript:alert(1)"`, ""), nil, []string{"data-action", "javascript"}},
		{"script link", box(`{"type":"uri","uri":"javascript:alert(1)"}`, ""), []string{`data-refused="uri"`}, []string{"data-action", "javascript"}},
		{"script link on the desktop", box(`{"type":"uri","uri":"https://a.example","altUri":{"desktop":"data:text/html,x"}}`, ""), []string{`data-refused="uri"`}, []string{"data-action"}},
		{"tel", box(`{"type":"uri","uri":"TEL:117"}`, ""), []string{"data-action"}, nil},
		{"line", box(`{"type":"uri","uri":"line://ti/p/@x"}`, ""), []string{"data-action"}, nil},
		{"button", box("null", `{"type":"button","action":`+go1+`}`), []string{`<button type="button" class="fx-tap fx-link" data-action="{`, `<span class="fx-label">Go</span></button>`}, nil},
		{"refused button", box("null", `{"type":"button","action":{"type":"uri","label":"L","uri":"vbscript:x"}}`), []string{`data-refused="uri"`, ">L<"}, []string{"<button", "vbscript"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			expect(t, rendered(t, Message(jsontext.Value(test.raw), Context{Interactive: true})), test.want, test.lack)
		})
	}
}

func TestText(t *testing.T) {
	const link = `<a class="msg-link" href="%" target="_blank" rel="noopener noreferrer nofollow">%</a>`
	a := func(url string) string { return strings.ReplaceAll(link, "%", html.EscapeString(url)) }
	emoji := `<span class="msg-emoji" role="img" aria-label="LINE emoji p/e" title="LINE emoji p/e"></span>`
	for _, test := range []struct{ raw, want string }{
		{`{"type":"text","text":"see http://a.example/x."}`, "see " + a("http://a.example/x") + "."},
		{`{"type":"text","text":"(https://a.example/b_(c)) HTTPS://B.EXAMPLE,x"}`, "(" + a("https://a.example/b_(c)") + ") " + a("HTTPS://B.EXAMPLE,x")},
		{`{"type":"text","text":"「https://a.example/日本」です"}`, "「" + a("https://a.example/日本") + "」です"},
		{`{"type":"text","text":"ftp://a.example mailto:a@b.example javascript://x https:// http://"}`, "ftp://a.example mailto:a@b.example javascript://x https:// http://"},
		{`{"type":"text","text":"https://a.example/?q=\"<b>"}`, a("https://a.example/?q=") + "&#34;&lt;b&gt;"},
		{`{"type":"text","text":"👍$!","emojis":[{"index":2,"productId":"p","emojiId":"e"}]}`, "👍" + emoji + "!"},
		{`{"type":"text","text":"$$","emojis":[{"index":1,"productId":"p","emojiId":"e"},{"index":0,"productId":"p","emojiId":"e"},{"index":1},{"index":9},{"index":-1}]}`, emoji + emoji},
		{`{"type":"text","text":"ab","mention":{"mentionees":[{"index":0,"length":9},{"length":1},{"index":1,"length":0}]}}`, "ab"},
		{`{"type":"text","text":"@Ken hi","mention":{"mentionees":[{"index":0,"length":4,"type":"user"}]}}`, `<span class="msg-mention">@Ken</span> hi`},
		{`{"type":"text","text":5}`, ""},
		{`{"type":"textV2","text":"{{a}} {b} {c","substitution":{"c":{"type":"emoji"}}}`, "{a} {b} {c"},
		{`{"type":"textV2","text":"{u}{v}{w}{x}","substitution":{"u":{"type":"mention","mentionee":{"type":"user","userId":"U1"}},"v":{"type":"mention","mentionee":{"type":"user","userId":"U2"}},"w":{"type":"mention","mentionee":{"type":"all"}},"x":{"type":"new"}}}`,
			`<span class="msg-mention">@Aki</span><span class="msg-mention">@U2</span><span class="msg-mention">@All</span>[new]`},
		{`{"type":"textV2","text":"x{e}","substitution":{"e":{"type":"emoji","productId":"p","emojiId":"e"}}}`, "x" + emoji},
	} {
		ctx := Context{MentionNames: everything().MentionNames}
		got := rendered(t, Message(jsontext.Value(test.raw), ctx))
		if want := `<div class="msg msg-text" dir="auto"><p>` + test.want + `</p></div>`; got != want {
			t.Errorf("%s\n got %s\nwant %s", test.raw, got, want)
		}
		checkHTML(t, got)
	}
}

func TestPreview(t *testing.T) {
	for _, test := range []struct{ raw, want string }{
		{`{"type":"text","text":"  two\n lines <b> "}`, "two lines <b>"},
		{`{"type":"textV2","text":"{a} {m}: {{x}} {e}","substitution":{"a":{"type":"mention","mentionee":{"type":"all"}},"m":{"type":"mention","mentionee":{"type":"user"}},"e":{"type":"emoji"}}}`, "@All @user: {x} (emoji)"},
		{`{"type":"flex","altText":"Dinner\nat 8"}`, "Dinner at 8"},
		{`{"type":"template","altText":"Pick"}`, "Pick"},
		{`{"type":"imagemap","altText":"Map"}`, "Map"},
		{`{"type":"flex"}`, "[Flex Message]"},
		{`{"type":"sticker"}`, "[Sticker]"},
		{`{"type":"image"}`, "[Photo]"},
		{`{"type":"video"}`, "[Video]"},
		{`{"type":"audio"}`, "[Voice message]"},
		{`{"type":"location","title":"Pier"}`, "[Location] Pier"},
		{`{"type":"location"}`, "[Location]"},
		{`{"type":"file","fileName":"a b.pdf"}`, "[File] a b.pdf"},
		{`{"type":"coupon"}`, "[Coupon]"},
		{`{"type":"hologram"}`, "[Message]"},
		{`[]`, "[Message]"},
		{`{`, "[Message]"},
	} {
		if got := Preview(jsontext.Value(test.raw), Context{}); got != test.want {
			t.Errorf("%s: %q, want %q", test.raw, got, test.want)
		}
	}
}

func TestQuickReply(t *testing.T) {
	if QuickReply(jsontext.Value(`{"type":"text"}`), Context{}) != nil || QuickReply(jsontext.Value(`{"quickReply":{"items":[{}]}}`), Context{}) != nil {
		t.Error("a bar without buttons")
	}
	raw := samples(t)["text"]
	bar := rendered(t, QuickReply(raw, Context{Interactive: true, Lang: "th"}))
	expect(t, bar, []string{
		`<div class="msg-quick" role="group" aria-label="Quick replies" lang="th">`,
		`<button type="button" class="msg-quick-item" data-action="{&#34;type&#34;:&#34;camera&#34;,&#34;label&#34;:&#34;Camera&#34;}"><svg class="msg-quick-icon"`,
		`<img src="https://media.example/i.png" alt="" referrerpolicy="no-referrer" loading="lazy"`, `<span>Tea</span></button>`,
	}, nil)
	if n := strings.Count(bar, "<button"); n != 3 {
		t.Errorf("%d buttons", n)
	}
	expect(t, rendered(t, QuickReply(raw, Context{})), []string{"<span>Tea</span></span>"}, []string{"<button", "data-action"})
}

// TestWrongTypes shows that a member of the wrong type does not take the rest of
// the message with it.
func TestWrongTypes(t *testing.T) {
	for _, raw := range []string{
		`{"type":"flex","altText":[],"contents":{"type":"bubble","size":3,"styles":[],"header":"x","body":{"type":"box","layout":"vertical","flex":"1","spacing":{},"background":7,"contents":[null,1,"x",[],{"type":"text","text":"still here","wrap":"yes","maxLines":"2","contents":{}}]}}}`,
		`{"type":"text","text":"still here","emojis":{"a":1},"mention":[1],"quickReply":[]}`,
		`{"type":"text","text":"a","text":"still here"}`,
		`{"type":"textV2","text":"still here","substitution":{"a":1}}`,
		`{"type":"template","template":{"type":"buttons","title":{},"text":"still here","actions":[1,null,{"type":"message","label":3}]}}`,
		`{"type":"imagemap","altText":"still here","baseSize":{"width":"1","height":-1},"actions":[3,{"area":[]},{"area":{"x":1e999,"y":-5}}],"video":[]}`,
		`{"type":"location","title":"still here","latitude":"1","longitude":null}`,
	} {
		expect(t, rendered(t, Message(jsontext.Value(raw), Context{Interactive: true})), []string{"still here"}, nil)
	}
	for _, raw := range []string{``, `{`, `null`, `[]`, `"x"`, `{"type":7}`, `{"type":"flex"}`, `{"type":"template"}`} {
		expect(t, rendered(t, Message(jsontext.Value(raw), Context{})), []string{"msg-placeholder"}, nil)
	}
}

func TestLinkAllowed(t *testing.T) {
	for _, good := range []string{"http://a", "HTTPS://a.example/x?y#z", "line://msg/text", "tel:117", "mailto:a@b"} {
		if !linkAllowed(good) {
			t.Errorf("%q refused", good)
		}
	}
	for _, bad := range []string{"", "x", "/x", "//x", "http:", "https:/x", "javascript:alert(1)", " http://a", "java\nscript:x", "data:text/html,x",
		"ftp://a", "file:///etc/passwd", "blob:http://a", "vbscript:x", "http://a b", "tel:", "http\x00://a", "https://a\u2028b"} {
		if linkAllowed(bad) {
			t.Errorf("%q allowed", bad)
		}
	}
}

func TestSamplesAreJSON(t *testing.T) {
	for name, raw := range samples(t) {
		var m map[string]any
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
