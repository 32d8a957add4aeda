package engine_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/funcs"
	"github.com/flowexpr/flowexpr/engine/syntax/legacy"
	"github.com/flowexpr/flowexpr/vars"
)

// A call of a function that the current language has is no sign of the legacy dialect, however it is written.
func TestCurrentFunctionsLookCurrent(t *testing.T) {
	for _, name := range funcs.Standard().Names() {
		assert.False(t, legacy.Looks("@("+name+"(fields.x))"), name)
		assert.False(t, legacy.Looks("@("+strings.ToUpper(name)+"(fields.x, 1))"), name)
	}
}

// A caller's root may be called as a variable of the legacy dialect is.
func TestCallersRootsAreNotLegacy(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	template := "@flow.name and @(upper(flow.name))"
	codes := func(roots vars.Roots) (codes []string) {
		for _, d := range e.Check(template, engine.CheckOptions{Roots: roots}).Diagnostics {
			codes = append(codes, d.Code)
		}
		return codes
	}
	assert.Empty(t, codes(vars.NewRoots([]string{"flow"})))
	assert.Contains(t, codes(vars.Roots{}), "legacy_template")
}
