package chat

import (
	"bytes"
	"image"
	"image/png"
	"testing"
)

// Whether a picture is unpacked depends on the memory that it would take.
func TestUnpack(t *testing.T) {
	encoded := func(img image.Image) []byte {
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	small := encoded(image.NewNRGBA64(image.Rect(0, 0, 30, 20)))
	for name, c := range map[string]struct {
		content []byte
		want    bool
	}{
		"small":              {small, true},
		"a photograph":       {encoded(image.NewGray(image.Rect(0, 0, 4032, 3024))), true},
		"twice as deep":      {encoded(image.NewNRGBA64(image.Rect(0, 0, 4032, 3024))), false},
		"larger than phones": {encoded(image.NewGray(image.Rect(0, 0, 8000, 4000))), false},
		"cut off":            {small[:len(small)-20], false},
		"no picture":         {[]byte("no picture"), false},
	} {
		if got := unpack(c.content); (got != nil) != c.want {
			t.Errorf("%s: unpacked %v", name, got != nil)
		}
	}
}
