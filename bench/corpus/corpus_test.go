package corpus_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/bench/corpus"
	"github.com/flowexpr/flowexpr/contactstore"
)

func TestTemplatesHaveTheirLengths(t *testing.T) {
	want := map[string]int{"T0": 100, "T4": 160}
	for _, template := range corpus.Templates() {
		if length, ok := want[template.Name]; ok {
			assert.Len(t, template.Want, length, template.Name)
		}
	}
}

func TestContactHasWhatTheConstantsSay(t *testing.T) {
	c, err := contactstore.ParseContact([]byte(corpus.Contact))
	require.NoError(t, err)
	assert.Equal(t, corpus.Name, c.Name)
	assert.Equal(t, corpus.URNs(), urns(c))
}

func TestGeneratedContactsAreValidAndShareNoConnection(t *testing.T) {
	generator := corpus.NewContacts(1)
	owner := map[string]contactstore.UUID{}
	for range 1000 {
		line, err := generator.Next()
		require.NoError(t, err)
		c, err := contactstore.ParseContact(line)
		require.NoError(t, err, "%s", line)
		for _, urn := range urns(c) {
			assert.Contains(t, string(line), urn, "stored as it was generated")
			assert.NotContains(t, owner, urn)
			owner[urn] = c.UUID
		}
	}
}

func TestGeneratedContactsFollowFromTheSeed(t *testing.T) {
	assert.Equal(t, lines(t, 1, 50), lines(t, 1, 50))
	assert.NotEqual(t, lines(t, 1, 50), lines(t, 2, 50))
}

func lines(t *testing.T, seed uint64, n int) []string {
	t.Helper()
	generator := corpus.NewContacts(seed)
	all := make([]string, n)
	for i := range all {
		line, err := generator.Next()
		require.NoError(t, err)
		all[i] = string(line)
	}
	return all
}

func urns(c *contactstore.Contact) []string {
	all := make([]string, len(c.Connections))
	for i, connection := range c.Connections {
		all[i] = connection.URN.String()
	}
	return all
}
