//go:build unix

package store

import (
	"os"
	"syscall"
)

// lock takes the file for this process, for as long as it stays open; false:
// another process has it. A file system without locks lets everybody in.
func lock(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != syscall.EWOULDBLOCK
}
