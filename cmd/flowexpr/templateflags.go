package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// dialectLegacy is the language of flows made before 2018.
const dialectLegacy = "legacy"

// templateFlags say what to evaluate, and with which settings and context.
type templateFlags struct {
	Template string            `arg:"" optional:"" help:"The template."`
	File     string            `short:"f" type:"path" placeholder:"FILE" help:"Read the template from a file."`
	Context  string            `type:"path" placeholder:"FILE" help:"JSON for results, input, run and other roots."`
	Set      map[string]string `placeholder:"KEY=VALUE" mapsep:"none" help:"A setting: timezone, date_format, time_format, country, redact_urns, contact_urn, now and others. May be repeated."`
	Dialect  string            `placeholder:"NAME" enum:"excellent,legacy" default:"excellent" help:"The template's language: excellent, or legacy, which is rewritten first."`
}

// template gives the template of the argument or of the file, whose last line end is not part of it.
func (c *templateFlags) template(io streams) (string, error) {
	if c.File == "" {
		return c.Template, nil
	}
	if c.Template != "" {
		return "", usageError{errors.New("give the template either as the argument or by -f")}
	}
	data, err := readInput(c.File, io)
	return strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r"), err
}

// request builds the call to a service, without the contacts.
func (c *templateFlags) request(io streams, template string) (map[string]any, error) {
	request := map[string]any{"template": template}
	if c.Dialect == dialectLegacy {
		request["dialect"] = c.Dialect
	}
	settings, err := settingValues(c.Set)
	if err != nil {
		return nil, err
	}
	if len(settings) > 0 {
		request["settings"] = settings
	}
	if c.Context == "" {
		return request, nil
	}
	data, err := readInput(c.Context, io)
	if err != nil {
		return nil, err
	}
	if !json.Valid(data) {
		return nil, fmt.Errorf("%s is not JSON: want an object with a member for each root", c.Context)
	}
	request["context"] = json.RawMessage(data)
	return request, nil
}

// settingValues gives settings from the command line their JSON types.
func settingValues(set map[string]string) (map[string]any, error) {
	settings := make(map[string]any, len(set))
	for key, text := range set {
		switch key {
		case "redact_urns":
			truth, err := strconv.ParseBool(text)
			if err != nil {
				return nil, usageError{fmt.Errorf("--set %s: got %q, want true or false", key, text)}
			}
			settings[key] = truth
		case "random_seed":
			seed, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return nil, usageError{fmt.Errorf("--set %s: got %q, want a whole number", key, text)}
			}
			settings[key] = seed
		case "languages":
			settings[key] = strings.Split(text, ",")
		case "channels", "globals", "fields", "locations", "number_format":
			if !json.Valid([]byte(text)) {
				return nil, usageError{fmt.Errorf("--set %s: want JSON", key)}
			}
			settings[key] = json.RawMessage(text)
		default:
			settings[key] = text
		}
	}
	return settings, nil
}
