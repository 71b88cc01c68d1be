package shop_test

import (
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/platform/shop"
)

func TestDecimal(t *testing.T) {
	for _, c := range []struct {
		text        string
		want        shop.Decimal
		back, money string // "" where the text is refused
	}{
		{"0", 0, "0", "0"},
		{"0.01", 1, "0.01", "0.01"},
		{"0.1", 10, "0.1", "0.10"},
		{"19.99", 1999, "19.99", "19.99"},
		{"1.10", 110, "1.1", "1.10"},
		{"1e3", 100_000, "1000", "1,000"},
		{"-5", -500, "-5", "-5"},
		{"99999999", 9_999_999_900, "99999999", "99,999,999"},
		{"99999998.99", 9_999_999_899, "99999998.99", "99,999,998.99"},
		{"123456.05", 12_345_605, "123456.05", "123,456.05"},
		{"null", 0, "0", "0"},
		{"0.001", 0, "", ""},
		{"19.999", 0, "", ""},
		{"1e12", 0, "", ""},
		{"1e400", 0, "", ""},
		{`"5"`, 0, "", ""},
		{"true", 0, "", ""},
	} {
		var d shop.Decimal
		if err := json.Unmarshal([]byte(c.text), &d); (err == nil) != (c.back != "") {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if c.back == "" {
			continue
		}
		if back, err := json.Marshal(d); d != c.want || string(back) != c.back || err != nil || d.Money() != c.money {
			t.Errorf("%s: %d %s %s, %v; want %d %s %s", c.text, int64(d), back, d.Money(), err, int64(c.want), c.back, c.money)
		}
	}
}
