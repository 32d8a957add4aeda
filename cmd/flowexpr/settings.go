package main

import (
	"context"
	"encoding/json"
	"fmt"
)

// settingsCommand shows a workspace's settings, or changes some of them.
type settingsCommand struct {
	File string `arg:"" optional:"" help:"File with a JSON object of the settings to change (- for standard input); null sets a default."`
}

// Run prints the settings as they are, or as they are after the change.
func (c *settingsCommand) Run(ctx context.Context, io streams, flags *storeFlags) error {
	if c.File == "" {
		return withService(ctx, io, flags, func(s *service) (*answer, error) { return s.call(ctx, "GET", "/v1/settings", nil) })
	}
	patch, err := readInput(c.File, io)
	if err != nil {
		return err
	}
	if !json.Valid(patch) {
		return fmt.Errorf("%s is not JSON: want an object with a member for each setting to change", c.File)
	}
	return withService(ctx, io, flags, func(s *service) (*answer, error) { return s.call(ctx, "PATCH", "/v1/settings", patch) })
}
