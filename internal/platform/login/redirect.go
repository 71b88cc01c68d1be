package login

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/dialog"
)

// refuse tells the redirect URI why there is no code.
func (r *Room) refuse(c *api.Call, req *Request, p *problem) (any, error) {
	answer := []api.Member{{Name: "error", Value: p.code}, {Name: "error_description", Value: p.description}}
	if req.State != "" {
		answer = append(answer, api.Member{Name: "state", Value: req.State})
	}
	if req.LiffID != "" {
		answer = append(answer, api.Member{Name: "liffOAuth2Error", Value: p.code})
	}
	return r.back(c, req, answer)
}

// responseSpan is how long a signed response may be taken.
const responseSpan = 10 * time.Minute

// back sends the browser to the redirect URI with the answer, in the way that
// response_mode asks for.
// https://developers.line.biz/en/docs/line-login/integrate-line-login/#making-an-authorization-request
func (r *Room) back(c *api.Call, req *Request, answer []api.Member) (any, error) {
	if strings.HasSuffix(req.ResponseMode, "jwt") {
		claims := append([]api.Member{{Name: "iss", Value: r.Issuer(c)}, {Name: "aud", Value: req.ClientID}, {Name: "exp", Value: c.Now.Add(responseSpan).Unix()}}, answer...)
		signed, err := signHS256(api.Members(claims), req.channel.Secret)
		if err != nil {
			return nil, err
		}
		answer = []api.Member{{Name: "response", Value: signed}}
	}
	if strings.HasPrefix(req.ResponseMode, "form_post") {
		return formPost(c, req.RedirectURI, answer)
	}
	q := make([]string, len(answer))
	for i, m := range answer {
		q[i] = m.Name + "=" + url.QueryEscape(m.Value.(string))
	}
	location, fragment, hasFragment := strings.Cut(req.RedirectURI, "#")
	separator := "?"
	if strings.Contains(location, "?") {
		separator = "&"
	}
	location += separator + strings.Join(q, "&")
	if hasFragment {
		location += "#" + fragment
	}
	return dialog.Redirect(c, location)
}

// submit is the one script that the platform's pages run.
const submit = `document.forms[0].submit()`

// formPost is a form that sends itself, or by its button where no script runs.
func formPost(c *api.Call, action string, answer []api.Member) (any, error) {
	sum := sha256.Sum256([]byte(submit))
	c.SetHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-"+
		base64.StdEncoding.EncodeToString(sum[:])+"'; base-uri 'none'; frame-ancestors 'none'")
	return dialog.Page(200, "Logged in", h.Form(h.Method("post"), h.Action(action), g.Map(answer, func(m api.Member) g.Node {
		return dialog.Hidden(m.Name, m.Value.(string))
	}), h.Button(h.Class("main"), g.Text("Continue"))), h.Script(g.Raw(submit)))
}
