package connector

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"regexp"
	"strings"
	"testing"

	"kaiwa/connector"
)

// TestRest runs actions of each further kind from a Go program: bodies of all
// forms, files in and out, lists in queries, numbers in paths.
func TestRest(t *testing.T) {
	server, _ := newServer(t)
	client, err := connector.New(connector.Connection{URL: server.URL, AccessToken: "dev-token-1", APIKey: apiKey})
	if err != nil {
		t.Fatal(err)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 800, 250))); err != nil {
		t.Fatal(err)
	}
	coded := base64.StdEncoding.EncodeToString(picture.Bytes())
	kept := map[string]string{} // ids of earlier answers, by their member's name
	for _, c := range []struct{ action, input, want string }{
		{"get_bot_info", ``, `"basicId":"@kaiwacafe"`},
		{"get_profile", `{"userId":"` + aoi + `"}`, `"displayName":"Aoi"`},
		{"get_a_list_of_followers", `{"limit":1}`, `"next":"`},
		{"get_group_chat_summary", `{"groupId":"` + team + `"}`, `"groupName":"Team"`},
		{"get_number_of_users_in_a_group_chat", `{"groupId":"` + team + `"}`, `{"count":2}`},
		{"set_webhook_endpoint_url", `{"endpoint":"https://example.com/hook"}`, `"status_code":200`},
		{"get_webhook_endpoint_information", ``, `"endpoint":"https://example.com/hook"`},
		{"create_rich_menu", `{"size":{"width":800,"height":250},"selected":false,"name":"Menu","chatBarText":"Open","areas":[{"bounds":{"x":0,"y":0,"width":800,"height":250},"action":{"type":"message","text":"Hi"}}]}`, `"richMenuId":"richmenu-`},
		{"upload_rich_menu_image", `{"richMenuId":"RICHMENUID","contentType":"image/png","contentBase64":"` + coded + `"}`, `"status_code":200`},
		{"download_rich_menu_image", `{"richMenuId":"RICHMENUID"}`, `"json_body":null,"body":"` + coded + `","body_encoding":"base64"`},
		{"link_rich_menu_to_user", `{"richMenuId":"RICHMENUID","userId":"` + aoi + `"}`, `"status_code":200`},
		{"get_rich_menu_id_of_user", `{"userId":"` + aoi + `"}`, `"richMenuId":"RICHMENUID"`},
		{"unlink_rich_menu_from_user", `{"userId":"` + aoi + `"}`, `"status_code":200`},
		{"delete_rich_menu", `{"richMenuId":"RICHMENUID"}`, `"status_code":200`},
		{"create_audience_for_uploading_user_ids_by_file", `{"description":"Regulars","file":"` + aoi + `\n` + ben + `"}`, `"audienceGroupId":`},
		{"rename_an_audience", `{"audienceGroupId":AUDIENCEGROUPID,"description":"Friends"}`, `"status_code":200`},
		{"get_audience_data", `{"audienceGroupId":AUDIENCEGROUPID}`, `"description":"Friends"`},
		{"get_data_for_multiple_audiences", `{"page":1,"size":20}`, `"totalCount":1`},
		{"get_list_of_coupons", `{"status":["RUNNING","CLOSED"]}`, `"items":[]`},
		{"get_number_of_followers", `{"date":"20250101"}`, `"status":"`},
		{"issue_link_token", `{"userId":"` + aoi + `"}`, `"linkToken":"`},
		{"list_chats", `{"accountId":"` + cafe + `"}`, `"chats":[`},
	} {
		for name, id := range kept {
			c.input, c.want = strings.ReplaceAll(c.input, name, id), strings.ReplaceAll(c.want, name, id)
		}
		result, err := client.Run(t.Context(), c.action, []byte(c.input))
		if err != nil {
			t.Errorf("%s: %v", c.action, err)
			continue
		}
		body := ""
		if result.Body != nil {
			body = `,"body":"` + *result.Body + `","body_encoding":"` + result.BodyEncoding + `"`
		}
		text := `"status_code":` + map[bool]string{true: "200"}[result.StatusCode/100 == 2] + `,"json_body":` + string(orNull(result.JSONBody)) + body
		if !strings.Contains(text, c.want) {
			t.Errorf("%s: %d %s", c.action, result.StatusCode, text)
		}
		for _, m := range regexp.MustCompile(`"(richMenuId|audienceGroupId)":"?([\w-]+)`).FindAllStringSubmatch(string(result.JSONBody), -1) {
			kept[strings.ToUpper(m[1])] = m[2]
		}
	}
}

func orNull(v []byte) []byte {
	if v == nil {
		return []byte("null")
	}
	return v
}
