package legacy_test

import (
	"strings"
	"testing"

	"github.com/flowexpr/flowexpr/engine/syntax/legacy"
)

// FuzzMigrate: no panic; notes lie in the template; without a note, all blocks of the result parse.
func FuzzMigrate(f *testing.F) {
	for _, c := range readCases(f, "testdata/migrate.jsonl") {
		f.Add(c.Input, c.Options.EchoOnError, c.Options.URLEncode, c.Options.RawDates)
	}
	f.Fuzz(func(t *testing.T, template string, echo, encode, raw bool) {
		result := legacy.Migrate(template, legacy.Options{EchoOnError: echo, URLEncode: encode, RawDates: raw})
		checkNotes(t, template, result.Notes)
		checkParses(t, result)
		if !strings.Contains(template, "@") && result.Template != template {
			t.Errorf("text changed to %q", result.Template)
		}
		legacy.Looks(template)
	})
}
