//go:build unix

package publicapi_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"testing"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/testkit"
	"kaiwa/internal/workspace/publicapi"
)

// benchRows is how many messages the benchmarks' store holds; KAIWA_BENCH_ROWS
// makes it larger (10000000 takes some minutes and 5 GB).
func benchRows() int64 {
	if n, err := strconv.ParseInt(os.Getenv("KAIWA_BENCH_ROWS"), 10, 64); err == nil {
		return n
	}
	return 1_000_000
}

// big is a kit with a long history: of ten messages six are of one-on-one
// chats, one is said by people in a group, three are the account's own.
func big(b *testing.B) *kit {
	k := open(b, testkit.SQLite(b))
	rows := benchRows()
	const people, batch = 5000, 20_000
	var list [][]any
	for i := range int64(people) {
		list = append(list, []any{100 + i, fmt.Sprintf("U1%031x", i), fmt.Sprintf(`{"displayName":"Person %d"}`, i)})
	}
	k.exec(`INSERT INTO people (no, user_id, provider, profile) VALUES ($1, $2, 'p', $3)`, list...)
	for i := range list {
		list[i] = []any{100 + i, list[i][1]}
	}
	k.exec(`INSERT INTO chats (no, kind, channel_no, peer, provider, name, picture_url, message_count, last_at)
		VALUES ($1, 'user', 1, $2, 'p', '', '', 1, 1)`, list...)
	for from := int64(0); from < rows; from += batch {
		k.update(func(tx *store.Tx) error {
			for i := from; i < min(rows, from+batch); i++ {
				if err := generated(i, people).insert(tx); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return k
}

func generated(i, people int64) row {
	r := row{id: (i + 1) << 20, at: i, account: 1, chat: 100 + i%people, sender: 100 + i%people,
		body: fmt.Sprintf(`{"type":"text","text":"Message %d of a long conversation, as long as people write them"}`, i)}
	switch i % 10 {
	case 9:
		r.account, r.chat, r.heardBy = 0, teamChat, []int64{1}
	case 3, 6, 8:
		r.sender, r.origin, r.request = -1, push, "7b9d6f4e-0c1f-4d5e-9a0b-333444455556"
	}
	return r
}

func BenchmarkHistory(b *testing.B) {
	k := big(b)
	b.Run("stream", k.stream)
	for _, c := range []struct{ name, parameters string }{
		{"first page of 100", "limit=100"},
		{"last page of 100", "order=desc&limit=100"},
		{"page of 100 near the end", "limit=100&from=" + stamp(benchRows()-1000)},
		{"page of 100 of one chat", "limit=100&chatId=" + fmt.Sprintf("U1%031x", 77)},
		{"page of 1000", "limit=1000"},
	} {
		b.Run(c.name, func(b *testing.B) { k.read(b, messagesOf(cafe, c.parameters)) })
	}
}

func (k *kit) read(b *testing.B, path string) {
	for b.Loop() {
		if a := k.get(cafeKey, path); a.status != 200 || len(a.body) < 10_000 {
			b.Fatalf("%d %s", a.status, a.body)
		}
	}
}

// spent is the processor time of this process: of server and client together.
func spent() (microseconds float64) {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1000
}

// stream reads the whole history over HTTP and counts its lines.
func (k *kit) stream(b *testing.B) {
	start := spent()
	for b.Loop() {
		r, _ := http.NewRequestWithContext(b.Context(), http.MethodGet, k.url+publicapi.Prefix+messagesOf(cafe, ""), nil)
		r.Header.Set("X-API-KEY", cafeKey)
		r.Header.Set("Accept", "application/x-ndjson")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		lines, size := int64(0), int64(0)
		for in := bufio.NewReaderSize(res.Body, 256<<10); ; {
			line, err := in.ReadSlice('\n')
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			lines++
			size += int64(len(line))
		}
		res.Body.Close()
		if lines != benchRows() {
			b.Fatalf("%d lines", lines)
		}
		b.SetBytes(size)
	}
	messages := float64(benchRows()) * float64(b.N)
	b.ReportMetric(messages/b.Elapsed().Seconds(), "messages/s")
	b.ReportMetric((spent()-start)/messages, "cpu-µs/message")
}
