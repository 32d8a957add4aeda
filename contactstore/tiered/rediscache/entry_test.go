package rediscache

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

var (
	jane = Contact{Workspace: storetest.Workspace, UUID: storetest.ID(1)}
	john = Contact{Workspace: storetest.Workspace, UUID: storetest.ID(2)}
)

func recordOf(t testing.TB, n int) contactstore.Record {
	t.Helper()
	r, err := contactstore.Encode(storetest.Contact(n, "ext:1"))
	require.NoError(t, err)
	return r
}

func TestEntries(t *testing.T) {
	asked := time.UnixMilli(1_764_000_000_123)
	for name, r := range map[string]contactstore.Record{"a record": recordOf(t, 1), "nothing": {}} {
		found := decode(jane, encode(jane, r, asked))
		assert.Equal(t, Found{State: Hit, Record: r, Asked: asked}, found, name)
	}
}

// Whatever stands at a contact's key, no other contact's record comes out, nor one that was changed.
func TestForeignEntries(t *testing.T) {
	asked := time.Now()
	elsewhere := jane
	elsewhere.Workspace = "globex"
	for name, stored := range map[string]string{
		"empty":                            "",
		"short":                            "R1234567",
		"another program's":                `{"uuid": "` + jane.UUID.String() + `", "name": "Jane"}`,
		"another contact's":                encode(john, recordOf(t, 2), asked),
		"another contact's that is absent": encode(john, contactstore.Record{}, asked),
		"another workspace's":              encode(elsewhere, recordOf(t, 1), asked),
		"another record under its own sum": encode(jane, recordOf(t, 2), asked),
		"too long":                         encode(jane, recordOf(t, 1), asked) + "x",
		"nothing, with something behind":   encode(jane, contactstore.Record{}, asked) + "x",
	} {
		assert.Equal(t, Found{State: Damaged}, decode(jane, stored), name)
	}
	for _, r := range []contactstore.Record{recordOf(t, 1), {}} {
		whole := encode(jane, r, asked)
		for i := range whole {
			changed := []byte(whole)
			changed[i] ^= 1
			require.Equal(t, Found{State: Damaged}, decode(jane, string(changed)), "byte %d", i)
			require.Equal(t, Found{State: Damaged}, decode(jane, whole[:i]), "cut at %d", i)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(jane, recordOf(f, 1), time.UnixMilli(1)))
	f.Add(encode(jane, contactstore.Record{}, time.UnixMilli(1)))
	f.Add(encode(john, recordOf(f, 2), time.UnixMilli(1)))
	f.Add("R")
	f.Fuzz(func(t *testing.T, stored string) {
		found := decode(jane, stored)
		if found.State != Hit {
			require.Equal(t, Found{State: Damaged}, found)
			return
		}
		if !found.Record.IsZero() {
			require.Equal(t, jane, Contact{found.Record.Workspace(), found.Record.UUID()})
		}
		again := decode(jane, encode(jane, found.Record, found.Asked))
		require.Equal(t, found.Record, again.Record)
	})
}

func TestKeys(t *testing.T) {
	c := New(nil, Options{Namespace: "n"})
	keys := c.keys(jane)
	workspace, id, ok := c.ContactOf(keys[2])
	require.True(t, ok)
	assert.Equal(t, jane, Contact{workspace, id})
	for _, key := range []string{"", keys[0], keys[1], "fxw:m:{acme/" + jane.UUID.String() + "}", "fxw:n:{}", "fxw:n:{acme/1}", keys[2] + "}"} {
		_, _, ok := c.ContactOf(key)
		assert.False(t, ok, key)
	}
}
