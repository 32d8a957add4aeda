package server_test

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/server"
)

// held makes the store hold its next get: held tells that it is held, release lets it go.
func held(store *hookedStore) (arrived, release chan struct{}) {
	arrived, release = make(chan struct{}), make(chan struct{})
	store.set(func(_ context.Context, call string) error {
		if call == "get" {
			close(arrived)
			<-release
		}
		return nil
	})
	return arrived, release
}

func TestShutdownFinishesWhatWasTaken(t *testing.T) {
	s, store := hooked(t, nil)
	idle, err := s.listener.Dial() // a connection that waits for its next request
	require.NoError(t, err)
	_, err = io.WriteString(idle, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
	require.NoError(t, err)
	_, err = idle.Read(make([]byte, 1))
	require.NoError(t, err)

	arrived, release := held(store)
	answers := make(chan answer, 1)
	go func() {
		a, err := s.try("GET", jane, "")
		assert.NoError(t, err)
		answers <- a
	}()
	<-arrived
	s.stop()
	_, err = io.ReadAll(idle) // ends: idle connections are closed
	require.NoError(t, err)
	for err == nil { // ends: nothing is accepted
		_, err = s.listener.Dial()
	}
	select {
	case err := <-s.served:
		t.Fatalf("the server left a request unanswered: %v", err)
	default:
	}
	close(release)
	a := <-answers
	assert.Equal(t, 200, a.status)
	assert.Contains(t, a.body, "Jane Doe")
	assert.True(t, a.header.Get("Connection") == "close" || a.header.Get("Connection") == "", a.header)
	require.NoError(t, <-s.served)
}

func TestShutdownDoesNotWaitForever(t *testing.T) {
	s, store := hooked(t, func(o *server.Options) { o.ShutdownTimeout = time.Millisecond })
	arrived, release := held(store)
	done := make(chan struct{})
	go func() {
		_, _ = s.try("GET", jane, "")
		close(done)
	}()
	<-arrived
	s.stop()
	require.ErrorIs(t, <-s.served, context.DeadlineExceeded)
	close(release)
	<-done
}

func TestShutdownBeforeAnyRequest(t *testing.T) {
	for range 20 { // the server may not have begun to accept yet
		s := start(t, nil)
		s.stop()
		require.NoError(t, <-s.served)
	}
}

// Readiness fails before anything else does, so that a balancer sends nobody new.
func TestShutdownFailsReadinessFirst(t *testing.T) {
	s := start(t, func(o *server.Options) { o.ShutdownDelay = time.Minute })
	assert.Equal(t, 200, s.do("GET", "/readyz", "").status)
	s.stop()
	var a answer
	require.Eventually(t, func() bool {
		a = s.do("GET", "/readyz", "")
		return a.status == 503
	}, time.Minute, time.Millisecond)
	assert.Equal(t, "shutting_down", a.code())
	assert.Equal(t, 200, s.do("GET", "/healthz", "").status, "it is alive")
	assert.Equal(t, 200, s.do("GET", jane, "").status, "and answers who still comes")
	require.NoError(t, s.listener.Close()) // ends the delay
	require.NoError(t, <-s.served)
}
