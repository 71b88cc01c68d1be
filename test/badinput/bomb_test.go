package badinput

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiwa/test/kit"
)

// chunkOfPNG is a chunk with its checksum.
func chunkOfPNG(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// pngHead is the beginning of a PNG that claims a size.
func pngHead(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return append([]byte("\x89PNG\r\n\x1a\n"), chunkOfPNG("IHDR", append(head, 8, 6, 0, 0, 0))...)
}

// riff is a WebP file of these chunks.
func riff(chunks ...[]byte) []byte {
	body := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func chunkOfRIFF(kind string, data []byte) []byte {
	b := append(binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(data))), data...)
	if len(data)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

// canvas is a WebP's extended header that claims a picture of one point.
func canvas() []byte { return chunkOfRIFF("VP8X", make([]byte, 10)) }

// lossless is a whole lossless picture of 16384 by 16384 points in one colour:
// after the size, no transform and no colour cache, five codes of a single
// symbol each, which take no bits for any of the 268 million points.
func lossless() []byte {
	b := []byte{0x2f}
	b = binary.LittleEndian.AppendUint32(b, 16383|16383<<14)
	return chunkOfRIFF("VP8L", append(b, 0x88, 0x88, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}

// lossy is the head of a key frame of 16383 by 16383 points.
func lossy() []byte {
	b := []byte{0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0xff, 0x3f, 0xff, 0x3f}
	return chunkOfRIFF("VP8 ", append(b, make([]byte, 64)...))
}

// plainPicture is a picture that compresses to almost nothing.
func plainPicture(edge int) *image.Paletted {
	return image.NewPaletted(image.Rect(0, 0, edge, edge), color.Palette{color.White, color.Black})
}

func encoded(t *testing.T, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// patched sets the size that a picture's header claims.
func patched(b []byte, at int, size ...byte) []byte {
	b = bytes.Clone(b)
	copy(b[at:], size)
	return b
}

// A picture that claims to be huge is stored, but never unpacked.
func TestImageBombs(t *testing.T) {
	t.Parallel()
	v := newVictim(t, kit.Options{})
	smallGIF := encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, plainPicture(1), nil) })
	smallJPEG := encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, plainPicture(8), nil) })
	sof := bytes.Index(smallJPEG, []byte{0xff, 0xc0})
	for name, content := range map[string][]byte{
		"PNG, 65535 x 65535":                append(pngHead(65535, 65535), chunkOfPNG("IDAT", []byte{0x78, 0x9c})...),
		"PNG, 2^31-1 x 2^31-1":              append(pngHead(1<<31-1, 1<<31-1), chunkOfPNG("IDAT", nil)...),
		"PNG, 2^32-1 x 2^32-1":              append(pngHead(1<<32-1, 1<<32-1), chunkOfPNG("IDAT", nil)...),
		"PNG, 0 x 0":                        append(pngHead(0, 0), chunkOfPNG("IDAT", nil)...),
		"PNG, a whole one of 20000 x 20000": encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, plainPicture(20000)) }),
		"GIF, 65535 x 65535":                patched(smallGIF, 6, 0xff, 0xff, 0xff, 0xff),
		"JPEG, 65535 x 65535":               patched(smallJPEG, sof+5, 0xff, 0xff, 0xff, 0xff),
		"WebP, 16384 x 16384":               riff(lossless()),
		"WebP, 1 x 1 around 16384 x 16384":  riff(canvas(), lossless()),
		"WebP, 1 x 1 around 16383 x 16383":  riff(canvas(), lossy()),
		"PNG, cut off":                      pngHead(100, 100)[:20],
		"GIF, cut off":                      smallGIF[:10],
	} {
		body := fmt.Sprintf(`{"chat":{"channelId":%q},"message":{"type":"image","contentBase64":%q}}`, cafe, base64.StdEncoding.EncodeToString(content))
		before, start := v.peak(), time.Now()
		a := v.Do("POST", "/sim/v1/people/"+aoi+"/messages", body)
		if took := time.Since(start); a.Status != http.StatusOK && a.Status != http.StatusBadRequest || took > prompt {
			t.Errorf("%s: %d after %v: %s", name, a.Status, took, a.Body)
		}
		if grown := v.peak() - before; grown > 64<<20 {
			t.Errorf("%s made the server grow by %d MiB", name, grown>>20)
		}
	}
	for _, kind := range []string{"video", "audio", "file"} {
		body := fmt.Sprintf(`{"chat":{"channelId":%q},"message":{"type":%q,"fileName":"x","contentBase64":%q}}`, cafe, kind,
			base64.StdEncoding.EncodeToString(pngHead(65535, 65535)))
		if a := v.Do("POST", "/sim/v1/people/"+aoi+"/messages", body); a.Status != http.StatusOK && a.Status != http.StatusBadRequest {
			t.Errorf("as %s: %d %s", kind, a.Status, a.Body)
		}
	}
}

// Pictures that are just small enough to be unpacked, several at once, each of
// them cheap to send.
func TestManyLargePictures(t *testing.T) {
	t.Parallel()
	v := newVictim(t, kit.Options{})
	for name, img := range map[string]image.Image{"16 bits deep": image.NewNRGBA64(image.Rect(0, 0, 4000, 4000)), "8 bits deep": image.NewNRGBA(image.Rect(0, 0, 4000, 4000))} {
		large := encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, img) })
		body := fmt.Sprintf(`{"chat":{"channelId":%q},"message":{"type":"image","contentBase64":%q}}`, cafe, base64.StdEncoding.EncodeToString(large))
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				if a := v.Do("POST", "/sim/v1/people/"+aoi+"/messages", body); a.Status != http.StatusOK {
					t.Errorf("%s: %d %s", name, a.Status, a.Body)
				}
			})
		}
		wg.Wait()
	}
	t.Logf("the server grew to %d MiB", v.peak()>>20)
}

func TestBrokenMultipart(t *testing.T) {
	t.Parallel()
	v := newVictim(t, kit.Options{})
	message := "--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n" + `{"chat":{"channelId":"` + cafe + `"},"message":{"type":"file","fileName":"x"}}` + "\r\n"
	for name, c := range map[string]struct{ media, body string }{
		"no boundary":     {"multipart/form-data", message + "--b--"},
		"another one":     {"multipart/form-data; boundary=c", message + "--b--"},
		"no end":          {"multipart/form-data; boundary=b", message + "--b\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\nabc"},
		"no content":      {"multipart/form-data; boundary=b", message + "--b--"},
		"no message":      {"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\nabc\r\n--b--"},
		"10000 parts":     {"multipart/form-data; boundary=b", strings.Repeat("--b\r\n\r\n\r\n", 10000) + "--b--"},
		"a large head":    {"multipart/form-data; boundary=b", "--b\r\nX: " + strings.Repeat("y", 10<<20) + "\r\n\r\n\r\n--b--"},
		"nested":          {"multipart/form-data; boundary=b", "--b\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n" + message + "--b--\r\n--b--"},
		"a long boundary": {"multipart/form-data; boundary=" + strings.Repeat("b", 5000), "--" + strings.Repeat("b", 5000) + "--"},
		"half a type":     {"multipart/form-data; boundary", message},
	} {
		start := time.Now()
		a := v.Do("POST", "/sim/v1/people/"+aoi+"/messages", c.body, "Content-Type", c.media)
		if took := time.Since(start); a.Status != http.StatusBadRequest && a.Status != http.StatusUnsupportedMediaType || took > prompt {
			t.Errorf("%s: %d after %v: %s", name, a.Status, took, a.Body)
		}
	}
}
