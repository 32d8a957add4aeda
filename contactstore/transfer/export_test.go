package transfer_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
	"github.com/flowexpr/flowexpr/contactstore/transfer"
)

// full is a contact with everything that a contact may have.
const full = `{"uuid":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f","id":12,"ref":"r-12","name":"Jane \"J\" Doe é","language":"eng","status":"blocked",` +
	`"timezone":"America/Los_Angeles","created_on":"2026-01-15T09:30:00.123456Z","last_seen_on":"2026-02-01T00:00:00Z",` +
	`"urns":["tel:+13233754866","twitter:janedoe","mailto:jane.doe@example.org","telegram:1234#jane"],` +
	`"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Testers"}],` +
	`"fields":{"age":34,"city":"Los Angeles","joined":"2024-03-02T00:00:00Z","vip":true,"gone":null,"list":[1,2]},` +
	`"connections":[{"urn":"tel:+13233754866","last_used_on":"2026-02-01T00:00:00Z","channel":"30110c5d-4a64-45d7-a1ae-d1e5b3a5a5d3"}],` +
	`"flow":null,"zzz":{"b":1,"a":[true]}}`

func TestExportImportGivesTheSame(t *testing.T) {
	s := memstore.New()
	load(t, s, file(full, row(2, "B", "ext:2"), row(1, "A")), transfer.Options{})
	exported := dump(t, s)
	assert.Equal(t, 3, strings.Count(exported, "\n"))

	assert.Equal(t, [4]int{0, 0, 3, 0}, counts(load(t, s, exported, transfer.Options{})), "back into the same store")

	other := memstore.New()
	assert.Equal(t, [4]int{3, 0, 0, 0}, counts(load(t, other, exported, transfer.Options{})))
	assert.Equal(t, exported, dump(t, other))
	for _, r := range listed(t, s) {
		again, err := other.Get(ctx, workspace, r.UUID())
		require.NoError(t, err)
		assert.Equal(t, r.Bytes(), again.Bytes())
	}
}

func listed(t *testing.T, s contactstore.Store) []contactstore.Record {
	t.Helper()
	all, err := s.List(ctx, workspace, contactstore.UUID{}, 1000)
	require.NoError(t, err)
	return all
}

func TestExport(t *testing.T) {
	for count := range 5 {
		t.Run(fmt.Sprintf("%d contacts by pages of 2", count), func(t *testing.T) {
			s := memstore.New()
			for n := count; n > 0; n-- {
				require.NoError(t, s.Put(ctx, encode(t, storetest.Contact(n))))
			}
			var out bytes.Buffer
			var last transfer.Progress
			summary, err := transfer.Export(ctx, s, workspace, &out, transfer.Options{Batch: 2, OnProgress: func(p transfer.Progress) { last = p }})
			require.NoError(t, err)
			assert.Equal(t, transfer.Summary{Rows: count, Exported: count, Bytes: int64(out.Len())}, summary)
			assert.Equal(t, transfer.Progress{Phase: transfer.Exporting, Rows: count, Bytes: int64(out.Len())}, last)
			lines := strings.SplitAfter(out.String(), "\n")
			require.Len(t, lines, count+1)
			for n := range count {
				assert.True(t, strings.HasPrefix(lines[n], `{"uuid":"`+storetest.ID(n+1).String()), lines[n])
			}
		})
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestExportFails(t *testing.T) {
	s := memstore.New()
	require.NoError(t, s.Put(ctx, encode(t, storetest.Contact(1))))
	_, err := transfer.Export(ctx, s, workspace, fullDisk{}, transfer.Options{})
	require.ErrorContains(t, err, "disk full")
}
