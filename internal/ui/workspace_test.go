package ui

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/ui/page"
	"kaiwa/internal/workspace/account"
)

const keysPage = "/_/workspace/" + team + "/settings/api-keys"

// follow sends a form and opens the page that it leads to.
func (w *world) follow(path string, form url.Values) *node {
	w.t.Helper()
	res := w.post(path, form)
	if res.Code != http.StatusSeeOther {
		w.t.Fatalf("POST %s: status %d %s", path, res.Code, res.Body)
	}
	return w.get(res.Header().Get("Location"))
}

// opens tells what the public API says to a key.
func (w *world) opens(secret string) int {
	w.t.Helper()
	answer, err := page.API{Handler: w.config.API}.Call(w.t.Context(), http.MethodGet, "/public/v1/accounts", secret, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return answer.Status
}

func TestAKeyIsShownOnce(t *testing.T) {
	w := newWorld(t)
	if got := w.get(keysPage).one("#keys").words(); got != "No API key yet" {
		t.Fatalf("at the start %q", got)
	}
	res := w.post(keysPage, nil)
	address := res.Header().Get("Location")
	p := w.get(address)
	secret := p.one("#secret").words()
	if w.opens(secret) != http.StatusOK {
		t.Fatalf("the key %q opens nothing", secret)
	}
	if p.one("button[data-copy=secret]") == nil {
		t.Error("there is no button to copy it")
	}
	for _, path := range []string{address, keysPage} {
		if body := w.do(httptest.NewRequest(http.MethodGet, path, nil)).Body.String(); strings.Contains(body, secret) {
			t.Errorf("%s shows the key again", path)
		}
	}
	row := p.one("#keys tbody tr")
	cells := row.all("td")
	if got := cells[0].words(); got != secret[:10]+"…"+secret[len(secret)-4:] {
		t.Errorf("the list shows %q of %q", got, secret)
	}
	if got := cells[1].one("time").attr("datetime"); !strings.HasPrefix(got, time.Now().UTC().Format("2006-01-02T15")) {
		t.Errorf("created %q", got)
	}
	if got := cells[2].words(); got != "Never" {
		t.Errorf("last used %q before it was", got)
	}
	if got := w.get(keysPage).one("#keys tbody tr").all("td")[2].one("time"); got == nil {
		t.Error("its use does not show")
	}
}

func TestAKeyIsShownToItsWorkspaceAlone(t *testing.T) {
	w := newWorld(t)
	w.update(func(tx *store.Tx) error {
		_, err := w.config.Workspaces.PutWorkspace(tx, account.Workspace{ID: "w2", Name: "Others"})
		return err
	})
	address := w.post(keysPage, nil).Header().Get("Location")
	other := strings.Replace(address, "/"+team+"/", "/w2/", 1)
	if p := w.get(other); p.one("#secret") != nil {
		t.Error("another workspace's page shows the key")
	}
	if got := w.get("/_/workspace/").all(".card"); len(got) != 2 {
		t.Errorf("%d workspaces listed", len(got))
	}
}

func TestRegeneratingAsksAndEndsTheOldKey(t *testing.T) {
	w := newWorld(t)
	p := w.follow(keysPage, nil)
	old := p.one("#secret").words()
	dialog := p.all("dialog")[0]
	if got := dialog.words(); !strings.Contains(got, "stops working at once") || !strings.Contains(got, "cannot be undone") || !strings.Contains(got, old[len(old)-4:]) {
		t.Errorf("the dialog says %q", got)
	}
	p = w.follow(dialog.one("form").attr("action"), nil)
	fresh := p.one("#secret").words()
	if fresh == old || w.opens(fresh) != http.StatusOK || w.opens(old) != http.StatusUnauthorized {
		t.Errorf("the new key gets %d, the old one %d", w.opens(fresh), w.opens(old))
	}
	if rows := p.all("#keys tbody tr"); len(rows) != 1 {
		t.Errorf("%d keys, want the one", len(rows))
	}
	remove := p.all("dialog")[1].one("form").attr("action")
	if p := w.follow(remove, nil); p.one("#keys").words() != "No API key yet" || w.opens(fresh) != http.StatusUnauthorized {
		t.Error("a deleted key lives on")
	}
	if res := w.post(remove, nil); res.Code != http.StatusBadRequest {
		t.Errorf("deleting it twice: status %d", res.Code)
	}
}

func TestOpenSettingsFollowOtherTabs(t *testing.T) {
	w := newWorld(t)
	if got := w.patches("keys:"+team, func() { w.post(keysPage, nil) }); !strings.Contains(got, `"target":"keys"`) || !strings.Contains(got, "kaiwa_") {
		t.Errorf("patch %s", got)
	}
}

func TestWorkspaceAddresses(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]string{"/_/workspace/": keysPage, "/_/workspace/" + team: keysPage, "/_/workspace/" + team + "/settings/": keysPage} {
		if res := w.do(httptest.NewRequest(http.MethodGet, path, nil)); res.Header().Get("Location") != want {
			t.Errorf("%s leads to %q", path, res.Header().Get("Location"))
		}
	}
	if res := w.do(httptest.NewRequest(http.MethodGet, "/_/workspace/none/settings/api-keys", nil)); res.Code != http.StatusNotFound {
		t.Errorf("unknown workspace: status %d", res.Code)
	}
}
