package vars_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/flowexpr/flowexpr/vars"
)

// A request need not be about a contact: each variable can then be read in each way.
func TestEveryVariableWithoutAContact(t *testing.T) {
	scope := &vars.Scope{}
	for _, path := range []string{
		"contact", "contact.name", "contact.first_name", "contact.urn", "contact.urns", "contact.groups", "contact.created_on", "contact.last_seen_on",
		"contact.channel", "contact.fields", "contact.fields.age", "contact.age", "fields", "fields.age", "urns", "urns.tel", "globals", "globals.x",
	} {
		v, _ := vars.Resolve(strings.Split(path, "."))
		_, number := v.FieldNumber(scope)
		assert.False(t, number, path)
		text, status := v.Text(scope)
		assert.Empty(t, text, path)
		assert.NotEqual(t, vars.Present, status, path)
		v.Empty(scope)
		v.Value(scope)
	}
}
