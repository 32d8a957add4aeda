package tiered_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
	"github.com/flowexpr/flowexpr/contactstore/tiered"
)

var ctx = context.Background()

// over puts caches before a store; they are closed when the test ends.
func over(t testing.TB, record contactstore.Store, o tiered.Options) *tiered.Store {
	t.Helper()
	s, err := tiered.New(record, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func encoded(t testing.TB, c *contactstore.Contact) contactstore.Record {
	t.Helper()
	r, err := contactstore.Encode(c)
	require.NoError(t, err)
	return r
}

func TestContractNearAlone(t *testing.T) {
	storetest.Run(t, func(t *testing.T) contactstore.Store {
		return over(t, memstore.New(), tiered.Options{NearBytes: 16 << 20})
	})
}

func TestContractNoCaches(t *testing.T) {
	storetest.Run(t, func(t *testing.T) contactstore.Store { return over(t, memstore.New(), tiered.Options{}) })
}

// older gives, by Get, a record that a cache might still have.
type older struct {
	contactstore.Store
	old contactstore.Record
}

func (o older) Get(context.Context, string, contactstore.UUID) (contactstore.Record, error) {
	return o.old, nil
}

func (o older) GetFresh(ctx context.Context, workspace string, id contactstore.UUID) (contactstore.Record, error) {
	return o.Store.Get(ctx, workspace, id)
}

func (o older) GetAged(context.Context, string, contactstore.UUID) (contactstore.Record, time.Duration, error) {
	return o.old, time.Minute, nil
}

// A change that an old record makes look needless or impossible is decided by the contact as it is now.
func TestUpdatesAreNotDecidedByOldRecords(t *testing.T) {
	record := memstore.New()
	old := storetest.Contact(1, "ext:1", "ext:2")
	now := *old
	now.Version, now.Connections = 2, []contactstore.Connection{old.Connections[1], old.Connections[0]}
	require.NoError(t, record.Put(ctx, encoded(t, old)))
	require.NoError(t, record.Put(ctx, encoded(t, &now)))
	first := old.Connections[0].URN
	r, change, err := contactstore.Update(ctx, older{record, encoded(t, old)}, storetest.Workspace, old.UUID,
		func(c *contactstore.Contact) (contactstore.Change, error) { return c.PromoteTo(first, 1) })
	require.NoError(t, err)
	assert.True(t, change.Changed)
	assert.Equal(t, uint64(3), r.Version())
	assert.Equal(t, "ext:1", r.At(0).Identity())
}
