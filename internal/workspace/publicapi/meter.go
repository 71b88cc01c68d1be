package publicapi

import (
	"net/http"
	"strconv"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
)

// anonymous is the rate of an address that shows no valid key, and of all
// readers of the document together.
var anonymous = limit.Rate{Requests: 6000, Per: time.Minute}

// The names are spelled as the documentation does; net/http would write Ratelimit-Limit.
func headerOf(r limit.Reading) http.Header {
	return http.Header{"RateLimit-Limit": {strconv.Itoa(r.Limit)}, "RateLimit-Remaining": {strconv.Itoa(r.Left)}, "RateLimit-Reset": {strconv.Itoa(r.Reset)}}
}

// refusal is the error of a request over the limit, else nil.
func refusal(r limit.Reading) error {
	if !r.Refused {
		return nil
	}
	e := api.Errorf(api.Limited, "More than %d requests in a window of the rate limit. Try again in %d s.", r.Limit, r.Reset)
	e.Header = headerOf(r)
	e.Header["Retry-After"] = []string{strconv.Itoa(r.Reset)}
	return e
}

// metered counts a call against its workspace's limit. Calls that need no key
// (the document, unknown paths) share one of their own.
func (a *API) metered(c *api.Call) error {
	who, rate := "open", anonymous
	if c.Owner != "" {
		who, rate = "workspace "+c.Owner, callerOf(c).workspace.Rate
	}
	seen := a.windows.Take(who, rate, a.now())
	for name, values := range headerOf(seen) {
		c.SetHeader(name, values[0])
	}
	return refusal(seen)
}
