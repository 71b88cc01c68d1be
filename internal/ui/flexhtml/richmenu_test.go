package flexhtml

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

func TestRichMenu(t *testing.T) {
	areas := []RichMenuArea{
		{0, 0, 1250, 1686, jsontext.Value(`{"type":"postback","data":"\"<x>"}`)},
		{1251, 0, 1250, 1686, jsontext.Value(`{"type":"uri","uri":"https://example.com/","label":"Go"}`)},
		{0, 0, 1, 1, jsontext.Value(`{"type":"uri","uri":"javascript:alert(1)"}`)},
		{-5, 0, 1 << 31, 1, jsontext.Value(`3`)},
	}
	got := rendered(t, RichMenu("/picture", 2500, 1686, areas, Context{Interactive: true, Lang: "ja"}))
	for _, want := range []string{
		`<img src="/picture" alt="">`, `aspect-ratio:2500/1686`, `lang="ja"`,
		`name="area" value="0" data-area="0" data-action="{&#34;type&#34;:&#34;postback&#34;,&#34;data&#34;:&#34;\&#34;&lt;x&gt;&#34;}"`,
		`style="left:50.04%;top:0%;width:50%;height:100%;" title="Go" aria-label="Go"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if n := strings.Count(got, "<button"); n != 2 || strings.Contains(got, "javascript") {
		t.Errorf("%d buttons, want those of the areas that can be tapped: %s", n, got)
	}
	if got := rendered(t, RichMenu("/picture", 2500, 1686, areas, Context{})); strings.Contains(got, "<button") {
		t.Errorf("a menu that only shows has buttons: %s", got)
	}
}
