package api_test

import (
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
)

// BenchmarkJSON is the cost of one request besides what its operation does:
// routing, authentication, limits, strict JSON both ways, the logs.
func BenchmarkJSON(b *testing.B) {
	bench := newBench(b, family, op("json", "POST /v2/bot/message/push"))
	bench.server.Log = slog.New(slog.DiscardHandler)
	const body = `{"text":"Hello","n":1,"list":[{"to":"U00000000000000000000000000000a01"}],"extra":{"type":"text","text":"Hello, world"}}`
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := httptest.NewRequest("POST", "/v2/bot/message/push", strings.NewReader(body))
			r.Header.Set("Authorization", "Bearer 1656000001")
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			bench.routes.ServeHTTP(w, r)
			if w.Code != 200 {
				b.Errorf("%d %s", w.Code, w.Body)
				return
			}
		}
	})
}
