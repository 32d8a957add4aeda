package soak

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/bench/program"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
)

// length is how long the clients work: SOAK_TIME, or a minute.
func length(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("SOAK_TIME")
	if text == "" {
		return time.Minute
	}
	d, err := time.ParseDuration(text)
	require.NoError(t, err, "SOAK_TIME")
	return d
}

// faultShare is the part of the time in which processes are taken away; the rest is for memory and goroutines.
const faultShare = 0.4

// patience bounds what the service may take to be itself again after a fault: the machine may be busy.
const patience = 90 * time.Second

// fault takes something away, and brings it back.
type fault struct {
	name string
	do   func(*soak)
}

// The service is killed, so that nothing is finished, or asked to stop, so that everything is.
var (
	killed  = fault{"service killed", func(s *soak) { s.service.Kill(); s.service.Start() }}
	stopped = fault{"service stopped", func(s *soak) {
		assert.NoError(s.t, s.service.Stop(), "an orderly end")
		s.service.Start()
	}}
)

func TestSoak(t *testing.T) {
	path, err := program.Build(t.TempDir())
	require.NoError(t, err)
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		newSoak(t, path, "--data", t.TempDir()).run(killed, stopped)
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		redis := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
		newSoak(t, path, "--redis", redis.URL(), "--near-cache-bytes", "16MB").run(
			killed, stopped,
			fault{"redis paused for 0.3 s", func(*soak) { redis.Freeze(); pause(300); redis.Thaw() }},
			fault{"redis paused for 2.5 s", func(*soak) { redis.Freeze(); pause(2500); redis.Thaw() }},
			fault{"redis killed", func(*soak) { redis.Kill(); pause(300); redis.Restart() }},
		)
	})
}

func pause(ms int) { time.Sleep(time.Duration(ms) * time.Millisecond) }

// soak is one service, and those who use it.
type soak struct {
	t       *testing.T
	service *program.Service
	watcher *client // measures
	workers []*worker
	tally   *tally
	meter   meter
	stop    atomic.Bool
}

const (
	workspaces  = 2
	perSpace    = 2 // workers of a workspace
	owns        = 40
	shares      = 20
	sharedGroup = "Shared"
	firstShared = 9000 // numbers of contacts from here are those of shared ones
)

func newSoak(t *testing.T, path string, store ...string) *soak {
	t.Helper()
	folder := t.TempDir()
	var tokens strings.Builder
	s := &soak{t: t, tally: newTally()}
	for _, workspace := range spaces() {
		for _, role := range []string{"read", "write"} {
			fmt.Fprintf(&tokens, "- {token: %[1]s-%[2]s, workspace: %[1]s, role: %[2]s}\n", workspace, role)
		}
	}
	file := filepath.Join(folder, "tokens.yaml")
	require.NoError(t, os.WriteFile(file, []byte(tokens.String()), 0o600))
	// The audit goes to a file, so that standard error has only what is wrong.
	args := append([]string{"--tokens", file, "--audit-log", filepath.Join(folder, "audit.jsonl"), "--shutdown-timeout", "20s"}, store...)
	s.service = program.Serve(t, path, args...)
	s.watcher = newClient(s.service, "nowhere")
	s.meter.idle = s.idle(0)
	for _, workspace := range spaces() {
		for i := range perSpace {
			s.workers = append(s.workers, s.worker(workspace, i))
		}
	}
	return s
}

func spaces() (names []string) {
	for i := range workspaces {
		names = append(names, fmt.Sprintf("space%d", i))
	}
	return names
}

