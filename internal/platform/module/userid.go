package module

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"kaiwa/internal/platform/channel"
)

// A module knows a person by an id of 68 characters, which is another one for
// each account: L, the id that the account knows, and the account's own.
// https://developers.line.biz/en/docs/partner-docs/module-technical-using-messaging-api/#user-id-used-in-module-channel
//
// Only here is it made and read: in the bodies of webhooks, and around the calls
// of modules. The rooms know the account's ids alone.
var (
	long = regexp.MustCompile(`LU[0-9a-f]{32}-U[0-9a-f]{32}`)
	// Within JSON an id is a whole text; what people say about ids stays as they said it.
	longText  = regexp.MustCompile(`"LU[0-9a-f]{32}-U[0-9a-f]{32}"`)
	shortText = regexp.MustCompile(`"userId":"U[0-9a-f]{32}"`)
)

// outward writes the ids in a JSON text as a module of the account knows them;
// the bot's own stays.
func outward(text, botID string) string {
	return shortText.ReplaceAllStringFunc(text, func(m string) string {
		userID := m[len(`"userId":"`) : len(m)-1]
		if userID == botID {
			return m
		}
		return `"userId":"L` + userID + `-` + botID + `"`
	})
}

// inward is a text with the ids of that account as rooms know them.
func inward(form *regexp.Regexp, text, botID string) string {
	return form.ReplaceAllStringFunc(text, func(m string) string {
		id := strings.Trim(m, `"`)
		user, of, _ := strings.Cut(id, "-")
		if of != botID {
			return m
		}
		return strings.Replace(m, id, user[1:], 1)
	})
}

// bodyMost is the largest body in which ids are looked for; no operation takes a
// larger one with ids in it.
const bodyMost = 16 << 20

// Translate lets modules call with the ids that they know, and answers with them.
func (r *Room) Translate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get(BotHeader) == "" {
			next.ServeHTTP(w, req)
			return
		}
		owner, principal, err := r.Authenticate(req)
		account, ok := principal.(*channel.Channel)
		if err != nil || !ok || account.ID == owner { // nobody's body is kept in memory but a module's
			next.ServeHTTP(w, req)
			return
		}
		botID, own := account.Account.UserID, *req.URL
		own.Path, own.RawPath = inward(long, own.Path, botID), inward(long, own.RawPath, botID)
		form := long
		if strings.HasPrefix(req.Header.Get("Content-Type"), "application/json") {
			form = longText
		}
		translated := req.Clone(req.Context())
		translated.URL = &own
		if req.ContentLength != 0 && req.ContentLength <= bodyMost {
			body, err := io.ReadAll(io.LimitReader(req.Body, bodyMost+1))
			text := []byte(inward(form, string(body), botID))
			// A body that broke off, or is too long, is the operation's to refuse.
			translated.Body = io.NopCloser(io.MultiReader(bytes.NewReader(text), rest{req.Body, err}))
			if err == nil && len(body) <= bodyMost {
				translated.ContentLength = int64(len(text))
			}
		}
		answer := &translator{ResponseWriter: w, botID: botID}
		next.ServeHTTP(answer, translated)
		answer.begin()
	})
}

// rest is what follows of a body that was read in part.
type rest struct {
	body io.Reader
	err  error
}

func (r rest) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	return r.body.Read(p)
}

// translator holds the status back until the first bytes say how long a JSON
// answer becomes. Answers in JSON are written at once.
type translator struct {
	http.ResponseWriter
	botID  string
	status int
	begun  bool
}

func (t *translator) WriteHeader(status int) { t.status = status }

func (t *translator) begin() {
	if !t.begun && t.status != 0 {
		t.begun = true
		t.ResponseWriter.WriteHeader(t.status)
	}
}

func (t *translator) Write(b []byte) (int, error) {
	if t.begun || t.Header().Get("Content-Type") != "application/json" {
		t.begin()
		return t.ResponseWriter.Write(b)
	}
	text := outward(string(b), t.botID)
	t.Header().Set("Content-Length", strconv.Itoa(len(text)))
	t.begin()
	if _, err := io.WriteString(t.ResponseWriter, text); err != nil {
		return 0, err
	}
	return len(b), nil
}
