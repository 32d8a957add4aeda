package server_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/funcs"
	"github.com/flowexpr/flowexpr/server"
	"github.com/flowexpr/flowexpr/vars"
)

// The catalog has every variable and function, and the workspace's own names.
func TestCatalog(t *testing.T) {
	s := start(t, nil)
	a := s.do("PATCH", "/v1/settings", `{"fields": [{"key": "age", "name": "Age", "type": "number"}, {"key": "home", "type": "state"}],
		"globals": {"org": "Acme"}}`)
	require.Equal(t, 200, a.status, a.body)
	a = s.do("GET", "/v1/catalog", "")
	require.Equal(t, 200, a.status, a.body)
	var got server.Catalog
	require.NoError(t, json.Unmarshal([]byte(a.body), &got))

	assert.Len(t, got.Variables, len(vars.Catalogue())+3)
	assert.True(t, slices.IsSortedFunc(got.Variables, func(a, b vars.Entry) int { return strings.Compare(a.Path, b.Path) }))
	assert.Equal(t, vars.Entry{Path: "fields.age", Type: "number", Doc: "The contact's custom field Age. Null when it is not set."}, variable(t, got, "fields.age"))
	assert.Equal(t, vars.Entry{Path: "fields.home", Type: "text", Doc: "The contact's custom field home. Null when it is not set."}, variable(t, got, "fields.home"))
	assert.Equal(t, vars.Entry{Path: "globals.org", Type: "text", Doc: "The workspace's global value org.", Example: "Acme"}, variable(t, got, "globals.org"))
	assert.Equal(t, "Phone Number", variable(t, got, "urns.tel").ConnectionType)

	require.Len(t, got.Functions, len(funcs.Standard().Names()))
	for _, f := range got.Functions {
		assert.NotEmpty(t, f.Doc, f.Name)
		assert.NotEmpty(t, f.Examples, f.Name)
		assert.NotEmpty(t, f.Family, f.Name)
		assert.NotEmpty(t, f.Result, f.Name)
		assert.NotNil(t, f.Params, f.Name)
	}
	i := slices.IndexFunc(got.Functions, func(f server.CatalogFunction) bool { return f.Name == "if" })
	require.GreaterOrEqual(t, i, 0)
	assert.Equal(t, "if(test, yes, no)", got.Functions[i].Signature)
}

// An editor asks again for what has not changed, and is told so.
func TestCatalogIsNotSentTwice(t *testing.T) {
	s := start(t, nil)
	first := s.do("GET", "/v1/catalog", "")
	tag := first.header.Get("ETag")
	require.NotEmpty(t, tag)
	again := s.do("GET", "/v1/catalog", "", "If-None-Match", tag)
	assert.Equal(t, 304, again.status)
	assert.Empty(t, again.body)
	require.Equal(t, 200, s.do("PATCH", "/v1/settings", `{"globals": {"org": "Acme"}}`).status)
	assert.Equal(t, 200, s.do("GET", "/v1/catalog", "", "If-None-Match", tag).status)
}

func variable(t *testing.T, c server.Catalog, path string) vars.Entry {
	t.Helper()
	for _, e := range c.Variables {
		if e.Path == path {
			return e
		}
	}
	require.Fail(t, "the catalog lacks "+path)
	return vars.Entry{}
}
