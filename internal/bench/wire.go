package bench

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
)

// wire is one keep-alive HTTP/1.1 connection. The load generator shares the
// machine with the server it measures, so it does what net/http's client does
// in a tenth of the work: requests are prepared bytes, answers are read up to
// their Content-Length.
type wire struct {
	net.Conn
	buf  []byte
	have int // bytes of buf that were read
}

func dial(address string) (*wire, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &wire{Conn: c, buf: make([]byte, 16<<10)}, nil
}

var (
	headEnd       = []byte("\r\n\r\n")
	contentLength = []byte("Content-Length: ")
	errAnswer     = errors.New("bench: unreadable answer")
)

// exchange sends a request and reads its answer. The body is valid until the
// next exchange.
func (w *wire) exchange(request []byte) (status int, body []byte, err error) {
	if _, err := w.Write(request); err != nil {
		return 0, nil, err
	}
	w.have = 0
	head, err := w.head()
	if err != nil {
		return 0, nil, err
	}
	status, err = strconv.Atoi(string(w.buf[9:12]))
	if err != nil {
		return 0, nil, errAnswer
	}
	length, err := lengthOf(w.buf[:head])
	if err != nil {
		return 0, nil, err
	}
	for w.have < head+length {
		if err := w.more(); err != nil {
			return 0, nil, err
		}
	}
	return status, w.buf[head : head+length], nil
}

// head reads until the head of an answer is whole, and says where it ends.
func (w *wire) head() (int, error) {
	for {
		if i := bytes.Index(w.buf[:w.have], headEnd); i >= len("HTTP/1.1 200") {
			return i + len(headEnd), nil
		}
		if err := w.more(); err != nil {
			return 0, err
		}
	}
}

func (w *wire) more() error {
	if w.have == len(w.buf) {
		w.buf = append(w.buf, make([]byte, len(w.buf))...)
	}
	n, err := w.Read(w.buf[w.have:])
	w.have += n
	if n > 0 {
		return nil
	}
	return err
}

func lengthOf(head []byte) (int, error) {
	i := bytes.Index(head, contentLength)
	if i < 0 {
		return 0, errAnswer
	}
	n := 0
	for _, c := range head[i+len(contentLength):] {
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n, nil
}

// request writes a request down. Header lines are "Name: value".
func request(method, path, host, body string, header ...string) []byte {
	b := fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, path, host)
	for _, line := range header {
		b = fmt.Appendf(b, "%s\r\n", line)
	}
	if body != "" {
		b = fmt.Appendf(b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	return append(append(b, "\r\n"...), body...)
}
