package corpus_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/bench/corpus"
	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
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

func TestRecordsAreThoseOfTheJSON(t *testing.T) {
	records, err := corpus.NewRecords("somewhere")
	require.NoError(t, err)
	for _, n := range []int{0, 1, 4711, 1_999_999, 6_999_999} {
		contact, err := contactstore.ParseContact(corpus.Regular(n))
		require.NoError(t, err)
		contact.Workspace, contact.Version = "somewhere", 1
		want, err := contactstore.Encode(contact)
		require.NoError(t, err)
		got, err := records.Record(n)
		require.NoError(t, err)
		assert.Equal(t, want, got, n)
	}
}

func TestFill(t *testing.T) {
	one, other := memstore.New(), memstore.New()
	require.NoError(t, corpus.Fill(t.Context(), "default", 10, 2500, one, other))
	for _, store := range []contactstore.Store{one, other} {
		list, err := store.List(t.Context(), "default", contactstore.UUID{}, 3000)
		require.NoError(t, err)
		require.Len(t, list, 2490)
		for i, r := range list {
			assert.Equal(t, corpus.RegularUUID(10+i), r.UUID())
		}
	}
	require.ErrorIs(t, corpus.Fill(t.Context(), "default", 2499, 2501, one), contactstore.ErrVersion, "contacts that are there are no success")
}
