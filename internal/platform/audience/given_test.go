package audience

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/friend"
)

// The lines of a file are those that splitting it gives, and what they hold is a
// user id exactly when its form says so.
func FuzzLines(f *testing.F) {
	for _, seed := range []string{"", "\n\n", "\uFEFFU00000000000000000000000000000a01\r\nU00000000000000000000000000000a02", " \tx \r\n", "U0\x00\n",
		"u00000000000000000000000000000a01", "U0000000000000000000000000000000A"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var want, got []string
		for i, line := range strings.Split(text, "\n") {
			if len(line) >= 60<<10 {
				return // so long a line is none at all
			}
			if i == 0 {
				line = strings.TrimPrefix(line, "\uFEFF")
			}
			if line = strings.Trim(line, " \t\r"); line != "" {
				want = append(want, line)
			}
		}
		for line := range lines(strings.NewReader(text)) {
			got = append(got, string(line))
			if _, ok := friend.ParseUserID(line); ok != friend.UserID.Match(line) {
				t.Errorf("%q: %t", line, ok)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q\n got %q\nwant %q", text, got, want)
		}
	})
}

func TestEndlessLine(t *testing.T) {
	got := slices.Collect(lines(strings.NewReader("U00000000000000000000000000000a01\n" + strings.Repeat("U", 70<<10))))
	if len(got) != 2 || got[1] != nil {
		t.Errorf("%q", got)
	}
}

// A multipart body, however it looks, is read or refused; the file of one that
// is read can be read too.
func FuzzForm(f *testing.F) {
	const kind = "multipart/form-data; boundary=b"
	f.Add(kind, []byte("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx\r\n--b--\r\n"))
	f.Add(kind, []byte("--b\r\nContent-Disposition: form-data; name=description\r\nContent-Type: application/json\r\n\r\n\"x\"\r\n--b--"))
	f.Add(kind, []byte("--b\r\n\r\n--b--"))
	f.Add("multipart/form-data; boundary=", []byte("--\r\n"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		form, err := readForm(kind, body)
		var refused *api.Error
		switch {
		case err == nil:
			var b bytes.Buffer
			if _, err := b.ReadFrom(form.file()); err != nil {
				t.Error(err)
			}
		case !errors.As(err, &refused):
			t.Error(err)
		}
	})
}
