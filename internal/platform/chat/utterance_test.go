package chat

import "testing"

// A test may send anything as a recording; its content is served as one all the same.
func TestMediaTypes(t *testing.T) {
	for _, c := range []struct{ kind, content, want string }{
		{"video", "just words", "video/mp4"},
		{"audio", "just words", "audio/x-m4a"},
		{"video", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "video/mp4"},
		{"audio", "ID3\x03\x00\x00", "audio/mpeg"},
		{"file", "just words", "text/plain; charset=utf-8"},
	} {
		u := Utterance{Type: c.kind, Content: []byte(c.content), FileName: "a"}
		if err := u.check(); err != nil || u.mime != c.want {
			t.Errorf("%s of %q: %q, %v; want %q", c.kind, c.content, u.mime, err, c.want)
		}
	}
}
