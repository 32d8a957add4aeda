// Package figures hands what one command of bench measured to the next, as numbers by name in a JSON file.
package figures

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
)

// Figures are numbers by name.
type Figures map[string]float64

// Read gives the figures of a file; none where there is no file.
func Read(file string) (Figures, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Figures{}, nil
	}
	if err != nil {
		return nil, err
	}
	all := Figures{}
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return all, nil
}

// Add puts figures into a file, over those of the same names.
func Add(file string, more Figures) error {
	all, err := Read(file)
	if err != nil {
		return err
	}
	maps.Copy(all, more)
	data, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o644)
}
