package badinput

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"kaiwa/test/kit"
)

// nobody is who the program runs as where this test runs as root, for whom no
// folder is read-only.
const nobody = 65534

func TestReadOnlyFolder(t *testing.T) {
	t.Parallel()
	p := used(t)
	open, err := os.MkdirTemp("", "kaiwa-open-") // t.TempDir lets nobody else in
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		os.Chmod(filepath.Join(open, "sealed"), 0o700)
		os.RemoveAll(open)
	})
	sealed := place{filepath.Join(open, "sealed")}
	content, err := os.ReadFile(p.path("kaiwa.db"))
	if err != nil {
		t.Fatal(err)
	}
	bin, err := os.ReadFile(kit.Binary(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []error{os.Mkdir(sealed.dir, 0o700), os.WriteFile(sealed.path("kaiwa.db"), content, 0o600),
		os.WriteFile(filepath.Join(open, "kaiwa"), bin, 0o755)} {
		if step != nil {
			t.Fatal(step)
		}
	}
	var who *syscall.Credential
	if os.Geteuid() == 0 {
		who = &syscall.Credential{Uid: nobody, Gid: nobody}
		for _, path := range []string{sealed.dir, sealed.path("kaiwa.db")} {
			if err := os.Chown(path, nobody, nobody); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, path := range []string{open, sealed.dir} {
		if err := os.Chmod(path, 0o555); err != nil {
			t.Fatal(err)
		}
	}
	before := state(t, sealed.dir)
	for name, why := range map[string]string{"kaiwa.db": "readonly", "new.db": "permission denied"} {
		o := run(t, func(ctx context.Context) *exec.Cmd {
			c := exec.CommandContext(ctx, filepath.Join(open, "kaiwa"), "serve", "--listen", "127.0.0.1:0", "--store", "sqlite:"+sealed.path(name))
			c.Dir, c.SysProcAttr = open, &syscall.SysProcAttr{Credential: who}
			return c
		})
		o.unusable(t, why)
	}
	if after := state(t, sealed.dir); after != before {
		t.Errorf("before\n%safter\n%s", before, after)
	}
}
