package api

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kaiwa/internal/kernel/limit"
)

// Op is one operation: a row in a room's table.
type Op struct {
	// ID is the operation's name in the platform's specification. It names the
	// log line, the metric, the rate limit and the test.
	ID string
	// Pattern is method and path as http.ServeMux takes them.
	Pattern string
	Run     Adapter
	// Limit is the operation's own rate limit; zero means its family's.
	Limit limit.Rate
	// Open operations need no authentication.
	Open bool
	// AdmitLater operations learn from the body who calls, and take from that
	// owner's rate limit by Call.Admit.
	AdmitLater bool
	// RetryKey says that the operation takes a retry key.
	RetryKey bool
	// BodyMost is the operation's own largest body in bytes; zero means its family's.
	BodyMost int64
}

// Call is one request as an operation sees it.
type Call struct {
	context.Context
	// RequestID is this exchange's id, as answered.
	RequestID string
	// Now is the server's time when the request came.
	Now time.Time
	// Owner is who calls (a channel id, a workspace id), Principal what its family knows of it.
	Owner     string
	Principal any
	// Bucket is whose rate limit the call takes from, where that is not Owner.
	Bucket string
	Op     *Op
	// Wrong: a fault wants the operation to answer wrong numbers.
	Wrong bool

	admit  func() error
	req    *http.Request
	query  url.Values
	header http.Header
}

// Admit says who calls, for the logs, and takes one request from their rate limit.
func (c *Call) Admit(owner string) error {
	c.Owner = owner
	return c.admit()
}

// Path is a wildcard of the pattern.
func (c *Call) Path(name string) string { return c.req.PathValue(name) }

// Header is a request header.
func (c *Call) Header(name string) string { return c.req.Header.Get(name) }

// Host is the host name that the client asked.
func (c *Call) Host() string { return c.req.Host }

// TLS says whether the client came over TLS.
func (c *Call) TLS() bool { return c.req.TLS != nil }

// Origin is the server's address as the client wrote it: scheme, host and port.
func (c *Call) Origin() string {
	if c.TLS() {
		return "https://" + c.req.Host
	}
	return "http://" + c.req.Host
}

// BasicAuth is the user and password of HTTP Basic authentication, if given, in
// OAuth's spelling (form-encoded, RFC 6749 section 2.3.1).
func (c *Call) BasicAuth() (user, password string, ok bool) {
	user, password, ok = c.req.BasicAuth()
	if u, err := url.QueryUnescape(user); err == nil {
		user = u
	}
	if p, err := url.QueryUnescape(password); err == nil {
		password = p
	}
	return user, password, ok
}

// Query is the parsed query string.
func (c *Call) Query() url.Values {
	if c.query == nil {
		c.query = c.req.URL.Query()
	}
	return c.query
}

// RawQuery is the query string as it came.
func (c *Call) RawQuery() string { return c.req.URL.RawQuery }

// QueryInt reads a whole number from the query; absent or empty gives zero, ok.
func (c *Call) QueryInt(name string) (n int64, ok bool) {
	v := c.Query().Get(name)
	if v == "" {
		return 0, true
	}
	n, err := strconv.ParseInt(v, 10, 64)
	return n, err == nil
}

// SetHeader sets a header of the answer, spelled exactly so on HTTP/1.1.
func (c *Call) SetHeader(name, value string) { c.header[name] = []string{value} }

// Adapter decodes a request and runs the operation.
type Adapter func(c *Call, body []byte) (any, error)

// None is for operations that take no body. One that is sent is ignored.
func None(run func(*Call) (any, error)) Adapter {
	return func(c *Call, _ []byte) (any, error) { return run(c) }
}

// JSON is for operations that take a JSON object.
func JSON[T any](run func(*Call, T) (any, error)) Adapter {
	return func(c *Call, body []byte) (any, error) {
		var in T
		if err := c.mediaType("application/json"); err != nil {
			return nil, err
		}
		if err := Decode(body, &in); err != nil {
			return nil, err
		}
		return run(c, in)
	}
}

// Form is for operations that take an HTML form. An empty value counts as
// absent. Most of them are OAuth's, whose refusals have a reason.
func Form(run func(*Call, url.Values) (any, error)) Adapter {
	const reason = "invalid_request"
	return func(c *Call, body []byte) (any, error) {
		if err := c.mediaType("application/x-www-form-urlencoded"); err != nil {
			err.Reason = reason
			return nil, err
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, &Error{Code: Invalid, Reason: reason, Message: "The form could not be read"}
		}
		return run(c, form)
	}
}

// Raw is for operations that read the body themselves.
func Raw(run func(*Call, []byte) (any, error)) Adapter { return run }

func (c *Call) mediaType(want string) *Error {
	given := c.req.Header.Get("Content-Type")
	if given == want { // as nearly all say it
		return nil
	}
	media, _, err := mime.ParseMediaType(given)
	if err == nil && strings.EqualFold(media, want) {
		return nil
	}
	if given == "" {
		given = "application/octet-stream" // what HTTP takes an unnamed body for
	}
	return Errorf(MediaType, "The content type, %s, is not supported", given)
}

// Status answers with another status than 200.
type Status struct {
	Code int
	Body any
}

// Empty is an answer without a body.
type Empty struct{}

// Binary is an answer that is no JSON.
type Binary struct {
	Type     string
	Length   int64
	FileName string
	Body     io.Reader
}

// Stream writes its answer piece by piece. It is called after the headers of
// the call are sent with that media type; an error ends the connection.
type Stream struct {
	Type  string
	Write func(w io.Writer, flush func()) error
}

// Object is the empty JSON object that many operations answer.
type Object struct{}

// Validate panics on a table that cannot be served; it is called at start.
func (o *Op) validate() {
	if o.ID == "" || o.Run == nil || !strings.Contains(o.Pattern, " /") {
		panic(fmt.Sprintf("api: incomplete operation %+v", *o))
	}
}
