package publicapi

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/chat"
)

// A cursor is a place in one query's answer: time and id of the last message
// given, and a seal over both and the query. The seal makes a cursor of another
// query, or a changed one, be noticed; it guards nothing, for a place opens no
// account that the key does not.
const sealSize = 8

// query is what a cursor belongs to, spelled out.
type query string

func queryOf(operation, accountID string, s chat.Selection) query {
	return query(fmt.Sprintf("%s %q %d %d %q %q %d %t", operation, accountID, s.From, s.To, s.ChatID, s.Type, s.Direction, s.Desc))
}

func (q query) cursor(p chat.Position) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(p.SentAt))
	b = binary.BigEndian.AppendUint64(b, uint64(p.ID))
	return base64.RawURLEncoding.EncodeToString(append(b, q.seal(b)...))
}

func (q query) seal(place []byte) []byte {
	sum := sha256.Sum256(append([]byte(q), place...))
	return sum[:sealSize]
}

// position reads a cursor of this query.
func (q query) position(cursor string) (chat.Position, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err == nil && len(b) == 16+sealSize {
		p := chat.Position{SentAt: int64(binary.BigEndian.Uint64(b)), ID: int64(binary.BigEndian.Uint64(b[8:]))}
		if q.cursor(p) == cursor {
			return p, nil
		}
	}
	return chat.Position{}, api.Errorf(api.Invalid, "cursor is not one that this query gave: send the nextCursor of a page with the parameters of that page")
}

// begin is where a page begins: at its cursor, or at the start.
func (q query) begin(c *api.Call, start chat.Position) (chat.Position, error) {
	text, err := cursor.value(c)
	if err != nil || text == "" {
		return start, err
	}
	return q.position(text)
}
