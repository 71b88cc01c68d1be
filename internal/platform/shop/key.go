package shop

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/kernel/store"
)

// Family is how the API authenticates, limits and fails.
func (r *Room) Family() api.Family {
	return api.Family{Name: "shop", Errors: r.Errors, RequestIDHeader: "x-line-oap-request-id", Authenticate: r.authenticate, Metered: r.metered,
		BodyMost: 2 << 20, TooLargeText: "The request body is too large"}
}

// authenticate finds the shop by the key in X-API-KEY.
func (r *Room) authenticate(req *http.Request) (owner string, principal any, err error) {
	key := req.Header.Get("X-API-KEY")
	if key == "" {
		return "", nil, api.Errorf(api.Unauthorized, "No API key found in request")
	}
	var s Shop
	err = store.ErrNotFound
	if utf8.ValidString(key) { // PostgreSQL could not be asked for other texts
		err = r.db.View(req.Context(), func(tx *store.Tx) error { return shopByKey(tx, key, &s) })
	}
	if errors.Is(err, store.ErrNotFound) {
		return "", nil, api.Errorf(api.Unauthorized, "Invalid authentication credentials")
	}
	return "shop " + strconv.FormatInt(s.No, 10), &s, err
}

// The rates of each of the three APIs (Product, Inventory, Order), for each key.
var rates = []struct {
	name string
	rate limit.Rate
}{{"second", limit.Rate{Requests: 50, Per: time.Second}}, {"minute", limit.Rate{Requests: 1000, Per: time.Minute}}}

// metered counts a call in both windows of the API it belongs to, whose name is
// the first part of the operation's. What one window refuses counts in neither.
func (r *Room) metered(c *api.Call) error {
	if c.Owner == "" { // a path that there is not
		return nil
	}
	resource, _, _ := strings.Cut(c.Op.ID, ".")
	var refusal error
	for _, w := range rates {
		who := c.Owner + " " + resource + " " + w.name
		left := 0
		if refusal == nil {
			seen := r.calls.Take(who, w.rate, c.Now)
			if left = seen.Left; seen.Refused {
				e := api.Errorf(api.Limited, "API rate limit exceeded")
				e.Header = http.Header{"Retry-After": {strconv.Itoa(seen.Reset)}}
				refusal = e
			}
		} else {
			left = r.calls.Left(who, w.rate, c.Now)
		}
		c.SetHeader("x-ratelimit-limit-"+w.name, strconv.Itoa(w.rate.Requests))
		c.SetHeader("x-ratelimit-remaining-"+w.name, strconv.Itoa(left))
	}
	return refusal
}

// codes are the words of the API's error codes. There is none for what is no
// error of the API itself: too many calls, a method or body that it cannot read.
var codes = map[api.Code]string{api.Invalid: "BAD_REQUEST", api.Unauthorized: "UNAUTHORIZED", api.Forbidden: "PERMISSION_DENIED",
	api.NotFound: "NOT_FOUND", api.Conflict: "DATA_CONFLICT", api.Internal: "INTERNAL_ERROR", api.Unavailable: "INTERNAL_ERROR",
	api.BadMethod: "BAD_REQUEST", api.TooLarge: "BAD_REQUEST", api.Limited: "TOO_MANY_REQUESTS"}

// failure is the body of an error. Timestamp is in unix milliseconds.
type failure struct {
	Code      string `json:"code"`
	Message   string `json:"message"`
	Info      any    `json:"info,omitzero"`
	Timestamp int64  `json:"timestamp"`
}

// info names what an error is about.
type info struct {
	Field string `json:"field"`
}

// Errors is {"code", "message", "info", "timestamp"}; info is left out where
// nothing of the request can be named.
func (r *Room) Errors(err error) (*api.Error, string, []byte) {
	var bad *api.BadJSON
	if errors.As(err, &bad) && bad.Mistyped() {
		why := "is not of the right type"
		if errors.Is(bad.Cause, errDecimals) {
			why = "has more than 2 decimals"
		}
		err = invalid(bad.Property, why)
	}
	e, kind, _ := api.PlainErrors(err)
	f := failure{Code: codes[e.Code], Message: e.Message, Timestamp: r.now().UnixMilli()}
	for _, d := range e.Details {
		f.Info = info{d.Property}
	}
	body, _ := api.Encode(f) // texts and a number; a text of the request was valid when it was decoded
	return e, kind, body
}

// invalid is the 400 of a property: its path, and what is wrong with it.
func invalid(property, why string) *api.Error {
	e := api.Errorf(api.Invalid, "%s %s", property, why)
	e.Details = []api.Detail{{Property: property}}
	return e
}

// notFound is the 404 of an id that is unknown or another shop's.
func notFound(what string) *api.Error { return api.Errorf(api.NotFound, "%s not found", what) }

// orNotFound words what the store does not have.
func orNotFound(err error, what string) error {
	if errors.Is(err, store.ErrNotFound) {
		return notFound(what)
	}
	return err
}

// number is an id in the path.
func number(c *api.Call, name string) (int64, error) {
	n, err := strconv.ParseInt(c.Path(name), 10, 64)
	if err != nil {
		return 0, invalid(name, "is not a whole number")
	}
	return n, nil
}
