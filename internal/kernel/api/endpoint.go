package api

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/limit"
)

// endpoint serves one operation.
type endpoint struct {
	server *Server
	family Family
	op     *Op
}

// outcome is what is to be written, and what the logs say of it.
type outcome struct {
	status  int
	kind    string
	body    []byte
	file    *Binary
	stream  *Stream
	message string // of an error
	drop    bool
}

func (ep *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	c := &Call{Context: r.Context(), RequestID: id.UUID(), Now: ep.server.Clock.Now(), Op: ep.op, req: r, header: w.Header()}
	if len(r.TransferEncoding) > 0 {
		// What follows a chunked body on this connection could have been smuggled in.
		c.header.Set("Connection", "close")
	}
	if ep.family.CrossOrigin { // on refusals too, or the page would see a network error
		c.header["Access-Control-Allow-Origin"] = anyOrigin
	}
	out := ep.outcome(c)
	if out.drop {
		panic(http.ErrAbortHandler)
	}
	h := c.header
	if ep.family.RequestIDHeader != "" {
		h[ep.family.RequestIDHeader] = []string{c.RequestID}
	}
	h["X-Content-Type-Options"] = nosniff
	if h["Cache-Control"] == nil {
		h["Cache-Control"] = noCache
	}
	err := ep.written(c, w, out)
	took := time.Since(start)
	ep.record(c, out, took)
	if err != nil {
		panic(http.ErrAbortHandler) // half an answer must not look like a whole one
	}
}

// Header values that all answers share; nobody changes them.
var (
	nosniff    = []string{"nosniff"}
	noCache    = []string{"no-cache, no-store, max-age=0, must-revalidate"}
	jsonHeader = []string{jsonType}
	anyOrigin  = []string{"*"}
)

// written is write, whose streams may panic like an operation.
func (ep *endpoint) written(c *Call, w http.ResponseWriter, out outcome) (err error) {
	defer func() {
		if p := recover(); p != nil {
			ep.panicked(c, p)
			err = errPanic
		}
	}()
	return ep.write(w, out)
}

var errPanic = errors.New("panic")

