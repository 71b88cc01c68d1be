package object

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

func TestQuick(t *testing.T) {
	ms, err := Validate([]jsontext.Value{jsontext.Value(`{"type":"text","text":"hi"}`)}, Options{})
	if err != nil || ms[0].Text != "hi" {
		t.Fatal(ms, err)
	}
	_, err = Validate([]jsontext.Value{jsontext.Value(`{"type":"text","text":""}`), jsontext.Value(`{"type":"image","originalContentUrl":"http://x/"}`)}, Options{})
	t.Log(err)
	_, err = Validate([]jsontext.Value{jsontext.Value(`{"type":"text","text":5}`)}, Options{})
	t.Log(err)
}
