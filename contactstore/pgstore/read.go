package pgstore

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/flowexpr/flowexpr/contactstore"
)

// stored is a record as the database has it; it is scanned with one copy.
type stored string

// ScanBytes copies bytes that belong to the driver.
func (s *stored) ScanBytes(b []byte) error {
	*s = stored(b)
	return nil
}

// records gives the records that a query for uuid and record finds, checked to be of their contacts.
func (s *Store) records(ctx context.Context, workspace, sql string, args ...any) ([]contactstore.Record, error) {
	if err := ready(ctx, workspace); err != nil {
		return nil, err
	}
	var found []contactstore.Record
	err := s.read(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, sql, append([]any{workspace}, args...)...)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (contactstore.Record, error) {
			var id contactstore.UUID
			var record stored
			if err := row.Scan(&id, &record); err != nil {
				return contactstore.Record{}, err
			}
			return contactstore.OpenRecord(workspace, id, string(record))
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// Get gives the record of one contact.
func (s *Store) Get(ctx context.Context, workspace string, id contactstore.UUID) (contactstore.Record, error) {
	found, err := s.records(ctx, workspace, "select uuid, record from contacts where workspace = $1 and uuid = $2", id)
	if err != nil {
		return contactstore.Record{}, err
	}
	if len(found) == 0 {
		return contactstore.Record{}, contactstore.NotFound(id)
	}
	return found[0], nil
}

// GetMany gives the records of several contacts as they stood at one moment, in the order asked for.
func (s *Store) GetMany(ctx context.Context, workspace string, ids []contactstore.UUID) ([]contactstore.Record, error) {
	found, err := s.records(ctx, workspace, "select uuid, record from contacts where workspace = $1 and uuid = any ($2)", ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[contactstore.UUID]contactstore.Record, len(found))
	for _, r := range found {
		byID[r.UUID()] = r
	}
	out := make([]contactstore.Record, len(ids))
	for i, id := range ids {
		out[i] = byID[id]
	}
	return out, nil
}

// Find gives the record of the contact that has a URN.
func (s *Store) Find(ctx context.Context, workspace string, urn contactstore.URN) (contactstore.Record, error) {
	identity := urn.Identity()
	if !isText(identity) { // nobody can have it
		return contactstore.Record{}, contactstore.URNNotFound(urn)
	}
	found, err := s.records(ctx, workspace, `select uuid, record from connections join contacts using (workspace, uuid)
		where workspace = $1 and identity = $2`, identity)
	if err != nil {
		return contactstore.Record{}, err
	}
	if len(found) == 0 {
		return contactstore.Record{}, contactstore.URNNotFound(urn)
	}
	if !found[0].Has(identity) {
		return contactstore.Record{}, contactstore.Corrupt(found[0].UUID(), "it is listed with a URN that it has not")
	}
	return found[0], nil
}

// List gives up to limit records after a UUID, as they stood at one moment, in the order of UUIDs.
func (s *Store) List(ctx context.Context, workspace string, after contactstore.UUID, limit int) ([]contactstore.Record, error) {
	return s.records(ctx, workspace, "select uuid, record from contacts where workspace = $1 and uuid > $2 order by uuid limit $3", after, max(limit, 0))
}

// Settings gives a workspace's settings.
func (s *Store) Settings(ctx context.Context, workspace string) (data []byte, version uint64, err error) {
	if err := ready(ctx, workspace); err != nil {
		return nil, 0, err
	}
	err = s.read(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, "select data, version from settings where workspace = $1", workspace)
		if err != nil {
			return err
		}
		_, err = pgx.ForEachRow(rows, []any{&data, &version}, func() error { return nil })
		return err
	})
	return data, version, err
}
