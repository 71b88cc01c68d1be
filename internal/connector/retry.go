package connector

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// retryKeyHeader makes a send that is tried again take effect once.
// https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
const retryKeyHeader = "X-Line-Retry-Key"

// prepare gives a send its retry key, if the caller gave none. A reply never
// gets one: the platform refuses it there.
func (r *request) prepare() {
	if r.action.Sends.retryKey() && r.header.Get(retryKeyHeader) == "" {
		r.header.Set(retryKeyHeader, uuid.NewString())
	}
}

// safe says whether a request may be sent again although the first may have
// taken effect: it changes nothing, or carries a retry key.
func (r *request) safe() bool {
	return r.method == http.MethodGet || r.action.Sends.retryKey() && r.header.Get(retryKeyHeader) != ""
}

// again says whether an outcome is one of the kind that passes.
func again(result *Result, err error) bool {
	if err != nil {
		none := (*NoAnswerError)(nil)
		return errors.As(err, &none)
	}
	switch result.StatusCode {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// persist sends a request, and once more after each pause while it fails and it
// is safe to.
func (c *Client) persist(ctx context.Context, r *request, token string) (*Result, error) {
	result, err := c.once(ctx, r, token)
	for _, pause := range c.connection.Pauses {
		if !r.safe() || !again(result, err) || ctx.Err() != nil {
			break
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return result, err
		}
		result, err = c.once(ctx, r, token)
	}
	return result, err
}
