package audience_test

import (
	"fmt"
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

// part is a part of a multipart body as an SDK writes it.
type part struct{ name, file, kind, value string }

// multipart writes a body by hand, for SDKs do not agree on what stands in it.
func multipart(parts ...part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString("--edge\r\nContent-Disposition: form-data; name=\"" + p.name + `"`)
		if p.file != "" {
			b.WriteString(`; filename="` + p.file + `"`)
		}
		if p.kind != "" {
			b.WriteString("\r\nContent-Type: " + p.kind)
		}
		b.WriteString("\r\n\r\n" + p.value + "\r\n")
	}
	return b.String() + "--edge--\r\n"
}

// file sends a multipart body as the cafe.
func file(s *stage.Stage, method string, parts ...part) stage.Answer {
	s.T.Helper()
	return s.As(stage.Cafe, method, byFile, multipart(parts...), "Content-Type", "multipart/form-data; boundary=edge")
}

const two = stage.Aoi + "\n" + stage.Ben + "\n"

// The bodies of official SDKs and of curl.
func TestFilesOfSDKs(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		for _, x := range []struct {
			name  string
			parts []part
			note  string
		}{
			{"Go", []part{{name: "description", value: "Regulars"}, {name: "isIfaAudience", value: "false"}, {name: "uploadDescription"},
				{name: "file", file: "/tmp/ids.txt", kind: "application/octet-stream", value: two}}, ""},
			{"Java", []part{{name: "description", kind: "application/json; charset=UTF-8", value: `"Regulars"`},
				{name: "isIfaAudience", kind: "application/json; charset=UTF-8", value: "false"},
				{name: "uploadDescription", kind: "application/json; charset=UTF-8", value: `"by \"Java\""`},
				{name: "file", file: "file", kind: "application/octet-stream", value: two}}, `by "Java"`},
			{"Node", []part{{name: "description", value: "Regulars"}, {name: "isIfaAudience", value: "false"}, {name: "uploadDescription", value: "Node"},
				{name: "file", file: "blob", value: two}}, "Node"},
			{"Node, with the type undefined", []part{{name: "description", value: "Regulars"},
				{name: "file", file: "blob", kind: "application/octet-stream", value: two}}, ""},
			{"Python", []part{{name: "description", kind: "", value: "Regulars"}, {name: "file", file: "ids.csv", kind: "text/csv", value: two}}, ""},
			{"Ruby", []part{{name: "description", value: "Regulars"}, {name: "file", file: "ids", kind: "text/plain", value: two}}, ""},
			{"PHP", []part{{name: "file", file: "ids.txt", kind: "text/plain", value: two}, {name: "description", value: "Regulars"}}, ""},
			{"curl", []part{{name: "description", value: "Regulars"}, {name: "file", file: "ids.txt", kind: "text/plain; charset=utf-8", value: two}}, ""},
			{"Windows", []part{{name: "description", value: "Regulars"},
				{name: "file", file: "ids.txt", kind: "text/plain", value: "\uFEFF" + stage.Aoi + "\r\n\r\n" + stage.Ben + " \r\n\r\n"}}, ""},
			{"no end of the last line", []part{{name: "description", value: "Regulars"}, {name: "file", file: "ids.txt", value: strings.TrimSpace(two)}}, ""},
			{"the same ones twice, and nobody", []part{{name: "description", value: "Regulars"}, {name: "file", file: "a", value: two + two + stage.Nobody}}, ""},
			{"what means nothing", []part{{name: "description", value: "Regulars"}, {name: "colour", value: "red"}, {name: "file", file: "a", value: two}}, ""},
		} {
			t.Run(x.name, func(t *testing.T) {
				a := file(s, "POST", x.parts...)
				if a.Status != 202 || !stage.Like(madeOne, a.Body) {
					t.Fatalf("%d %s", a.Status, a.Body)
				}
				s.Advance("10s")
				d := shown(t, s, read[group](t, a.Body).ID)
				if got := d.String(); got != "READY 2: FINISHED 2" || d.Jobs[0].Description != x.note {
					t.Errorf("%s, its job %q", got, d.Jobs[0].Description)
				}
			})
		}
	})
}

