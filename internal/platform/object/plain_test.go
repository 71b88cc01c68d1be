package object

import (
	"fmt"
	"strings"
	"testing"
)

func TestSimpleTypes(t *testing.T) {
	text := func(s string) string { return `{"type":"text","text":` + s + `}` }
	emoji := func(index int) string { return fmt.Sprintf(`{"index":%d,"productId":"p","emojiId":"1"}`, index) }
	media := func(kind, original, preview, more string) string {
		return fmt.Sprintf(`{"type":%q,"originalContentUrl":%q,"previewImageUrl":%q%s}`, kind, original, preview, more)
	}
	ok := "https://x.example/a.jpg"
	check(t, Options{}, []row{
		{"text", text(`"` + a(5000) + `"`), ""},
		{"text too long", text(`"` + a(5001) + `"`), "messages[0].text Length must be between 0 and 5000"},
		{"text in UTF-16", text(`"` + thumb(2500) + `"`), ""},
		{"text too long in UTF-16", text(`"` + thumb(2500) + `a"`), "messages[0].text Length must be between 0 and 5000"},
		{"text escaped", text(`"` + strings.Repeat(`\u3042`, 5000) + `"`), ""},
		{"text empty", text(`""`), "messages[0].text May not be empty"},
		{"text blank", text(`" \n\t"`), "messages[0].text May not be empty"},
		{"text null", text(`null`), "messages[0].text May not be empty"},
		{"text missing", `{"type":"text"}`, "messages[0].text May not be empty"},
		{"text a number", text(`1`), mistyped("messages[0].text")},
		{"text an object", text(`{}`), mistyped("messages[0].text")},
		{"unknown field", `{"type":"text","text":"a","colour":{"x":[1]}}`, ""},
		{"optional nulls", `{"type":"text","text":"a","emojis":null,"quoteToken":null,"quickReply":null,"sender":null}`, ""},
		{"quoteToken empty", `{"type":"text","text":"a","quoteToken":""}`, ""},
		{"quoteToken a number", `{"type":"text","text":"a","quoteToken":1}`, mistyped("messages[0].quoteToken")},

		{"emoji", `{"type":"text","text":"👍$ $","emojis":[` + emoji(2) + `,` + emoji(4) + `]}`, ""},
		{"emoji index off", `{"type":"text","text":"👍$ $","emojis":[` + emoji(1) + `,` + emoji(4) + `]}`, "messages[0].emojis[0].index Must be the position of a '$' in the text"},
		{"emoji index behind", `{"type":"text","text":"$","emojis":[` + emoji(9) + `]}`, "messages[0].emojis[0].index Must be the position of a '$' in the text"},
		{"emoji index negative", `{"type":"text","text":"$","emojis":[` + emoji(-1) + `]}`, "messages[0].emojis[0].index Must be greater than or equal to 0"},
		{"emoji index a fraction", `{"type":"text","text":"$","emojis":[{"index":0.5,"productId":"p","emojiId":"1"}]}`, mistyped("messages[0].emojis[0].index")},
		{"emoji empty", `{"type":"text","text":"$","emojis":[{}]}`, "messages[0].emojis[0].index May not be empty; messages[0].emojis[0].productId May not be empty; messages[0].emojis[0].emojiId May not be empty"},
		{"emojis none", `{"type":"text","text":"$","emojis":[]}`, ""},
		{"emojis 20", `{"type":"text","text":"$","emojis":[` + times(20, emoji(0)) + `]}`, ""},
		{"emojis 21", `{"type":"text","text":"$","emojis":[` + times(21, emoji(0)) + `]}`, "messages[0].emojis Size must be between 0 and 20"},
		{"emojis an object", `{"type":"text","text":"$","emojis":{}}`, mistyped("messages[0].emojis")},
		{"emoji a string", `{"type":"text","text":"$","emojis":["$"]}`, mistyped("messages[0].emojis[0]")},

		{"sticker", `{"type":"sticker","packageId":"446","stickerId":"1988"}`, ""},
		{"sticker of the list before", `{"type":"sticker","packageId":"1","stickerId":"401"}`, ""},
		{"sticker of another package", `{"type":"sticker","packageId":"789","stickerId":"1988"}`, "messages[0].stickerId Must be a sticker that can be sent with the Messaging API"},
		{"sticker of no package", `{"type":"sticker","packageId":"99","stickerId":"1"}`, "messages[0].stickerId Must be a sticker that can be sent with the Messaging API"},
		{"sticker no number", `{"type":"sticker","packageId":"446","stickerId":"x"}`, "messages[0].stickerId Must be a sticker that can be sent with the Messaging API"},
		{"sticker of numbers", `{"type":"sticker","packageId":446,"stickerId":1988}`, ""},
		{"sticker of other numbers", `{"type":"sticker","packageId":446,"stickerId":1988.5}`, "messages[0].stickerId Must be a sticker that can be sent with the Messaging API"},
		{"sticker of neither", `{"type":"sticker","packageId":true,"stickerId":"1988"}`, mistyped("messages[0].packageId")},
		{"sticker empty", `{"type":"sticker","packageId":"","stickerId":"1988"}`, "messages[0].packageId May not be empty"},

		{"image", media("image", site(2000), site(2000), ""), ""},
		{"image too long", media("image", site(2001), ok, ""), "messages[0].originalContentUrl Length must be between 0 and 2000"},
		{"image http", media("image", "http://x.example/a.jpg", ok, ""), "messages[0].originalContentUrl Must be a valid HTTPS URL"},
		{"image HTTPS", media("image", "HTTPS://x.example/a.jpg", ok, ""), ""},
		{"image no scheme", media("image", ok, "//x.example/a.jpg", ""), "messages[0].previewImageUrl Must be a valid HTTPS URL"},
		{"image no host", media("image", ok, "https:///a.jpg", ""), "messages[0].previewImageUrl Must be a valid HTTPS URL"},
		{"image with a blank", media("image", ok, "https://x.example/a b.jpg", ""), "messages[0].previewImageUrl Must be a valid HTTPS URL"},
		{"image half encoded", media("image", ok, "https://x.example/%E3%8", ""), "messages[0].previewImageUrl Must be a valid HTTPS URL"},
		{"image beyond ASCII", media("image", ok, "https://x.example/猫.jpg", ""), ""},
		{"image without URLs", `{"type":"image"}`, "messages[0].originalContentUrl May not be empty; messages[0].previewImageUrl May not be empty"},

		{"video", media("video", ok, ok, ""), ""},
		{"video tracked", media("video", ok, ok, `,"trackingId":"aZ0-.=,+*()%$&;:@{}!?<>[]"`), ""},
		{"video trackingId empty", media("video", ok, ok, `,"trackingId":""`), ""},
		{"video trackingId 100", media("video", ok, ok, `,"trackingId":"`+a(100)+`"`), ""},
		{"video trackingId 101", media("video", ok, ok, `,"trackingId":"`+a(101)+`"`), "messages[0].trackingId Length must be between 0 and 100"},
		{"video trackingId barred", media("video", ok, ok, `,"trackingId":"a b"`), "messages[0].trackingId Must be a valid value"},

		{"audio", `{"type":"audio","originalContentUrl":"` + ok + `","duration":60000}`, ""},
		{"audio of 0 ms", `{"type":"audio","originalContentUrl":"` + ok + `","duration":0}`, ""},
		{"audio of 1e3 ms", `{"type":"audio","originalContentUrl":"` + ok + `","duration":1e3}`, ""},
		{"audio of less", `{"type":"audio","originalContentUrl":"` + ok + `","duration":-1}`, "messages[0].duration Must be greater than or equal to 0"},
		{"audio of a string", `{"type":"audio","originalContentUrl":"` + ok + `","duration":"1"}`, mistyped("messages[0].duration")},
		{"audio without duration", `{"type":"audio","originalContentUrl":"` + ok + `"}`, "messages[0].duration May not be empty"},

		{"location", `{"type":"location","title":"` + a(100) + `","address":"` + thumb(50) + `","latitude":35.6,"longitude":-139}`, ""},
		{"location 0,0", `{"type":"location","title":"a","address":"b","latitude":0,"longitude":0}`, ""},
		{"location too long", `{"type":"location","title":"` + a(101) + `","address":"` + thumb(51) + `","latitude":1,"longitude":1}`, "messages[0].title Length must be between 0 and 100; messages[0].address Length must be between 0 and 100"},
		{"location nowhere", `{"type":"location","title":"a","address":"b"}`, "messages[0].latitude May not be empty; messages[0].longitude May not be empty"},
		{"location strings", `{"type":"location","title":"a","address":"b","latitude":"1","longitude":1}`, mistyped("messages[0].latitude")},

		{"coupon", `{"type":"coupon","couponId":"01JYNW8JMQVFBNWF1APF8Z3FS7","deliveryTag":"` + a(27) + `_Z9"}`, ""},
		{"coupon tag empty", `{"type":"coupon","couponId":"c","deliveryTag":""}`, ""},
		{"coupon tag too long", `{"type":"coupon","couponId":"c","deliveryTag":"` + a(31) + `"}`, "messages[0].deliveryTag Length must be between 0 and 30"},
		{"coupon tag barred", `{"type":"coupon","couponId":"c","deliveryTag":"a-b"}`, "messages[0].deliveryTag Must be a valid value"},
		{"coupon without id", `{"type":"coupon"}`, "messages[0].couponId May not be empty"},
	})
}