// worker makes the i-th worker of a workspace, and its contacts; the first makes those that all share.
func (s *soak) worker(workspace string, i int) *worker {
	s.t.Helper()
	w := &worker{client: newClient(s.service, workspace), tally: s.tally, clock: time.Now().UnixMicro()}
	for n := range owns {
		c := &contact{n: i*owns + n, workspace: workspace}
		w.own = append(w.own, c)
		w.create(c)
	}
	for n := range shares {
		c := &contact{n: firstShared + n, workspace: workspace}
		c.is = c.fresh(fmt.Sprintf("%s shared by all %d", workspace, n))
		w.shared = append(w.shared, c)
		if i > 0 {
			continue
		}
		body := c.body(c.is)
		body["groups"] = []any{map[string]string{"uuid": "b7cf0d83-f1c9-411c-96fd-c511a4cfa86d", "name": sharedGroup}}
		a := w.call(w.write, "PUT", c.path(), body)
		require.Equal(s.t, 201, a.status, a)
	}
	require.Empty(s.t, s.tally.wrong)
	return w
}

// run lets the workers work while faults come, and then while nothing is taken away, and asserts what has to hold.
func (s *soak) run(faults ...fault) {
	whole := length(s.t)
	var working sync.WaitGroup
	for _, w := range s.workers {
		working.Go(func() {
			for !s.stop.Load() {
				w.once()
				time.Sleep(think)
			}
			w.http.CloseIdleConnections()
		})
	}
	every := max(whole/1200, 100*time.Millisecond)
	watching := make(chan []sample)
	var faulted atomic.Bool
	go func() { watching <- s.watcher.watch(every, faulted.Load) }()
	end := time.Now().Add(time.Duration(float64(whole) * faultShare))
	for n := 0; n < len(faults) || time.Now().Before(end); n++ { // each at least once, however slow the machine
		s.fault(faults[n%len(faults)])
	}
	faulted.Store(true)
	s.meter.faulted = <-watching
	end = time.Now().Add(time.Duration(float64(whole) * (1 - faultShare)))
	s.meter.steady = s.watcher.watch(every, func() bool { return time.Now().After(end) })
	s.stop.Store(true)
	working.Wait()
	s.meter.after = s.idle(s.meter.idle + late)
	s.check(len(faults))
}

// think is what a client waits after each call: so it does not take all of the machine from the tests beside.
const think = 500 * time.Microsecond

// late is how many goroutines the runtime and the HTTP library start when they are first needed, and keep: a clock for
// the header Date, one for clean-ups. What leaks by requests is counted in thousands.
const late = 4

// fault does one, and waits until clients are served again.
func (s *soak) fault(f fault) {
	pause(500)
	f.do(s)
	before := s.tally.acknowledged()
	assert.Eventually(s.t, func() bool { return s.tally.acknowledged() > before+5 }, patience, 10*time.Millisecond, "%s: writes are done again", f.name)
	s.tally.count(func() { s.tally.faults[f.name]++ })
}

// idle gives the goroutines of a service that nobody uses; it waits until there are at most so many, 0 is any number.
func (s *soak) idle(most int) (goroutines int) {
	assert.Eventually(s.t, func() bool {
		now, ok := s.watcher.look()
		goroutines = now.goroutines
		return ok && (most == 0 || goroutines <= most)
	}, patience, 100*time.Millisecond, "goroutines end when nobody asks for anything")
	return goroutines
}

// check asserts that all was right, also after one more crash, and says what there was.
func (s *soak) check(kinds int) {
	panicked := strings.Contains(s.service.Said(), "panic")
	s.service.Kill()
	s.service.Start()
	for _, w := range s.workers {
		for _, c := range append(w.own, w.shared...) {
			assert.Eventually(s.t, func() bool {
				if c.lost || c.known() {
					return true
				}
				w.settle(c)
				return false
			}, patience, time.Millisecond)
			if !c.lost {
				w.get(c)
			}
		}
	}
	s.t.Logf("%s\n%s", s.t.Name(), s.tally.table(&s.meter))
	assert.Empty(s.t, s.tally.wrong)
	assert.Zero(s.t, s.tally.mismatches)
	assert.Equal(s.t, s.tally.unknown, s.tally.done+s.tally.undone, "each write that was not answered is settled")
	assert.Len(s.t, s.tally.faults, kinds, "each kind of fault was tried")
	assert.Empty(s.t, s.meter.flat())
	assert.False(s.t, panicked, s.service.Said())
}
