package redisstore

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"unsafe"

	"github.com/redis/go-redis/v9"

	"github.com/flowexpr/flowexpr/contactstore"
)

// maxFetch is the most records asked for in one go: more would keep other clients waiting.
const maxFetch = 1000

// Get gives the record of one contact.
func (s *Store) Get(ctx context.Context, workspace string, id contactstore.UUID) (r contactstore.Record, err error) {
	defer s.counters.read(&s.counters.gets, 1, &err)
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
	h, err := s.load(ctx, workspace, id)
	return h, s.failed(ctx, err)
}

// load is read with the driver's errors as they are.
func (s *Store) load(ctx context.Context, workspace string, id contactstore.UUID) (held, error) {
	stored, err := s.client.Get(ctx, contactKey(workspace, id)).Result()
	if errors.Is(err, redis.Nil) {
		return held{}, nil
	}
	if err != nil {
		return held{}, err
	}
	return fetched{stored, true}.open(workspace, id)
}

// GetMany gives the records of several contacts, in the order asked for.
func (s *Store) GetMany(ctx context.Context, workspace string, ids []contactstore.UUID) (rs []contactstore.Record, err error) {
	defer s.counters.read(&s.counters.gets, len(ids), &err)
	return s.getMany(ctx, workspace, ids)
}

func (s *Store) getMany(ctx context.Context, workspace string, ids []contactstore.UUID) ([]contactstore.Record, error) {
	if err := s.ready(ctx, workspace); err != nil {
		return nil, err
	}
	out := make([]contactstore.Record, len(ids))
	for from := 0; from < len(ids); from += maxFetch {
		some := ids[from:min(from+maxFetch, len(ids))]
		err := s.fetch(ctx, workspace, some, func(i int, f fetched) error {
			h, err := f.open(workspace, some[i])
			out[from+i] = h.Record
			return err
		})
		if err != nil {
			return nil, err
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

// fetch reads several contacts of one workspace: by one command, or in a Cluster by one for each of their buckets, those
// of a node in one pipeline and all nodes at once. take gets what is stored for each, in any order.
func (s *Store) fetch(ctx context.Context, workspace string, ids []contactstore.UUID, take func(i int, f fetched) error) error {
	all := make([]int, len(ids))
	for i := range all {
		all[i] = i
	}
	groups := [][]int{all}
	if s.cluster {
		groups = groupByBucket(ids)
	}
	args := keysOf(workspace, ids, groups)
	cmds := make([]redis.Cmder, len(groups))
	for g, group := range groups {
		cmds[g] = redis.NewSliceCmd(ctx, args[:1+len(group)]...)
		args = args[1+len(group):]
	}
	s.send(ctx, cmds)
	for g, group := range groups {
		values, err := cmds[g].(*redis.SliceCmd).Result()
		if err != nil {
			return s.failed(ctx, err)
		}
		for i, value := range values {
			stored, exists := value.(string)
			if err := take(group[i], fetched{stored, exists}); err != nil {
				return err
			}
		}
	}
	return nil
}

// groupByBucket gives the indices of the contacts of each bucket that has some.
func groupByBucket(ids []contactstore.UUID) [][]int {
	var of [buckets][]int
	for i, id := range ids {
		of[bucketOf(id)] = append(of[bucketOf(id)], i)
	}
	return slices.DeleteFunc(of[:], func(group []int) bool { return len(group) == 0 })
}

// keysOf gives the words of an MGET for each group, one after the other. All keys share one text, and words point to
// them, which costs no allocation for each.
func keysOf(workspace string, ids []contactstore.UUID, groups [][]int) []any {
	size := contactKeyExtra + len(workspace)
	text := make([]byte, 0, size*len(ids)) // never grows: keys are parts of it
	keys, args := make([]string, 0, len(ids)), make([]any, 0, len(groups)+len(ids))
	for _, group := range groups {
		args = append(args, "mget")
		for _, i := range group {
			text = appendContactKey(text, workspace, ids[i])
			keys = append(keys, unsafe.String(&text[len(text)-size], size))
			args = append(args, &keys[len(keys)-1])
		}
	}
	return args
}

// Find gives the record of the contact that has a URN. A claim is believed only where its contact has the URN; where it
// has not, there was a moment during the call at which nobody had it.
func (s *Store) Find(ctx context.Context, workspace string, urn contactstore.URN) (r contactstore.Record, err error) {
	defer s.counters.read(&s.counters.finds, 1, &err)
	if err := s.ready(ctx, workspace); err != nil {
		return contactstore.Record{}, err
	}
	identity := urn.Identity()
	text, err := s.client.Get(ctx, urnKey(workspace, identity)).Result()
	if errors.Is(err, redis.Nil) {
		return contactstore.Record{}, contactstore.URNNotFound(urn)
	}
	if err != nil {
		return contactstore.Record{}, s.failed(ctx, err)
	}
	owner, ok := parseClaim(text)
	if !ok {
		return contactstore.Record{}, &contactstore.Error{Code: "corrupt_record", Message: "what is stored for " + identity + " does not begin with a UUID"}
	}
	h, err := s.read(ctx, workspace, owner.id)
	if err != nil {
		return contactstore.Record{}, err
	}
	if h.IsZero() || !h.Has(identity) {
		return contactstore.Record{}, contactstore.URNNotFound(urn)
	}
	s.recent.keep(h)
	return h.Record, nil
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
