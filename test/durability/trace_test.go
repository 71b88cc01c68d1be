package durability

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// trace is what strace saw of a server: when the bytes of which request were
// written to the store, when the store was synced, and when which answer left.
// Instants are line numbers.
type trace struct {
	written map[string]int // mark or event id -> the end of the first write of it to the write-ahead log
	syncs   []sync1        // of the write-ahead log, in the order of their ends
	folder  int            // the end of the first sync of the store's folder
	answers map[string]int // proof -> the begin of the first write of it to a socket
}

type sync1 struct{ begin, end int }

// open is a system call that has begun.
type open struct {
	line int
	text string
}

// Forms that begin with literal text are found fast. strace writes quotes as \".
var (
	markForm  = regexp.MustCompile(`mark-[a-z]+-[0-9]{7}`)
	eventForm = regexp.MustCompile(`webhookEventId\\":\\"01[0-9A-HJKMNP-TV-Z]{24}`)
	proofForm = regexp.MustCompile(`x-line-request-id: [0-9a-f-]{36}|01[0-9A-HJKMNP-TV-Z]{24}`)
)

const resumed = " resumed>"

// readTrace reads the output of strace -f -y; store is the database file.
func readTrace(t *testing.T, path, store string) *trace {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tr := &trace{written: map[string]int{}, answers: map[string]int{}}
	under := map[string]open{} // by thread
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		thread, text, _ := strings.Cut(lines.Text(), " ")
		text = strings.TrimLeft(text, " ")
		begin := n
		switch {
		case strings.HasSuffix(text, "<unfinished ...>"):
			under[thread] = open{n, text}
			tr.begun(n, text)
			continue
		case strings.HasPrefix(text, "<... "):
			_, rest, _ := strings.Cut(text, resumed)
			begin, text = under[thread].line, under[thread].text+rest
		default:
			tr.begun(n, text)
		}
		tr.ended(begin, n, text, store)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return tr
}

// begun notes what has left with the begin of a call: an answer on a socket.
func (tr *trace) begun(line int, text string) {
	if !strings.HasPrefix(text, "write(") || !strings.Contains(text, `"HTTP/1.1 `) {
		return
	}
	for _, proof := range proofForm.FindAllString(text, -1) {
		note(tr.answers, strings.TrimPrefix(proof, "x-line-request-id: "), line)
	}
}

// ended notes what is done with the end of a call: bytes written, a sync.
func (tr *trace) ended(begin, end int, text, store string) {
	name, _, _ := strings.Cut(text, "(")
	wal := strings.Contains(text, "<"+store+"-wal>")
	switch name {
	case "pwrite64", "write":
		if wal {
			for _, mark := range markForm.FindAllString(text, -1) {
				note(tr.written, mark, end)
			}
			for _, event := range eventForm.FindAllString(text, -1) {
				note(tr.written, event[len(event)-26:], end)
			}
		}
	case "fsync", "fdatasync":
		switch done := strings.HasSuffix(text, "= 0"); {
		case done && wal:
			tr.syncs = append(tr.syncs, sync1{begin, end})
		case done && tr.folder == 0 && strings.Contains(text, "<"+store[:strings.LastIndexByte(store, '/')]+">"):
			tr.folder = end
		}
	}
}

func note(m map[string]int, key string, line int) {
	if _, known := m[key]; !known {
		m[key] = line
	}
}

// check says what is wrong with the order of one answered request: its mark
// has to be written, then synced, before its proof leaves.
func (tr *trace) check(mark, proof string) error {
	written, ok := tr.written[mark]
	if !ok {
		return fmt.Errorf("%s was never written", mark)
	}
	answered, ok := tr.answers[proof]
	if !ok {
		return fmt.Errorf("%s: no answer with %s was seen", mark, proof)
	}
	for _, s := range tr.syncs {
		if s.begin > written && s.end < answered {
			return nil
		}
	}
	return fmt.Errorf("%s: written at line %d, answered at line %d, and no sync between", mark, written, answered)
}
