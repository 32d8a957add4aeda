package redisstore

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestJudgeServer(t *testing.T) {
	const safe = "redis_version:7.0.15\naof_enabled:1\naof_last_write_status:ok\nmaxmemory:0\nmaxmemory_policy:noeviction\nconnected_slaves:0\n"
	for _, c := range []struct {
		name, info string
		config     map[string]string
		wait       int
		want       []string
	}{
		{"safe", safe, map[string]string{"appendfsync": "everysec", "save": ""}, 0, nil},
		{"safe, as far as can be seen", safe, nil, 0, nil},
		{"nothing on disk", "aof_enabled:0\nmaxmemory:0", map[string]string{"save": ""}, 0, []string{"no_persistence"}},
		{"snapshots", "aof_enabled:0\nmaxmemory:0", map[string]string{"save": "3600 1"}, 0, []string{"snapshots_only"}},
		{"no append-only file, and no more to be seen", "aof_enabled:0\nmaxmemory:0", nil, 0, []string{"snapshots_only"}},
		{"never flushed", safe, map[string]string{"appendfsync": "no"}, 0, []string{"no_fsync"}},
		{"disk full", "aof_enabled:1\naof_last_write_status:err\nrdb_last_bgsave_status:err", nil, 0, []string{"disk", "disk"}},
		{"evicts", safe + "maxmemory:100\nmaxmemory_policy:allkeys-lru", nil, 0, []string{"eviction"}},
		{"would evict, and has no limit", safe + "maxmemory_policy:allkeys-lfu", nil, 0, nil},
		{"evicts keys that expire, of which there are none", safe + "maxmemory:100\nmaxmemory_policy:volatile-lru", nil, 0, nil},
		{"a replica", safe + "connected_slaves:1", map[string]string{"min-replicas-to-write": "0"}, 0, []string{"failover"}},
		{"a replica, waited for", safe + "connected_slaves:1", nil, 1, nil},
		{"a replica, and never none", safe + "connected_slaves:1", map[string]string{"min-replicas-to-write": "1"}, 0, nil},
		{"old", safe + "redis_version:6.2.14", nil, 0, []string{"old_version"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var codes []string
			for _, f := range judgeServer(parseInfo("# Server\r\n"+c.info), c.config, c.wait) {
				codes = append(codes, f.Code)
				assert.NotEmpty(t, f.Message)
				assert.NotEmpty(t, f.Hint)
			}
			assert.Equal(t, c.want, codes)
		})
	}
}
