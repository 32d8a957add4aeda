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

// StartCluster runs a Cluster of so many masters, without replicas, and waits until it serves all slots.
func StartCluster(t testing.TB, masters int) []*Server {
	t.Helper()
	nodes := make([]*Server, masters)
	for i := range nodes {
		nodes[i] = Start(t, "--cluster-enabled", "yes")
	}
	ctx := context.Background()
	for i, node := range nodes {
		client := redis.NewClient(&redis.Options{Addr: node.Addr()})
		defer client.Close()
		must(t, client.ClusterAddSlotsRange(ctx, i*slots/masters, (i+1)*slots/masters-1).Err())
		must(t, client.ClusterMeet(ctx, "127.0.0.1", strconv.Itoa(nodes[0].Port())).Err())
	}
	for _, node := range nodes {
		client := redis.NewClient(&redis.Options{Addr: node.Addr()})
		defer client.Close()
		until(t, "the cluster is up", func() bool {
			info := client.ClusterInfo(ctx).Val()
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:"+strconv.Itoa(masters))
		})
	}
	return nodes
}

// URL is the nodes' addresses as redisstore.Open takes them.
func URL(nodes []*Server) string {
	addrs := make([]string, len(nodes))
	for i, node := range nodes {
		addrs[i] = node.Addr()
	}
	return "redis://" + strings.Join(addrs, ",")
}

// StartSentinel runs a Sentinel that watches master under a name, and waits until it names the master.
func StartSentinel(t testing.TB, master *Server, name string) *Server {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sentinel.conf")
	must(t, os.WriteFile(path, fmt.Appendf(nil, "sentinel monitor %s 127.0.0.1 %d 1\n", name, master.Port()), 0o600))
	sentinel := start(t, path, "--sentinel")
	client := redis.NewSentinelClient(&redis.Options{Addr: sentinel.Addr()})
	defer client.Close()
	until(t, "the sentinel names the master", func() bool {
		return client.GetMasterAddrByName(context.Background(), name).Err() == nil
	})
	return sentinel
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