func TestCommonProperties(t *testing.T) {
	with := func(more string) string { return `{"type":"text","text":"a",` + more + `}` }
	item := `{"type":"action","action":{"type":"camera","label":"Camera"}}`
	check(t, Options{}, []row{
		{"items 13", with(`"quickReply":{"items":[` + times(13, item) + `]}`), ""},
		{"items 14", with(`"quickReply":{"items":[` + times(14, item) + `]}`), "messages[0].quickReply.items Size must be between 1 and 13"},
		{"items none", with(`"quickReply":{"items":[]}`), "messages[0].quickReply.items Size must be between 1 and 13"},
		{"items missing", with(`"quickReply":{}`), "messages[0].quickReply.items May not be empty"},
		{"quickReply an array", with(`"quickReply":[]`), mistyped("messages[0].quickReply")},
		{"item without type", with(`"quickReply":{"items":[{"action":{"type":"location","label":"Here"}}]}`), ""},
		{"item of another type", with(`"quickReply":{"items":[{"type":"x","action":{"type":"location","label":"Here"}}]}`), "messages[0].quickReply.items[0].type Must be one of the following values: [action]"},
		{"item without action", with(`"quickReply":{"items":[{"type":"action"}]}`), "messages[0].quickReply.items[0].action May not be empty"},
		{"item with an image", with(`"quickReply":{"items":[{"type":"action","imageUrl":"` + site(2000) + `","action":{"type":"location","label":"Here"}}]}`), ""},
		{"item image http", with(`"quickReply":{"items":[{"type":"action","imageUrl":"http://x.example/","action":{"type":"location","label":"Here"}}]}`), "messages[0].quickReply.items[0].imageUrl Must be a valid HTTPS URL"},
		{"sender", with(`"sender":{"name":"` + a(20) + `","iconUrl":"https://x.example/i.png"}`), ""},
		{"sender empty", with(`"sender":{"name":"","iconUrl":""}`), ""},
		{"sender name 21", with(`"sender":{"name":"` + a(21) + `"}`), "sender.name length is invalid"},
		{"sender LINE", with(`"sender":{"name":"Line support"}`), "messages[0].sender.name Must not contain a word that may not be used"},
		{"sender ONLINE", with(`"sender":{"name":"ONLINE SHOP"}`), ""},
		{"sender icon http", with(`"sender":{"iconUrl":"http://x.example/i.png"}`), "messages[0].sender.iconUrl Must be a valid HTTPS URL"},
	})
}