func TestAddByFile(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		id := made(t, s, "Regulars", stage.Aoi)
		s.Advance("10s")
		for n, parts := range [][]part{
			{{name: "audienceGroupId", value: fmt.Sprint(id)}, {name: "uploadDescription"}, {name: "file", file: "a.txt", kind: "application/octet-stream", value: two}},
			{{name: "audienceGroupId", kind: "application/json", value: fmt.Sprint(id)}, {name: "file", file: "file", kind: "application/octet-stream", value: stage.Chen}},
		} {
			if a := file(s, "PUT", parts...); a.Status != 202 || a.Body != "{}" {
				t.Fatalf("%d: %d %s", n, a.Status, a.Body)
			}
		}
		s.Advance("10s")
		stands(t, s, id, "READY 3: FINISHED 1, FINISHED 1, FINISHED 1")
	})
}

func TestRefusalsOfFiles(t *testing.T) {
	s := stage.Start(t, "", "")
	id := fmt.Sprint(made(t, s, "Regulars", stage.Aoi))
	name, ids := part{name: "description", value: "x"}, part{name: "file", file: "a.txt", value: two}
	format := refusedIn("UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT", "file")
	holding := func(text string) part { return part{name: "file", file: "a.txt", value: text} }
	to := func(id string) part { return part{name: "audienceGroupId", value: id} }
	tooMany := strings.Repeat(stage.Aoi+"\n", 1_500_001)
	for _, x := range []struct {
		name, method string
		parts        []part
		status       int
		want         string
	}{
		{"create: a malformed line", "POST", []part{name, holding(two + "x\n")}, 400, format},
		{"create: a long line", "POST", []part{name, holding(strings.Repeat("U", 100_000))}, 400, format},
		{"create: two ids in a line", "POST", []part{name, holding(stage.Aoi + "," + stage.Ben)}, 400, format},
		{"create: user ids for advertisers' ones", "POST", []part{name, {name: "isIfaAudience", value: "true"}, ids}, 400, format},
		{"create: an empty file", "POST", []part{name, holding("")}, 400, refusedIn("UPLOAD_AUDIENCE_GROUP_NO_VALID_AUDIENCE_IDS", "file")},
		{"create: empty lines", "POST", []part{name, holding("\r\n \n\n")}, 400, refusedIn("UPLOAD_AUDIENCE_GROUP_NO_VALID_AUDIENCE_IDS", "file")},
		{"create: 1,500,001 ids", "POST", []part{name, holding(tooMany)}, 400, refusedIn("UPLOAD_AUDIENCE_GROUP_TOO_MANY_AUDIENCE_IDS", "file")},
		{"create: an empty name", "POST", []part{{name: "description"}, ids}, 400, refused("AUDIENCE_GROUP_NAME_EMPTY")},
		{"create: no name", "POST", []part{ids}, 400, refused("AUDIENCE_GROUP_NAME_EMPTY")},
		{"create: a control character", "POST", []part{{name: "description", value: "a\nb"}, ids}, 400, refused("AUDIENCE_GROUP_NAME_WRONG")},
		{"create: no UTF-8", "POST", []part{{name: "description", value: "\xff"}, ids}, 400, refused("AUDIENCE_GROUP_NAME_WRONG")},
		{"create: a long name", "POST", []part{{name: "description", value: strings.Repeat("a", 121)}, ids}, 400, tooLong},
		{"create: a long description of the upload", "POST", []part{name, {name: "uploadDescription", value: strings.Repeat("a", 301)}, ids}, 400,
			refused("AUDIENCE_GROUP_UPLOAD_DESCRIPTION_SIZE_OVER")},
		{"create: a picture", "POST", []part{name, {name: "file", file: "a.png", kind: "image/png", value: two}}, 415,
			`{"message":"The content type, image/png, is not supported"}`},
		{"create: no file", "POST", []part{name}, 400, `{"message":"The request body has 1 error(s)","details":[{"message":"must be specified","property":"file"}]}`},
		{"create: two files", "POST", []part{name, ids, ids}, 400,
			`{"message":"The request body has 1 error(s)","details":[{"message":"Size must be between 1 and 1","property":"file"}]}`},
		{"create: a flag that is none", "POST", []part{name, {name: "isIfaAudience", value: "maybe"}, ids}, 400,
			`{"message":"The property, 'isIfaAudience', in the request body is invalid (line: -, column: -)"}`},
		{"create: broken JSON in a part", "POST", []part{{name: "description", kind: "application/json", value: `"x`}, ids}, 400,
			`{"message":"The property, 'description', in the request body is invalid (line: -, column: -)"}`},

		{"add: a malformed line", "PUT", []part{to(id), holding("x")}, 400, format},
		{"add: 1,500,001 ids", "PUT", []part{to(id), holding(tooMany)}, 400, refusedIn("UPLOAD_AUDIENCE_GROUP_TOO_MANY_AUDIENCE_IDS", "file")},
		{"add: an empty file", "PUT", []part{to(id), holding("")}, 400, refusedIn("UPLOAD_AUDIENCE_GROUP_NO_VALID_AUDIENCE_IDS", "file")},
		{"add: no such audience", "PUT", []part{to(nowhere), ids}, 400, notFound},
		{"add: no audience at all", "PUT", []part{ids}, 400,
			`{"message":"The request body has 1 error(s)","details":[{"message":"must be specified","property":"audienceGroupId"}]}`},
		{"add: what is no id", "PUT", []part{to("x"), ids}, 400, `{"message":"The property, 'audienceGroupId', in the request body is invalid (line: -, column: -)"}`},
		{"add: a long description of the upload", "PUT", []part{to(id), {name: "uploadDescription", value: strings.Repeat("a", 301)}, ids}, 400,
			refused("AUDIENCE_GROUP_UPLOAD_DESCRIPTION_SIZE_OVER")},
		{"add: an archive", "PUT", []part{to(id), {name: "file", file: "a.zip", kind: "application/zip", value: two}}, 415,
			`{"message":"The content type, application/zip, is not supported"}`},
	} {
		t.Run(x.name, func(t *testing.T) {
			var a stage.Answer
			did := s.Effect(func() { a = file(s, x.method, x.parts...) })
			if a.Status != x.status || a.Body != x.want || did != "" {
				t.Errorf("%d %s, did %q\nwant %d %s", a.Status, a.Body, did, x.status, x.want)
			}
		})
	}
}

