package chat

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	_ "image/gif" // decoders of what phones send
	"image/jpeg"
	_ "image/png"
	"io"
	"runtime"
	"sync"

	xdraw "golang.org/x/image/draw"
	_ "golang.org/x/image/webp"

	"kaiwa/internal/kernel/store"
)

// partSize is how a file lies in the store: pieces that a reader can hold.
const partSize = 1 << 20

// Content is a file that a person sent.
type Content struct {
	MessageID   int64
	Mime        string
	Length      int64
	FileName    string
	ReadyAt     int64
	PreviewMime string
	Preview     []byte
}

func (r *Room) putContent(tx *store.Tx, messageID int64, u Utterance) error {
	kind := ""
	if u.preview != nil {
		kind = "image/jpeg"
	}
	_, err := tx.Exec(`INSERT INTO contents (message_id, mime, length, file_name, ready_at, preview_mime, preview) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		messageID, u.mime, len(u.Content), u.FileName, tx.Millis()+u.preparing.Milliseconds(), kind, u.preview)
	for n := 0; err == nil && n*partSize < len(u.Content); n++ {
		part := u.Content[n*partSize : min(len(u.Content), (n+1)*partSize)]
		_, err = tx.Exec(`INSERT INTO content_parts (message_id, n, data) VALUES ($1, $2, $3)`, messageID, n, part)
	}
	return err
}

// content reads about a file, without the file.
func (r *Room) content(tx *store.Tx, messageID int64) (Content, error) {
	c := Content{MessageID: messageID}
	err := tx.Row(`SELECT mime, length, file_name, ready_at, preview_mime, preview FROM contents WHERE message_id = $1`, []any{messageID},
		&c.Mime, &c.Length, &c.FileName, &c.ReadyAt, &c.PreviewMime, &c.Preview)
	return c, err
}

// Content reads about the file of a message; store.ErrNotFound when it has none.
func (r *Room) Content(ctx context.Context, messageID int64) (c Content, err error) {
	err = r.db.View(ctx, func(tx *store.Tx) error {
		c, err = r.content(tx, messageID)
		return err
	})
	return c, err
}

// Reader gives the file's bytes piece by piece; no read transaction stays open
// while a slow client takes them.
func (r *Room) Reader(ctx context.Context, messageID int64) io.Reader {
	return &partReader{ctx: ctx, db: r.db, id: messageID}
}

type partReader struct {
	ctx  context.Context
	db   *store.DB
	id   int64
	n    int
	part []byte
}

func (p *partReader) Read(b []byte) (int, error) {
	if len(p.part) == 0 {
		err := p.db.View(p.ctx, func(tx *store.Tx) error {
			return tx.Row(`SELECT data FROM content_parts WHERE message_id = $1 AND n = $2`, []any{p.id, p.n}, &p.part)
		})
		if errors.Is(err, store.ErrNotFound) {
			return 0, io.EOF
		}
		if err != nil {
			return 0, err
		}
		p.n++
	}
	n := copy(b, p.part)
	p.part = p.part[n:]
	return n, nil
}

const (
	previewEdge = 240
	// unpackedMost bounds the bytes that a picture may take unpacked; one that
	// would take more is not.
	unpackedMost = 64 << 20
	// collectAbove is how many points make a picture worth a collection of its own.
	collectAbove = 2 << 20
)

// unpacking keeps pictures to one at a time: several large ones together would
// take more memory than all else does.
var unpacking sync.Mutex

// previewOf is a smaller JPEG of a picture. A video gets a plain frame with a
// play mark: nothing here decodes video.
func previewOf(u Utterance) []byte {
	switch u.Type {
	case "image":
		unpacking.Lock()
		defer unpacking.Unlock()
		img := unpack(u.Content)
		if img == nil {
			return jpegOf(plain(color.RGBA{0xdd, 0xe1, 0xe6, 0xff}))
		}
		preview, points := jpegOf(shrink(img)), img.Bounds().Dx()*img.Bounds().Dy()
		if points > collectAbove {
			runtime.GC() // before the next one comes: it is more garbage than the rest makes in minutes
		}
		return preview
	case "video":
		return jpegOf(playFrame())
	}
	return nil
}

// unpack decodes a picture; nil when it is broken or too large.
func unpack(content []byte) image.Image {
	head, format, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return nil
	}
	each := int64(4) // bytes of a point
	switch {
	case head.ColorModel == color.RGBA64Model, head.ColorModel == color.NRGBA64Model:
		each = 8
	case format == "jpeg" && bytes.Contains(content, []byte{0xff, 0xc2}): // progressive: its coefficients are kept to the end
		each = 16
	}
	if int64(head.Width)*int64(head.Height) > unpackedMost/each {
		return nil
	}
	img, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return nil
	}
	return img
}

func shrink(img image.Image) image.Image {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if longest := max(w, h); longest > previewEdge {
		w, h = max(1, w*previewEdge/longest), max(1, h*previewEdge/longest)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	xdraw.ApproxBiLinear.Scale(out, out.Bounds(), img, b, draw.Src, nil)
	return out
}

func plain(c color.RGBA) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, previewEdge, previewEdge))
	draw.Draw(img, img.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	return img
}

func playFrame() image.Image {
	img := plain(color.RGBA{0x2b, 0x30, 0x38, 0xff})
	for y := 80; y < 160; y++ { // a triangle
		half := 40 - abs(y-120)
		for x := 90; x < 90+2*half; x++ {
			img.Set(x, y, color.White)
		}
	}
	return img
}

func abs(n int) int { return max(n, -n) }

func jpegOf(img image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}); err != nil {
		return nil
	}
	return b.Bytes()
}
