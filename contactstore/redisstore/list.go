package redisstore

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"

	"github.com/flowexpr/flowexpr/contactstore"
)

// List gives up to limit records after a UUID, in the order of UUIDs: the listings of all buckets, merged.
func (s *Store) List(ctx context.Context, workspace string, after contactstore.UUID, limit int) (out []contactstore.Record, err error) {
	defer s.counters.read(&s.counters.lists, 1, &err)
	if err := s.ready(ctx, workspace); err != nil {
		return nil, err
	}
	out = []contactstore.Record{}
	for more := true; more && len(out) < limit; {
		var ids []contactstore.UUID
		ids, more, err = s.listed(ctx, workspace, after, min(limit-len(out), maxFetch))
		if err != nil {
			return nil, err
		}
		if len(ids) == 0 {
			break
		}
		found, err := s.getMany(ctx, workspace, ids)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			if !r.IsZero() { // removed since it was listed
				out = append(out, r)
			}
		}
		after = ids[len(ids)-1]
	}
	return out, nil
}

// listed gives some of the next UUIDs, at most limit and at least one where there are any, and whether there may be more.
func (s *Store) listed(ctx context.Context, workspace string, after contactstore.UUID, limit int) (ids []contactstore.UUID, more bool, err error) {
	from := "-"
	if after != (contactstore.UUID{}) {
		from = "(" + after.String()
	}
	share := share(limit)
	cmds := make([]redis.Cmder, buckets)
	for b := range cmds {
		cmds[b] = redis.NewStringSliceCmd(ctx, "zrangebylex", idsKey(workspace, byte(b)), from, "+", "limit", 0, share)
	}
	s.send(ctx, cmds)
	ends := contactstore.UUID(bytes.Repeat([]byte{0xff}, 16)) // up to here nobody is missing
	for _, cmd := range cmds {
		members, err := cmd.(*redis.StringSliceCmd).Result()
		if err != nil {
			return nil, false, s.failed(ctx, err)
		}
		for _, member := range members {
			id, err := contactstore.ParseUUID(member)
			if err != nil {
				return nil, false, &contactstore.Error{Code: "corrupt_listing", Message: "the listing holds " + strconv.Quote(member) + ", want a UUID", Err: err}
			}
			ids = append(ids, id)
		}
		if len(members) == share {
			more = true
			if last := ids[len(ids)-1]; bytes.Compare(last[:], ends[:]) < 0 {
				ends = last
			}
		}
	}
	slices.SortFunc(ids, compare)
	n, found := slices.BinarySearchFunc(ids, ends, compare)
	if found {
		n++
	}
	more = more || n > limit
	return ids[:min(n, limit)], more, nil
}

func compare(a, b contactstore.UUID) int { return bytes.Compare(a[:], b[:]) }

// share is how many UUIDs of each bucket almost always suffice for so many of all: the mean, and as much again as
// chance may put into the fullest.
func share(limit int) int {
	mean := float64(limit) / buckets
	return int(mean + 3*math.Sqrt(mean) + 3)
}
