package publicapi

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"strconv"
	"strings"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/workspace/account"
	"kaiwa/internal/workspace/archive"
)

const (
	jsonType   = "application/json"
	ndjsonType = "application/x-ndjson"
)

func form(c *api.Call, of *account.Account) *archive.Form {
	return archive.NewForm(of, callerOf(c).address+Prefix+"/accounts/"+of.ID+"/messages/")
}

func (a *API) listMessages(c *api.Call) (any, error) {
	of, err := a.account(c)
	if err != nil {
		return nil, err
	}
	s, err := selection(c)
	if err != nil {
		return nil, err
	}
	limit, err := pageLimit.number(c)
	if err != nil {
		return nil, err
	}
	q := queryOf(c.Op.ID, of.ID, s)
	after, err := q.begin(c, s.Start())
	if err != nil {
		return nil, err
	}
	c.SetHeader("Vary", "Accept")
	if wantsLines(c.Header("Accept")) {
		return a.stream(c, of, s, after), nil
	}
	list, next, err := a.archive.Page(c, of, s, after, limit)
	if err != nil {
		return nil, err
	}
	b := []byte(`{"messages":[`)
	f := form(c, of)
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = f.Append(b, &list[i])
	}
	if next == nil {
		return answer(append(b, `],"nextCursor":null}`...)), nil
	}
	b = append(b, `],"nextCursor":"`...)
	b = append(b, q.cursor(*next)...)
	return answer(append(b, `"}`...)), nil
}

// answer is JSON that is already written. Messages are kept exactly as they
// were sent, so that nothing is decoded and encoded again here.
func answer(b []byte) api.Binary {
	return api.Binary{Type: jsonType, Length: int64(len(b)), Body: bytes.NewReader(b)}
}

// stream gives the whole period at once, one message a line. The limit is one
// of pages; a cursor says where to begin, as it does for a page.
func (a *API) stream(c *api.Call, of *account.Account, s chat.Selection, after chat.Position) api.Stream {
	return api.Stream{Type: ndjsonType, Write: func(w io.Writer, flush func()) error {
		f, b := form(c, of), make([]byte, 0, 2*writeAt)
		err := a.archive.Stream(c, of, s, after, func(list []archive.Message) error {
			for i := range list {
				b = append(f.Append(b, &list[i]), '\n')
				if len(b) < writeAt {
					continue
				}
				if _, err := w.Write(b); err != nil {
					return err
				}
				b = b[:0]
			}
			return nil
		})
		if err != nil {
			return err
		}
		_, err = w.Write(b)
		return err
	}}
}

// writeAt is how many bytes of a stream are written at once.
const writeAt = 64 << 10

// wantsLines says whether the client prefers a stream of lines to a page.
func wantsLines(accept string) bool {
	lines, page := 0.0, 0.0
	for part := range strings.SplitSeq(accept, ",") {
		media, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		weight := 1.0
		if q, err := strconv.ParseFloat(params["q"], 64); err == nil {
			weight = q
		}
		switch media {
		case ndjsonType:
			lines = weight
		case jsonType:
			page = weight
		}
	}
	return lines > 0 && lines >= page
}

// unknownMessage is the one answer for messages that are not there and for
// those of other accounts.
var unknownMessage = api.Errorf(api.NotFound, "The account has no such message")

func (a *API) getMessage(c *api.Call) (any, error) {
	of, err := a.account(c)
	if err != nil {
		return nil, err
	}
	m, err := a.archive.Find(c, of, c.Path(messageID.name))
	if errors.Is(err, store.ErrNotFound) {
		return nil, unknownMessage
	}
	if err != nil {
		return nil, err
	}
	return answer(form(c, of).Append(nil, &m)), nil
}

func (a *API) getContent(c *api.Call) (any, error) {
	of, err := a.account(c)
	if err != nil {
		return nil, err
	}
	file, body, err := a.archive.Content(c, of, c.Path(messageID.name))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, unknownMessage
	case errors.Is(err, archive.ErrNoFile):
		return nil, api.Errorf(api.NotFound, "The message has no file")
	case errors.Is(err, archive.ErrGone):
		return nil, api.Errorf(api.Gone, "The message was unsent, and its file is gone")
	case err != nil:
		return nil, err
	}
	return api.Binary{Type: file.Mime, Length: file.Length, FileName: file.Name, Body: body}, nil
}
