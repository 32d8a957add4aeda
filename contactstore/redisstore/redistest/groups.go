package redistest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// slots is how many hash slots a Cluster has.
const slots = 16384

// StartCluster runs a Cluster of so many masters, without replicas, and waits until it serves all slots. Args are
// further redis-server arguments of each, such as --cluster-node-timeout, after which a node is taken for lost.
func StartCluster(t testing.TB, masters int, args ...string) []*Server {
	t.Helper()
	nodes := startNodes(t, masters, args)
	for i, node := range nodes {
		client := node.client()
		must(t, client.ClusterAddSlotsRange(context.Background(), i*slots/masters, (i+1)*slots/masters-1).Err())
		must(t, client.Close())
	}
	awaitCluster(t, nodes)
	return nodes
}

// StartClusterWithReplicas runs a Cluster of so many masters and of one replica for each, and waits until they follow.
func StartClusterWithReplicas(t testing.TB, masters int, args ...string) (nodes, replicas []*Server) {
	t.Helper()
	ctx := context.Background()
	nodes = startNodes(t, 2*masters, args)
	nodes, replicas = nodes[:masters], nodes[masters:]
	for i, node := range nodes {
		client, follower := node.client(), replicas[i].client()
		must(t, client.ClusterAddSlotsRange(ctx, i*slots/masters, (i+1)*slots/masters-1).Err())
		id := client.ClusterMyID(ctx).Val()
		until(t, "the nodes know each other", func() bool { return follower.ClusterReplicate(ctx, id).Err() == nil })
		must(t, client.Close())
		must(t, follower.Close())
	}
	awaitCluster(t, append(nodes[:masters:masters], replicas...))
	for _, replica := range replicas {
		replica.AwaitInfo("master_link_status:up")
	}
	return nodes, replicas
}

// startNodes runs servers that know each other.
func startNodes(t testing.TB, n int, args []string) []*Server {
	t.Helper()
	nodes := make([]*Server, n)
	for i := range nodes {
		nodes[i] = Start(t, append([]string{"--cluster-enabled", "yes"}, args...)...)
	}
	for _, node := range nodes {
		client := node.client()
		for _, other := range nodes {
			must(t, client.ClusterMeet(context.Background(), "127.0.0.1", strconv.Itoa(other.Port())).Err())
		}
		must(t, client.Close())
	}
	return nodes
}

// awaitCluster waits until all nodes agree that all slots are served.
func awaitCluster(t testing.TB, nodes []*Server) {
	t.Helper()
	for _, node := range nodes {
		client := node.client()
		until(t, "the cluster is up", func() bool {
			info := client.ClusterInfo(context.Background()).Val()
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:"+strconv.Itoa(len(nodes)))
		})
		must(t, client.Close())
	}
}

// URL is the nodes' addresses as redisstore.Open takes them.
func URL(nodes []*Server) string {
	addrs := make([]string, len(nodes))
	for i, node := range nodes {
		addrs[i] = node.Addr()
	}
	return "redis://" + strings.Join(addrs, ",")
}

// StartSentinel runs a Sentinel that watches master under a name, and waits until it names the master. When it has not
// heard of the master for so long, it makes a replica the master.
func StartSentinel(t testing.TB, master *Server, name string, downAfter time.Duration) *Server {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sentinel.conf")
	config := fmt.Sprintf("sentinel monitor %[1]s 127.0.0.1 %[2]d 1\nsentinel down-after-milliseconds %[1]s %[3]d\nsentinel failover-timeout %[1]s 3000\n", name, master.Port(), downAfter.Milliseconds())
	must(t, os.WriteFile(path, []byte(config), 0o600))
	sentinel := start(t, path, "--sentinel")
	client := redis.NewSentinelClient(&redis.Options{Addr: sentinel.Addr()})
	defer client.Close()
	until(t, "the sentinel names the master", func() bool {
		return client.GetMasterAddrByName(context.Background(), name).Err() == nil
	})
	return sentinel
}

// StartFailover runs a master, a replica that follows it, and a Sentinel that watches both under a name.
func StartFailover(t testing.TB, name string, downAfter time.Duration, args ...string) (master, replica, sentinel *Server) {
	t.Helper()
	args = append([]string{"--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1"}, args...)
	master = Start(t, args...)
	replica = Start(t, append(args, "--replicaof", "127.0.0.1 "+strconv.Itoa(master.Port()))...)
	replica.AwaitInfo("master_link_status:up")
	sentinel = StartSentinel(t, master, name, downAfter)
	sentinel.AwaitInfo("slaves=1")
	return master, replica, sentinel
}

// Follow makes the server a replica of another one, and waits until it has what that has.
func (s *Server) Follow(master *Server) {
	s.t.Helper()
	client := s.client()
	defer client.Close()
	must(s.t, client.ReplicaOf(context.Background(), "127.0.0.1", strconv.Itoa(master.Port())).Err())
	s.AwaitInfo("master_link_status:up")
}

// Configure changes a setting of the running server.
func (s *Server) Configure(setting, value string) {
	s.t.Helper()
	client := s.client()
	defer client.Close()
	must(s.t, client.ConfigSet(context.Background(), setting, value).Err())
}

// client is a connection to the server alone.
func (s *Server) client() *redis.Client {
	return redis.NewClient(&redis.Options{Addr: s.Addr(), DisableIdentity: true, Protocol: 2})
}

// AwaitInfo waits until the server's INFO has some text.
func (s *Server) AwaitInfo(text string) {
	s.t.Helper()
	client := s.client()
	defer client.Close()
	until(s.t, text, func() bool { return strings.Contains(client.Info(context.Background()).Val(), text) })
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// until waits for what other processes have to agree on, and cannot be waited for otherwise.
func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v until %s", patience, what)
		}
	}
}
