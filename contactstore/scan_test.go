package contactstore_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

func TestFilter(t *testing.T) {
	ctx, s := context.Background(), memstore.New()
	for _, text := range []string{
		`{"uuid":"00000000-0000-4000-8000-000000000001","name":"Jane Doe","urns":["mailto:jane@example.org"],"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Testers"}]}`,
		`{"uuid":"00000000-0000-4000-8000-000000000002","name":"Ali Çelik","urns":["telegram:12#ali"],"groups":[{"uuid":"0b0b0b0b-f1c9-411c-96fd-c511a4cfa86d","name":"Mothers"},{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Testers"}]}`,
		`{"uuid":"00000000-0000-4000-8000-000000000003","name":"Testers","urns":[]}`,
	} {
		c, err := contactstore.ParseContact([]byte(text))
		require.NoError(t, err)
		c.Workspace, c.Version = storetest.Workspace, 1
		r, err := contactstore.Encode(c)
		require.NoError(t, err)
		require.NoError(t, s.Put(ctx, r))
	}
	for _, c := range []struct {
		name   string
		filter contactstore.Filter
		want   string // last digits of UUIDs
	}{
		{"all", contactstore.Filter{}, "123"},
		{"group by name", contactstore.Filter{Group: "Testers"}, "12"},
		{"group by name in another case", contactstore.Filter{Group: "mOTHERS"}, "2"},
		{"group by UUID", contactstore.Filter{Group: "B7CF0D83-f1c9-411c-96fd-c511a4cfa86d"}, "12"},
		{"part of a group's name", contactstore.Filter{Group: "Test"}, ""},
		{"text in a name", contactstore.Filter{Text: "çELIK"}, "2"},
		{"text in a URN", contactstore.Filter{Text: "@Example"}, "1"},
		{"text in neither", contactstore.Filter{Text: "@example.com"}, ""},
		{"both", contactstore.Filter{Group: "testers", Text: "a"}, "12"},
		{"one of both", contactstore.Filter{Group: "testers", Text: "testers"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for page := 1; page <= 4; page++ {
				got := ""
				for r, err := range c.filter.Scan(ctx, s, storetest.Workspace, contactstore.UUID{}, page) {
					require.NoError(t, err)
					got += r.UUID().String()[35:]
				}
				assert.Equal(t, c.want, got, "pages of %d", page)
			}
		})
	}
}

// unlisted is a store that lists one page and then is out of reach.
type unlisted struct {
	contactstore.Store
	calls int
}

func (u *unlisted) List(ctx context.Context, workspace string, after contactstore.UUID, limit int) ([]contactstore.Record, error) {
	if u.calls++; u.calls > 1 {
		return nil, contactstore.ErrUnavailable
	}
	return u.Store.List(ctx, workspace, after, limit)
}

func TestAllStops(t *testing.T) {
	ctx, s := context.Background(), memstore.New()
	for n := 1; n <= 3; n++ {
		r, err := contactstore.Encode(storetest.Contact(n))
		require.NoError(t, err)
		require.NoError(t, s.Put(ctx, r))
	}
	var given int
	var failed []error
	for r, err := range contactstore.All(ctx, &unlisted{Store: s}, storetest.Workspace, contactstore.UUID{}, 2) {
		if err != nil {
			failed = append(failed, err)
			continue
		}
		require.False(t, r.IsZero())
		given++
	}
	assert.Equal(t, 2, given)
	require.Len(t, failed, 1)
	assert.True(t, errors.Is(failed[0], contactstore.ErrUnavailable))

	store := &unlisted{Store: s}
	for r, err := range contactstore.All(ctx, store, storetest.Workspace, storetest.ID(1), 2) {
		require.NoError(t, err)
		assert.Equal(t, storetest.ID(2), r.UUID())
		break
	}
	assert.Equal(t, 1, store.calls, "whoever stops asks for no more")
}
