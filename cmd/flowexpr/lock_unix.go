//go:build unix

package main

import (
	"errors"
	"os"
	"syscall"
)

// lockFolder keeps other processes that do the same out of a folder until unlock is called. It leaves no file behind.
func lockFolder(folder string) (unlock func(), err error) {
	f, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil
}
