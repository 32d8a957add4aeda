package memstore

import (
	"bytes"
	"slices"

	"github.com/flowexpr/flowexpr/contactstore"
)

// space is one workspace. The store's lock guards it.
type space struct {
	records map[contactstore.UUID]contactstore.Record
	owners  map[string]contactstore.UUID // by URN identity

	// sorted and unsorted together are the keys of records. New ones gather in
	// unsorted until somebody lists, so that an import does not move the whole slice for each.
	sorted, unsorted []contactstore.UUID

	settings        []byte
	settingsVersion uint64
}

func (in *space) put(r contactstore.Record) error {
	id := r.UUID()
	before, exists := in.records[id]
	if r.Version() != before.Version()+1 {
		return contactstore.Stale(id)
	}
	for identity := range r.Identities() {
		if owner, taken := in.owners[identity]; taken && owner != id {
			return contactstore.Conflict(identity)
		}
	}
	in.release(before)
	for identity := range r.Identities() {
		in.owners[identity] = id
	}
	in.records[id] = r
	if !exists {
		in.unsorted = append(in.unsorted, id)
	}
	return nil
}

func (in *space) remove(id contactstore.UUID, version uint64) error {
	r, ok := in.records[id]
	if !ok {
		return contactstore.NotFound(id)
	}
	if version != 0 && version != r.Version() {
		return contactstore.Stale(id)
	}
	in.release(r)
	delete(in.records, id)
	in.sort()
	if at, ok := in.search(id); ok {
		in.sorted = slices.Delete(in.sorted, at, at+1)
	}
	return nil
}

// release gives back the URNs of a record.
func (in *space) release(r contactstore.Record) {
	for identity := range r.Identities() {
		delete(in.owners, identity)
	}
}

// page gives records after a UUID. The listing must be sorted.
func (in *space) page(after contactstore.UUID, limit int) []contactstore.Record {
	at, found := in.search(after)
	if found {
		at++
	}
	ids := in.sorted[at:min(at+limit, len(in.sorted))]
	out := make([]contactstore.Record, len(ids))
	for i, id := range ids {
		out[i] = in.records[id]
	}
	return out
}

// sort merges unsorted into sorted.
func (in *space) sort() {
	fresh := in.unsorted
	if len(fresh) == 0 {
		return
	}
	in.unsorted = nil
	slices.SortFunc(fresh, compare)
	old := len(in.sorted) - 1
	in.sorted = append(in.sorted, fresh...)
	for at, next := len(in.sorted)-1, len(fresh)-1; next >= 0; at-- { // from the end, so that nothing is overwritten unread
		if old >= 0 && compare(in.sorted[old], fresh[next]) > 0 {
			in.sorted[at] = in.sorted[old]
			old--
			continue
		}
		in.sorted[at] = fresh[next]
		next--
	}
}

func (in *space) search(id contactstore.UUID) (int, bool) {
	return slices.BinarySearchFunc(in.sorted, id, compare)
}

func compare(a, b contactstore.UUID) int { return bytes.Compare(a[:], b[:]) }
