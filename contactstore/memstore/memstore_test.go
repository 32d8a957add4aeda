package memstore_test

import (
	"testing"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) contactstore.Store { return memstore.New() })
}
