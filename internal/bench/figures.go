package bench

import (
	"math"
	"time"

	"github.com/go-json-experiment/json"
)

// Figures are what a bench measured. Times are milliseconds unless named
// otherwise; what is not known (the process of a server elsewhere) is left out.
type Figures struct {
	Bench             string  `json:"bench"`
	Connections       int     `json:"connections"`
	Requests          int64   `json:"requests"`
	Errors            int64   `json:"errors"`
	FirstError        string  `json:"firstError,omitzero"`
	Seconds           float64 `json:"seconds"`
	RequestsPerSecond float64 `json:"requestsPerSecond"`
	P50               float64 `json:"p50"`
	P90               float64 `json:"p90"`
	P99               float64 `json:"p99"`
	Max               float64 `json:"max"`
	// ServerCPUMicros and LoadCPUMicros are microseconds of CPU per request, of
	// the server's process and of this one.
	ServerCPUMicros float64 `json:"serverCpuMicrosPerRequest,omitzero"`
	LoadCPUMicros   float64 `json:"loadCpuMicrosPerRequest"`
	// ServerMegabytes is resident memory at the end, IdleMegabytes and Ready are
	// of the start: how much before the first request, how long until it was ready.
	ServerMegabytes float64 `json:"serverMegabytes,omitzero"`
	IdleMegabytes   float64 `json:"idleMegabytes,omitzero"`
	Ready           float64 `json:"ready,omitzero"`

	Broadcast *BroadcastFigures `json:"broadcast,omitzero"`
	History   *HistoryFigures   `json:"history,omitzero"`
}

// BroadcastFigures are what a send to many adds.
type BroadcastFigures struct {
	Friends int64 `json:"friends"`
	// Rows is how many rows of messages one broadcast of one message wrote.
	Rows float64 `json:"rowsPerBroadcast,omitzero"`
	// Shown is how long after the answer a friend's chat had it, the reading of
	// the chat included: the median over the first friends of the account's list.
	Shown float64 `json:"shown"`
}

// HistoryFigures are what reading a long history adds.
type HistoryFigures struct {
	Messages int64 `json:"messages"`
	// PageStart, PageMiddle and PageEnd are medians of reading 100 messages there.
	PageStart  float64 `json:"pageStart"`
	PageMiddle float64 `json:"pageMiddle"`
	PageEnd    float64 `json:"pageEnd"`
	// Streamed counts the messages of one stream of the whole history.
	Streamed           int64   `json:"streamed"`
	StreamSeconds      float64 `json:"streamSeconds"`
	StreamedPerSecond  float64 `json:"streamedPerSecond"`
	StreamMegabytes    float64 `json:"streamMegabytes"`
	CPUMicrosPerStream float64 `json:"serverCpuMicrosPerMessage,omitzero"`
}

// JSON is the figures on one line, without its newline.
func (f *Figures) JSON() ([]byte, error) { return json.Marshal(f) }

func (f *Figures) take(t *tally) {
	f.Requests, f.Errors = t.done(), t.errors
	if t.firstErr != nil {
		f.FirstError = t.firstErr.Error()
	}
	f.Seconds = round(t.took.Seconds())
	f.RequestsPerSecond = round(float64(t.done()) / t.took.Seconds())
	f.P50, f.P90, f.P99, f.Max = millis(quantile(t.latencies, 0.5)), millis(quantile(t.latencies, 0.9)),
		millis(quantile(t.latencies, 0.99)), millis(quantile(t.latencies, 1))
}

// quantile of an ascending list: the smallest value that at least the share q
// of them does not exceed.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(0, int(math.Ceil(q*float64(len(sorted))))-1)]
}

func millis(d time.Duration) float64 { return round(float64(d.Microseconds()) / 1000) }

// round keeps three decimals: more would only pretend.
func round(f float64) float64 { return math.Round(f*1000) / 1000 }
