package webhook

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kaiwa/internal/kernel/api"
)

// The reasons of the platform's error statistics, and ok.
// https://developers.line.biz/en/docs/messaging-api/check-webhook-error-statistics/#check-error-reason
const (
	ok              = "ok"
	couldNotConnect = "could_not_connect"
	requestTimeout  = "request_timeout"
	errorStatusCode = "error_status_code"
	unclassified    = "unclassified"
)

var reasons = [...]string{ok, couldNotConnect, requestTimeout, errorStatusCode, unclassified}

// Details that stand in more than one place.
const (
	connectionFailed = "Connection failed"
	unknownHost      = "Unknown host"
	timedOut         = "Request timeout"
	sessionClosed    = "Session closed unexpectedly"
	dispatchError    = "Unclassified webhook dispatch error"
)

// result is how an attempt ended.
type result struct {
	status         int // of the bot's answer, 0 without one
	reason, detail string
	took           time.Duration
	header         http.Header
	body           []byte // its beginning
}

// answered is the result of an answer: any 2xx is success.
func answered(status int, header http.Header, body []byte) result {
	res := result{status: status, reason: errorStatusCode, detail: strconv.Itoa(status), header: header, body: body}
	if status/100 == 2 {
		res.reason = ok
	}
	return res
}

// record is an answer as the log keeps it.
type record struct {
	Headers map[string]string `json:"headers,omitzero"`
	Body    string            `json:"body"`
}

// response is the record of the answer; empty when there was none.
func (res result) response() string {
	if res.status == 0 {
		return ""
	}
	rec := record{Body: strings.ToValidUTF8(string(res.body), "\uFFFD")}
	if len(res.header) > 0 {
		rec.Headers = make(map[string]string, len(res.header))
		for name, values := range res.header {
			rec.Headers[strings.ToValidUTF8(name, "?")] = strings.ToValidUTF8(strings.Join(values, ", "), "?")
		}
	}
	b, err := api.Encode(rec)
	if err != nil {
		return ""
	}
	return string(b)
}

// classify names an error of the transport as the statistics do.
func classify(err error, late bool, at *progress, secure bool) (reason, detail string) {
	var dns *net.DNSError
	var noRecord tls.RecordHeaderError
	connected := at.connected.Load()
	switch {
	case connected && late:
		return requestTimeout, timedOut
	case connected:
		return broken(err)
	case errors.As(err, &dns) && !dns.IsTimeout && !late:
		return couldNotConnect, unknownHost
	case errors.As(err, &dns), late && at.resolving.Load():
		return couldNotConnect, "DNS Query timeout"
	case late:
		return couldNotConnect, "Connection timeout"
	case errors.As(err, &noRecord), errors.Is(err, http.ErrSchemeMismatch):
		return couldNotConnect, "No SSL/TLS record"
	case dialed(err):
		return couldNotConnect, connectionFailed
	case secure:
		return couldNotConnect, "TLS handshake failure"
	}
	return couldNotConnect, connectionFailed
}

// broken names what went wrong on a connection that stood.
func broken(err error) (reason, detail string) {
	text := err.Error() // the errors of HTTP/2 have no exported types
	switch {
	case errors.Is(err, http.ErrSchemeMismatch):
		return couldNotConnect, "No SSL/TLS record"
	case strings.Contains(text, "GOAWAY"):
		return couldNotConnect, "Connection failed (received GOAWAY)"
	case strings.Contains(text, "stream error"):
		return unclassified, "Stream closed unexpectedly"
	case strings.Contains(text, "malformed"):
		return unclassified, dispatchError
	}
	return unclassified, sessionClosed
}

// dialed says whether the error came before a connection stood.
func dialed(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}
