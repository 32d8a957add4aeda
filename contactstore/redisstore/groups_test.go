package redisstore_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

func TestContractOnCluster(t *testing.T) {
	nodes := redistest.StartCluster(t, 3)
	storetest.Run(t, func(t *testing.T) contactstore.Store {
		for _, node := range nodes {
			require.NoError(t, open(t, node).Client().FlushAll(ctx).Err())
		}
		s, err := redisstore.Open(ctx, redistest.URL(nodes), redisstore.Options{})
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, s.Close()) })
		return s
	})
}

// Every write waits until the replica has it.
func TestContractOnSentinel(t *testing.T) {
	master, _, sentinel := redistest.StartFailover(t, "mymaster", time.Minute)
	storetest.Run(t, func(t *testing.T) contactstore.Store {
		require.NoError(t, open(t, master).Client().FlushAll(ctx).Err())
		s, err := redisstore.Open(ctx, "redis-sentinel://"+sentinel.Addr()+"/mymaster?wait_replicas=1", redisstore.Options{})
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, s.Close()) })
		return s
	})
}

func TestNotReplicated(t *testing.T) {
	s, err := redisstore.Open(ctx, redistest.Start(t).URL()+"?wait_replicas=1", redisstore.Options{Timeout: time.Second})
	require.NoError(t, err)
	defer s.Close()
	err = s.Put(ctx, record(t, storetest.Contact(1)))
	var e *contactstore.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "not_replicated", e.Code)
	require.ErrorContains(t, err, "0 of 1 replicas")
	require.ErrorIs(t, err, contactstore.ErrUnavailable)
}

func TestSentinel(t *testing.T) {
	master := redistest.Start(t)
	sentinel := redistest.StartSentinel(t, master, "mymaster", time.Minute)
	s, err := redisstore.Open(ctx, "redis-sentinel://"+sentinel.Addr()+"/mymaster", redisstore.Options{})
	require.NoError(t, err)
	defer s.Close()
	r := record(t, storetest.Contact(1, "ext:1"))
	require.NoError(t, s.Put(ctx, r))
	got, err := open(t, master).Get(ctx, storetest.Workspace, storetest.ID(1))
	require.NoError(t, err)
	assert.Equal(t, r.Bytes(), got.Bytes())

	_, err = redisstore.Open(ctx, "redis-sentinel://"+sentinel.Addr()+"/other", redisstore.Options{})
	require.ErrorIs(t, err, contactstore.ErrUnavailable)
}

func TestOpenNobodyThere(t *testing.T) {
	server := redistest.Start(t)
	server.Kill()
	for _, url := range []string{server.URL(), server.URL() + "," + server.Addr(), "redis-sentinel://" + server.Addr() + "/m"} {
		_, err := redisstore.Open(ctx, url, redisstore.Options{})
		require.ErrorIs(t, err, contactstore.ErrUnavailable, url)
		assert.ErrorContains(t, err, server.Addr())
	}
	_, err := redisstore.Open(ctx, "redis//nonsense", redisstore.Options{})
	require.Error(t, err)
	assert.NotErrorIs(t, err, contactstore.ErrUnavailable)
}

func TestPassword(t *testing.T) {
	server := redistest.Start(t, "--requirepass", "open sesame")
	_, err := redisstore.Open(ctx, server.URL(), redisstore.Options{})
	require.ErrorIs(t, err, contactstore.ErrUnavailable)
	_, err = redisstore.Open(ctx, "redis://:wrong@"+server.Addr(), redisstore.Options{})
	require.ErrorIs(t, err, contactstore.ErrUnavailable)
	assert.NotContains(t, err.Error(), "wrong@")
	s, err := redisstore.Open(ctx, "redis://:open%20sesame@"+server.Addr(), redisstore.Options{})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	require.NoError(t, s.Close(), "a second time")
	require.ErrorIs(t, s.Ping(ctx), contactstore.ErrUnavailable)
}
