package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// versionCommand prints what this program was built from.
type versionCommand struct{}

// Run prints one line.
func (*versionCommand) Run(io streams) error {
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
	}
	_, err := fmt.Fprintf(io.out, "flowexpr %s, %s, %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
