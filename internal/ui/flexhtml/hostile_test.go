package flexhtml

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The page may contain these and nothing else, whatever a message says.
var (
	tags = strings.Fields("a audio blockquote button div img li p path q small span strong svg ul video")
	void = strings.Fields("img")
	attr = strings.Fields(`alt aria-hidden aria-label class controls d data-action data-broken data-message data-pointer data-refused data-turn disabled form
		data-shrink decoding dir download href lang loading name playsinline poster preload referrerpolicy rel role sizes src srcset
		style tabindex target title type value viewBox`)
	tagForm   = regexp.MustCompile(`^(/?)([a-z]+)((?: [a-zA-Z-]+(?:="[^"<>]*")?)*)$`)
	attrForm  = regexp.MustCompile(` ([a-zA-Z-]+)(?:="([^"<>]*)")?`)
	styleForm = regexp.MustCompile(`^((--fx-width|-webkit-line-clamp|align-items|aspect-ratio|background-color|background-image|border-color|border-radius|` +
		`border-width|bottom|color|display|flex|font-size|font-style|font-weight|height|inset-inline-end|inset-inline-start|justify-content|left|` +
		`line-height|margin-block|margin-inline-start|margin-top|max-height|max-width|padding|padding-bottom|padding-inline-end|padding-inline-start|` +
		`padding-top|position|text-align|text-decoration|top|width):(linear-gradient\(|calc\(|var\(--fx-scale,1\)|[-a-zA-F0-9.,%#/*+ ()])+;)*$`)
	entityForm = regexp.MustCompile(`&(#\d+|lt|gt|amp|quot);`)
	linkForm   = regexp.MustCompile(`^((?i:https?)://|(?i:line|tel|mailto):|/c/)[^\s\x00-\x1f]+$`)
	mediaForm  = regexp.MustCompile(`^((?i:https?)://|/)[^\s\x00-\x1f]+$`)
	// goodTags remembers tags that passed, since most come again and again: the
	// element's name, with a slash before it when the tag closes.
	goodTags = map[string]string{}
)

// checkHTML fails unless the fragment is well formed and free of anything that
// could run: known elements and attributes only, all closed in order, no button
// or link inside another, links and sources of allowed schemes, styles of
// checked values.
func checkHTML(t testing.TB, out string) {
	t.Helper()
	var open []string
	for rest := out; rest != ""; {
		text, after, more := strings.Cut(rest, "<")
		if strings.ContainsAny(text, ">\"'") || strings.Contains(text, "&") && strings.Contains(entityForm.ReplaceAllString(text, ""), "&") {
			t.Fatalf("unescaped text %q in\n%s", text, out)
		}
		if !more {
			break
		}
		inside, next, closed := strings.Cut(after, ">")
		rest = next
		tag, good := goodTags[inside]
		if !good {
			tag = checkTag(t, inside, closed)
			goodTags[inside] = tag
		}
		if name, closing := strings.CutPrefix(tag, "/"); closing {
			if len(open) == 0 || open[len(open)-1] != name {
				t.Fatalf("</%s> closes %v in\n%s", name, open, out)
			}
			open = open[:len(open)-1]
			continue
		}
		if (tag == "a" || tag == "button") && (slices.Contains(open, "a") || slices.Contains(open, "button")) {
			t.Fatalf("<%s> within %v in\n%s", tag, open, out)
		}
		if !slices.Contains(void, tag) {
			open = append(open, tag)
		}
	}
	if len(open) > 0 {
		t.Fatalf("%v not closed in\n%s", open, out)
	}
}

// checkTag checks what stands between < and > and gives the element's name, with
// its slash.
func checkTag(t testing.TB, inside string, closed bool) string {
	t.Helper()
	m := tagForm.FindStringSubmatch(inside)
	if !closed || m == nil || !slices.Contains(tags, m[2]) {
		t.Fatalf("bad tag <%s>", inside)
	}
	if len(goodTags) > 50000 {
		clear(goodTags)
	}
	checkAttributes(t, m[2], m[3])
	return m[1] + m[2]
}

