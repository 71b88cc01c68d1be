package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"kaiwa/internal/kernel/store"
)

// TestOpenInAFolderThatIsNotWritable has this thread look at files as nobody,
// for root may write everywhere.
func TestOpenInAFolderThatIsNotWritable(t *testing.T) {
	dir := t.TempDir()
	locked := filepath.Join(dir, "locked")
	if err := errors.Join(os.Mkdir(locked, 0o555), os.Chmod(filepath.Dir(dir), 0o755)); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		const nobody = 65534
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := syscall.Setfsuid(nobody); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := syscall.Setfsuid(0); err != nil {
				t.Error(err)
			}
		}()
	}
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(locked, "kaiwa.db"), store.Options{Migrations: notes})
	if err == nil {
		db.Close()
		t.Fatal("it was opened")
	}
	if !strings.Contains(err.Error(), "cannot be opened for writing") || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("Open: %v", err)
	}
}
