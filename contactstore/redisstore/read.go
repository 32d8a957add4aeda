package redisstore

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"

	"github.com/flowexpr/flowexpr/contactstore"
)

// maxFetch is the most records asked for by one command: a longer one would keep other clients waiting.
const maxFetch = 1000

// Get gives the record of one contact.
func (s *Store) Get(ctx context.Context, workspace string, id contactstore.UUID) (contactstore.Record, error) {
	h, err := s.read(ctx, workspace, id)
	if err != nil {
		return contactstore.Record{}, err
	}
	if h.IsZero() {
		return contactstore.Record{}, contactstore.NotFound(id)
	}
	s.recent.keep(h)
	return h.Record, nil
}

// read gives what is stored for a contact, the zero value where there is nothing.
func (s *Store) read(ctx context.Context, workspace string, id contactstore.UUID) (held, error) {
	if err := s.ready(ctx, workspace); err != nil {
		return held{}, err
	}
	stored, err := s.client.Get(ctx, contactKey(workspace, id)).Result()
	if errors.Is(err, redis.Nil) {
		return held{}, nil
	}
	if err != nil {
		return held{}, s.failed(ctx, err)
	}
	return fetched{stored, true}.open(workspace, id)
}

// GetMany gives the records of several contacts, in the order asked for.
func (s *Store) GetMany(ctx context.Context, workspace string, ids []contactstore.UUID) ([]contactstore.Record, error) {
	if err := s.ready(ctx, workspace); err != nil {
		return nil, err
	}
	out := make([]contactstore.Record, 0, len(ids))
	for some := range slices.Chunk(ids, maxFetch) {
		found, err := s.fetch(ctx, workspace, some)
		if err != nil {
			return nil, err
		}
		for i, f := range found {
			h, err := f.open(workspace, some[i])
			if err != nil {
				return nil, err
			}
			out = append(out, h.Record)
		}
	}
	return out, nil
}

// fetched is what is stored for a contact, if anything.
type fetched struct {
	stored string
	exists bool
}

// open gives the record, the zero value where there is nothing.
func (f fetched) open(workspace string, id contactstore.UUID) (held, error) {
	if !f.exists {
		return held{}, nil
	}
	r, err := contactstore.OpenRecord(workspace, id, f.stored)
	return held{r, f.stored}, err
}

// fetch reads several contacts of one workspace.
func (s *Store) fetch(ctx context.Context, workspace string, ids []contactstore.UUID) ([]fetched, error) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = contactKey(workspace, id)
	}
	values, err := s.client.MGet(ctx, keys...).Result()
	if err != nil {
		return nil, s.failed(ctx, err)
	}
	out := make([]fetched, len(ids))
	for i, value := range values {
		out[i].stored, out[i].exists = value.(string)
	}
	return out, nil
}

// Find gives the record of the contact that has a URN. A URN that moves to
// another contact between the two reads is looked up again.
func (s *Store) Find(ctx context.Context, workspace string, urn contactstore.URN) (contactstore.Record, error) {
	if err := s.ready(ctx, workspace); err != nil {
		return contactstore.Record{}, err
	}
	identity := urn.Identity()
	var id contactstore.UUID
	for range 3 {
		owner, err := s.client.Get(ctx, urnKey(workspace, identity)).Result()
		if errors.Is(err, redis.Nil) {
			return contactstore.Record{}, contactstore.URNNotFound(urn)
		}
		if err != nil {
			return contactstore.Record{}, s.failed(ctx, err)
		}
		if id, err = contactstore.ParseUUID(owner); err != nil {
			return contactstore.Record{}, &contactstore.Error{Code: "corrupt_record", Message: "what is stored for " + identity + " is not a UUID"}
		}
		h, err := s.read(ctx, workspace, id)
		if err != nil {
			return contactstore.Record{}, err
		}
		if !h.IsZero() && h.Record.Has(identity) {
			s.recent.keep(h)
			return h.Record, nil
		}
	}
	return contactstore.Record{}, contactstore.Corrupt(id, "it is listed with a URN that it has not")
}

// List gives up to limit records after a UUID, in the order of UUIDs.
func (s *Store) List(ctx context.Context, workspace string, after contactstore.UUID, limit int) ([]contactstore.Record, error) {
	if err := s.ready(ctx, workspace); err != nil {
		return nil, err
	}
	out := []contactstore.Record{}
	from := "-"
	if after != (contactstore.UUID{}) {
		from = "(" + after.String()
	}
	for len(out) < limit {
		ids, last, err := s.listed(ctx, workspace, from, min(limit-len(out), maxFetch))
		if err != nil {
			return nil, err
		}
		found, err := s.fetchSome(ctx, workspace, ids)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
		if last == "" {
			break
		}
		from = "(" + last
	}
	return out, nil
}

// listed gives the next UUIDs of the listing and the last of them, "" where the listing ends.
func (s *Store) listed(ctx context.Context, workspace, from string, limit int) (ids []contactstore.UUID, last string, err error) {
	members, err := s.client.ZRangeByLex(ctx, idsKey(workspace), &redis.ZRangeBy{Min: from, Max: "+", Count: int64(limit)}).Result()
	if err != nil {
		return nil, "", s.failed(ctx, err)
	}
	for _, member := range members {
		id, err := contactstore.ParseUUID(member)
		if err != nil {
			return nil, "", &contactstore.Error{Code: "corrupt_listing", Message: "the listing holds " + strconv.Quote(member) + ", want a UUID", Err: err}
		}
		ids = append(ids, id)
	}
	if len(members) == limit {
		last = members[limit-1]
	}
	return ids, last, nil
}

// fetchSome leaves out contacts that were removed since they were listed.
func (s *Store) fetchSome(ctx context.Context, workspace string, ids []contactstore.UUID) ([]contactstore.Record, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := s.GetMany(ctx, workspace, ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, contactstore.Record.IsZero), nil
}

// Settings gives a workspace's settings.
func (s *Store) Settings(ctx context.Context, workspace string) ([]byte, uint64, error) {
	if err := s.ready(ctx, workspace); err != nil {
		return nil, 0, err
	}
	values, err := s.client.HMGet(ctx, settingsKey(workspace), "version", "data").Result()
	if err != nil {
		return nil, 0, s.failed(ctx, err)
	}
	number, found := values[0].(string)
	if !found {
		return nil, 0, nil
	}
	data, _ := values[1].(string)
	n, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return nil, 0, &contactstore.Error{Code: "corrupt_settings", Message: "settings of " + workspace + ": version is not a number", Err: err}
	}
	return []byte(data), n, nil
}

// ready is what every call checks before it asks the network.
func (s *Store) ready(ctx context.Context, workspace string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return workspaceError(workspace)
}
