package audience

import (
	"bufio"
	"errors"
	"io"
	"iter"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// How many ids one upload may name.
const (
	jsonMost = 10_000
	fileMost = 1_500_000
)

// upload is what one upload names, before it is known who that is.
type upload struct {
	ifa  bool
	most int
	ids  iter.Seq[[]byte]
}

// resolve finds who is meant. An id that is none refuses all of them; one that
// has the form but is nobody's is left out. Identifiers for advertisers are
// nobody's here, as no person of a world has one. The error may be a *badIDs.
func (r *Room) resolve(tx *store.Tx, ch *channel.Channel, u upload) (*roaring64.Bitmap, error) {
	people, numbers := roaring64.New(), r.friends.Numbers(tx, ch.Provider)
	n := 0
	for text := range u.ids {
		if n++; n > u.most {
			return nil, &badIDs{tooMany}
		}
		if u.ifa {
			if !isUUID(text) {
				return nil, &badIDs{badFormat}
			}
			continue
		}
		id, ok := friend.ParseUserID(text)
		if !ok {
			return nil, &badIDs{badFormat}
		}
		no, err := numbers.Of(id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		people.Add(uint64(no))
	}
	if n == 0 {
		return nil, &badIDs{noIDs}
	}
	return people, nil
}

// isUUID says whether a text has the form of an identifier for advertisers or a request id.
func isUUID[T string | []byte](text T) bool {
	if len(text) != 36 {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// lines are the ids of a file, one a line: what is empty is passed over, white
// space around them too, and the mark that some editors begin a file with.
func lines(file io.Reader) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		s := bufio.NewScanner(file)
		s.Buffer(make([]byte, 0, 64<<10), 0)
		for first := true; s.Scan(); first = false {
			line := s.Bytes()
			if first && len(line) >= 3 && string(line[:3]) == "\uFEFF" {
				line = line[3:]
			}
			if line = trim(line); len(line) > 0 && !yield(line) {
				return
			}
		}
		if s.Err() != nil {
			yield(nil) // a line that long is no id
		}
	}
}

func trim(line []byte) []byte {
	space := func(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }
	for len(line) > 0 && space(line[0]) {
		line = line[1:]
	}
	for len(line) > 0 && space(line[len(line)-1]) {
		line = line[:len(line)-1]
	}
	return line
}
