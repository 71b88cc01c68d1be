package object

import (
	"fmt"
	"strings"
	"testing"
)

// template is a template message around a template object.
func template(inside string) string {
	return `{"type":"template","altText":"alt","template":` + inside + `}`
}

const yes = `{"type":"message","label":"Yes","text":"yes"}`

func TestTemplates(t *testing.T) {
	buttons := func(text, more string) string {
		return template(fmt.Sprintf(`{"type":"buttons","text":%q,"actions":[%s]%s}`, text, yes, more))
	}
	confirm := func(text string, n int) string {
		return template(fmt.Sprintf(`{"type":"confirm","text":%q,"actions":[%s]}`, text, times(n, yes)))
	}
	column := func(text string, n int, more string) string {
		return fmt.Sprintf(`{"text":%q,"actions":[%s]%s}`, text, times(n, yes), more)
	}
	carousel := func(columns ...string) string {
		return template(`{"type":"carousel","columns":[` + strings.Join(columns, ",") + `]}`)
	}
	images := func(columns string) string {
		return template(`{"type":"image_carousel","columns":[` + columns + `]}`)
	}
	picture := `,"thumbnailImageUrl":"https://x.example/a.jpg"`
	check(t, Options{}, []row{
		{"no template", `{"type":"template","altText":"alt"}`, "messages[0].template May not be empty"},
		{"template a string", template(`"buttons"`), mistyped("messages[0].template")},
		{"altText 1500", strings.Replace(buttons("a", ""), `"alt"`, `"`+a(1500)+`"`, 1), ""},
		{"altText 1501", strings.Replace(buttons("a", ""), `"alt"`, `"`+a(1501)+`"`, 1), "messages[0].altText Length must be between 0 and 1500"},
		{"altText empty", strings.Replace(buttons("a", ""), `"alt"`, `""`, 1), "messages[0].altText May not be empty"},
		{"no type", template(`{}`), "template/type must be specified"},
		{"unknown type", template(`{"type":"list"}`), "template/type invalid property"},

		{"buttons bare", template(`{"type":"buttons"}`), "template/text must be specified; template/actions must be specified"},
		{"buttons nulls", buttons("a", `,"thumbnailImageUrl":null,"title":null,"defaultAction":null`), ""},
		{"buttons 160", buttons(family(160), ""), ""},
		{"buttons 161", buttons(a(161), ""), "template/text must not be longer than 160 characters"},
		{"buttons 60 with title", buttons(a(60), `,"title":"t"`), ""},
		{"buttons 61 with title", buttons(a(61), `,"title":"t"`), "template/text must not be longer than 60 characters"},
		{"buttons 61 with image", buttons(a(61), picture), "template/text must not be longer than 60 characters"},
		{"buttons 61 with empty title", buttons(a(61), `,"title":""`), ""},
		{"buttons text empty", buttons("", ""), "template/text must be non-empty text"},
		{"buttons text a number", template(`{"type":"buttons","text":1,"actions":[` + yes + `]}`), "template/text invalid property"},
		{"buttons title 40", buttons("a", `,"title":"`+family(40)+`"`), ""},
		{"buttons title 41", buttons("a", `,"title":"`+a(41)+`"`), "template/title must not be longer than 40 characters"},
		{"buttons look", buttons("a", `,"imageAspectRatio":"square","imageSize":"contain","imageBackgroundColor":"#A0b1C2"`), ""},
		{"buttons other look", buttons("a", `,"imageAspectRatio":"1:1","imageSize":"fill","imageBackgroundColor":"#FFF"`), "template/imageAspectRatio invalid property; template/imageSize invalid property; template/imageBackgroundColor invalid property"},
		{"buttons image http", buttons("a", `,"thumbnailImageUrl":"http://x.example/a.jpg"`), "template/thumbnailImageUrl invalid uri scheme"},
		{"buttons image no scheme", buttons("a", `,"thumbnailImageUrl":"x.example/a.jpg"`), "template/thumbnailImageUrl invalid uri; template/thumbnailImageUrl invalid uri scheme"},
		{"buttons image 2001", buttons("a", `,"thumbnailImageUrl":"`+site(2001)+`"`), "template/thumbnailImageUrl must not be longer than 2000 characters"},
		{"buttons 4 actions", template(`{"type":"buttons","text":"a","actions":[` + times(4, yes) + `]}`), ""},
		{"buttons 5 actions", template(`{"type":"buttons","text":"a","actions":[` + times(5, yes) + `]}`), "template/actions must not be more than 4 items"},
		{"buttons 0 actions", template(`{"type":"buttons","text":"a","actions":[]}`), "template/actions must not be less than 1 items"},
		{"buttons actions an object", template(`{"type":"buttons","text":"a","actions":{}}`), "template/actions invalid property"},
		{"buttons action a string", template(`{"type":"buttons","text":"a","actions":["yes"]}`), "template/actions/0 invalid property"},
		{"buttons label 20", buttons("a", `,"defaultAction":{"type":"uri","uri":"https://x.example/"}`), ""},
		{"buttons default label 21", buttons("a", `,"defaultAction":{"type":"uri","label":"`+a(21)+`","uri":"https://x.example/"}`), "template/defaultAction/label must not be longer than 20 characters"},

		{"confirm 240", confirm(family(240), 2), ""},
		{"confirm 241", confirm(a(241), 2), "template/text must not be longer than 240 characters"},
		{"confirm 1 action", confirm("a", 1), "template/actions must not be less than 2 items"},
		{"confirm 3 actions", confirm("a", 3), "template/actions must not be more than 2 items"},

		{"carousel 10", carousel(times(10, column("a", 3, ""))), ""},
		{"carousel 11", carousel(times(11, column("a", 1, ""))), "template/columns must not be more than 10 items"},
		{"carousel 0", carousel(), "template/columns must not be less than 1 items"},
		{"carousel bare", template(`{"type":"carousel"}`), "template/columns must be specified"},
		{"column 120", carousel(column(a(120), 1, "")), ""},
		{"column 121", carousel(column(a(121), 1, "")), "template/columns/0/text must not be longer than 120 characters"},
		{"column 60 with image", carousel(column(a(60), 1, picture)), ""},
		{"column 61 with image", carousel(column("a", 1, picture), column(a(61), 1, picture)), "template/columns/1/text must not be longer than 60 characters"},
		{"column title 41", carousel(column("a", 1, `,"title":"`+a(41)+`"`)), "template/columns/0/title must not be longer than 40 characters"},
		{"column 4 actions", carousel(column("a", 4, "")), "template/columns/0/actions must not be more than 3 items"},
		{"column a number", carousel("1"), "template/columns/0 invalid property"},
		{"columns unlike in actions", carousel(column("a", 1, ""), column("a", 2, "")), "template/columns/1/actions must have the same number of items in all columns"},
		{"columns unlike in image", carousel(column("a", 1, ""), column("a", 1, picture)), "template/columns/1/thumbnailImageUrl must be specified in all columns or in none"},
		{"columns unlike in title", carousel(column("a", 1, `,"title":"t"`), column("a", 1, `,"title":null`)), "template/columns/1/title must be specified in all columns or in none"},

		{"image carousel 10", images(times(10, `{"imageUrl":"https://x.example/a.jpg","action":{"type":"message","label":"`+family(12)+`","text":"t"}}`)), ""},
		{"image carousel without label", images(`{"imageUrl":"https://x.example/a.jpg","action":{"type":"message","text":"t"}}`), ""},
		{"image carousel label 13", images(`{"imageUrl":"https://x.example/a.jpg","action":{"type":"message","label":"` + a(13) + `","text":"t"}}`), "template/columns/0/action/label must not be longer than 12 characters"},
		{"image carousel bare", images(`{}`), "template/columns/0/imageUrl must be specified; template/columns/0/action must be specified"},
		{"image carousel 11", images(times(11, `{"imageUrl":"https://x.example/a.jpg","action":`+yes+`}`)), "template/columns must not be more than 10 items"},
	})
}
