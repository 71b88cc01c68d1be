package flexhtml

import (
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// TestNoWordOfOursIsEnglishForOthers draws what has words of its own with words
// in no language, and finds no English one.
func TestNoWordOfOursIsEnglishForOthers(t *testing.T) {
	words, english := wordMarks(), reflect.ValueOf(English)
	raws := []string{
		`{"type":"image","originalContentUrl":"https://a.example/1","previewImageUrl":"https://a.example/2"}`, `{"type":"image"}`,
		`{"type":"video"}`, `{"type":"video","originalContentUrl":"https://a.example/1"}`,
		`{"type":"audio"}`, `{"type":"audio","originalContentUrl":"https://a.example/1"}`,
		`{"type":"sticker","packageId":"1","stickerId":"2"}`, `{"type":"location"}`, `{"type":"file"}`, `{"type":"coupon","couponId":"1"}`, `{"type":"hologram"}`, `[`,
		`{"type":"textV2","text":"{a}{u}{e}","substitution":{"a":{"type":"mention","mentionee":{"type":"all"}},"u":{"type":"mention","mentionee":{"type":"user"}},"e":{"type":"emoji"}}}`,
		`{"type":"imagemap","baseUrl":"x","video":{"originalContentUrl":"x"}}`,
		`{"type":"imagemap","actions":[{"area":{}}],"video":{"originalContentUrl":"https://a.example/1","externalLink":{"linkUri":"https://a.example/"}}}`,
		`{"type":"template","template":{"type":"x"}}`,
		`{"type":"template","template":{"type":"image_carousel","columns":[{"imageUrl":"x","action":{}},{}]}}`,
		`{"type":"template","template":{"type":"carousel","columns":[{"thumbnailImageUrl":"x"},{}]}}`,
		`{"type":"flex","contents":{"type":"x"}}`, `{"type":"flex","contents":{"type":"carousel","contents":[{"type":"x"},{"type":"bubble"}]}}`,
		`{"type":"flex","contents":{"type":"bubble","hero":{"type":"video"},"body":{"type":"box","layout":"x"},"footer":{"type":"x"}}}`,
		`{"type":"flex","contents":{"type":"bubble","body":{"type":"box","layout":"baseline","contents":[{"type":"icon","url":"x"},` + strings.Repeat(`{"type":"box","layout":"vertical","contents":[`, 45) + strings.Repeat(`]}`, 45) + `]}}}`,
	}
	ctx := Context{Interactive: true, Words: &words, Coupon: func(string) Coupon { return Coupon{Used: true} }}
	seen := ""
	for _, raw := range raws {
		seen += rendered(t, Message(jsontext.Value(raw), ctx)) + Preview(jsontext.Value(raw), ctx)
	}
	seen += rendered(t, QuickReply(jsontext.Value(`{"quickReply":{"items":[{"action":{"type":"camera"}}]}}`), ctx))
	for i := range english.NumField() {
		field := english.Type().Field(i).Name
		word := english.Field(i).String()
		if word == "" || strings.Contains(seen, ">"+word) || strings.Contains(seen, `"`+word) || strings.Contains(seen, "["+word) {
			t.Errorf("%s: the English %q stands in a message", field, word)
		}
		if !strings.Contains(seen, "«"+field+"»") {
			t.Errorf("%s stands nowhere", field)
		}
	}
}

// wordMarks are words that say which they are.
func wordMarks() (w Words) {
	v := reflect.ValueOf(&w).Elem()
	for i := range v.NumField() {
		v.Field(i).SetString("«" + v.Type().Field(i).Name + "»")
	}
	return w
}
