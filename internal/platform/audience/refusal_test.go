package audience_test

import (
	"fmt"
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

// unknownRequest is a request id that nobody has.
const unknownRequest = "11111111-2222-4333-8444-555555555555"

// Each error that is documented for an operation, and what else may be wrong
// with its request.
func TestRefusals(t *testing.T) {
	s := stage.Start(t, "", "")
	s.Advance("1s")
	id := made(t, s, "Regulars", stage.Aoi)
	path := fmt.Sprint(groups, id)
	long, longNote := strings.Repeat("a", 121), strings.Repeat("n", 301)
	for _, x := range []struct {
		name, call, body string
		status           int
		want             string
	}{
		{"create: an empty name", create, `{"description":""}`, 400, refused("AUDIENCE_GROUP_NAME_EMPTY")},
		{"create: no name", create, `{}`, 400, refused("AUDIENCE_GROUP_NAME_EMPTY")},
		{"create: a name of spaces", create, `{"description":" 　"}`, 400, refused("AUDIENCE_GROUP_NAME_EMPTY")},
		{"create: a name with a line feed", create, `{"description":"a\nb"}`, 400, refused("AUDIENCE_GROUP_NAME_WRONG")},
		{"create: a name with NUL", create, `{"description":"a\u0000b"}`, 400, refused("AUDIENCE_GROUP_NAME_WRONG")},
		{"create: a name of 121 characters", create, `{"description":"` + long + `"}`, 400, tooLong},
		{"create: a name of 61 characters of two units", create, `{"description":"` + strings.Repeat("😀", 61) + `"}`, 400, tooLong},
		{"create: a long description of the upload", create, `{"description":"x","uploadDescription":"` + longNote + `"}`, 400,
			refused("AUDIENCE_GROUP_UPLOAD_DESCRIPTION_SIZE_OVER")},
		{"create: a description with NUL", create, `{"description":"x","uploadDescription":"\u0000"}`, 400,
			`{"message":"The property, 'uploadDescription', in the request body is invalid (line: -, column: -)"}`},
		{"create: a malformed id among good ones", create, upload("x", stage.Aoi, "U123"), 400,
			`{"message":"Invalid audience id format","details":[{"message":"UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT","property":"audiences"}]}`},
		{"create: an id in upper case", create, upload("x", strings.ToUpper(stage.Aoi)), 400,
			`{"message":"Invalid audience id format","details":[{"message":"UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT","property":"audiences"}]}`},
		{"create: a group's id", create, upload("x", stage.Lunch), 400,
			`{"message":"Invalid audience id format","details":[{"message":"UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT","property":"audiences"}]}`},
		{"create: a user id for an advertisers' one", create, `{"description":"x","isIfaAudience":true,` + members(stage.Aoi) + `}`, 400,
			`{"message":"Invalid audience id format","details":[{"message":"UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT","property":"audiences"}]}`},
		{"create: 10,001 ids", create, upload("x", many(10_001)...), 400, refusedIn("UPLOAD_AUDIENCE_GROUP_TOO_MANY_AUDIENCE_IDS", "audiences")},
		{"create: a flag that is none", create, `{"description":"x","isIfaAudience":"no"}`, 400,
			`{"message":"The property, 'isIfaAudience', in the request body is invalid (line: 1, column: 36)"}`},
		{"create: no JSON", create, `{`, 400, `{"message":"The request body could not be parsed as JSON (line: 1, column: 2)"}`},

		{"add: a malformed id", add, added(id, "x"), 400,
			`{"message":"Invalid audience id format","details":[{"message":"UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT","property":"audiences"}]}`},
		{"add: 10,001 ids", add, added(id, many(10_001)...), 400, refusedIn("UPLOAD_AUDIENCE_GROUP_TOO_MANY_AUDIENCE_IDS", "audiences")},
		{"add: no ids", add, added(id), 400, refusedIn("UPLOAD_AUDIENCE_GROUP_NO_VALID_AUDIENCE_IDS", "audiences")},
		{"add: no such audience", add, `{"audienceGroupId":` + nowhere + `,` + members(stage.Aoi) + `}`, 400, notFound},
		{"add: no audience at all", add, `{` + members(stage.Aoi) + `}`, 400,
			`{"message":"The request body has 1 error(s)","details":[{"message":"must be specified","property":"audienceGroupId"}]}`},
		{"add: a long description of the upload", add, fmt.Sprintf(`{"audienceGroupId":"%d","uploadDescription":"%s",%s}`, id, longNote, members(stage.Aoi)), 400,
			refused("AUDIENCE_GROUP_UPLOAD_DESCRIPTION_SIZE_OVER")},
		{"add: an id that is no number", add, `{"audienceGroupId":"x"}`, 400,
			`{"message":"The property, 'audienceGroupId', in the request body is invalid (line: 1, column: 20)"}`},

		{"click: an empty name", click, `{"description":"","requestId":"` + unknownRequest + `"}`, 400, refused("AUDIENCE_GROUP_NAME_EMPTY")},
		{"click: a control character", click, `{"description":"\t","requestId":"` + unknownRequest + `"}`, 400, refused("AUDIENCE_GROUP_NAME_WRONG")},
		{"click: a long name", click, `{"description":"` + long + `","requestId":"` + unknownRequest + `"}`, 400, tooLong},
		{"click: an unknown request", click, `{"description":"x","requestId":"` + unknownRequest + `"}`, 400, refused("REQUEST_NOT_FOUND")},
		{"click: no request id", click, `{"description":"x"}`, 400, refused("REQUEST_NOT_FOUND")},
		{"click: what is no request id", click, `{"description":"x","requestId":"\u0000"}`, 400, refused("REQUEST_NOT_FOUND")},
		{"click: a long URL", click, `{"description":"x","requestId":"` + unknownRequest + `","clickUrl":"https://example.com/` + strings.Repeat("a", 1981) + `"}`, 400,
			`{"message":"The request body has 1 error(s)","details":[{"message":"Length must be between 0 and 2000","property":"clickUrl"}]}`},
		{"click: no URL", click, `{"description":"x","requestId":"` + unknownRequest + `","clickUrl":"example"}`, 400,
			`{"message":"The request body has 1 error(s)","details":[{"message":"invalid uri","property":"clickUrl"}]}`},

		{"imp: an empty name", imp, `{"description":"","requestId":"` + unknownRequest + `"}`, 400, refused("AUDIENCE_GROUP_NAME_EMPTY")},
		{"imp: a control character", imp, `{"description":"a\r","requestId":"` + unknownRequest + `"}`, 400, refused("AUDIENCE_GROUP_NAME_WRONG")},
		{"imp: a long name", imp, `{"description":"` + long + `","requestId":"` + unknownRequest + `"}`, 400, tooLong},
		{"imp: an unknown request", imp, `{"description":"x","requestId":"` + unknownRequest + `"}`, 400, refused("REQUEST_NOT_FOUND")},

		{"rename: a long name", "PUT " + path + "/updateDescription", `{"description":"` + long + `"}`, 400, tooLong},
		{"rename: a control character", "PUT " + path + "/updateDescription", `{"description":"a\nb"}`, 400, refused("AUDIENCE_GROUP_NAME_WRONG")},
		{"rename: an empty name", "PUT " + path + "/updateDescription", `{}`, 400, refused("AUDIENCE_GROUP_NAME_EMPTY")},
		{"rename: no such audience", "PUT " + groups + nowhere + "/updateDescription", `{"description":"x"}`, 400, notFound},
		{"rename: what is no id", "PUT " + groups + "x/updateDescription", `{"description":"x"}`, 400, `{"message":"The value for the 'audienceGroupId' parameter is invalid"}`},
		{"delete: no such audience", "DELETE " + groups + nowhere, "", 400, notFound},
		{"delete: what is no id", "DELETE " + groups + "x", "", 400, `{"message":"The value for the 'audienceGroupId' parameter is invalid"}`},
		{"get: no such audience", "GET " + groups + nowhere, "", 400, notFound},
		{"get: what is no id", "GET " + groups + "1e12", "", 400, `{"message":"The value for the 'audienceGroupId' parameter is invalid"}`},
		{"shared get: no such audience", "GET " + shared + nowhere, "", 400, notFound},
		{"shared get: what is no id", "GET " + shared + "x", "", 400, `{"message":"The value for the 'audienceGroupId' parameter is invalid"}`},

		{"list: more than 40", "GET " + list + "?page=1&size=41", "", 400, `{"message":"size: must be less than or equal to 40","details":[{"message":"TOO_HIGH"}]}`},
		{"list: fewer than 1", "GET " + list + "?page=1&size=-1", "", 400, `{"message":"size: must be greater than or equal to 1","details":[{"message":"TOO_LOW"}]}`},
		{"list: a page before the first", "GET " + list + "?page=-1", "", 400, `{"message":"page: must be greater than or equal to 1","details":[{"message":"TOO_LOW"}]}`},
		{"list: a page that is no number", "GET " + list + "?page=x", "", 400, `{"message":"The value for the 'page' parameter is invalid"}`},
		{"list: an unknown status", "GET " + list + "?page=1&status=ready", "", 400, `{"message":"The value for the 'status' parameter is invalid"}`},
		{"list: an unknown route", "GET " + list + "?page=1&createRoute=BUSINESS_MANAGER", "", 400, `{"message":"The value for the 'createRoute' parameter is invalid"}`},
		{"list: neither true nor false", "GET " + list + "?page=1&includesExternalPublicGroups=1", "", 400, `{"message":"The value for the 'includesExternalPublicGroups' parameter is invalid"}`},
		{"shared list: more than 40", "GET " + shared + "list?size=41", "", 400, `{"message":"size: must be less than or equal to 40","details":[{"message":"TOO_HIGH"}]}`},
		{"shared list: an unknown route", "GET " + shared + "list?createRoute=x", "", 400, `{"message":"The value for the 'createRoute' parameter is invalid"}`},
		{"shared list: neither true nor false", "GET " + shared + "list?includesOwnedAudienceGroups=x", "", 400,
			`{"message":"The value for the 'includesOwnedAudienceGroups' parameter is invalid"}`},
	} {
		s.Play(t, []stage.Step{{Name: x.name, Call: x.call, As: stage.Cafe, Body: x.body, Status: x.status, Want: x.want}})
	}
}

// many are well-formed user ids, the first one Aoi's.
func many(n int) []string {
	ids := []string{stage.Aoi}
	for i := range n - 1 {
		ids = append(ids, fmt.Sprintf("U%032x", 0xf00000+i))
	}
	return ids
}

func TestElevenJobsAtOnce(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		id := made(t, s, "Regulars", stage.Aoi) // the first of them
		for range 9 {
			if a := s.As(stage.Cafe, "PUT", "/v2/bot/audienceGroup/upload", added(id, stage.Ben)); a.Status != 202 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
		}
		s.Play(t, []stage.Step{
			{Name: "by JSON", Call: add, As: stage.Cafe, Body: added(id, stage.Ben), Status: 429,
				Want: `{"message":"The limit on the number of concurrent operations has been exceeded. Try again later."}`},
			{Name: "another audience", Call: create, As: stage.Cafe, Body: upload("Regulars", stage.Ben), Status: 202, Want: madeOne, Effect: newAudience},
		})
		a := file(s, "PUT", part{name: "audienceGroupId", value: fmt.Sprint(id)}, part{name: "file", file: "a.txt", value: stage.Ben})
		if a.Status != 429 {
			t.Errorf("by file: %d %s", a.Status, a.Body)
		}
		s.Advance("10s")
		stands(t, s, id, "READY 2: "+strings.Repeat("FINISHED 0, ", 8)+"FINISHED 1, FINISHED 1")
		if a := s.As(stage.Cafe, "PUT", "/v2/bot/audienceGroup/upload", added(id, stage.Chen)); a.Status != 202 {
			t.Errorf("when they are done: %d %s", a.Status, a.Body)
		}
	})
}

