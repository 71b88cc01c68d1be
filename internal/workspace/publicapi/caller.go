package publicapi

import (
	"errors"
	"net"
	"net/http"
	"strings"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/workspace/account"
	"kaiwa/internal/workspace/key"
)

// caller is who calls: the workspace of the API key.
type caller struct {
	workspace account.Workspace
	// address is this server's own URL as the client wrote it, for links.
	address string
}

func callerOf(c *api.Call) *caller { return c.Principal.(*caller) }

// authenticate finds the workspace of the key. Missing, unknown, revoked and
// replaced keys get one and the same answer.
func (a *API) authenticate(r *http.Request) (string, any, error) {
	k, err := a.keys.Verify(r.Context(), secret(r))
	if errors.Is(err, key.ErrUnknown) {
		return "", nil, a.unauthorized(r)
	}
	if err != nil {
		return "", nil, err
	}
	w, ok := a.accounts.Workspace(k.WorkspaceID)
	if !ok {
		return "", nil, a.unauthorized(r)
	}
	return w.ID, &caller{w, address(r)}, nil
}

// secret is the key of the request: a bearer token, or the X-API-KEY header.
func secret(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	return r.Header.Get("X-API-KEY")
}

// unauthorized refuses a request without a valid key. It has no workspace whose
// limit it could count against, so it counts against its address: the headers
// are there, and guessing keys is slow.
func (a *API) unauthorized(r *http.Request) error {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	seen := a.windows.Take("address "+host, anonymous, a.now())
	if refused := refusal(seen); refused != nil {
		return refused
	}
	e := api.Errorf(api.Unauthorized, "The API key is missing or not valid. Send it as Authorization: Bearer API_KEY, or as X-API-KEY.")
	e.Header = headerOf(seen)
	e.Header["WWW-Authenticate"] = []string{`Bearer realm="kaiwa"`}
	return e
}

func address(r *http.Request) string {
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
