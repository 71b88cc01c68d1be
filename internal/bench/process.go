package bench

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU time in /proc: Linux shows programs hundredths of a
// second on every architecture.
const tick = 10 * time.Millisecond

// cpu is the CPU time that a process has used, in user and kernel mode. Only
// Linux tells it, in /proc.
func cpu(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	return parseCPU(string(text))
}

func parseCPU(stat string) (time.Duration, error) {
	// The second field, the command in brackets, may hold spaces and brackets.
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0, fmt.Errorf("bench: short /proc stat %q", stat)
	}
	var sum int64
	for _, f := range fields[11:13] { // utime, stime
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return time.Duration(sum) * tick, nil
}

// resident is the resident memory of a process in megabytes.
func resident(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if v, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(v), " kB"), 64)
			return round(kb / 1024), err
		}
	}
	return 0, fmt.Errorf("bench: no VmRSS of process %d", pid)
}

// meter takes the CPU time of the server and of this process over a span.
type meter struct {
	pid          int // 0: not known
	server, self time.Duration
}

func startMeter(pid int) meter {
	m := meter{pid: pid}
	m.server, m.self = m.read()
	return m
}

func (m meter) read() (server, self time.Duration) {
	if m.pid != 0 {
		server, _ = cpu(m.pid) // what a system does not tell counts as nothing and is left out
	}
	self, _ = cpu(os.Getpid())
	return server, self
}

// perUnit is the CPU time since the start in microseconds for each of n things.
func (m meter) perUnit(n int64) (server, self float64) {
	if n == 0 {
		return 0, 0
	}
	s, l := m.read()
	return round(float64((s - m.server).Microseconds()) / float64(n)), round(float64((l - m.self).Microseconds()) / float64(n))
}
