package insight

import (
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/interaction"
)

// Room is the room.
type Room struct {
	db           *store.DB
	friends      *friend.Room
	interactions *interaction.Room
}

// New makes the room.
func New(db *store.DB, friends *friend.Room, interactions *interaction.Room) *Room {
	return &Room{db, friends, interactions}
}

// least is below which number nothing is told, to protect people's privacy.
const least = 20

// japan is the time zone in which the platform counts days.
var japan = time.FixedZone("UTC+9", 9*60*60)

const dayForm = "20060102"

// readyAfter is how long after a day its numbers are ready.
const readyAfter = 9 * time.Hour

// status is whether the numbers of a day can be told.
type status string

const (
	ready        status = "ready"
	unready      status = "unready"
	outOfService status = "out_of_service"
)

// day is a day asked for.
type day struct {
	name   string
	ends   time.Time
	status status
}

// dayOf reads the day asked for; first is the first that the platform has
// numbers of.
func dayOf(c *api.Call, first string) (day, error) {
	d := day{name: c.Query().Get("date"), status: ready}
	begins, err := parse(d.name)
	if err != nil {
		return d, badRequest()
	}
	d.ends = begins.AddDate(0, 0, 1)
	switch {
	case d.name < first:
		d.status = outOfService
	case c.Now.Before(d.ends.Add(readyAfter)):
		d.status = unready
	}
	return d, nil
}

// parse reads a day, of whose one form there is no other.
func parse(name string) (time.Time, error) {
	t, err := time.ParseInLocation(dayForm, name, japan)
	if err == nil && t.Format(dayForm) != name {
		err = badRequest()
	}
	return t, err
}

func badRequest() *api.Error { return api.Errorf(api.Invalid, "Bad Request") }
