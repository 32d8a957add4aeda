package tiered_test

import (
	"context"
	"testing"

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
