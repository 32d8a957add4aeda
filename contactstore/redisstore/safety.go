package redisstore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Finding is a setting of a server by which contacts can be lost.
type Finding struct {
	Code    string // stable, for programs
	Server  string // host:port; several parted by commas where it holds for all of them
	Message string // what can be lost, and when
	Hint    string // what to set
}

// Findings looks whether the servers are set up to keep contacts: what is written to disk, what is thrown away when
// memory is full, and what a failover may lose. It looks at each master. What its user may not see is a finding too.
// The error is that of a server that does not answer.
func (s *Store) Findings(ctx context.Context) ([]Finding, error) {
	var mu sync.Mutex
	var all []Finding
	look := func(ctx context.Context, client *redis.Client) error {
		found, err := s.inspect(ctx, client)
		mu.Lock()
		defer mu.Unlock()
		all = append(all, found...)
		return err
	}
	var err error
	switch client := s.client.(type) {
	case *redis.ClusterClient:
		err = client.ForEachMaster(ctx, look)
	case *redis.Client:
		err = look(ctx, client)
	}
	return merged(all), s.failed(ctx, err)
}

// inspect looks at one server.
func (s *Store) inspect(ctx context.Context, client *redis.Client) ([]Finding, error) {
	server := client.Options().Addr
	if s.address.master != "" { // the driver has no address then but the Sentinels'
		server = s.address.String()
	}
	text, err := client.Info(ctx).Result()
	if redis.HasErrorPrefix(err, "NOPERM") || redis.HasErrorPrefix(err, "unknown command") {
		return []Finding{{"unseen", server, "whether contacts can be lost cannot be seen: the user may not run INFO", "allow +info, and +config|get"}}, nil
	}
	if err != nil {
		return nil, err
	}
	config := map[string]string{}
	for _, key := range []string{"save", "appendfsync", "min-replicas-to-write"} {
		// Hosted servers and strict users refuse CONFIG: then what INFO says must do.
		if values, err := client.ConfigGet(ctx, key).Result(); err == nil && len(values) > 0 {
			config[key] = values[key]
		}
	}
	found := judgeServer(parseInfo(text), config, s.address.waitReplicas)
	for i := range found {
		found[i].Server = server
	}
	return found, nil
}

// parseInfo reads the answer to INFO: lines of name:value, and headings.
func parseInfo(text string) map[string]string {
	info := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && !strings.HasPrefix(name, "#") {
			info[name] = value
		}
	}
	return info
}

// judgeServer says what of a server's state and configuration can lose contacts. A setting that config lacks is not known.
func judgeServer(info, config map[string]string, waitReplicas int) []Finding {
	var found []Finding
	add := func(code, message, hint string) {
		found = append(found, Finding{Code: code, Message: message, Hint: hint})
	}
	if major, _ := strconv.Atoi(strings.Split(info["redis_version"], ".")[0]); major > 0 && major < 7 {
		add("old_version", "it is Redis "+info["redis_version"]+": contacts cannot be written", "use Redis 7 or later, or Valkey")
	}
	save, saveKnown := config["save"]
	switch {
	case info["aof_enabled"] == "1":
		if config["appendfsync"] == "no" {
			add("no_fsync", "when its machine fails, what the last half minute wrote is lost", "set appendfsync everysec, or always")
		}
		if info["aof_last_write_status"] == "err" {
			add("disk", "its last write to the append-only file failed", "look into its log: is the disk full?")
		}
	case saveKnown && save == "":
		add("no_persistence", "nothing is written to disk: a restart loses all contacts", "set appendonly yes")
	case info["aof_enabled"] == "0":
		add("snapshots_only", "only snapshots are written to disk: a crash loses what was written since the last one", "set appendonly yes")
	}
	if info["rdb_last_bgsave_status"] == "err" {
		add("disk", "its last snapshot failed", "look into its log: is the disk full?")
	}
	if policy := info["maxmemory_policy"]; info["maxmemory"] != "0" && strings.HasPrefix(policy, "allkeys-") {
		add("eviction", fmt.Sprintf("when memory is full it throws contacts away (maxmemory-policy %s)", policy), "set maxmemory-policy noeviction")
	}
	replicas, _ := strconv.Atoi(info["connected_slaves"])
	if least, known := config["min-replicas-to-write"]; replicas > 0 && waitReplicas == 0 && (!known || least == "0") {
		add("failover", "when a replica takes its place, the writes are lost that it had not got yet", "add ?wait_replicas=1 to the address, and set min-replicas-to-write 1")
	}
	return found
}

// merged gives each finding once, with all servers that it holds for.
func merged(all []Finding) []Finding {
	slices.SortFunc(all, func(a, b Finding) int {
		return strings.Compare(a.Code+a.Message+a.Server, b.Code+b.Message+b.Server)
	})
	var out []Finding
	for _, f := range all {
		if n := len(out) - 1; n >= 0 && out[n].Code == f.Code && out[n].Message == f.Message {
			out[n].Server += "," + f.Server
			continue
		}
		out = append(out, f)
	}
	return out
}