func TestImagemap(t *testing.T) {
	area := `{"x":0,"y":0,"width":520,"height":1040}`
	link := `{"type":"uri","linkUri":"https://x.example/","area":` + area + `}`
	with := func(actions, more string) string {
		return `{"type":"imagemap","baseUrl":"https://x.example/i","altText":"map","baseSize":{"width":1040,"height":585},"actions":[` + actions + `]` + more + `}`
	}
	video := func(more string) string {
		return `,"video":{"originalContentUrl":"https://x.example/v","previewImageUrl":"https://x.example/p","area":` + area + more + `}`
	}
	empty := `{"type":"imagemap"}`
	check(t, Options{}, []row{
		{"one action", with(link, ""), ""},
		{"50 actions", with(times(50, link), ""), ""},
		{"51 actions", with(times(51, link), ""), "messages[0].actions Size must be between 0 and 50"},
		{"no action", with("", ""), "messages[0].actions Size must be between 1 and 50"},
		{"no action but a video", with("", video("")), ""},
		{"nothing", empty, "messages[0].baseUrl May not be empty; messages[0].altText May not be empty; messages[0].baseSize May not be empty; messages[0].actions May not be empty"},
		{"altText 1500", strings.Replace(with(link, ""), `"map"`, `"`+thumb(750)+`"`, 1), ""},
		{"altText 1501", strings.Replace(with(link, ""), `"map"`, `"`+thumb(750)+`a"`, 1), "messages[0].altText Length must be between 0 and 1500"},
		{"width 700", strings.Replace(with(link, ""), `:1040,"height":585`, `:700,"height":585`, 1), "messages[0].baseSize.width Must be greater than or equal to 1040"},
		{"width 2500", strings.Replace(with(link, ""), `:1040,"height":585`, `:2500,"height":585`, 1), "messages[0].baseSize.width Must be less than or equal to 1040"},
		{"height missing", strings.Replace(with(link, ""), `,"height":585`, ``, 1), "messages[0].baseSize.height May not be empty"},
		{"video linked", with(link, video(`,"externalLink":{"linkUri":"https://x.example/","label":"`+a(30)+`"}`)), ""},
		{"video label 31", with(link, video(`,"externalLink":{"linkUri":"https://x.example/","label":"`+a(31)+`"}`)), "messages[0].video.externalLink.label Length must be between 0 and 30"},
		{"video label alone", with(link, video(`,"externalLink":{"label":"a"}`)), "messages[0].video.externalLink.linkUri May not be empty"},
		{"video empty", with(link, `,"video":{}`), "messages[0].video.originalContentUrl May not be empty; messages[0].video.previewImageUrl May not be empty; messages[0].video.area May not be empty"},
		{"video area negative", with(link, strings.Replace(video(""), `"x":0`, `"x":-1`, 1)), "messages[0].video.area.x Must be greater than or equal to 0"},
		{"uri label 100", with(`{"type":"uri","label":"`+family(100)+`","linkUri":"`+site(1000)+`","area":`+area+`}`, ""), ""},
		{"uri label 101", with(`{"type":"uri","label":"`+a(101)+`","linkUri":"`+site(1001)+`","area":`+area+`}`, ""), "messages[0].actions[0].label Length must be between 0 and 100; messages[0].actions[0].linkUri Length must be between 0 and 1000"},
		{"uri javascript", with(`{"type":"uri","linkUri":"javascript:1","area":`+area+`}`, ""), "messages[0].actions[0].linkUri Must be a valid URI"},
		{"message 400", with(`{"type":"message","text":"`+a(400)+`","area":`+area+`}`, ""), ""},
		{"message 401", with(`{"type":"message","text":"`+a(401)+`","area":`+area+`}`, ""), "messages[0].actions[0].text Length must be between 0 and 400"},
		{"message without text", with(`{"type":"message","area":`+area+`}`, ""), "messages[0].actions[0].text May not be empty"},
		{"clipboard 1000", with(`{"type":"clipboard","clipboardText":"`+a(1000)+`","area":`+area+`}`, ""), ""},
		{"clipboard 1001", with(`{"type":"clipboard","clipboardText":"`+a(1001)+`","area":`+area+`}`, ""), "messages[0].actions[0].clipboardText Length must be between 1 and 1000"},
		{"action without area", with(`{"type":"message","text":"a"}`, ""), "messages[0].actions[0].area May not be empty"},
		{"postback", with(`{"type":"postback","data":"a"}`, ""), "messages[0].actions[0].type Must be one of the following values: [uri, message, clipboard]"},
	})
}
