package durability

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"kaiwa/test/kit"
)

// limitFiles lets files of the server grow up to a size, as a disk does that is
// almost full.
func limitFiles(t *testing.T, pid int, size uint64) {
	t.Helper()
	limit := syscall.Rlimit{Cur: size, Max: syscallUnlimited}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), syscall.RLIMIT_FSIZE, uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
	if errno != 0 {
		t.Skipf("the size of files cannot be limited here: %v", errno)
	}
}

const syscallUnlimited = ^uint64(0)

// A full disk refuses writes for as long as it is full; what was acknowledged
// stays, reads go on, and nobody has to restart the server.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	s := kit.Start(t, kit.Options{World: crowded(3)})
	info, err := os.Stat(strings.TrimPrefix(s.Store, "sqlite:") + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	limitFiles(t, s.Pid(), uint64(info.Size())+100<<10)
	pushed := 0
	push := func() kit.Answer {
		pushed++
		return s.Do("POST", "/v2/bot/message/push", fmt.Sprintf(`{"to":%q,"messages":[{"type":"text","text":"mark %d"}]}`, person(0), pushed),
			"Authorization", "Bearer built")
	}
	accepted := map[string]bool{}
	full := false
	for range 500 {
		switch a := push(); {
		case a.Status == http.StatusOK:
			accepted[fmt.Sprintf("mark %d", pushed)] = true
		case a.Status == http.StatusServiceUnavailable && a.Header.Get("Retry-After") != "":
			full = true
		default:
			t.Fatalf("%d %v %s", a.Status, a.Header, a.Body)
		}
	}
	if !full || len(accepted) == 0 {
		t.Fatalf("the disk never became full: %d of %d accepted", len(accepted), pushed)
	}
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503, "/sim/v1/people/" + person(0) + "/chats": 200} {
		if a := s.Do("GET", path, ""); a.Status != want {
			t.Errorf("on a full disk %s is answered %d %s", path, a.Status, a.Body)
		}
	}
	limitFiles(t, s.Pid(), syscallUnlimited)
	for range 50 {
		if a := push(); a.Status != http.StatusOK {
			t.Errorf("with room again: %d %s", a.Status, a.Body)
		}
		accepted[fmt.Sprintf("mark %d", pushed)] = true
	}
	s.Kill()
	s.Restart()
	texts := (&verdict{t: t, server: s}).chat(person(0), "1656000001")
	for n := 1; n <= pushed; n++ {
		mark := fmt.Sprintf("mark %d", n)
		if len(texts[mark]) != map[bool]int{true: 1, false: 0}[accepted[mark]] {
			t.Errorf("%s: accepted %v, and it stands there %d times", mark, accepted[mark], len(texts[mark]))
		}
	}
	t.Logf("%d of %d accepted", len(accepted), pushed)
}
