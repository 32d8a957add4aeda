package tiered

import (
	"context"
	"errors"
	"unique"

	"github.com/maypok86/otter/v2"

	"github.com/flowexpr/flowexpr/contactstore"
)

// owners remembers which contact had a URN when it was last found. It is a guess, never an answer: the contact is read
// as any other and has to have the URN, so that a URN that went elsewhere is found out as soon as its contact is.
type owners struct {
	cache *otter.Cache[owned, contactstore.UUID]
}

type owned struct{ workspace, identity string }

// ownerBytes is about what a guess takes beside its texts, in bytes.
const ownerBytes = 160

func newOwners(bytes int64) (*owners, error) {
	cache, err := otter.New(&otter.Options[owned, contactstore.UUID]{
		MaximumWeight: uint64(max(bytes, 1)),
		Weigher:       func(k owned, _ contactstore.UUID) uint32 { return uint32(len(k.identity) + ownerBytes) },
	})
	return &owners{cache}, err
}

func (o *owners) guess(workspace, identity string) (contactstore.UUID, bool) {
	if o == nil {
		return contactstore.UUID{}, false
	}
	return o.cache.GetIfPresent(owned{workspace, identity})
}

func (o *owners) keep(r contactstore.Record, identity string) {
	if o != nil {
		o.cache.Set(owned{unique.Make(r.Workspace()).Value(), identity}, r.UUID())
	}
}

// Find gives the contact that has a URN: the one that had it last, where the caches or the system of record still say
// so, else whom the system of record finds. That nobody has a URN is not remembered: no change of a contact would tell.
func (s *Store) Find(ctx context.Context, workspace string, urn contactstore.URN) (contactstore.Record, error) {
	if err := ctx.Err(); err != nil {
		return contactstore.Record{}, err
	}
	identity := urn.Identity()
	if id, ok := s.owners.guess(workspace, identity); ok {
		r, err := s.Get(ctx, workspace, id)
		if err == nil && r.Has(identity) {
			return r, nil
		}
		if err != nil && !errors.Is(err, contactstore.ErrNotFound) {
			return contactstore.Record{}, err
		}
	}
	s.counters.record.Finds.Add(1)
	r, err := s.record.Find(ctx, workspace, urn)
	if err != nil {
		if !errors.Is(err, contactstore.ErrNotFound) {
			_ = s.failed(err)
		}
		return contactstore.Record{}, err
	}
	s.owners.keep(r, identity)
	return r, nil
}
