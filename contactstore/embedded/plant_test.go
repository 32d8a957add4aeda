package embedded

import (
	"context"

	bolt "go.etcd.io/bbolt"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Plant keeps stored as the record of a contact, unchecked.
func (s *Store) Plant(_ context.Context, workspace string, id contactstore.UUID, stored string) error {
	return s.db.Update(func(tx *bolt.Tx) error {
		in, err := writeSpace(tx, workspace)
		if err != nil {
			return err
		}
		return in.contacts.Put(id[:], []byte(stored))
	})
}
