package object

import (
	"strconv"
	"strings"
)

// Problem is one violation. Property is the path on the wire: "messages[0].text"
// in the envelope and the simple types, "template/title" in a template,
// "/body/contents/0/text" in a Flex Message ("/" being the container itself).
type Problem struct {
	Property string
	Message  string
}

// Error is the refusal of a whole messages array, in the wire's form: the body's
// "message" and its "details" (to be left out when there are none).
type Error struct {
	Message string
	Details []Problem
}

// Error gives the message and the violations on one line, for logs and tests.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for i, p := range e.Details {
		b.WriteString([]string{": ", "; "}[min(i, 1)])
		b.WriteString(p.Property)
		b.WriteString(" ")
		b.WriteString(p.Message)
	}
	return b.String()
}

// The details' texts of the envelope and the simple types. Those from mustBeURI
// on are ours, since the platform's are not known; they say what to mend.
const (
	mayNotBeEmpty   = "May not be empty"
	noLabel         = "`label` must be specified" // of an action on a quick reply or a Flex button
	mustBeHTTPS     = "Must be a valid HTTPS URL"
	mustNotBeGiven  = "Must not be specified"
	mustBeURI       = "Must be a valid URI"
	mustBeValid     = "Must be a valid value"
	mustBeDollar    = "Must be the position of a '$' in the text"
	mustBeSendable  = "Must be a sticker that can be sent with the Messaging API"
	mustBeOtherName = "Must not contain a word that may not be used"
	mustBeKey       = "Must have a key of 1 to 20 characters of 0-9, a-z, A-Z and _"
)

// The details' texts of the placeholders in a textV2 text, which the platform
// tells in the form of templates. Only that of keys is its own.
const (
	notPaired            = "'{' and '}' must be in pairs"
	tooManySubstitutions = "must not have more than 20 mentions and 20 emojis"
)

func keyMismatch(key string) string {
	return "The key '" + key + "' enclosed in '{}' does not match the pattern '^[a-zA-Z0-9_]{1,20}$'."
}

func keyUnknown(key string) string {
	return "The key '" + key + "' enclosed in '{}' is not in substitution."
}

// The details' texts of templates, Flex Messages and rich menus. Those from
// mustBeAsMany on are ours, since the platform's are not known.
const (
	mustBeSpecified    = "must be specified"
	mustBeNonEmpty     = "must be non-empty text"
	invalidProperty    = "invalid property"
	invalidURI         = "invalid uri"
	invalidScheme      = "invalid uri scheme"
	invalidUnit        = "invalid unit"
	belowLimit         = "lower limit exceeded"
	aboveLimit         = "upper limit exceeded"
	tooHigh            = "aspect ratio must be in the range (0 < (h/w) <= 3)"
	noMoment           = "invalid datetime format for the specified mode"
	wrongOrder         = "invalid date time order"
	noVideo            = "embedding videos in messages is not allowed"
	invalidText        = "invalid text content"
	noText             = "`text` or `contents` must be specified"
	noBlock            = "At least one block must be specified"
	mustBeAsMany       = "must have the same number of items in all columns"
	mustBeInAllColumns = "must be specified in all columns or in none"
	mustBeOneSize      = "must be the same in all bubbles"
	tooBigBubble       = "Too large flex message. The maximum size of JSON data that defines a bubble is 30 KB."
	tooBigCarousel     = "Too large flex message. The maximum size of JSON data that defines a carousel is 50 KB."
	tooManyAnimated    = "must not have more than 10 animated images"
)

func lengthBetween(low, high int) string {
	return "Length must be between " + strconv.Itoa(low) + " and " + strconv.Itoa(high)
}

func sizeBetween(low, high int) string {
	return "Size must be between " + strconv.Itoa(low) + " and " + strconv.Itoa(high)
}

func notLonger(n int) string { return "must not be longer than " + strconv.Itoa(n) + " characters" }

func notMore(n int) string { return "must not be more than " + strconv.Itoa(n) + " items" }

func notLess(n int) string { return "must not be less than " + strconv.Itoa(n) + " items" }

func notBelow(n int) string { return "must be greater than or equal to " + strconv.Itoa(n) }

func atLeast(n int) string { return "Must be greater than or equal to " + strconv.Itoa(n) }

func atMost(n int) string { return "Must be less than or equal to " + strconv.Itoa(n) }

func oneOf(words []string) string {
	return "Must be one of the following values: [" + strings.Join(words, ", ") + "]"
}

// bodyError is the refusal with the violations of the envelope and simple types.
func bodyError(details []Problem) *Error {
	return &Error{"The request body has " + strconv.Itoa(len(details)) + " error(s)", details}
}

// messageError is the refusal of one template or Flex Message. A NO-BREAK SPACE
// follows the parenthesis on the wire, and bots compare the bytes.
func messageError(index int, details []Problem) *Error {
	return &Error{"A message (messages[" + strconv.Itoa(index) + "])\u00a0in the request body is invalid", details}
}

// senderNameError is the refusal of a sender's name that is too long, which has
// no details.
func senderNameError() *Error { return &Error{Message: "sender.name length is invalid"} }

// typeError is the refusal of a value of the wrong JSON type, which has no details.
func typeError(property string) *Error {
	return &Error{Message: "The property, '" + property + "', in the request body is invalid (line: -, column: -)"}
}
