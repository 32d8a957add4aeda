package redisstore

import (
	"fmt"
	"iter"

	"github.com/flowexpr/flowexpr/contactstore"
)

// storable refuses what no store can keep.
func storable(r contactstore.Record) error {
	if r.IsZero() {
		return &contactstore.Error{Code: "invalid_record", Message: "got no record, want one to store"}
	}
	return nil
}

// version is 0 where there is no record.
func version(r contactstore.Record) uint64 {
	if r.IsZero() {
		return 0
	}
	return r.Version()
}

// identities gives the URNs that a contact owns, as scheme:path.
func identities(r contactstore.Record) iter.Seq[string] {
	return func(yield func(string) bool) {
		if r.IsZero() {
			return
		}
		for i := range r.Len() {
			c := r.At(i)
			if !yield(c.Scheme + ":" + c.Path) {
				return
			}
		}
	}
}

func notFound(id contactstore.UUID) error {
	return &contactstore.Error{Code: "contact_not_found", Message: fmt.Sprintf("contact %s not found", id), Err: contactstore.ErrNotFound}
}

func urnNotFound(urn contactstore.URN) error {
	return &contactstore.Error{Code: "contact_not_found", Message: "no contact has " + urn.Identity(), Err: contactstore.ErrNotFound}
}

func staleVersion(id contactstore.UUID) error {
	return &contactstore.Error{
		Code: "stale_version", Message: fmt.Sprintf("contact %s was changed by somebody else", id),
		Hint: "read it again and repeat the change", Err: contactstore.ErrVersion,
	}
}

func staleSettings(workspace string) error {
	return &contactstore.Error{
		Code: "stale_version", Message: "the settings of " + workspace + " were changed by somebody else",
		Hint: "read them again and repeat the change", Err: contactstore.ErrVersion,
	}
}

// conflict names the URN and never the contact that has it.
func conflict(identity string) error {
	return &contactstore.Error{Code: "urn_taken", Message: identity + " belongs to another contact", Err: contactstore.ErrConflict}
}

// has reports whether a contact owns a URN.
func has(r contactstore.Record, identity string) bool {
	for own := range identities(r) {
		if own == identity {
			return true
		}
	}
	return false
}

// opened reads stored bytes, and refuses those that are not the record asked for.
func opened(workspace string, id contactstore.UUID, stored string) (contactstore.Record, error) {
	r, err := contactstore.DecodeRecord(stored)
	if err != nil {
		return contactstore.Record{}, corrupt(id, err.Error())
	}
	if r.Workspace() != workspace || r.UUID() != id {
		return contactstore.Record{}, corrupt(id, "it is the record of another contact")
	}
	return r, nil
}

func corrupt(id contactstore.UUID, why string) error {
	return &contactstore.Error{Code: "corrupt_record", Message: fmt.Sprintf("the stored record of contact %s is damaged: %s", id, why)}
}

func corruptURN(identity string) error {
	return &contactstore.Error{Code: "corrupt_record", Message: "what is stored for " + identity + " is not a UUID"}
}
