package module_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const (
	authorize = "/module/auth/v1/authorize"
	exchange  = "/module/auth/v1/token"
)

func sorted(words []string) string {
	slices.Sort(words)
	return strings.Join(words, " ")
}

// query is the usual request for authorization with changes: name, value, ... ;
// "-" takes a parameter away.
func query(changes ...string) url.Values {
	q := url.Values{"response_type": {"code"}, "client_id": {booking}, "redirect_uri": {"https://booking.example.com/attached"},
		"scope": {"message:send message:receive"}, "state": {"xyz"}}
	return changed(q, changes)
}

func changed(v url.Values, changes []string) url.Values {
	for i := 0; i < len(changes); i += 2 {
		v.Set(changes[i], changes[i+1])
		if changes[i+1] == "-" {
			v.Del(changes[i])
		}
	}
	return v
}

// visit answers with the page, or where it redirects to.
func visit(s *stage.Stage, method string, q, form url.Values, header ...string) (status int, text string) {
	s.T.Helper()
	req, err := http.NewRequest(method, s.URL+authorize+"?"+q.Encode(), strings.NewReader(form.Encode()))
	if err != nil {
		s.T.Fatal(err)
	}
	if method == "POST" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req) // a client would follow the redirect
	if err != nil {
		s.T.Fatal(err)
	}
	defer res.Body.Close()
	if at := res.Header.Get("Location"); at != "" {
		return res.StatusCode, at
	}
	b := new(strings.Builder)
	if _, err := fmt.Fprint(b, res.Header.Get("Content-Type"), "\n"); err != nil {
		s.T.Fatal(err)
	}
	buf := make([]byte, 1<<16)
	for {
		n, err := res.Body.Read(buf)
		b.Write(buf[:n])
		if err != nil {
			break
		}
	}
	return res.StatusCode, b.String()
}

// allow has the admin of an account agree, and gives the code.
func allow(s *stage.Stage, bot string, changes ...string) string {
	s.T.Helper()
	status, at := visit(s, "POST", query(changes...), url.Values{"botId": {bot}, "consent": {"allow"}})
	u, err := url.Parse(at)
	if status != 302 || err != nil || u.Query().Get("code") == "" {
		s.T.Fatalf("no code: %d %s", status, at)
	}
	return u.Query().Get("code")
}

// use is the usual exchange of a code with changes.
func use(code string, changes ...string) url.Values {
	return changed(url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {"https://booking.example.com/attached"},
		"client_id": {booking}, "client_secret": {bookingSecret}, "scope": {"message:send message:receive"}}, changes)
}

func TestAttach(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		status, text := visit(s, "GET", query(), nil)
		if status != 200 || !strings.HasPrefix(text, "text/html; charset=utf-8\n") {
			t.Fatalf("%d %s", status, text)
		}
		for _, want := range []string{"Booking", "message:send", `<form method="post">`, `name="botId" value="` + cafeBot + `"`, `name="botId" value="` + shopBot + `"`,
			`name="consent" value="allow"`, `name="consent" value="cancel"`} {
			if !strings.Contains(text, want) {
				t.Errorf("the page has no %s:\n%s", want, text)
			}
		}
		if status, at := visit(s, "POST", query(), url.Values{"consent": {"cancel"}}); status != 302 ||
			at != "https://booking.example.com/attached?error=access_denied&error_description=The+account%27s+admin+did+not+agree&state=xyz" {
			t.Errorf("cancelled: %d %s", status, at)
		}
		code := allow(s, shopBot)
		var a stage.Answer
		if did := s.Effect(func() { a = post(s, exchange, use(code)) }); did != "module_attachments+1 module_codes-1 webhook_events+1 | webhook" {
			t.Errorf("did %q", did)
		}
		if want := `{"bot_id":"` + shopBot + `","scopes":["message:send","message:receive"]}`; a.Status != 200 || a.Body != want {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		got := s.Next()
		want := `{"destination":"` + shopBot + `","events":[{"type":"module","module":{"type":"attached","botId":"` + shopBot +
			`","scopes":["message:send","message:receive"]},"webhookEventId":"*","deliveryContext":{"isRedelivery":false},"timestamp":*,"mode":"active"}]}`
		if got.Path != "/booking" || !stage.Like(want, got.Body) || !got.Signed(bookingSecret) {
			t.Errorf("%s %s", got.Path, got.Body)
		}
		// Another scope for an account that is attached already: the new ones hold.
		scope := []string{"scope", "profile:read"}
		if a := post(s, exchange, use(allow(s, shopBot, scope...), scope...)); a.Body != `{"bot_id":"`+shopBot+`","scopes":["profile:read"]}` {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		token := tokenOf(s, booking, bookingSecret)
		for call, want := range map[string]int{"GET /v2/bot/profile/" + stage.Aoi: 200, "GET /v2/bot/message/quota": 403} {
			method, path, _ := strings.Cut(call, " ")
			if a := s.Do(method, path, "", as(token, shopBot)...); a.Status != want {
				t.Errorf("%s: %d %s", call, a.Status, a.Body)
			}
		}
	})
}

