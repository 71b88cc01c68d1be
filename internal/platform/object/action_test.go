package object

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// problems is what is wrong with an action on a holder at "at".
func problems(holder Holder, at, action string) string {
	var all []string
	for _, p := range ValidateAction(jsontext.Value(action), holder, at) {
		all = append(all, p.Property+" "+p.Message)
	}
	return strings.Join(all, "; ")
}

func TestActions(t *testing.T) {
	for _, c := range []row{
		{"postback", `{"type":"postback","label":"a","data":"` + thumb(150) + `"}`, ""},
		{"postback data 301", `{"type":"postback","label":"a","data":"` + thumb(150) + `a"}`, "p/data must not be longer than 300 characters"},
		{"postback data empty", `{"type":"postback","label":"a","data":""}`, ""},
		{"postback without data", `{"type":"postback","label":"a"}`, "p/data must be specified"},
		{"postback displayText 300", `{"type":"postback","label":"a","data":"d","displayText":"` + family(300) + `"}`, ""},
		{"postback displayText 301", `{"type":"postback","label":"a","data":"d","displayText":"` + a(301) + `"}`, "p/displayText must not be longer than 300 characters"},
		{"postback text 301", `{"type":"postback","label":"a","data":"d","text":"` + a(301) + `"}`, "p/text must not be longer than 300 characters"},
		{"postback both texts", `{"type":"postback","label":"a","data":"d","displayText":"x","text":"y"}`, "p/text invalid property"},
		{"postback one text empty", `{"type":"postback","label":"a","data":"d","displayText":"x","text":""}`, ""},
		{"postback fillInText", `{"type":"postback","label":"a","data":"d","inputOption":"openKeyboard","fillInText":"---\nName: ` + a(290) + `"}`, ""},
		{"postback fillInText 301", `{"type":"postback","label":"a","data":"d","inputOption":"openKeyboard","fillInText":"` + a(301) + `"}`, "p/fillInText must not be longer than 300 characters"},
		{"postback fillInText alone", `{"type":"postback","label":"a","data":"d","fillInText":"x"}`, "p/fillInText invalid property"},
		{"postback fillInText elsewhere", `{"type":"postback","label":"a","data":"d","inputOption":"openVoice","fillInText":"x"}`, "p/fillInText invalid property"},
		{"postback inputOption", `{"type":"postback","label":"a","data":"d","inputOption":"closeRichMenu"}`, ""},
		{"postback inputOption unknown", `{"type":"postback","label":"a","data":"d","inputOption":"closed"}`, "p/inputOption invalid property"},

		{"message 300", `{"type":"message","label":"a","text":"` + family(300) + `"}`, ""},
		{"message 301", `{"type":"message","label":"a","text":"` + a(301) + `"}`, "p/text must not be longer than 300 characters"},
		{"message empty", `{"type":"message","label":"a","text":""}`, "p/text must be non-empty text"},
		{"message without text", `{"type":"message","label":"a"}`, "p/text must be specified"},

		{"uri http", `{"type":"uri","label":"a","uri":"http://x.example/"}`, ""},
		{"uri tel", `{"type":"uri","label":"a","uri":"tel:09001234567"}`, ""},
		{"uri line", `{"type":"uri","label":"a","uri":"line://app/1?x=%E3%81%82"}`, ""},
		{"uri mailto", `{"type":"uri","label":"a","uri":"MailTo:a@x.example"}`, ""},
		{"uri 1000", `{"type":"uri","label":"a","uri":"` + site(1000) + `"}`, ""},
		{"uri 1001", `{"type":"uri","label":"a","uri":"` + site(1001) + `"}`, "p/uri must not be longer than 1000 characters"},
		{"uri sms", `{"type":"uri","label":"a","uri":"sms:1"}`, "p/uri invalid uri scheme"},
		{"uri javascript", `{"type":"uri","label":"a","uri":"javascript:alert(1)"}`, "p/uri invalid uri scheme"},
		{"uri behind a blank", `{"type":"uri","label":"a","uri":" https://x.example/"}`, "p/uri invalid uri scheme"},
		{"uri without scheme", `{"type":"uri","label":"a","uri":"x.example"}`, "p/uri invalid uri; p/uri invalid uri scheme"},
		{"uri with a blank", `{"type":"uri","label":"a","uri":"https://x.example/a b"}`, "p/uri invalid uri scheme"},
		{"uri of neither", `{"type":"uri","label":"a","uri":"/a b"}`, "p/uri invalid uri; p/uri invalid uri scheme"},
		{"uri that cannot be read", `{"type":"uri","label":"a","uri":"https://x.example/?a=red|1"}`, "p/uri invalid uri scheme"},
		{"uri without host", `{"type":"uri","label":"a","uri":"https:"}`, "p/uri invalid uri"},
		{"uri of a package", `{"type":"uri","label":"a","uri":"https://x.example/@me.apk"}`, "p/uri invalid uri"},
		{"uri missing", `{"type":"uri","label":"a"}`, "p/uri must be specified"},
		{"uri desktop", `{"type":"uri","label":"a","uri":"https://x.example/","altUri":{"desktop":"` + site(1000) + `"}}`, ""},
		{"uri desktop empty", `{"type":"uri","label":"a","uri":"https://x.example/","altUri":{}}`, ""},
		{"uri desktop ftp", `{"type":"uri","label":"a","uri":"https://x.example/","altUri":{"desktop":"ftp://x.example/"}}`, "p/altUri/desktop invalid uri scheme"},
		{"uri desktop 1001", `{"type":"uri","label":"a","uri":"https://x.example/","altUri":{"desktop":"` + site(1001) + `"}}`, "p/altUri/desktop must not be longer than 1000 characters"},
		{"uri desktop a string", `{"type":"uri","label":"a","uri":"https://x.example/","altUri":"x"}`, "p/altUri invalid property"},

		{"picker", `{"type":"datetimepicker","label":"a","data":"d","mode":"datetime","initial":"2017-12-25t00:00","max":"2018-01-24T23:59","min":"2017-12-25t00:00"}`, ""},
		{"picker bare", `{"type":"datetimepicker","label":"a"}`, "p/data must be specified; p/mode must be specified"},
		{"picker mode", `{"type":"datetimepicker","label":"a","data":"d","mode":"year"}`, "p/mode invalid property"},
		{"picker time", `{"type":"datetimepicker","label":"a","data":"d","mode":"time","initial":"06:15","max":"23:59","min":"00:00"}`, ""},
		{"picker time 24:00", `{"type":"datetimepicker","label":"a","data":"d","mode":"time","max":"24:00"}`, "p/max invalid datetime format for the specified mode"},
		{"picker date first", `{"type":"datetimepicker","label":"a","data":"d","mode":"date","min":"1900-01-01","max":"2100-12-31"}`, ""},
		{"picker date before", `{"type":"datetimepicker","label":"a","data":"d","mode":"date","min":"1899-12-31"}`, "p/min invalid datetime format for the specified mode"},
		{"picker date after", `{"type":"datetimepicker","label":"a","data":"d","mode":"date","max":"2101-01-01"}`, "p/max invalid datetime format for the specified mode"},
		{"picker no such day", `{"type":"datetimepicker","label":"a","data":"d","mode":"date","initial":"2017-02-29"}`, "p/initial invalid datetime format for the specified mode"},
		{"picker another mode's", `{"type":"datetimepicker","label":"a","data":"d","mode":"date","initial":"2017-02-28T00:00"}`, "p/initial invalid datetime format for the specified mode"},
		{"picker short hour", `{"type":"datetimepicker","label":"a","data":"d","mode":"time","initial":"6:15"}`, "p/initial invalid datetime format for the specified mode"},
		{"picker max not above min", `{"type":"datetimepicker","label":"a","data":"d","mode":"date","max":"2017-02-28","min":"2017-02-28"}`, "p invalid date time order"},
		{"picker empty moments", `{"type":"datetimepicker","label":"a","data":"d","mode":"date","initial":"","max":"","min":""}`, ""},

		{"clipboard 1000", `{"type":"clipboard","label":"a","clipboardText":"` + a(1000) + `"}`, ""},
		{"clipboard 1001", `{"type":"clipboard","label":"a","clipboardText":"` + a(1001) + `"}`, "p/clipboardText must not be longer than 1000 characters"},
		{"clipboard empty", `{"type":"clipboard","label":"a","clipboardText":""}`, "p/clipboardText must be non-empty text"},
		{"without type", `{"label":"a"}`, "p/type must be specified"},
		{"an array", `[]`, "p invalid property"},
		{"no JSON", `{`, "p invalid property"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := problems(HolderTemplate, "t/p", c.message); got != rooted(c.want) {
				t.Errorf("%.200s\n got %q\nwant %q", c.message, got, rooted(c.want))
			}
		})
	}
}

