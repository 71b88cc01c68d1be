package app

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"kaiwa/internal/kernel/api"
)

// TestAccessLinesLookLikeTheLoggers holds the lines of requests to what the
// logger would have written, which is what other programs read.
func TestAccessLinesLookLikeTheLoggers(t *testing.T) {
	now := time.Date(2036, 1, 2, 3, 4, 5, 678_000_000, time.FixedZone("", 9*60*60))
	for _, r := range []api.Request{
		{RequestID: "6f1e", Operation: "pushMessage", ChannelID: "1656000001", Method: "POST", Path: "/v2/bot/message/push", Status: 200, Milliseconds: 1.25},
		{Operation: "unknown", Method: "GET", Path: "/%E3%81%82=\"x\"", Status: 404, Milliseconds: 0},
		{Method: "GET", Path: "/a b\\c\n\t", Status: 500, Milliseconds: 60000.5},
	} {
		for format, line := range map[string]func([]byte, time.Time, api.Request) []byte{"text": textLine, "json": jsonLine} {
			var want bytes.Buffer
			record := slog.NewRecord(now, slog.LevelInfo, "request", 0)
			for _, f := range fields(&r) {
				record.AddAttrs(slog.String(f.name, f.value))
			}
			record.AddAttrs(slog.Int("status", r.Status), slog.Float64("ms", r.Milliseconds))
			if err := newLogger(format, &want).Handler().Handle(t.Context(), record); err != nil {
				t.Fatal(err)
			}
			if got := string(line(nil, now, r)); got != want.String() {
				t.Errorf("%s:\n%s\nwant\n%s", format, got, want.String())
			}
		}
	}
}

func TestAccessWritesWholeLines(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		b := newLogBuffer(&out)
		access := b.access(format)
		access(api.Request{RequestID: "one", Path: "/" + strings.Repeat("x", 1000)})
		access(api.Request{RequestID: "two"})
		b.Close()
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if len(lines) != 2 || !strings.Contains(lines[0], "one") || !strings.Contains(lines[1], "two") || strings.Contains(lines[1], "xx") {
			t.Errorf("%s: %q", format, out.String())
		}
	}
}
