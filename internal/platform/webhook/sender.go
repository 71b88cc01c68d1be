package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/platform/channel"
)

const (
	// answerSpan is how long a bot may take to answer, in real time.
	// https://developers.line.biz/en/docs/messaging-api/check-webhook-error-statistics/#reason-request-timeout
	answerSpan = 2 * time.Second
	// answerMost is how much of an answer is read, answerKept how much is recorded.
	answerMost, answerKept = 64 << 10, 4 << 10
	userAgent              = "LineBotWebhook/2.0"
	contentType            = "application/json; charset=utf-8"
	signatureHeader        = "x-line-signature"
)

// sender is the one HTTP client that speaks to bots.
type sender struct {
	transport *http.Transport
	faults    *fault.Set
	span      time.Duration
	public    *atomic.Bool
}

func newSender(faults *fault.Set, public *atomic.Bool) *sender {
	dialer := &net.Dialer{Timeout: answerSpan + time.Second, KeepAlive: 15 * time.Second,
		Control: func(network, address string, c syscall.RawConn) error {
			if !public.Load() {
				return nil
			}
			return publicOnly(network, address, c)
		}}
	return &sender{faults: faults, span: answerSpan, public: public, transport: &http.Transport{
		DialContext:         dialer.DialContext,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: answerSpan + time.Second,
		ForceAttemptHTTP2:   true,
		DisableCompression:  true, // no Accept-Encoding, no gzip bombs
		MaxIdleConnsPerHost: 16 * window,
		// Common servers close a connection that was idle for 2 to 5 seconds; an
		// event written into that moment would be lost.
		IdleConnTimeout:        1500 * time.Millisecond,
		MaxResponseHeaderBytes: answerMost,
	}}
}

// Signature is the x-line-signature of a body: Base64 of its HMAC-SHA256 under
// the channel secret.
// https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/
func Signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// shipment is a request ready to be sent.
type shipment struct {
	url, channelID, signature string
	body                      []byte
	// delayed, if set, is called when a fault has held the request up.
	delayed func(context.Context)
}

func pack(ch *channel.Channel, url, body string) shipment {
	b := []byte(body)
	return shipment{url: url, channelID: ch.ID, signature: Signature(ch.Secret, b), body: b}
}

func (s shipment) header() http.Header {
	return http.Header{"Content-Type": {contentType}, "User-Agent": {userAgent}, signatureHeader: {s.signature}}
}

// request is the record of a request; its body is the event's own record.
func (s shipment) request() string {
	return `{"headers":{"Content-Type":"` + contentType + `","Content-Length":"` + strconv.Itoa(len(s.body)) +
		`","User-Agent":"` + userAgent + `","` + signatureHeader + `":"` + s.signature + `"}}`
}

// post makes one attempt and says how it ended. Faults act here, before the
// request; their latency is not part of the bot's two seconds.
func (s *sender) post(ctx context.Context, sh shipment) result {
	u, err := url.Parse(sh.url)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return result{reason: couldNotConnect, detail: "Invalid URL syntax"}
	}
	if s.public.Load() && u.Scheme != "https" {
		return result{reason: couldNotConnect, detail: connectionFailed}
	}
	if res, hit := s.fail(ctx, sh, u.Path); hit {
		return res
	}
	ctx, cancel := context.WithTimeout(ctx, s.span)
	defer cancel()
	var at progress
	start := time.Now()
	res := s.exchange(at.watch(ctx), sh, u, &at)
	res.took = time.Since(start)
	return res
}

func (s *sender) exchange(ctx context.Context, sh shipment, u *url.URL, at *progress) result {
	if strings.HasSuffix(u.Hostname(), ".invalid") {
		// Reserved never to exist (RFC 6761): nobody need be asked.
		return result{reason: couldNotConnect, detail: unknownHost}
	}
	req := (&http.Request{Method: http.MethodPost, URL: u, Host: u.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: sh.header(), ContentLength: int64(len(sh.body))}).WithContext(ctx)
	req.GetBody = sh.reader // a connection found dead before a byte was written is replaced
	req.Body, _ = sh.reader()
	// RoundTrip, not Client: redirects are not followed and no cookies kept.
	resp, err := s.transport.RoundTrip(req)
	if err != nil {
		reason, detail := classify(err, ctx.Err() != nil, at, u.Scheme == "https")
		return result{reason: reason, detail: detail}
	}
	defer resp.Body.Close()
	// The status is the answer. What else the bot writes, or fails to write, is
	// read only to be shown and to use the connection again.
	kept, err := io.ReadAll(io.LimitReader(resp.Body, answerKept))
	if err == nil && len(kept) == answerKept {
		_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, answerMost-answerKept))
	}
	return answered(resp.StatusCode, resp.Header, kept)
}

func (s shipment) reader() (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(s.body)), nil
}

// fail carries out a fault for a receiver of that path; hit says that nothing is
// to be sent.
func (s *sender) fail(ctx context.Context, sh shipment, path string) (res result, hit bool) {
	effect := s.faults.Find(fault.Match{Webhook: true, Method: http.MethodPost, Path: path, ChannelID: sh.channelID})
	if effect == nil {
		return result{}, false
	}
	if effect.Latency > 0 {
		select {
		case <-time.After(time.Duration(effect.Latency)):
		case <-ctx.Done():
		}
		if sh.delayed != nil {
			sh.delayed(ctx)
		}
	}
	switch {
	case effect.DropConnection:
		return result{reason: unclassified, detail: sessionClosed}, true
	case effect.Status != 0:
		return answered(effect.Status, nil, []byte(effect.Body)), true
	}
	return result{}, false
}

// progress is how far the way to the bot was made; the reason of a failure
// depends on it. The dialer may still move it when the attempt is over.
type progress struct{ resolving, connected atomic.Bool }

func (p *progress) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { p.resolving.Store(true) },
		DNSDone:  func(httptrace.DNSDoneInfo) { p.resolving.Store(false) },
		GotConn:  func(httptrace.GotConnInfo) { p.connected.Store(true) },
	})
}
