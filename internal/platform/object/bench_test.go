package object

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// receipt is a Flex Message of about 5 KB, as bots send them.
func receipt() jsontext.Value {
	var b strings.Builder
	b.WriteString(`{"type":"flex","altText":"Receipt","contents":{"type":"bubble","size":"giga","body":{"type":"box","layout":"vertical","spacing":"md","contents":[`)
	for i := range 19 {
		fmt.Fprintf(&b, `{"type":"box","layout":"horizontal","margin":"md","contents":[`+
			`{"type":"text","text":"Line %d of the receipt","size":"sm","color":"#555555","flex":0,"wrap":true},`+
			`{"type":"text","text":"¥%d","size":"sm","color":"#111111","align":"end"}]},`, i, i*120)
	}
	b.WriteString(`{"type":"separator","margin":"xxl"}]},"footer":{"type":"box","layout":"vertical","contents":[` +
		`{"type":"button","style":"primary","action":{"type":"uri","label":"See the order","uri":"https://shop.example/orders/1"}},` +
		`{"type":"button","action":{"type":"postback","label":"Cancel","data":"cancel=1","displayText":"Cancel it"}}]}}}`)
	return jsontext.Value(b.String())
}

func benchmark(b *testing.B, raw jsontext.Value) {
	messages := []jsontext.Value{raw}
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Validate(messages, Options{Kind: Push, Destination: ToUser}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkValidateText(b *testing.B) {
	benchmark(b, jsontext.Value(`{"type":"text","text":"Your parcel arrives today between 10:00 and 12:00."}`))
}

func BenchmarkValidateFlex(b *testing.B) { benchmark(b, receipt()) }