func checkAttributes(t testing.TB, tag, list string) {
	t.Helper()
	seen := map[string]bool{}
	for _, m := range attrForm.FindAllStringSubmatch(list, -1) {
		name, value := m[1], html.UnescapeString(m[2])
		switch {
		case !slices.Contains(attr, name), seen[name]:
			t.Fatalf("attribute %s of <%s%s>", name, tag, list)
		case name == "style" && !styleForm.MatchString(value):
			t.Fatalf("style %q", value)
		case name == "href" && !linkForm.MatchString(value), (name == "src" || name == "poster") && !mediaForm.MatchString(value):
			t.Fatalf("%s=%q", name, value)
		case name == "data-action" && !jsontext.Value(value).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)):
			t.Fatalf("data-action=%q", value)
		}
		seen[name] = true
	}
}

// payloads are what an attacker would put where a string is expected.
var payloads = []string{
	`<script>alert(1)</script>`, `</script><script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `<svg onload=alert(1)>`,
	`"><script>alert(1)</script>`, `'><img src=x onerror=alert(1)>`, `" onmouseover="alert(1)`, `' onfocus='alert(1)' autofocus='`,
	`" style="background:url(javascript:alert(1))`, "`onclick=alert(1)`", `<iframe srcdoc="<script>alert(1)</script>">`,
	`<a href="javascript:alert(1)">x</a>`, `javascript:alert(1)`, `JaVaScRiPt:alert(1)`, " javascript:alert(1)", "java\tscript:alert(1)",
	"java\nscript:alert(1)", "\x01javascript:alert(1)", "javascript&colon;alert(1)", "&#106;avascript:alert(1)", "javascript:%0aalert(1)",
	"javascript://https://a.example/%0aalert(1)", `data:text/html,<script>alert(1)</script>`, `data:image/svg+xml,<svg onload=alert(1)>`,
	`data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==`, `vbscript:msgbox(1)`, `file:///etc/passwd`, `blob:https://a.example/1`,
	`//evil.example/x`, `https://evil.example/" onerror="alert(1)`, `https://evil.example/'><script>alert(1)</script>`,
	`https://evil.example/x 1x, data:text/html,x 2x`, `https://a.example/x,javascript:alert(1)`, `http:javascript:alert(1)`,
	`red;background:url(https://evil.example)`, `#fff;position:fixed`, `#ffffff;x:expression(alert(1))`, `10px;background:url(//evil)`,
	`1px}body{display:none}`, `calc(1px)`, `var(--x)`, `100%;top:0`, `url(javascript:alert(1))`, `expression(alert(1))`, `0deg,red)`,
	`1:1;position:fixed`, `</style><script>alert(1)</script>`, `<!-- --><script>alert(1)</script>`, `]]><script>alert(1)</script>`,
	`{{constructor.constructor('alert(1)')()}}`, `{"type":"uri","uri":"javascript:alert(1)"}`, "\u2028<script>alert(1)</script>", "\u0000<b>",
	`&lt;script&gt;`, `&#x3c;script&#x3e;`, `<math><mi//xlink:href="data:x,alert(1)">`, `http://a.example/<script>alert(1)</script>`,
}

// TestPayloads puts every payload into every string of every sample, one at a
// time, and checks what comes out.
func TestPayloads(t *testing.T) {
	if len(payloads) < 40 {
		t.Fatal("too few payloads")
	}
	ctx := everything()
	renders := 0
	for name, raw := range samples(t) {
		for _, at := range stringsIn(t, raw) {
			for _, payload := range payloads {
				quoted, err := jsontext.AppendQuote(nil, payload)
				if err != nil {
					continue
				}
				hostile := slices.Concat(raw[:at.from], quoted, raw[at.to:])
				out := rendered(t, Message(hostile, ctx)) + rendered(t, QuickReply(hostile, ctx))
				renders++
				checkHTML(t, out)
				if t.Failed() {
					t.Fatalf("%s: %s", name, hostile)
				}
			}
		}
	}
	if renders < 10000 {
		t.Errorf("only %d renders", renders)
	}
}

type span struct{ from, to int }

// stringsIn finds the string values of a JSON text.
func stringsIn(t *testing.T, raw jsontext.Value) []span {
	t.Helper()
	var found []span
	dec := jsontext.NewDecoder(strings.NewReader(string(raw)))
	for {
		kind, length := dec.StackIndex(dec.StackDepth())
		tok, err := dec.ReadToken()
		if err != nil {
			return found
		}
		isKey := kind == '{' && length%2 == 0
		if tok.Kind() == '"' && !isKey {
			end := int(dec.InputOffset())
			found = append(found, span{end - len(quotedForm(raw[:end])), end})
		}
	}
}

