package contactstore

import (
	"context"
	"iter"
	"strings"
)

// All gives the contacts of a workspace after a UUID, in the order of UUIDs, page contacts in each call to the store.
// Contacts written meanwhile may or may not be among them. An error is the last thing it gives.
func All(ctx context.Context, store Store, workspace string, after UUID, page int) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for {
			records, err := store.List(ctx, workspace, after, page)
			if err != nil {
				yield(Record{}, err)
				return
			}
			for _, r := range records {
				if !yield(r, nil) {
					return
				}
			}
			if len(records) < page {
				return
			}
			after = records[len(records)-1].UUID()
		}
	}
}

// Filter chooses contacts. A member that is empty chooses all. It works with every store, by looking at each contact:
// a group of a hundred contacts costs as much as all of them.
type Filter struct {
	Group string // UUID or name of a group that the contact is in, the name in any letter case
	Text  string // part of the contact's name or of one of its URNs, in any letter case
}

// IsZero reports whether f chooses all contacts.
func (f Filter) IsZero() bool { return f == Filter{} }

// Match reports whether f chooses a contact.
func (f Filter) Match(r Record) bool { return f.inGroup(r) && f.hasText(r) }

// Scan gives those of All that f chooses.
func (f Filter) Scan(ctx context.Context, store Store, workspace string, after UUID, page int) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for r, err := range All(ctx, store, workspace, after, page) {
			if (err != nil || f.Match(r)) && !yield(r, err) {
				return
			}
		}
	}
}

func (f Filter) inGroup(r Record) bool {
	if f.Group == "" {
		return true
	}
	for i := range r.GroupLen() {
		if uuid, name := r.GroupAt(i); strings.EqualFold(uuid, f.Group) || strings.EqualFold(name, f.Group) {
			return true
		}
	}
	return false
}

func (f Filter) hasText(r Record) bool {
	if f.Text == "" {
		return true
	}
	text := strings.ToLower(f.Text)
	if strings.Contains(strings.ToLower(r.Name()), text) {
		return true
	}
	for i := range r.Len() {
		if strings.Contains(strings.ToLower(r.At(i).Stored()), text) {
			return true
		}
	}
	return false
}
