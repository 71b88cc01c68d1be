package archive

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/platform/chat"
	"kaiwa/internal/workspace/account"
)

// Message is one message of an account's history.
type Message struct {
	*chat.Entry
	Place  *Place
	Sender *Sender
	// Recipients counts who a send to many went to, where Place is Many.
	Recipients int64
	// File is what the person sent with it; nil when there is none (any more).
	File *chat.File
}

// Place is the chat that a message stands in. The type is user, group, room or
// many; sends to many have no id.
type Place struct {
	Type, ID string
	json     string
}

// Sender is who said it. The type is user or account.
type Sender struct {
	Type, ID, Name string
	json           string
}

func newPlace(kind, id string) *Place {
	p := &Place{Type: kind, ID: id}
	p.json = `{"type":` + quote(kind)
	if id != "" {
		p.json += `,"id":` + quote(id)
	}
	return p
}

func newSender(kind, id, name string) *Sender {
	s := &Sender{Type: kind, ID: id, Name: name}
	s.json = `{"type":` + quote(kind)
	if id != "" {
		s.json += `,"id":` + quote(id)
	}
	if name != "" {
		s.json += `,"name":` + quote(name)
	}
	s.json += "}"
	return s
}

func quote(s string) string {
	b, _ := jsontext.AppendQuote(nil, s) // an error only says that invalid UTF-8 was replaced
	return string(b)
}

// Form writes messages of one account as JSON.
type Form struct {
	account string
	// files is the URL under which the account's files are, "" for none.
	files string
}

// NewForm makes a form. messagesURL is where the account's messages are served,
// ending in a slash; with "" no URL of a file is written.
func NewForm(a *account.Account, messagesURL string) *Form {
	return &Form{account: `","accountId":` + quote(a.ID) + `,"chat":`, files: messagesURL}
}

// timeForm is RFC 3339 in milliseconds, always of the same width.
const timeForm = "2006-01-02T15:04:05.000Z07:00"

// AppendTime writes a time of a history, in quotes.
func AppendTime(b []byte, millis int64) []byte {
	b = append(b, '"')
	b = time.UnixMilli(millis).UTC().AppendFormat(b, timeForm)
	return append(b, '"')
}

// Append writes a message on one line, without its newline. It is written by
// hand: reflection would cost more than reading the message from the store.
func (f *Form) Append(b []byte, m *Message) []byte {
	b = append(b, `{"id":"`...)
	b = strconv.AppendInt(b, m.ID, 10)
	b = append(b, f.account...)
	b = append(b, m.Place.json...)
	if m.Place.Type == chat.Many {
		b = append(b, `,"recipientCount":`...)
		b = strconv.AppendInt(b, m.Recipients, 10)
	}
	if m.Outgoing() {
		b = append(b, `},"direction":"outgoing","sender":`...)
	} else {
		b = append(b, `},"direction":"incoming","sender":`...)
	}
	b = append(b, m.Sender.json...)
	b = append(b, `,"sentAt":`...)
	b = AppendTime(b, m.SentAt)
	b = append(b, `,"origin":"`...)
	b = append(b, m.Origin.String()...)
	b = append(b, '"')
	if m.RequestID != "" {
		b = append(b, `,"requestId":`...)
		b, _ = jsontext.AppendQuote(b, m.RequestID)
	}
	b = append(b, `,"message":`...)
	b = appendBody(b, m.Body)
	if m.EditedAt != 0 && m.UnsentAt == 0 {
		b = append(b, `,"editedAt":`...)
		b = AppendTime(b, m.EditedAt)
	}
	if m.UnsentAt != 0 {
		b = append(b, `,"unsentAt":`...)
		b = AppendTime(b, m.UnsentAt)
	}
	if m.File != nil {
		b = f.appendFile(b, m)
	}
	return append(b, '}')
}

func (f *Form) appendFile(b []byte, m *Message) []byte {
	b = append(b, `,"content":{"type":`...)
	b, _ = jsontext.AppendQuote(b, m.File.Mime)
	b = append(b, `,"length":`...)
	b = strconv.AppendInt(b, m.File.Length, 10)
	if f.files != "" {
		b = append(b, `,"url":`...)
		b, _ = jsontext.AppendQuote(b, f.files+strconv.FormatInt(m.ID, 10)+"/content")
	}
	return append(b, '}')
}

// appendBody copies a message object. Bots may send theirs over several lines;
// here it has to stay on one.
func appendBody(b []byte, body string) []byte {
	for i := range len(body) {
		if c := body[i]; c == '\n' || c == '\r' {
			v := jsontext.Value(body)
			if v.Compact() == nil {
				return append(b, v...)
			}
			break
		}
	}
	return append(b, body...)
}
