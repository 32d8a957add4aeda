package redisstore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseAddress(t *testing.T) {
	for _, c := range []struct {
		name, url string
		want      address
	}{
		{"host", "redis://localhost", address{hosts: []string{"localhost:6379"}}},
		{"host and port", "redis://10.0.0.1:7000", address{hosts: []string{"10.0.0.1:7000"}}},
		{"database", "redis://h:1/3", address{hosts: []string{"h:1"}, db: 3}},
		{"no database", "redis://h:1/", address{hosts: []string{"h:1"}}},
		{"TLS", "rediss://h:1", address{hosts: []string{"h:1"}, tls: true}},
		{"scheme in capitals", "REDIS://h:1", address{hosts: []string{"h:1"}}},
		{"user and password", "redis://u:p%40s@h:1", address{hosts: []string{"h:1"}, username: "u", password: "p@s"}},
		{"user", "redis://u@h:1", address{hosts: []string{"h:1"}, username: "u"}},
		{"password", "redis://:p:q@h:1", address{hosts: []string{"h:1"}, password: "p:q"}},
		{"IPv6", "redis://[::1]:7000", address{hosts: []string{"[::1]:7000"}}},
		{"IPv6 without port", "redis://[::1]", address{hosts: []string{"[::1]:6379"}}},
		{"cluster", "redis://:p@a:1,b,c:3", address{hosts: []string{"a:1", "b:6379", "c:3"}, password: "p"}},
		{"cluster of URLs", "rediss://a:1,rediss://b:2", address{hosts: []string{"a:1", "b:2"}, tls: true}},
		{"cluster of one address", "redis://a:1?cluster=true&wait_replicas=2", address{hosts: []string{"a:1"}, cluster: true, waitReplicas: 2}},
		{"sentinel", "redis-sentinel://a,b:2/mymaster", address{hosts: []string{"a:26379", "b:2"}, master: "mymaster"}},
		{"sentinel with all", "rediss-sentinel://u:p@a:1/m/2?sentinel_username=s&sentinel_password=t", address{
			hosts: []string{"a:1"}, master: "m", db: 2, tls: true, username: "u", password: "p", sentinelUsername: "s", sentinelPassword: "t",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := parseAddress(c.url)
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
}

func TestParseAddressErrors(t *testing.T) {
	for _, c := range []struct{ name, url, want string }{
		{"no scheme", "secret:6379", "no scheme"},
		{"other scheme", "http://secret", "unknown scheme"},
		{"no host", "redis://", "an empty host"},
		{"hole in hosts", "redis://a,,secret", "an empty host"},
		{"port", "redis://secret:http", "a port that is not a number"},
		{"port out of range", "redis://secret:70000", "a port that is not a number"},
		{"database", "redis://h/secret", "a database that is not a number"},
		{"database of a cluster", "redis://a,b/1", "a Cluster has only database 0"},
		{"no master", "redis-sentinel://secret", "no master name"},
		{"escape", "redis://:secret%zz@h", "not percent-encoded"},
		{"option", "redis://h?db=secret", `unknown option "db"`},
		{"option of a cluster", "redis://h?cluster=secret", "cluster is neither"},
		{"option of replicas", "redis://h?wait_replicas=-1", "wait_replicas is neither"},
		{"database of a cluster of one address", "redis://secret/1?cluster=1", "only database 0"},
		{"query", "redis://h?%zz", "not percent-encoded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parseAddress(c.url)
			require.ErrorContains(t, err, c.want)
			assert.NotContains(t, err.Error(), "secret")
		})
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"redis://u:p@h:1/2", "redis-sentinel://a,b/m/1?sentinel_password=x", "rediss://[::1],b", "://", "redis://@"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, url string) {
		a, err := parseAddress(url)
		if err == nil {
			assert.NotEmpty(t, a.hosts)
		}
	})
}
