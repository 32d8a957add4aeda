package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/flowexpr/flowexpr/engine/diag"
)

// maxConfigBytes bounds a configuration file.
const maxConfigBytes = 1 << 20

// configuration gives flags the values of a file: a mapping from flag names to values. It is one file for all commands.
type configuration struct {
	name   string // of the file, or empty
	values map[string]any
}

// yamlConfiguration reads a configuration file.
func yamlConfiguration(r io.Reader) (kong.Resolver, error) {
	c := configuration{name: "configuration file"}
	if file, ok := r.(interface{ Name() string }); ok {
		c.name += " " + file.Name()
	}
	data, err := readLimited(r, maxConfigBytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	if err := readYAML(data, &c.values); err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, yamlFaultOf(err, data, "want flags with their values, as in listen: 127.0.0.1:8090"))
	}
	return c, nil
}

// Validate refuses keys that are no flag of any command: a mistyped limit must not be one that does not hold.
func (c configuration) Validate(app *kong.Application) error {
	known := map[string]bool{}
	flagNames(app.Node, known)
	for _, key := range slices.Sorted(maps.Keys(c.values)) {
		if known[key] || known[strings.ReplaceAll(key, "_", "-")] {
			continue
		}
		hint := ""
		if near := diag.Nearest(key, slices.Collect(maps.Keys(known))); near != "" {
			hint = ": did you mean " + near + "?"
		}
		return fmt.Errorf("%s: %.100q is no flag%s", c.name, key, hint)
	}
	return nil
}

// flagNames collects the flags of a command and of those below it.
func flagNames(node *kong.Node, into map[string]bool) {
	for _, flag := range node.Flags {
		into[flag.Name] = true
	}
	for _, child := range node.Children {
		flagNames(child, into)
	}
}

// Resolve gives a flag its value of the file, nil where it has none.
func (c configuration) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if fromEnvironment(flag.Envs) { // the file is what holds where nothing nearer does
		return nil, nil
	}
	value, ok := c.values[flag.Name]
	if !ok {
		value = c.values[strings.ReplaceAll(flag.Name, "-", "_")]
	}
	switch value := value.(type) {
	case nil:
		return nil, nil
	case []any:
		if !flag.IsSlice() {
			return nil, fmt.Errorf("%s: got a list, want one value", c.name)
		}
		return value, nil
	case map[string]any, map[any]any:
		return nil, fmt.Errorf("%s: got a mapping, want a value", c.name)
	default: // a number that is written as on the command line is read as there
		return fmt.Sprint(value), nil
	}
}
