package richmenu_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

const (
	notFound  = `{"message":"Not found"}`
	badUser   = `{"message":"The value for the 'userId' parameter is invalid"}`
	needImage = `{"message":"must upload richmenu image before applying it to user","details":[]}`
	noMenu    = `{"message":"the user has no richmenu","details":[]}`
	noDefault = `{"message":"no default richmenu","details":[]}`
	missing   = "richmenu-00000000000000000000000000000000"
)

// object is a rich menu with that name and these actions, each on an area of its own.
func object(name string, actions ...string) string {
	var areas []string
	for _, a := range actions {
		areas = append(areas, `{"bounds":{"x":0,"y":0,"width":400,"height":250},"action":`+a+`}`)
	}
	return `{"size":{"width":800,"height":250},"selected":true,"name":"` + name + `","chatBarText":"Tap","areas":[` + strings.Join(areas, ",") + `]}`
}

const postback = `{"type":"postback","data":"d"}`

// create makes a menu of the cafe's without a picture.
func create(s *stage.Stage, name string, actions ...string) string {
	s.T.Helper()
	a := s.As(stage.Cafe, "POST", "/v2/bot/richmenu", object(name, actions...))
	var v struct{ RichMenuID string }
	if err := json.Unmarshal([]byte(a.Body), &v, json.MatchCaseInsensitiveNames(true)); err != nil || a.Status != 200 {
		s.T.Fatalf("create: %d %s", a.Status, a.Body)
	}
	return v.RichMenuID
}

// menu makes one with a picture.
func menu(s *stage.Stage, name string, actions ...string) string {
	s.T.Helper()
	id := create(s, name, actions...)
	ok(s, "POST", "/v2/bot/richmenu/"+id+"/content", string(pictureOf(s.T, "png", 800, 250)), "Content-Type", "image/png")
	return id
}

// ok calls as the cafe what must succeed.
func ok(s *stage.Stage, method, path, body string, header ...string) stage.Answer {
	s.T.Helper()
	a := s.As(stage.Cafe, method, path, body, header...)
	if a.Status/100 != 2 {
		s.T.Fatalf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	return a
}

func pictureOf(t testing.TB, format string, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	img := image.NewGray(image.Rect(0, 0, width, height))
	err := png.Encode(&b, img)
	if format == "jpeg" {
		b.Reset()
		err = jpeg.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// link gives a person a menu of their own; setDefault one to all.
func link(s *stage.Stage, user, id string) {
	s.T.Helper()
	ok(s, "POST", "/v2/bot/user/"+user+"/richmenu/"+id, "")
}

func setDefault(s *stage.Stage, id string) {
	s.T.Helper()
	ok(s, "POST", "/v2/bot/user/all/richmenu/"+id, "")
}

// has is the id of a person's own menu, "" for none.
func has(s *stage.Stage, user string) string {
	s.T.Helper()
	a := s.As(stage.Cafe, "GET", "/v2/bot/user/"+user+"/richmenu", "")
	if a.Status == 404 {
		return ""
	}
	return strings.TrimSuffix(strings.TrimPrefix(a.Body, `{"richMenuId":"`), `"}`)
}

// ids are user ids in JSON.
func ids(users ...string) string { return `["` + strings.Join(users, `","`) + `"]` }

func details(count, message, property string) string {
	return `{"message":"The request body has ` + count + ` error(s)","details":[{"message":"` + message + `","property":"` + property + `"}]}`
}
