package tiered_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
	"github.com/flowexpr/flowexpr/contactstore/rediswatch"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
	"github.com/flowexpr/flowexpr/contactstore/tiered"
)

// failoverPatience bounds waits for servers to agree on who is the master.
const failoverPatience = 2 * time.Minute

// followers are two processes with a near cache each over contacts in Redis. What is there lives so long that only
// hearing of a change, or a gap, can make it go.
type followers struct {
	t        *testing.T
	a, b     *tiered.Store
	contacts []*contactstore.Contact
}

func newFollowers(t *testing.T, url string) *followers {
	t.Helper()
	redisstore.SilenceDriver() // which would tell of each attempt
	f := &followers{t: t}
	for _, s := range []**tiered.Store{&f.a, &f.b} {
		record, err := redisstore.Open(ctx, url, redisstore.Options{Timeout: 2 * time.Second})
		require.NoError(t, err)
		*s = over(t, record, tiered.Options{
			NearBytes: nearBytes, MaxStaleness: time.Hour,
			Watcher: rediswatch.New(record.Client(), redisstore.WatchedPrefix, redisstore.ContactOf),
		})
		following(t, *s)
	}
	for n := 1; n <= 30; n++ { // some on each node
		f.contacts = append(f.contacts, storetest.Contact(n, fmt.Sprint("ext:", n)))
		require.NoError(t, f.a.Put(ctx, encoded(t, f.contacts[n-1])))
	}
	f.agree()
	return f
}

// agree waits until both near caches have all contacts as they were written last.
func (f *followers) agree() {
	f.t.Helper()
	for _, s := range []*tiered.Store{f.a, f.b} {
		for _, c := range f.contacts {
			require.Eventually(f.t, func() bool {
				got, err := s.Read(ctx, storetest.Workspace, c.UUID)
				return err == nil && got.Record.Version() == c.Version && got.Tier == tiered.TierNear
			}, failoverPatience, time.Millisecond, "contact %s", c.UUID)
		}
	}
}

// loses waits until a store has noticed that it may miss changes. What it has is not given then.
func (f *followers) loses(s *tiered.Store, gaps uint64) {
	f.t.Helper()
	require.Eventually(f.t, func() bool { return s.Stats().Near.Gaps > gaps }, failoverPatience, time.Millisecond, "it notices")
	for !s.Stats().Near.Following {
		got, err := s.Read(ctx, storetest.Workspace, f.contacts[0].UUID)
		if s.Stats().Near.Following {
			break // since then
		}
		assert.True(f.t, err != nil || got.Tier != tiered.TierNear, "nothing comes from a near cache that may have missed a change")
	}
}

// changes changes all contacts by one process, as soon as that is possible again, and waits until the other one has heard of it.
func (f *followers) changes() {
	f.t.Helper()
	for _, c := range f.contacts {
		var r contactstore.Record
		var err error
		assert.Eventually(f.t, func() bool {
			r, _, err = contactstore.Update(ctx, f.a, storetest.Workspace, c.UUID, func(c *contactstore.Contact) (contactstore.Change, error) {
				c.Name += "'"
				return contactstore.Change{Changed: true}, nil
			})
			return err == nil
		}, failoverPatience, 10*time.Millisecond, "writes are acknowledged again")
		require.NoError(f.t, err)
		c.Version = r.Version()
	}
	f.agree()
	f.t.Logf("%d changes acknowledged by one process; found by the other in its near cache, which noticed %d gaps: %d", len(f.contacts), gapsOf(f.b), len(f.contacts))
}

// gapsOf gives how many gaps a store has noticed so far.
func gapsOf(s *tiered.Store) uint64 { return s.Stats().Near.Gaps }

// A near cache is emptied when the master that Sentinels name is another one, whether the old one is dead or goes on as a
// replica, and hears of changes on the new one.
func TestNearOverSentinelFailover(t *testing.T) {
	t.Parallel()
	master, replica, sentinel := redistest.StartFailover(t, "mymaster", time.Second)
	f := newFollowers(t, "redis-sentinel://"+sentinel.Addr()+"/mymaster?wait_replicas=1")
	gaps := gapsOf(f.b)
	master.Kill()
	f.loses(f.b, gaps)
	replica.AwaitInfo("role:master")
	master.Restart()
	master.Follow(replica)
	f.changes()

	gaps = gapsOf(f.b)
	sentinels := redis.NewSentinelClient(&redis.Options{Addr: sentinel.Addr()})
	defer sentinels.Close()
	require.Eventually(t, func() bool { return sentinels.Failover(ctx, "mymaster").Err() == nil }, failoverPatience, 100*time.Millisecond, "a planned failover begins")
	master.AwaitInfo("role:master")
	f.loses(f.b, gaps)
	f.changes()
}

// A near cache over a Cluster is emptied when a node is lost, and hears of changes on the replica that takes over.
func TestNearOverClusterFailover(t *testing.T) {
	t.Parallel()
	nodes, replicas := redistest.StartClusterWithReplicas(t, 3, "--cluster-node-timeout", "1000")
	f := newFollowers(t, redistest.URL(nodes)+"?wait_replicas=1")
	gaps := gapsOf(f.b)
	nodes[0].Kill()
	f.loses(f.b, gaps)
	replicas[0].AwaitInfo("role:master")
	nodes[0].Restart()
	nodes[0].AwaitInfo("master_link_status:up")
	f.changes()
}
