package storetest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Workspace is where the cases keep their contacts.
const Workspace = "acme"

// ID is the n-th UUID, in listing order.
func ID(n int) contactstore.UUID {
	id := contactstore.UUID{6: 0x40, 8: 0x80}
	binary.BigEndian.PutUint32(id[12:], uint32(n))
	id[0] = byte(n >> 4) // spread over the key space, the order kept
	return id
}

// Contact is the n-th contact of Workspace, at version 1, with the URNs given.
func Contact(n int, urns ...string) *contactstore.Contact {
	c := &contactstore.Contact{
		Workspace: Workspace, UUID: ID(n), Version: 1, Name: fmt.Sprintf("Contact %d", n), Language: "eng", Status: "active",
		CreatedOn: time.Date(2026, 1, 15, 9, 30, 0, 0, time.UTC),
		Fields:    []contactstore.Field{{Key: "count", Kind: contactstore.FieldNumber, Text: "0"}},
	}
	for _, text := range urns {
		c.Connections = append(c.Connections, contactstore.Connection{URN: urn(text)})
	}
	return c
}

// urn parses a URN that the cases write themselves.
func urn(text string) contactstore.URN {
	u, err := contactstore.ParseURN(text)
	if err != nil {
		panic(fmt.Sprintf("storetest: %s: %v", text, err))
	}
	return u
}

func encode(t testing.TB, c *contactstore.Contact) contactstore.Record {
	t.Helper()
	r, err := contactstore.Encode(c)
	require.NoError(t, err)
	return r
}

// put stores c as it is.
func put(t testing.TB, s contactstore.Store, c *contactstore.Contact) contactstore.Record {
	t.Helper()
	r := encode(t, c)
	require.NoError(t, s.Put(context.Background(), r))
	return r
}

// next is c one version on, with the URNs given.
func next(c *contactstore.Contact, urns ...string) *contactstore.Contact {
	n := *c
	n.Version++
	n.Connections = nil
	for _, text := range urns {
		n.Connections = append(n.Connections, contactstore.Connection{URN: urn(text)})
	}
	return &n
}

// in is c in another workspace.
func in(workspace string, c *contactstore.Contact) *contactstore.Contact {
	n := *c
	n.Workspace = workspace
	return &n
}

// stored asserts that want is what the store gives for its contact.
func stored(t testing.TB, s contactstore.Store, want contactstore.Record) {
	t.Helper()
	got, err := s.Get(context.Background(), want.Workspace(), want.UUID())
	require.NoError(t, err)
	assert.Equal(t, want.Bytes(), got.Bytes())
}

// owner asserts that want is what the store finds by a URN.
func owner(t testing.TB, s contactstore.Store, text string, want contactstore.Record) {
	t.Helper()
	got, err := s.Find(context.Background(), want.Workspace(), urn(text))
	require.NoError(t, err, text)
	assert.Equal(t, want.UUID(), got.UUID(), text)
	assert.Equal(t, want.Bytes(), got.Bytes(), text)
}

// unowned asserts that no contact of Workspace has a URN.
func unowned(t testing.TB, s contactstore.Store, text string) {
	t.Helper()
	got, err := s.Find(context.Background(), Workspace, urn(text))
	require.ErrorIs(t, err, contactstore.ErrNotFound, text)
	assert.True(t, got.IsZero())
}

// missing asserts that the store has no such contact.
func missing(t testing.TB, s contactstore.Store, workspace string, id contactstore.UUID) {
	t.Helper()
	got, err := s.Get(context.Background(), workspace, id)
	require.ErrorIs(t, err, contactstore.ErrNotFound)
	assert.True(t, got.IsZero())
}

// everyone lists a workspace, a page at a time.
func everyone(t testing.TB, s contactstore.Store, workspace string, limit int) []contactstore.Record {
	t.Helper()
	var all []contactstore.Record
	var after contactstore.UUID
	for {
		page, err := s.List(context.Background(), workspace, after, limit)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page), limit)
		all = append(all, page...)
		if len(page) < limit {
			return all
		}
		after = page[len(page)-1].UUID()
	}
}

// consistent asserts that records and URNs agree: each URN of each contact is found, and leads back to it.
func consistent(t testing.TB, s contactstore.Store, workspace string) {
	t.Helper()
	seen := map[string]contactstore.UUID{}
	for _, r := range everyone(t, s, workspace, 100) {
		c, err := r.Contact()
		require.NoError(t, err)
		for _, connection := range c.Connections {
			identity := connection.URN.Identity()
			other, taken := seen[identity]
			require.False(t, taken, "%s is a URN of both %s and %s", identity, other, c.UUID)
			seen[identity] = c.UUID
			got, err := s.Find(context.Background(), workspace, connection.URN)
			require.NoError(t, err, identity)
			require.Equal(t, c.UUID, got.UUID(), identity)
		}
	}
}

// ids are the UUIDs of records, in their order.
func ids(records []contactstore.Record) []contactstore.UUID {
	out := make([]contactstore.UUID, len(records))
	for i, r := range records {
		out[i] = r.UUID()
	}
	return out
}

// contention reports whether a write lost a race and may be tried again.
func contention(err error) bool { return errors.Is(err, contactstore.ErrVersion) }