// What is no multipart body at all.
func TestNoFiles(t *testing.T) {
	s := stage.Start(t, "", "")
	for _, x := range []struct {
		name, kind, body string
		status           int
		want             string
	}{
		{"JSON", "application/json", `{}`, 415, `{"message":"The content type, application/json, is not supported"}`},
		{"no type", "", `x`, 415, `{"message":"The content type, application/octet-stream, is not supported"}`},
		{"no boundary", "multipart/form-data", `x`, 400, `{"message":"The request body could not be read as multipart/form-data"}`},
		{"another boundary", "multipart/form-data; boundary=other", multipart(), 400, `{"message":"The request body could not be read as multipart/form-data"}`},
		{"half a body", "multipart/form-data; boundary=edge", strings.TrimSuffix(multipart(part{name: "file", file: "a", value: two}), "--edge--\r\n"), 400,
			`{"message":"The request body could not be read as multipart/form-data"}`},
		{"nothing", "multipart/form-data; boundary=edge", "", 400, `{"message":"The request body could not be read as multipart/form-data"}`},
	} {
		for _, method := range []string{"POST", "PUT"} {
			s.Play(t, []stage.Step{{Name: x.name + " " + method, Call: method + " " + byFile, As: stage.Cafe, Body: x.body, Header: []string{"Content-Type", x.kind},
				Status: x.status, Want: x.want}})
		}
	}
}
