//go:build unix

package cputime

import (
	"syscall"
	"time"
)

// Used is what this process has used, in user and in kernel mode.
func Used() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