// rooted puts the paths of a row below the path that the test gives.
func rooted(want string) string {
	all := strings.Split(want, "; ")
	for i := range all {
		if all[i] != "" {
			all[i] = "t/" + all[i]
		}
	}
	return strings.Join(all, "; ")
}

// Every holder has its own labels, and its own words for them.
func TestLabels(t *testing.T) {
	for _, c := range []struct {
		holder             Holder
		path               string
		limit              int
		missing, over, one string
	}{
		{HolderTemplate, "template/actions/0", 20, "template/actions/0/label must be specified", "template/actions/0/label must not be longer than 20 characters", "template/actions/0/label must be non-empty text"},
		{HolderDefault, "template/defaultAction", 20, "", "template/defaultAction/label must not be longer than 20 characters", ""},
		{HolderImageCarousel, "template/columns/0/action", 12, "", "template/columns/0/action/label must not be longer than 12 characters", ""},
		{HolderQuickReply, "items[0].action", 20, "items[0].action `label` must be specified", "items[0].action.label Length must be between 0 and 20", "items[0].action `label` must be specified"},
		{HolderRichMenu, "areas[0].action", 20, "", "areas[0].action.label must not be longer than 20 characters", ""},
		{HolderFlexButton, "/body/action", 40, "/body/action `label` must be specified", "/body/action/label invalid property", "/body/action `label` must be specified"},
		{HolderFlexOther, "/body/action", 40, "", "/body/action/label invalid property", ""},
	} {
		for label, want := range map[string]string{
			"":                                     c.missing,
			`"label":null,`:                        c.missing,
			`"label":"",`:                          c.one,
			`"label":"` + family(c.limit) + `",`:   "",
			`"label":"` + family(c.limit+1) + `",`: c.over,
		} {
			action := `{` + label + `"type":"message","text":"t"}`
			if got := problems(c.holder, c.path, action); got != want {
				t.Errorf("holder %d, %.60s: got %q, want %q", c.holder, action, got, want)
			}
		}
	}
}

