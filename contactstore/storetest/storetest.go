// Package storetest is the contract that every contact store keeps.
//
//	func TestContract(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) contactstore.Store { return open(t) })
//	}
//
// Run asks for a new, empty store for each case. A store whose test can put any
// bytes in the place of a record implements Planter as well, and is then tried
// with records that are damaged or somebody else's. A fault found in one store
// becomes a case here, for all of them.
//
// What the Store interface leaves open, this package settles:
//
//   - a page of List that is shorter than its limit is the last; a limit below 1 gives none
//   - a stale version is reported before a URN conflict
//   - PutMany gives one error a record, nil where it was stored; its second result
//     is for the call as a whole, after which any of the records may have been stored
//   - a done context fails every call with the context's error, and writes nothing
//   - a conflict names the URN, never the contact that has it
package storetest

import (
	"context"
	"testing"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Open gives a new, empty store, which is closed when the test ends.
type Open func(t *testing.T) contactstore.Store

// Planter is a store whose test can damage it.
type Planter interface {
	contactstore.Store
	// Plant keeps stored as the record of a contact, unchecked. URNs and listing stay as they are.
	Plant(ctx context.Context, workspace string, id contactstore.UUID, stored string) error
}

// check is one case of the contract.
type check struct {
	name string
	run  func(t *testing.T, s contactstore.Store)
}

// Run tries the whole contract.
func Run(t *testing.T, open func(t *testing.T) contactstore.Store) {
	t.Helper()
	groups := []struct {
		name   string
		checks []check
	}{
		{"read", reads()}, {"list", lists()}, {"put", puts()}, {"delete", deletes()}, {"urns", urns()},
		{"batch", batches()}, {"settings", settings()}, {"workspaces", workspaces()}, {"context", contexts()},
		{"damage", damages()}, {"races", races()},
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) {
			for _, c := range group.checks {
				t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
			}
		})
	}
}
