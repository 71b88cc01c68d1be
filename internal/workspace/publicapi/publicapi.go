package publicapi

import (
	"net/http"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/workspace/account"
	"kaiwa/internal/workspace/archive"
	"kaiwa/internal/workspace/key"
)

// Prefix begins every path of the API.
const Prefix = "/public/v1"

// API is the public API.
type API struct {
	keys     *key.Room
	accounts *account.Room
	archive  *archive.Archive
	now      func() time.Time
	windows  limit.Windows
	document []byte
}

// New makes the API. now is real time, whatever the server's clock says: rate
// limits protect the server, which a test's clock must not lift.
func New(keys *key.Room, accounts *account.Room, archive *archive.Archive, now func() time.Time) *API {
	a := &API{keys: keys, accounts: accounts, archive: archive, now: now}
	a.document = a.openAPI()
	return a
}

// Reset fills the rate limits again, as a reset of the world does.
func (a *API) Reset() { a.windows.Reset() }

// Family is how the API authenticates, limits and fails.
func (a *API) Family() api.Family {
	return api.Family{
		Name:         "public",
		Errors:       api.ProblemErrors,
		Authenticate: a.authenticate,
		Metered:      a.metered,
		BodyMost:     64 << 10, // reads take no body; one that is sent is ignored
		TooLargeText: "The request body is too large",
	}
}

// Ops are the operations, for api.Routes.
func (a *API) Ops() []api.Op {
	var ops []api.Op
	for _, o := range a.table() {
		ops = append(ops, api.Op{ID: o.id, Pattern: http.MethodGet + " " + Prefix + o.path, Run: api.None(o.run), Open: o.open})
	}
	return ops
}
