package pgstore

import (
	"context"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Plant keeps stored as the record of a contact, unchecked.
func (s *Store) Plant(ctx context.Context, workspace string, id contactstore.UUID, stored string) error {
	_, err := s.pool.Exec(ctx, "update contacts set record = $3 where workspace = $1 and uuid = $2", workspace, id, []byte(stored))
	return err
}
