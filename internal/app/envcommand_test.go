package app_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kaiwa/internal/app"
)

// The server that is meant is named by a flag, by a variable, or by the default;
// KAIWA_URL stays in a shell that an earlier kaiwa env has set up.
func TestWhichServerEnvAsks(t *testing.T) {
	server := func(name string) (url, address string) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"url":"http://`+name+`"}`)
		}))
		t.Cleanup(s.Close)
		return s.URL, strings.TrimPrefix(s.URL, "http://")
	}
	_, one := server("one")
	two, _ := server("two")
	three, four := server("three")
	for _, c := range []struct {
		args, env []string
		want      string
	}{
		{[]string{"--listen", one}, nil, "one"},
		{[]string{"--url", two}, nil, "two"},
		{[]string{"--listen", one, "--url", two}, nil, "two"},
		{nil, []string{"KAIWA_URL=" + three}, "three"},
		{nil, []string{"KAIWA_LISTEN=" + four}, "three"},
		{[]string{"--listen", one}, []string{"KAIWA_URL=" + three}, "one"},
		{[]string{"--url", two}, []string{"KAIWA_LISTEN=" + one}, "two"},
	} {
		var stdout, stderr strings.Builder
		code := app.Run(t.Context(), append([]string{"env"}, c.args...), app.IO{Env: append(c.env, "HOME="+t.TempDir()), Stdout: &stdout, Stderr: &stderr})
		if want := "export KAIWA_URL='http://" + c.want + "'"; code != 0 || !strings.Contains(stdout.String(), want) {
			t.Errorf("%v %v: %d %s%s, want %s", c.args, c.env, code, stdout.String(), stderr.String(), want)
		}
	}
}
