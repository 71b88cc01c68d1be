package clients

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	m "github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

const (
	noContent  = `{"message":"not found"}` // lower case on this host
	gone       = `{"message":"The content is gone"}`
	noPreview  = `{"message":"The content can not be previewed"}`
	noEncoding = `{"message":"Transcoding status doesn't support this type of content"}`
)

// picture is a PNG of that many pixels in a square.
func picture(t *testing.T, edge int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, edge, edge))
	for i := range edge {
		img.Set(i, i, color.RGBA{R: uint8(i), A: 255})
	}
	var b bytes.Buffer
	must(t, 0, png.Encode(&b, img))
	return b.Bytes()
}

// file is what a person sends with a message of that type.
func file(kind string, content []byte, more object) object {
	m := object{"type": kind, "contentBase64": base64.StdEncoding.EncodeToString(content)}
	for name, v := range more {
		m[name] = v
	}
	return m
}

// fetched reads what a call of the blob client gives.
func fetched(t *testing.T, res *http.Response, err error) (body []byte, kind string) {
	t.Helper()
	must(t, res, err)
	defer res.Body.Close()
	body, err = io.ReadAll(res.Body)
	if must(t, body, err); res.ContentLength != int64(len(body)) {
		t.Errorf("Content-Length %d of %d bytes", res.ContentLength, len(body))
	}
	return body, res.Header.Get("Content-Type")
}

func TestContent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	film := append([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), bytes.Repeat([]byte("0123456789abcdef"), 3<<16)...) // 3 MiB
	song := []byte("\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A isom and a song")
	for _, c := range []struct {
		message   object
		content   []byte
		kind      string
		preview   bool
		encodable bool
	}{
		{file("image", picture(t, 600), nil), picture(t, 600), "image/png", true, false},
		{file("video", film, object{"duration": 1000}), film, "video/", true, true},
		{file("audio", song, object{"duration": 1000}), song, "audio/", false, true},
		{file("file", []byte("a letter"), object{"fileName": "letter.txt"}), []byte("a letter"), "", false, false},
	} {
		name := c.message["type"].(string)
		id := s.says(aoi, cafe, c.message).MessageID
		res, err := s.blob.GetMessageContent(id)
		body, kind := fetched(t, res, err)
		if !bytes.Equal(body, c.content) || kind == "" || !strings.HasPrefix(kind, c.kind) {
			t.Errorf("%s: %d bytes of %s", name, len(body), kind)
		}
		res, err = s.blob.GetMessageContentPreview(id)
		if c.preview {
			body, kind = fetched(t, res, err)
			s.smaller(name, kind, body)
		} else {
			refused(t, name+": preview", err, 400, noPreview)
		}
		status, err := s.blob.GetMessageContentTranscodingByMessageId(id)
		if !c.encodable {
			refused(t, name+": transcoding", err, 400, noEncoding)
		} else if must(t, status, err); status.Status != m.GetMessageContentTranscodingResponseSTATUS_SUCCEEDED {
			t.Errorf("%s: %+v", name, status)
		}
	}
}

// smaller checks that a preview is a picture smaller than the 600 pixels sent.
func (s *stage) smaller(name, kind string, body []byte) {
	s.t.Helper()
	decode := map[string]func(io.Reader) (int, error){
		"image/jpeg": func(r io.Reader) (int, error) { c, err := jpeg.DecodeConfig(r); return c.Width, err },
		"image/png":  func(r io.Reader) (int, error) { c, err := png.DecodeConfig(r); return c.Width, err },
	}[kind]
	if decode == nil {
		s.t.Fatalf("%s: the preview is %s", name, kind)
	}
	if width, err := decode(bytes.NewReader(body)); err != nil || width <= 0 || width >= 600 {
		s.t.Errorf("%s: the preview is %d wide: %v", name, width, err)
	}
}

// A large video is being prepared for a while; the virtual clock ends it.
func TestContentInPreparation(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.says(aoi, cafe, file("video", []byte("a film"), object{"preparing": "30s"})).MessageID
	transcoding := func(want m.GetMessageContentTranscodingResponseSTATUS) {
		t.Helper()
		status, err := s.blob.GetMessageContentTranscodingByMessageId(id)
		if must(t, status, err); status.Status != want {
			t.Errorf("%+v, want %s", status, want)
		}
	}
	res, err := s.blob.GetMessageContent(id)
	if body, _ := fetched(t, res, err); res.StatusCode != 202 || len(body) != 0 {
		t.Errorf("in preparation: %d %s", res.StatusCode, body)
	}
	transcoding(m.GetMessageContentTranscodingResponseSTATUS_PROCESSING)
	s.advance(30 * time.Second)
	transcoding(m.GetMessageContentTranscodingResponseSTATUS_SUCCEEDED)
	res, err = s.blob.GetMessageContent(id)
	if body, _ := fetched(t, res, err); res.StatusCode != 200 || string(body) != "a film" {
		t.Errorf("prepared: %d %s", res.StatusCode, body)
	}
}

func TestContentThatIsNotThere(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	pushed, err := s.api.PushMessage(&m.PushMessageRequest{To: aoi, Messages: []m.MessageInterface{&m.ImageMessage{OriginalContentUrl: https + "a.jpg", PreviewImageUrl: https + "b.jpg"}}}, "")
	must(t, pushed, err)
	for name, id := range map[string]string{
		"a text":            s.writes(aoi, cafe, "hi").MessageID,
		"a sticker":         s.says(aoi, cafe, object{"type": "sticker", "packageId": "446", "stickerId": "1988"}).MessageID,
		"a location":        s.says(aoi, cafe, object{"type": "location", "latitude": 1, "longitude": 2}).MessageID,
		"no message":        "999999999999999999",
		"no number":         "abc",
		"another account's": s.says(aoi, tea, file("image", picture(t, 8), nil)).MessageID,
		"the bot's own":     pushed.SentMessages[0].Id,
	} {
		_, err := s.blob.GetMessageContent(id)
		refused(t, name, err, 404, noContent)
		_, err = s.blob.GetMessageContentPreview(id)
		refused(t, name+": preview", err, 404, noContent)
		_, err = s.blob.GetMessageContentTranscodingByMessageId(id)
		refused(t, name+": transcoding", err, 404, noContent)
	}
	id := s.says(ben, team, file("image", picture(t, 8), nil)).MessageID
	res, err := s.blob.GetMessageContent(id)
	fetched(t, res, err)
	s.does(ben, object{"type": "unsend", "messageId": id})
	_, err = s.blob.GetMessageContent(id)
	refused(t, "unsent", err, 410, gone)
	_, err = s.blob.GetMessageContentPreview(id)
	refused(t, "the preview of what was unsent", err, 410, gone)
}
