package badinput

import (
	"bufio"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"kaiwa/test/kit"
)

// Who reads a server's log may leave, as less does when it is closed.
func TestServesOnWithoutAReaderOfItsLog(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), kit.Binary(t), "serve", "--listen", "127.0.0.1:0", "--store", "memory:")
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	log.Close()
	res, err := http.Get(strings.TrimPrefix(strings.TrimSpace(line), "kaiwa ready ") + "/sim/v1/clock") // a line of the log
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil { // it writes what is left of the log
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}
