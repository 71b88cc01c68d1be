package page

import (
	"fmt"
	"net/http"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Snippet is code with a button that copies it. The id is the code's own.
func Snippet(l Lang, id, text string) g.Node {
	return h.Div(h.Class("snippet"),
		h.Pre(h.Class("code"), h.ID(id), h.TabIndex("0"), g.Text(text)),
		h.Button(h.Type("button"), h.Class("button plain small"), h.Data("copy", id), g.Text(Copy.In(l))))
}

// Curl is a call as one pastes it into a shell.
type Curl struct {
	// Base is the server's address, as Base gives it.
	Base, Method, Path string
	// Token is a bearer token; "" sends none.
	Token string
	// Key is sent as X-API-KEY; "" sends none.
	Key string
	// Body is JSON; "" sends none.
	Body string
}

// Base is the address under which the reader reached this server.
func Base(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// String writes the command.
func (c Curl) String() string {
	var b strings.Builder
	b.WriteString("curl ")
	if c.Method != "" && c.Method != http.MethodGet && !(c.Method == http.MethodPost && c.Body != "") {
		b.WriteString("-X " + c.Method + " ")
	}
	b.WriteString(quoted(c.Base + c.Path))
	if c.Token != "" {
		fmt.Fprintf(&b, " \\\n  -H %s", quoted("Authorization: Bearer "+c.Token))
	}
	if c.Key != "" {
		fmt.Fprintf(&b, " \\\n  -H %s", quoted("X-API-KEY: "+c.Key))
	}
	if c.Body != "" {
		fmt.Fprintf(&b, " \\\n  -H %s \\\n  -d %s", quoted("Content-Type: application/json"), quoted(c.Body))
	}
	return b.String()
}

// quoted is one word of a POSIX shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
