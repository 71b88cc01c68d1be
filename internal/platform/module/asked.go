package module

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"kaiwa/internal/platform/channel"
)

// asked is what an authorization is asked with, and must be repeated when its
// code is used.
// https://developers.line.biz/en/docs/partner-docs/module-technical-attach-channel/#request-auth-from-line-oa-admin-query-parameters
type asked struct {
	RedirectURI   string `json:"redirectUri"`
	Scope         string `json:"scope"`
	State         string `json:"state"`
	Region        string `json:"region,omitzero"`
	BasicSearchID string `json:"basicSearchId,omitzero"`
	BrandType     string `json:"brandType,omitzero"`
	Challenge     string `json:"challenge,omitzero"`
}

// fault is a refusal that is told at the redirect URI, as OAuth words it.
type fault struct{ code, description string }

func (f *fault) Error() string { return f.description }

func invalid(format string, args ...any) *fault {
	return &fault{"invalid_request", fmt.Sprintf(format, args...)}
}

// client finds the module that asks and where its answer goes. What is wrong
// with these is told to the admin: there is nobody else to tell.
func (r *Room) client(q url.Values) (*channel.Channel, error) {
	for _, name := range []string{"client_id", "redirect_uri"} {
		if len(q[name]) != 1 || q.Get(name) == "" {
			return nil, invalid("%s: give it once", name)
		}
	}
	module := r.channels.Get(q.Get("client_id"))
	if module == nil || module.Type != channel.Module {
		return nil, invalid("client_id: there is no module channel %s", q.Get("client_id"))
	}
	if !slices.Contains(module.Config.CallbackURLs, q.Get("redirect_uri")) {
		return nil, invalid("redirect_uri: %s is not registered for this module channel", q.Get("redirect_uri"))
	}
	return module, nil
}

var (
	challenge = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)
	regions   = []string{"JP", "TW"}
	brands    = []string{"premium", "verified", "unverified"}
)

// read reads the rest of what is asked. The error is a *fault.
func read(module *channel.Channel, q url.Values) (asked, error) {
	a := asked{RedirectURI: q.Get("redirect_uri"), Scope: q.Get("scope"), State: q.Get("state"), Region: q.Get("region"),
		BasicSearchID: q.Get("basic_search_id"), BrandType: q.Get("brand_type"), Challenge: q.Get("code_challenge")}
	for name, values := range q {
		if len(values) > 1 {
			return a, invalid("%s: given more than once", name)
		}
	}
	method := q.Get("code_challenge_method")
	switch kind := q.Get("response_type"); {
	case kind == "":
		return a, invalid("response_type: missing")
	case kind != "code":
		return a, &fault{"unsupported_response_type", "response_type: only code"}
	case a.State == "":
		return a, invalid("state: missing")
	case a.Scope == "":
		return a, invalid("scope: missing")
	case a.Region != "" && !slices.Contains(regions, a.Region):
		return a, invalid("region: JP or TW")
	case a.Challenge == "" && method != "":
		return a, invalid("code_challenge: missing")
	case a.Challenge != "" && method != "S256":
		return a, invalid("code_challenge_method: only S256")
	case a.Challenge != "" && !challenge.MatchString(a.Challenge):
		return a, invalid("code_challenge: not the Base64url of a SHA-256 digest")
	}
	for _, brand := range words(a.BrandType) {
		if !slices.Contains(brands, brand) {
			return a, invalid("brand_type: premium, verified or unverified")
		}
	}
	may := module.Config.Scopes
	if len(may) == 0 {
		may = Scopes
	}
	for _, scope := range words(a.Scope) {
		if !slices.Contains(may, scope) {
			return a, &fault{"invalid_scope", "scope: " + scope + " is none that this module channel may ask for"}
		}
	}
	return a, nil
}

// fits says whether an account is one that the module wants.
func (a asked) fits(account *channel.Channel) bool {
	return account.Type == channel.Messaging &&
		(a.Region == "" || account.Account.Country == a.Region) &&
		(a.BasicSearchID == "" || account.Account.BasicID == a.BasicSearchID) &&
		(a.BrandType == "" || slices.Contains(words(a.BrandType), account.Account.Status))
}

// parameter is one of an answer's at the redirect URI.
type parameter struct{ name, value string }

// back is the redirect URI with an answer. What is empty is left out.
func (a asked) back(answer ...parameter) string {
	var more []string
	for _, p := range answer {
		if p.value != "" {
			more = append(more, p.name+"="+url.QueryEscape(p.value))
		}
	}
	separator := "?"
	if strings.Contains(a.RedirectURI, "?") {
		separator = "&"
	}
	return a.RedirectURI + separator + strings.Join(more, "&")
}

// refused is the redirect URI with an error.
func (a asked) refused(f *fault) string {
	return a.back(parameter{"error", f.code}, parameter{"error_description", f.description}, parameter{"state", a.State})
}
