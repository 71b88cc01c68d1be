package audience

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
)

// fieldMost is how long a field beside the file may be.
const fieldMost = 64 << 10

// form is a multipart body: its fields, and where its file is read from.
type form struct {
	boundary string
	body     []byte
	fields   map[string]string
}

// createByFile makes an audience of up to 1,500,000 user ids, one a line.
// https://developers.line.biz/en/reference/messaging-api/#create-upload-audience-group-by-file
func (r *Room) createByFile(c *api.Call, body []byte) (any, error) {
	f, err := readForm(c.Header("Content-Type"), body)
	if err != nil {
		return nil, err
	}
	ifa, err := f.flag("isIfaAudience")
	if err != nil {
		return nil, err
	}
	n := newUpload{name: f.fields["description"], note: f.fields["uploadDescription"], ifa: ifa}
	if err := n.check(); err != nil {
		return nil, err
	}
	if n.people, err = r.people(c, upload{ifa, fileMost, lines(f.file())}); err != nil {
		return nil, inProperty(err, "file")
	}
	return r.createUpload(c, n)
}

// addByFile adds up to 1,500,000 ids to an audience of uploads.
// https://developers.line.biz/en/reference/messaging-api/#update-upload-audience-group-by-file
func (r *Room) addByFile(c *api.Call, body []byte) (any, error) {
	f, err := readForm(c.Header("Content-Type"), body)
	if err != nil {
		return nil, err
	}
	in := addition{note: f.fields["uploadDescription"], property: "file", upload: upload{most: fileMost, ids: lines(f.file())}}
	if text := f.fields["audienceGroupId"]; text != "" {
		if in.id, err = strconv.ParseInt(text, 10, 64); err != nil {
			return nil, invalidProperty("audienceGroupId")
		}
	}
	return r.addUpload(c, in)
}

// readForm reads all but the file, which may come before the fields that say
// what to make of it.
func readForm(given string, body []byte) (*form, error) {
	kind, params, err := mime.ParseMediaType(given)
	if err != nil || kind != "multipart/form-data" {
		return nil, unsupported(given)
	}
	f := &form{params["boundary"], body, map[string]string{}}
	if f.boundary == "" {
		return nil, errForm
	}
	files := 0
	for parts := f.parts(); ; {
		part, err := parts.NextRawPart()
		if err == io.EOF { // as it is: the error of a body cut short wraps it
			break
		}
		if err != nil {
			return nil, errForm
		}
		switch part.FormName() {
		case "file":
			files++
			err = fileKind(part)
		case "description", "isIfaAudience", "uploadDescription", "audienceGroupId":
			err = f.field(part)
		}
		if err != nil {
			return nil, err
		}
	}
	switch files {
	case 0:
		return nil, errNoFile
	case 1:
		return f, nil
	}
	return nil, errFiles
}

var errForm = api.Errorf(api.Invalid, "The request body could not be read as multipart/form-data")

func unsupported(kind string) *api.Error {
	if kind == "" {
		kind = "application/octet-stream"
	}
	return api.Errorf(api.MediaType, "The content type, %s, is not supported", kind)
}

func (f *form) parts() *multipart.Reader {
	return multipart.NewReader(bytes.NewReader(f.body), f.boundary)
}

// field keeps a field. The Java SDK writes fields as JSON, with quotes around texts.
func (f *form) field(part *multipart.Part) error {
	text, err := io.ReadAll(io.LimitReader(part, fieldMost))
	if err != nil {
		return errForm
	}
	value := string(text)
	if kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type")); err == nil && kind == "application/json" && strings.HasPrefix(value, `"`) {
		if err := json.Unmarshal(text, &value); err != nil {
			return invalidProperty(part.FormName())
		}
	}
	f.fields[part.FormName()] = value
	return nil
}

// fileKind refuses files that say they are something else than text. SDKs
// call theirs application/octet-stream, or nothing at all.
func fileKind(part *multipart.Part) error {
	given := part.Header.Get("Content-Type")
	kind, _, err := mime.ParseMediaType(given)
	if given == "" || err == nil && (strings.HasPrefix(kind, "text/") || kind == "application/octet-stream") {
		return nil
	}
	return unsupported(given)
}

func (f *form) flag(name string) (bool, error) {
	v, ok := parseFlag(f.fields[name])
	if !ok {
		return false, invalidProperty(name)
	}
	return v, nil
}

// file reads the file, which readForm has found.
func (f *form) file() io.Reader {
	for parts := f.parts(); ; {
		part, err := parts.NextRawPart()
		if err != nil {
			return bytes.NewReader(nil)
		}
		if part.FormName() == "file" {
			return part
		}
	}
}
