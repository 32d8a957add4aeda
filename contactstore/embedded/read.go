package embedded

import (
	"context"

	bolt "go.etcd.io/bbolt"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Get gives the record of one contact.
func (s *Store) Get(ctx context.Context, workspace string, id contactstore.UUID) (contactstore.Record, error) {
	var r contactstore.Record
	err := s.view(ctx, func(tx *bolt.Tx) (err error) {
		r, err = readSpace(tx, workspace).get(id)
		return err
	})
	if err == nil && r.IsZero() {
		err = contactstore.NotFound(id)
	}
	return r, err
}

// GetMany gives the records of several contacts as they stood at one moment, in the order asked for.
func (s *Store) GetMany(ctx context.Context, workspace string, ids []contactstore.UUID) ([]contactstore.Record, error) {
	out := make([]contactstore.Record, len(ids))
	err := s.view(ctx, func(tx *bolt.Tx) (err error) {
		in := readSpace(tx, workspace)
		for i, id := range ids {
			if out[i], err = in.get(id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Find gives the record of the contact that has a URN.
func (s *Store) Find(ctx context.Context, workspace string, urn contactstore.URN) (contactstore.Record, error) {
	var r contactstore.Record
	identity := urn.Identity()
	err := s.view(ctx, func(tx *bolt.Tx) (err error) {
		in := readSpace(tx, workspace)
		id, ok := in.owner(identity)
		if !ok {
			return contactstore.URNNotFound(urn)
		}
		if r, err = in.get(id); err != nil {
			return err
		}
		if !r.Has(identity) {
			r = contactstore.Record{}
			return contactstore.Corrupt(id, "it is listed with a URN that it has not")
		}
		return nil
	})
	return r, err
}

// List gives up to limit records after a UUID, as they stood at one moment, in the order of UUIDs.
func (s *Store) List(ctx context.Context, workspace string, after contactstore.UUID, limit int) ([]contactstore.Record, error) {
	var out []contactstore.Record
	err := s.view(ctx, func(tx *bolt.Tx) error {
		in := readSpace(tx, workspace)
		if in.contacts == nil {
			return nil
		}
		cursor := in.contacts.Cursor()
		key, stored := cursor.Seek(after[:])
		if string(key) == string(after[:]) {
			key, stored = cursor.Next()
		}
		for ; key != nil && len(out) < limit; key, stored = cursor.Next() {
			var id contactstore.UUID
			copy(id[:], key)
			r, err := contactstore.OpenRecord(workspace, id, string(stored))
			if err != nil {
				return err
			}
			out = append(out, r)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Settings gives a workspace's settings.
func (s *Store) Settings(ctx context.Context, workspace string) (data []byte, version uint64, err error) {
	err = s.view(ctx, func(tx *bolt.Tx) (err error) {
		data, version, err = decodeSettings(tx.Bucket(settingsBucket).Get([]byte(workspace)))
		return err
	})
	return data, version, err
}