// quotedForm is the quoted string at the end of a JSON prefix.
func quotedForm(prefix jsontext.Value) jsontext.Value {
	for i := len(prefix) - 2; i >= 0; i-- {
		if prefix[i] == '"' && jsontext.Value(prefix[i:]).IsValid() {
			return prefix[i:]
		}
	}
	return nil
}

// TestPayloadsFromTheCaller checks what arrives through Context, which may hold
// names that people chose.
func TestPayloadsFromTheCaller(t *testing.T) {
	for _, payload := range payloads {
		ctx := Context{
			MessageID: payload, ContentURL: payload, PreviewURL: payload, Lang: payload, Interactive: true,
			MentionNames: func(string) string { return payload },
			StickerURL:   func(_, _ string) string { return payload },
			Coupon: func(string) Coupon {
				return Coupon{payload, payload, payload, payload, payload, true, payload, payload, "form", "act"}
			},
		}
		for _, raw := range samples(t) {
			checkHTML(t, rendered(t, Message(raw, ctx))+rendered(t, QuickReply(raw, ctx)))
		}
	}
}

func TestNesting(t *testing.T) {
	deep := strings.Repeat(`{"type":"box","layout":"vertical","contents":[`, 3000)
	raw := `{"type":"flex","contents":{"type":"bubble","body":` + deep + strings.Repeat(`]}`, 3000) + `}}`
	expect(t, rendered(t, Message(jsontext.Value(raw), Context{Interactive: true})), []string{"Nested too deeply"}, nil)
	video := strings.Repeat(`{"type":"video","altContent":`, 3000) + `{}` + strings.Repeat(`}`, 3000)
	raw = `{"type":"flex","contents":{"type":"bubble","hero":` + video + `}}`
	expect(t, rendered(t, Message(jsontext.Value(raw), Context{})), []string{"Video without altContent"}, nil)
}

func FuzzMessage(f *testing.F) {
	for _, raw := range samples(f) {
		f.Add([]byte(raw))
	}
	for _, payload := range payloads {
		raw, _ := json.Marshal(map[string]any{"type": "text", "text": payload})
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, ctx := range []Context{everything(), {}} {
			for _, n := range []string{
				rendered(t, Message(raw, ctx)), rendered(t, Flex(raw, ctx)), rendered(t, QuickReply(raw, ctx)),
			} {
				checkHTML(t, n)
			}
		}
		if line := Preview(raw, Context{}); strings.ContainsAny(line, "\n\r") {
			t.Errorf("preview %q", line)
		}
	})
}

// BenchmarkMessage measures the budget of a millisecond a message; "largest" is
// a carousel of twelve bubbles near the 50 KB that LINE takes.
func BenchmarkMessage(b *testing.B) {
	all := samples(b)
	bubble := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(string(all["flex-cafe"])), `{"type":"flex","altText":"Harbour Tea Room, open until nine","contents":`), "}")
	text := fmt.Sprintf(`{"type":"text","wrap":true,"size":"sm","color":"#555555","text":%q},`, strings.Repeat("tea ", 30))
	bubble = strings.Replace(bubble, `"body":{"type":"box","layout":"vertical","contents":[`, `"body":{"type":"box","layout":"vertical","contents":[`+strings.Repeat(text, 12), 1)
	all["largest"] = jsontext.Value(`{"type":"flex","contents":{"type":"carousel","contents":[` + strings.TrimSuffix(strings.Repeat(bubble+",", 12), ",") + `]}}`)
	for _, name := range []string{"text", "template-carousel", "flex-cafe", "largest"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(all[name])))
			for b.Loop() {
				_ = Message(all[name], Context{Interactive: true}).Render(discard{})
			}
		})
	}
}

// discard is a writer that also takes strings, as a response buffer does.
type discard struct{}

func (discard) Write(p []byte) (int, error)       { return len(p), nil }
func (discard) WriteString(s string) (int, error) { return len(s), nil }
