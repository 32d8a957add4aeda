package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by releases (-ldflags '-X main.version=…'); other builds tell the version that Go gave them.
var version string

// versionCommand prints what this program was built from.
type versionCommand struct{}

// Run prints one line.
func (*versionCommand) Run(io streams) error {
	_, err := fmt.Fprintf(io.out, "flowexpr %s, %s, %s/%s\n", buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// buildVersion names what this program was built from.
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}