func TestThousandAudiences(t *testing.T) {
	s := stage.Start(t, "", strings.Replace(stage.World, "providers:", "limits: off\nproviders:", 1))
	for range 999 {
		made(t, s, "x")
	}
	last := made(t, s, "x")
	full := refused("AUDIENCE_GROUP_COUNT_MAX_OVER")
	s.Play(t, []stage.Step{
		{Name: "one more", Call: create, As: stage.Cafe, Body: upload("x"), Status: 400, Want: full},
		{Name: "another account's", Call: create, As: stage.Shop, Body: upload("Regulars"), Status: 202, Want: madeOne, Effect: "audiences+1"},
		{Name: "in the place of one", Call: fmt.Sprint("DELETE ", groups, last), As: stage.Cafe, Status: 202, Want: `{}`, Effect: "audiences-1"},
		{Name: "which is free", Call: create, As: stage.Cafe, Body: upload("Regulars"), Status: 202, Want: madeOne, Effect: "audiences+1"},
	})
	if a := file(s, "POST", part{name: "description", value: "x"}, part{name: "file", file: "a.txt", value: stage.Ben}); a.Status != 400 || a.Body != full {
		t.Errorf("by file: %d %s", a.Status, a.Body)
	}
	// They count until they are cleared away, a month after they expired.
	s.Advance("4800h")
	s.Play(t, []stage.Step{{Name: "expired", Call: create, As: stage.Cafe, Body: upload("x"), Status: 400, Want: full}})
	s.Advance("264h")
	s.Play(t, []stage.Step{{Name: "cleared away", Call: create, As: stage.Cafe, Body: upload("Regulars"), Status: 202, Want: madeOne, Effect: "audiences+1"}})
}

// Each operation has a limit of its own.
func TestSixtyAMinute(t *testing.T) {
	s := stage.Start(t, "", "")
	calls := []string{create, add, click, imp, "PUT " + groups + "1/updateDescription", "DELETE " + groups + "1", "GET " + groups + "1", "GET " + list,
		"GET " + shared + "1", "GET " + shared + "list", "POST " + byFile, "PUT " + byFile}
	for _, call := range calls {
		method, path, _ := strings.Cut(call, " ")
		n := 0 // beyond the sixty, one a second comes free
		for n < 120 && s.As(stage.Cafe, method, path, `{}`).Status != 429 {
			n++
		}
		if n < 60 || n == 120 {
			t.Errorf("%s: %d requests", call, n)
		}
	}
}
