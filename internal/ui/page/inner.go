package page

import (
	"bytes"
	"context"
	"net/http"
)

// API is the server's own APIs, called in this process: where a page does or
// shows what a client would, it goes the client's way.
type API struct{ Handler http.Handler }

// Answer is what an API said.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Call sends a request with a bearer token and a JSON body; either may be "".
func (a API) Call(ctx context.Context, method, path, token, body string) (Answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, path, bytes.NewReader([]byte(body)))
	if err != nil {
		return Answer{}, err
	}
	r.Host = "127.0.0.1"
	r.RequestURI = path
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := &recorder{answer: Answer{Header: http.Header{}}}
	a.Handler.ServeHTTP(w, r)
	w.WriteHeader(http.StatusOK)
	return w.answer, nil
}

// recorder keeps an answer in memory.
type recorder struct{ answer Answer }

func (w *recorder) Header() http.Header { return w.answer.Header }

func (w *recorder) WriteHeader(status int) {
	if w.answer.Status == 0 {
		w.answer.Status = status
	}
}

func (w *recorder) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	w.answer.Body = append(w.answer.Body, b...)
	return len(b), nil
}
