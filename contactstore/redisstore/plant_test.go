package redisstore

import (
	"context"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Plant keeps stored as the record of a contact, unchecked.
func (s *Store) Plant(ctx context.Context, workspace string, id contactstore.UUID, stored string) error {
	return s.client.Set(ctx, contactKey(workspace, id), stored, 0).Err()
}