func TestAuthorizeRefuses(t *testing.T) {
	s := stage.Start(t, "", world)
	for name, changes := range map[string][]string{
		"no client_id": {"client_id", "-"}, "an unknown client_id": {"client_id", "1657999999"}, "an account's channel": {"client_id", stage.Cafe},
		"no redirect_uri": {"redirect_uri", "-"}, "another redirect_uri": {"redirect_uri", "https://evil.example.com/"},
		"a redirect_uri with more": {"redirect_uri", "https://booking.example.com/attached?x=1"},
	} {
		for _, method := range []string{"GET", "POST"} {
			if status, text := visit(s, method, query(changes...), url.Values{"botId": {cafeBot}, "consent": {"allow"}}); status != 400 || !strings.Contains(text, `role="alert"`) {
				t.Errorf("%s: %d %s", name, status, text)
			}
		}
	}
	for _, c := range []struct {
		name    string
		changes []string
		want    string // what is added to the redirect URI
	}{
		{"no response_type", []string{"response_type", "-"}, "error=invalid_request&error_description=response_type%3A+missing&state=xyz"},
		{"another response_type", []string{"response_type", "token"}, "error=unsupported_response_type&error_description=response_type%3A+only+code&state=xyz"},
		{"no state", []string{"state", "-"}, "error=invalid_request&error_description=state%3A+missing"},
		{"no scope", []string{"scope", "-"}, "error=invalid_request&error_description=scope%3A+missing&state=xyz"},
		{"an unknown scope", []string{"scope", "message:send all"}, "error=invalid_scope&error_description=scope%3A+all+is+none+that+this+module+channel+may+ask+for&state=xyz"},
		{"a scope of the few", []string{"scope", "crm:manage"},
			"error=invalid_scope&error_description=scope%3A+crm%3Amanage+is+none+that+this+module+channel+may+ask+for&state=xyz"},
		{"another region", []string{"region", "TH"}, "error=invalid_request&error_description=region%3A+JP+or+TW&state=xyz"},
		{"another brand", []string{"brand_type", "premium gold"}, "error=invalid_request&error_description=brand_type%3A+premium%2C+verified+or+unverified&state=xyz"},
		{"a challenge without a method", []string{"code_challenge", strings.Repeat("a", 43)},
			"error=invalid_request&error_description=code_challenge_method%3A+only+S256&state=xyz"},
		{"another method", []string{"code_challenge", strings.Repeat("a", 43), "code_challenge_method", "plain"},
			"error=invalid_request&error_description=code_challenge_method%3A+only+S256&state=xyz"},
		{"a method without a challenge", []string{"code_challenge_method", "S256"}, "error=invalid_request&error_description=code_challenge%3A+missing&state=xyz"},
		{"no digest", []string{"code_challenge", "abc", "code_challenge_method", "S256"},
			"error=invalid_request&error_description=code_challenge%3A+not+the+Base64url+of+a+SHA-256+digest&state=xyz"},
	} {
		if status, at := visit(s, "GET", query(c.changes...), nil); status != 302 || at != "https://booking.example.com/attached?"+c.want {
			t.Errorf("%s: %d %s", c.name, status, at)
		}
	}
	twice := query()
	twice.Add("state", "again")
	if status, at := visit(s, "GET", twice, nil); status != 302 || !strings.Contains(at, "error_description=state%3A+given+more+than+once") {
		t.Errorf("state twice: %d %s", status, at)
	}
	if _, at := visit(s, "GET", query("redirect_uri", "https://booking.example.com/other?a=b", "state", "-"), nil); !strings.HasPrefix(at, "https://booking.example.com/other?a=b&error=") {
		t.Errorf("a redirect URI with a query: %s", at)
	}
	if status, _ := visit(s, "POST", query(), url.Values{"botId": {cafeBot}, "consent": {"allow"}}, "Sec-Fetch-Site", "cross-site"); status != 403 {
		t.Errorf("a form of another site: %d", status)
	}
	for name, form := range map[string]url.Values{"nobody": {"consent": {"allow"}}, "no account": {"botId": {stage.Aoi}, "consent": {"allow"}}, "no button": {"botId": {cafeBot}}} {
		if status, text := visit(s, "POST", query(), form); status != 400 || !strings.Contains(text, "Choose an official account") {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
}

func TestWhichAccountsAreOffered(t *testing.T) {
	s := stage.Start(t, "", world)
	offered := func(changes ...string) string {
		_, text := visit(s, "GET", query(changes...), nil)
		var list []string
		for name, bot := range map[string]string{"cafe": cafeBot, "shop": shopBot} {
			if strings.Contains(text, `value="`+bot+`"`) {
				list = append(list, name)
			}
		}
		return sorted(list)
	}
	for _, c := range []struct {
		changes []string
		want    string
	}{
		{nil, "cafe shop"}, {[]string{"region", "JP"}, "cafe"}, {[]string{"region", "TW"}, "shop"},
		{[]string{"basic_search_id", "@shop"}, "shop"}, {[]string{"basic_search_id", "@none"}, ""},
		{[]string{"brand_type", "verified"}, "cafe"}, {[]string{"brand_type", "premium unverified"}, "shop"},
	} {
		if got := offered(c.changes...); got != c.want {
			t.Errorf("%v: %q, want %q", c.changes, got, c.want)
		}
		if c.want != "shop" {
			continue
		}
		if status, _ := visit(s, "POST", query(c.changes...), url.Values{"botId": {cafeBot}, "consent": {"allow"}}); status != 400 {
			t.Errorf("%v: the Cafe is not offered and yet can be chosen", c.changes)
		}
	}
	// One default active module an account.
	mine := []string{"client_id", market, "redirect_uri", "https://market.example.com/", "scope", "message:receive"}
	other := []string{"client_id", rival, "redirect_uri", "https://rival.example.com/", "scope", "message:receive"}
	late := allow(s, cafeBot, other...)
	if a := post(s, exchange, use(allow(s, cafeBot, mine...), append(mine, "client_secret", marketSecret)...)); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if got := offered(other...); got != "shop" {
		t.Errorf("beside a default active module: %q", got)
	}
	if got := offered(mine...); got != "cafe shop" {
		t.Errorf("to the default active module itself: %q", got)
	}
	want := `{"error":"access_denied","error_description":"another module channel of this account is default active"}`
	if a := post(s, exchange, use(late, append(other, "client_secret", rivalSecret)...)); a.Status != 403 || a.Body != want {
		t.Errorf("with an older code: %d %s", a.Status, a.Body)
	}
}

func TestExchangeRefuses(t *testing.T) {
	s := stage.Start(t, "", world)
	verifier := strings.Repeat("v", 43)
	sum := sha256.Sum256([]byte(verifier))
	asked := []string{"region", "JP", "basic_search_id", "@cafe", "brand_type", "verified premium",
		"code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method", "S256"}
	code := allow(s, cafeBot, asked...)
	repeated := []string{"region", "JP", "basic_search_id", "@cafe", "brand_type", "verified premium", "code_verifier", verifier}
	not := func(name string) string {
		return `{"error":"invalid_request","error_description":"` + name + ` is not that of the authorization"}`
	}
	missing := func(name string) string {
		return `{"error":"invalid_request","error_description":"` + name + ` is missing"}`
	}
	const (
		noCode   = `{"error":"invalid_grant","error_description":"invalid authorization code"}`
		noMatch  = `{"error":"invalid_grant","error_description":"code_verifier does not match"}`
		noClient = `{"error":"invalid_request","error_description":"client_id and client_secret are missing"}`
	)
	for _, c := range []struct {
		name    string
		changes []string
		want    string
	}{
		{"no grant_type", []string{"grant_type", "-"}, missing("grant_type")},
		{"another grant_type", []string{"grant_type", "refresh_token"}, `{"error":"unsupported_grant_type","error_description":"grant_type must be authorization_code"}`},
		{"no code", []string{"code", "-"}, missing("code")},
		{"no redirect_uri", []string{"redirect_uri", "-"}, missing("redirect_uri")},
		{"no client", []string{"client_id", "-"}, noClient},
		{"no secret", []string{"client_secret", "-"}, noClient},
		{"an unknown client", []string{"client_id", "1657999999"}, `{"error":"invalid_client","error_description":"invalid client_id"}`},
		{"an account's channel", []string{"client_id", stage.Cafe, "client_secret", "0123456789abcdef0123456789abcdef"}, `{"error":"invalid_client","error_description":"invalid client_id"}`},
		{"a wrong secret", []string{"client_secret", marketSecret}, `{"error":"invalid_client","error_description":"invalid client_secret"}`},
		{"an unknown code", []string{"code", "abc"}, noCode},
		{"another module's code", []string{"client_id", market, "client_secret", marketSecret}, noCode},
		{"another redirect_uri", []string{"redirect_uri", "https://booking.example.com/other?a=b"}, not("redirect_uri")},
		{"no region", []string{"region", "-"}, not("region")},
		{"another region", []string{"region", "TW"}, not("region")},
		{"another basic_search_id", []string{"basic_search_id", "@shop"}, not("basic_search_id")},
		{"another brand_type", []string{"brand_type", "verified"}, not("brand_type")},
		{"another scope", []string{"scope", "message:send"}, not("scope")},
		{"no scope", []string{"scope", "-"}, not("scope")},
		{"no verifier", []string{"code_verifier", "-"}, noMatch},
		{"another verifier", []string{"code_verifier", strings.Repeat("w", 43)}, noMatch},
	} {
		if a := post(s, exchange, changed(use(code, repeated...), c.changes)); a.Status != 400 || a.Body != c.want {
			t.Errorf("%s: %d %s", c.name, a.Status, a.Body)
		}
	}
	if a := s.Do("POST", exchange, `{}`); a.Status != 415 {
		t.Errorf("JSON: %d %s", a.Status, a.Body)
	}
	// None of them used the code up. It works once, with the secret in a header.
	basic := []string{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(booking+":"+bookingSecret))}
	form := changed(use(code, repeated...), []string{"client_id", "-", "client_secret", "-"})
	if a := post(s, exchange, form, basic...); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := post(s, exchange, form, basic...); a.Status != 400 || a.Body != noCode {
		t.Errorf("a second time: %d %s", a.Status, a.Body)
	}
}

// A code lasts 10 minutes on the server's clock, also over a restart.
func TestCodeLife(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		for _, c := range []struct {
			wait string
			want int
		}{{"9m55s", 200}, {"10m", 400}} {
			code := allow(s, shopBot)
			s.Restart()
			s.Advance(c.wait)
			if a := post(s, exchange, use(code)); a.Status != c.want {
				t.Errorf("after %s: %d %s", c.wait, a.Status, a.Body)
			}
		}
	})
}
