package redisstore

import (
	"context"
	"errors"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/flowexpr/flowexpr/contactstore"
)

// refusals are answers by which a server refuses to work, with a next step. Nothing was stored then.
var refusals = []struct{ prefix, code, hint string }{
	{"OOM", "store_full", "nothing was stored: raise maxmemory, or remove contacts"},
	{"NOAUTH", "store_refused", "give a user and a password: redis://user:password@host, or a password file"},
	{"WRONGPASS", "store_refused", "user or password is wrong"},
	{"NOPERM", "store_refused", "the user may not do all that is needed: docs/redis.md has the ACL"},
	{"MOVED", "store_unavailable", "it is a node of a Cluster: give several of its addresses, or add ?cluster=true"},
	{"READONLY", "store_unavailable", "it is a replica: give the address of the master, of the Cluster or of the Sentinels"},
	{"NOREPLICAS", "store_unavailable", "nothing was stored: fewer replicas follow the master than min-replicas-to-write asks for"},
	{"MISCONF", "store_unavailable", "nothing was stored: Redis cannot write to its disk; look into its log"},
	{"CLUSTERDOWN", "store_unavailable", "nothing was stored: the Cluster has lost a node, and no replica has taken its place yet"},
	{"LOADING", "store_unavailable", "it has just started: try again in a moment"},
}

// failed makes the driver's error ours: the context's own when the caller left, else one that matches ErrUnavailable and
// has the address. Redis's own words never hold a password or a record.
func (s *Store) failed(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	var ours *contactstore.Error
	if errors.As(err, &ours) {
		return err
	}
	if cluster, ok := s.client.(*redis.ClusterClient); ok && !errors.Is(err, context.Canceled) {
		// A replica may have taken a node's place: the driver itself would look only once a minute.
		cluster.ReloadState(ctx)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	e := &contactstore.Error{
		Code: "store_unavailable", Message: "redis at " + s.address.String() + ": " + reason(err),
		Hint: "is the server running, and the address right?", Err: errors.Join(contactstore.ErrUnavailable, err),
	}
	for _, refusal := range refusals {
		if redis.HasErrorPrefix(err, refusal.prefix) {
			e.Code, e.Hint = refusal.code, refusal.hint
		}
	}
	if errors.As(err, new(notReplicated)) {
		e.Code, e.Hint = "not_replicated", "read the contact again to see what is stored"
	}
	return e
}

// reason is the driver's error in one line.
func reason(err error) string {
	if errors.Is(err, redis.ErrClosed) {
		return "the store is closed"
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}
