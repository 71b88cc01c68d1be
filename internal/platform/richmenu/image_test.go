package richmenu_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

func TestImages(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		id := create(s, "a", postback)
		at := "/v2/bot/richmenu/" + id + "/content"
		picture := string(pictureOf(t, "jpeg", 2500, 1686))
		put := func(name, call, kind, body string, status int, want, effect string) stage.Step {
			return stage.Step{Name: name, Call: "POST " + call, As: stage.Cafe, Body: body, Header: []string{"Content-Type", kind}, Status: status, Want: want, Effect: effect}
		}
		const size = `{"message":"The image size is not allowed for richmenu"}`
		s.Play(t, []stage.Step{
			{Name: "none yet", Call: "GET " + at, As: stage.Cafe, Status: 404, Want: notFound},
			put("another media type", at, "image/gif", picture, 415, `{"message":"The content type, image/gif, is not supported"}`, ""),
			put("no media type", at, "", picture, 415, `{"message":"The content type, application/octet-stream, is not supported"}`, ""),
			put("no such menu", "/v2/bot/richmenu/"+missing+"/content", "image/png", picture, 404, notFound, ""),
			put("too narrow", at, "image/png", string(pictureOf(t, "png", 799, 250)), 400, size, ""),
			put("too wide", at, "image/png", string(pictureOf(t, "png", 2501, 843)), 400, size, ""),
			put("too low", at, "image/png", string(pictureOf(t, "png", 800, 249)), 400, size, ""),
			put("too high for its width", at, "image/png", string(pictureOf(t, "png", 800, 552)), 400, size, ""),
			put("no picture", at, "image/png", "PNG", 400, size, ""),
			put("nothing", at, "image/png", "", 400, size, ""),
			put("more than 1 MB", at, "image/jpeg", picture+strings.Repeat("x", 1<<20), 400, size, ""),
			put("more than 2 MB", at, "image/jpeg", picture+strings.Repeat("x", 2<<20), 413, `{"message":"The request body is too large"}`, ""),
			put("taken", at, "image/jpeg", picture, 200, `{}`, "rich_menu_images+1"),
			put("a second one", at, "image/jpeg", picture, 400, `{"message":"An image has already been uploaded to the richmenu"}`, ""),
			{Name: "not another channel's", Call: "GET " + at, As: stage.Shop, Status: 404, Want: notFound},
		})
		s.Restart()
		got := ok(s, "GET", at, "")
		if got.Body != picture || got.Header.Get("Content-Type") != "image/jpeg" || got.Header.Get("x-line-request-id") == "" {
			t.Errorf("%d bytes, %s", len(got.Body), got.Header)
		}
		s.Play(t, []stage.Step{{Name: "deleted with its menu", Call: "DELETE /v2/bot/richmenu/" + id, As: stage.Cafe, Status: 200, Want: `{}`,
			Effect: "rich_menu_images-1 rich_menus-1 | richMenu"}})
	})
}

// The sizes that the Postman collection still lists, and 1 MB to the byte.
func TestImagesThatFit(t *testing.T) {
	s := stage.Start(t, "", "")
	for _, size := range [][2]int{{2500, 1686}, {2500, 843}, {1200, 810}, {1200, 405}, {800, 540}, {800, 270}, {800, 250}} {
		id := create(s, "a", postback)
		picture := string(pictureOf(t, "png", size[0], size[1]))
		picture += strings.Repeat("x", 1<<20-len(picture))
		// What the header says and what the picture is need not be the same.
		ok(s, "POST", "/v2/bot/richmenu/"+id+"/content", picture, "Content-Type", "image/jpeg")
		if got := ok(s, "GET", "/v2/bot/richmenu/"+id+"/content", ""); got.Header.Get("Content-Type") != "image/png" {
			t.Errorf("%v: %s", size, got.Header.Get("Content-Type"))
		}
	}
}
