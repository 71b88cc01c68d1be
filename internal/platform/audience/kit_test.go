package audience_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

const (
	create  = "POST /v2/bot/audienceGroup/upload"
	add     = "PUT /v2/bot/audienceGroup/upload"
	byFile  = "/v2/bot/audienceGroup/upload/byFile"
	click   = "POST /v2/bot/audienceGroup/click"
	imp     = "POST /v2/bot/audienceGroup/imp"
	groups  = "/v2/bot/audienceGroup/"
	list    = "/v2/bot/audienceGroup/list"
	shared  = "/v2/bot/audienceGroup/shared/"
	nowhere = "9999999999999"
)

// group is an audience as far as tests look into it by name.
type group struct {
	ID              int64  `json:"audienceGroupId"`
	Type            string `json:"type"`
	Description     string `json:"description"`
	Status          string `json:"status"`
	Count           int64  `json:"audienceCount"`
	Created         int64  `json:"created"`
	Permission      string `json:"permission"`
	ExpireTimestamp int64  `json:"expireTimestamp"`
	FailedType      string `json:"failedType"`
}

// data is what is told of one audience.
type data struct {
	Group group `json:"audienceGroup"`
	Jobs  []struct {
		ID          int64  `json:"audienceGroupJobId"`
		Description string `json:"description"`
		Count       int64  `json:"audienceCount"`
		JobStatus   string `json:"jobStatus"`
		FailedType  string `json:"failedType"`
	} `json:"jobs"`
}

// String is "READY 3: FINISHED 2, FINISHED 1".
func (d data) String() string {
	var jobs []string
	for _, j := range d.Jobs {
		jobs = append(jobs, fmt.Sprintf("%s %d", j.JobStatus, j.Count))
	}
	return fmt.Sprintf("%s %d: %s", d.Group.Status, d.Group.Count, strings.Join(jobs, ", "))
}

func read[T any](t testing.TB, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

// made makes the cafe's audience and gives its id.
func made(t testing.TB, s *stage.Stage, name string, userIDs ...string) int64 {
	t.Helper()
	a := s.As(stage.Cafe, "POST", "/v2/bot/audienceGroup/upload", upload(name, userIDs...))
	if a.Status != 202 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	return read[group](t, a.Body).ID
}

// upload is the body that makes an audience.
func upload(name string, userIDs ...string) string {
	return `{"description":"` + name + `","uploadDescription":"first",` + members(userIDs...) + `}`
}

// added is the body that adds to an audience.
func added(id int64, userIDs ...string) string {
	return fmt.Sprintf(`{"audienceGroupId":%d,%s}`, id, members(userIDs...))
}

func members(userIDs ...string) string {
	var b strings.Builder
	for i, id := range userIDs {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"id":"` + id + `"}`)
	}
	return `"audiences":[` + b.String() + `]`
}

// shown asks for an audience of the cafe's.
func shown(t testing.TB, s *stage.Stage, id int64) data {
	t.Helper()
	a := s.As(stage.Cafe, "GET", fmt.Sprint(groups, id), "")
	if a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	return read[data](t, a.Body)
}

// stands checks how an audience stands.
func stands(t *testing.T, s *stage.Stage, id int64, want string) {
	t.Helper()
	if got := shown(t, s, id).String(); got != want {
		t.Errorf("audience %d: %s, want %s", id, got, want)
	}
}

// refused is the body of a refusal by its code.
func refused(code string) string {
	return `{"message":"` + code + `","details":[{"message":"` + code + `"}]}`
}

func refusedIn(code, property string) string {
	return `{"message":"` + code + `","details":[{"message":"` + code + `","property":"` + property + `"}]}`
}

const (
	notFound = `{"message":"audience group not found","details":[{"message":"AUDIENCE_GROUP_NOT_FOUND"}]}`
	tooLong  = `{"message":"size over audienceGroupName","details":[{"message":"AUDIENCE_GROUP_NAME_SIZE_OVER"}]}`
)