// Not every action may stand everywhere.
func TestWhereActionsMayStand(t *testing.T) {
	actions := map[string]string{
		"postback":       `"data":"d"`,
		"message":        `"text":"t"`,
		"uri":            `"uri":"https://x.example/"`,
		"datetimepicker": `"data":"d","mode":"date"`,
		"camera":         `"x":0`,
		"cameraRoll":     `"x":0`,
		"location":       `"x":0`,
		"richmenuswitch": `"richMenuAliasId":"` + a(32) + `","data":"d"`,
		"clipboard":      `"clipboardText":"c"`,
	}
	for _, c := range []struct {
		holder  Holder
		refused []string
	}{
		{HolderTemplate, []string{"camera", "cameraRoll", "location", "richmenuswitch"}},
		{HolderQuickReply, []string{"richmenuswitch"}},
		{HolderFlexButton, []string{"camera", "cameraRoll", "location", "richmenuswitch"}},
		{HolderFlexVideo, []string{"postback", "message", "datetimepicker", "camera", "cameraRoll", "location", "richmenuswitch", "clipboard"}},
	} {
		for kind, rest := range actions {
			got := problems(c.holder, "a", fmt.Sprintf(`{"type":%q,"label":"l",%s}`, kind, rest))
			want := ""
			for _, r := range c.refused {
				if r == kind {
					want = "a.type invalid property"
				}
			}
			if want != "" && c.holder == HolderQuickReply {
				want = "a.type Must be one of the following values: [postback, message, uri, datetimepicker, camera, cameraRoll, location, clipboard]"
			}
			if got != want {
				t.Errorf("holder %d, %s: got %q, want %q", c.holder, kind, got, want)
			}
		}
	}
}

func TestRichMenuSwitch(t *testing.T) {
	if got, want := problems(HolderRichMenu, "areas[2].action", `{"type":"richmenuswitch","richMenuAliasId":"`+a(33)+`"}`),
		"areas[2].action.richMenuAliasId must not be longer than 32 characters; areas[2].action.data must be specified"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := problems(HolderRichMenu, "areas[0].action", `{"type":"uri","uri":"x"}`),
		"areas[0].action.uri invalid uri"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestActionsOfQuickReplyInTheEnvelope(t *testing.T) {
	if got, want := problems(HolderQuickReply, "messages[0].quickReply.items[0].action", `{"type":"postback","label":"l","data":1}`),
		"messages[0].quickReply.items[0].action.data invalid property"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := problems(HolderQuickReply, "q", `{"type":"postback","label":"l","data":"d","text":"a","displayText":"b"}`), "q.text Must not be specified"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