// panicked takes note of a recovered panic. The one by which net/http is told
// to break the connection goes on.
func (ep *endpoint) panicked(c *Call, p any) {
	if p == http.ErrAbortHandler {
		panic(p)
	}
	if ep.server.OnPanic != nil {
		ep.server.OnPanic()
	}
	ep.server.Log.Error("panic", "requestId", c.RequestID, "operation", ep.op.ID, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
}

func (ep *endpoint) write(w http.ResponseWriter, out outcome) error {
	h := w.Header()
	switch out.kind {
	case "":
	case jsonType:
		h["Content-Type"] = jsonHeader
	default:
		h["Content-Type"] = []string{out.kind}
	}
	switch {
	case out.stream != nil:
		w.WriteHeader(out.status)
		rc := http.NewResponseController(w)
		// The server's read deadline was for the request; it would end a long answer.
		if err := rc.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		return out.stream.Write(w, func() { rc.Flush() })
	case out.file != nil:
		h["Content-Length"] = []string{strconv.FormatInt(out.file.Length, 10)}
		if out.file.FileName != "" {
			h["Content-Disposition"] = []string{mime.FormatMediaType("attachment", map[string]string{"filename": out.file.FileName})}
		}
		w.WriteHeader(out.status)
		_, err := io.Copy(w, out.file.Body)
		return err
	}
	if out.status == http.StatusNoContent {
		w.WriteHeader(out.status) // HTTP/2 takes even an empty Write for a body
		return nil
	}
	h["Content-Length"] = []string{strconv.Itoa(len(out.body))}
	w.WriteHeader(out.status)
	_, err := w.Write(out.body)
	return err
}

// outcome runs the request up to its answer: the order of the checks is the
// platform's (who, may they, how often, what).
func (ep *endpoint) outcome(c *Call) (out outcome) {
	defer func() {
		if p := recover(); p != nil {
			ep.panicked(c, p)
			out = ep.refuse(c, errPanic)
		}
	}()
	if !ep.op.Open && ep.family.Authenticate != nil {
		var err error
		if c.Owner, c.Principal, err = ep.family.Authenticate(c.req); err != nil {
			return ep.refuse(c, err)
		}
	}
	if !ep.family.Faultless {
		if effect := ep.server.Faults.Find(ep.exchange(c)); effect != nil {
			if done, out := ep.fail(c, effect); done {
				return out
			}
		}
	}
	var late *outcome // what a fault did that only concerns the channel which the body names
	if ep.op.AdmitLater {
		c.admit = func() (err error) {
			late, err = ep.admitLate(c)
			return err
		}
	} else if err := ep.admit(c); err != nil {
		return ep.refuse(c, err)
	}
	body, err := ep.body(c.req)
	if err != nil {
		c.header.Set("Connection", "close")
		return ep.refuse(c, err)
	}
	v, err := ep.op.Run(c, body)
	switch {
	case late != nil:
		return *late
	case err != nil:
		return ep.refuse(c, err)
	}
	return ep.answer(c, v)
}

func (ep *endpoint) exchange(c *Call) fault.Match {
	return fault.Match{Method: c.req.Method, Path: c.req.URL.Path, ChannelID: c.Owner}
}

var errFault = errors.New("fault")

// admitLate is what follows when an operation has learned who calls: the faults
// for that channel, then its rate limit.
func (ep *endpoint) admitLate(c *Call) (*outcome, error) {
	if effect := ep.server.Faults.FindNamed(ep.exchange(c)); effect != nil && !ep.family.Faultless {
		if done, out := ep.fail(c, effect); done {
			return &out, errFault
		}
	}
	return nil, ep.admit(c)
}

func (ep *endpoint) admit(c *Call) error {
	if ep.family.Check != nil {
		if err := ep.family.Check(c); err != nil {
			return err
		}
	}
	if ep.family.Metered != nil {
		return ep.family.Metered(c)
	}
	rate := ep.op.Limit
	if rate == (limit.Rate{}) {
		rate = ep.family.Limit
	}
	if !ep.server.Limits.Allow(limit.Key{Owner: cmp.Or(c.Bucket, c.Owner), Operation: ep.op.ID}, rate, c.Now) {
		return Errorf(Limited, "%s", ep.family.LimitedText)
	}
	return nil
}

// fail carries out a fault; done says that nothing else is to happen.
func (ep *endpoint) fail(c *Call, effect *fault.Effect) (done bool, out outcome) {
	if effect.Latency > 0 {
		select {
		case <-time.After(time.Duration(effect.Latency)):
		case <-c.Done():
		}
	}
	switch {
	case effect.DropConnection:
		return true, outcome{drop: true}
	case effect.Status == 0:
		c.Wrong = effect.Wrong
		return false, outcome{}
	case effect.Body != "":
		return true, outcome{status: effect.Status, kind: jsonType, body: []byte(effect.Body), message: "fault"}
	}
	e := Errorf(Internal, "Fault: the server was told to answer %d", effect.Status)
	if effect.Status == http.StatusTooManyRequests {
		// A monthly limit that is used up is 429 as well: clients tell them apart by the words.
		e = Errorf(Limited, "%s", ep.family.LimitedText)
	}
	_, kind, body := ep.family.Errors(e)
	return true, outcome{status: effect.Status, kind: kind, body: body, message: "fault"}
}

// bodyTrusted is up to which length memory is set aside before the bytes are
// there: a connection that promises more must send it first.
const bodyTrusted = 64 << 10

func (ep *endpoint) body(r *http.Request) ([]byte, error) {
	most := cmp.Or(ep.op.BodyMost, ep.family.BodyMost)
	if r.ContentLength == 0 {
		return nil, nil
	}
	if r.ContentLength > 0 && r.ContentLength <= min(most, bodyTrusted) {
		body := make([]byte, r.ContentLength)
		if _, err := io.ReadFull(r.Body, body); err != nil {
			return nil, Errorf(Invalid, "The request body could not be read")
		}
		return body, nil
	}
	if r.ContentLength > most {
		return nil, Errorf(TooLarge, "%s", ep.family.TooLargeText)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, most+1))
	if err != nil {
		return nil, Errorf(Invalid, "The request body could not be read")
	}
	if int64(len(body)) > most {
		return nil, Errorf(TooLarge, "%s", ep.family.TooLargeText)
	}
	return body, nil
}

func (ep *endpoint) refuse(c *Call, err error) outcome {
	e, kind, body := ep.family.Errors(err)
	if _, internal := known(err); internal {
		var bad *BadJSON
		if !errors.As(err, &bad) {
			ep.server.Log.Error("internal error", "requestId", c.RequestID, "operation", ep.op.ID, "error", err.Error())
		}
	}
	for name, values := range e.Header {
		c.header[name] = values
	}
	return outcome{status: e.Status(), kind: kind, body: body, message: e.Message}
}

func (ep *endpoint) answer(c *Call, v any) outcome {
	out := outcome{status: http.StatusOK}
	if s, ok := v.(Status); ok {
		out.status, v = s.Code, s.Body
	}
	switch v := v.(type) {
	case Empty:
		return out
	case Binary:
		out.kind, out.file = v.Type, &v
		return out
	case Stream:
		out.kind, out.stream = v.Type, &v
		return out
	}
	body, err := Encode(v)
	if err != nil {
		return ep.refuse(c, err)
	}
	out.kind, out.body = jsonType, body
	return out
}

func (ep *endpoint) record(c *Call, out outcome, took time.Duration) {
	if ep.server.Observe != nil {
		ep.server.Observe(ep.op.ID, out.status, took)
	}
	// The query string is left out: some endpoints of the platform take secrets there.
	// Path and refusal repeat what the client wrote; what is no text would spoil the whole log for JSON.
	r := Request{Time: c.Now, ChannelID: c.Owner, Operation: ep.op.ID, Method: c.req.Method, Path: text(c.req.URL.EscapedPath()), Status: out.status,
		RequestID: c.RequestID, Milliseconds: float64(took.Microseconds()) / 1000, Error: text(out.message)}
	if ep.server.Requests != nil && ep.family.RequestIDHeader != "" {
		ep.server.Requests.add(r)
	}
	if ep.server.Access != nil {
		ep.server.Access(r)
	}
}

func text(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
