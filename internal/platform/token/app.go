package token

import (
	"net/http"
	"slices"

	"kaiwa/internal/platform/channel"
)

// Kinds of channel access tokens that APIs of LINE Login and LINE MINI App
// channels tell apart.
const (
	ShortLived = string(shortLived)
	V21        = string(v21)
	Stateless  = string(stateless)
)

// AuthenticateApp is Authenticate for the APIs of LINE Login and LINE MINI App
// channels, which take tokens of some kinds only.
func (r *Room) AuthenticateApp(kinds ...string) func(*http.Request) (owner string, principal any, err error) {
	return func(req *http.Request) (string, any, error) {
		value := bearer(req)
		if value == "" {
			return "", nil, errNoHeader
		}
		t, err := r.find(req.Context(), value)
		if err != nil {
			return "", nil, err
		}
		if !t.valid(r.now()) || !slices.Contains(kinds, string(t.kind)) {
			return "", nil, errNoAccess
		}
		c := r.channels.Get(t.channelID)
		if c == nil || c.Type == channel.Messaging {
			return "", nil, errNoAccess
		}
		return c.ID, c, nil
	}
}
