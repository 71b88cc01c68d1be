package audience

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"kaiwa/internal/kernel/api"
)

// The refusals of audience management. What is wrong stands as a code in the
// details; the words above it are documented for few codes, and where they are
// not they are the code once more, as the platform does for files.
// https://developers.line.biz/en/reference/messaging-api/#manage-audience-error
var (
	errNameEmpty       = refusal("AUDIENCE_GROUP_NAME_EMPTY")
	errNameWrong       = refusal("AUDIENCE_GROUP_NAME_WRONG")
	errNameSize        = worded("size over audienceGroupName", "AUDIENCE_GROUP_NAME_SIZE_OVER", "")
	errUploadSize      = refusal("AUDIENCE_GROUP_UPLOAD_DESCRIPTION_SIZE_OVER")
	errCount           = refusal("AUDIENCE_GROUP_COUNT_MAX_OVER")
	errNotFound        = worded("audience group not found", "AUDIENCE_GROUP_NOT_FOUND", "")
	errExpired         = refusal("AUDIENCE_GROUP_CAN_NOT_UPLOAD_STATUS_EXPIRED")
	errDuplicate       = refusal("AUDIENCE_GROUP_REQUESTID_DUPLICATE")
	errRequestNotFound = refusal("REQUEST_NOT_FOUND")
	errTooOld          = refusal("TOO_OLD_MESSAGES")
	errWrongBot        = refusal("WRONG_BOT_ID")
	errNoFile          = invalid("must be specified", "file")
	errFiles           = invalid("Size must be between 1 and 1", "file")
	errNoAudience      = invalid("must be specified", "audienceGroupId")
	errBusy            = api.Errorf(api.Limited, "The limit on the number of concurrent operations has been exceeded. Try again later.")
)

// Codes of what is wrong with the ids of an upload.
const (
	badFormat = "UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT"
	noIDs     = "UPLOAD_AUDIENCE_GROUP_NO_VALID_AUDIENCE_IDS"
	tooMany   = "UPLOAD_AUDIENCE_GROUP_TOO_MANY_AUDIENCE_IDS"
)

func refusal(code string) *api.Error { return worded(code, code, "") }

func worded(message, code, property string) *api.Error {
	return &api.Error{Code: api.Invalid, Message: message, Details: []api.Detail{{Message: code, Property: property}}}
}

func invalid(message, property string) *api.Error {
	return worded("The request body has 1 error(s)", message, property)
}

func invalidProperty(name string) *api.Error {
	return api.Errorf(api.Invalid, "The property, '%s', in the request body is invalid (line: -, column: -)", name)
}

// badIDs is what was wrong with an upload's ids; the operation says which
// property held them.
type badIDs struct{ code string }

func (e *badIDs) Error() string { return e.code }

// inProperty words what is wrong with ids by where they stood: the words of a
// malformed one are documented for both.
func inProperty(err error, property string) error {
	var bad *badIDs
	if !errors.As(err, &bad) {
		return err
	}
	message := bad.code
	if property == "audiences" && bad.code == badFormat {
		message = "Invalid audience id format"
	}
	return worded(message, bad.code, property)
}

const (
	nameMost              = 120
	uploadDescriptionMost = 300
	clickURLMost          = 2000
)

// checkName refuses what is no name of an audience.
func checkName(name string) error {
	switch {
	case name == "":
		return errNameEmpty
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return errNameWrong
	case strings.TrimSpace(name) == "":
		return errNameEmpty
	case units(name) > nameMost:
		return errNameSize
	}
	return nil
}

// checkUploadDescription refuses what is no description of a job.
func checkUploadDescription(text string) error {
	if units(text) > uploadDescriptionMost {
		return errUploadSize
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return invalidProperty("uploadDescription")
	}
	return nil
}

func checkClickURL(text string) error {
	if units(text) > clickURLMost {
		return invalid(fmt.Sprintf("Length must be between 0 and %d", clickURLMost), "clickUrl")
	}
	if u, err := url.Parse(text); text != "" && (err != nil || !u.IsAbs()) {
		return invalid("invalid uri", "clickUrl")
	}
	return nil
}

// units counts UTF-16 code units, as the platform counts characters.
// https://developers.line.biz/en/docs/messaging-api/text-character-count/
func units(text string) (n int) {
	for _, c := range text {
		n += max(1, utf16.RuneLen(c))
	}
	return n
}
