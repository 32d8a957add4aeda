package embedded_test

import (
	"bufio"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/embedded"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

// crashDir tells the test binary to be the child that writes until it is killed, and where.
const crashDir = "FLOWEXPR_TEST_CRASH_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		fmt.Fprintln(os.Stderr, writeUntilKilled(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeUntilKilled updates contacts from several goroutines, and prints each
// number and version after it was acknowledged.
func writeUntilKilled(dir string) error {
	s, err := embedded.Open(dir, embedded.Options{})
	if err != nil {
		return err
	}
	var out sync.Mutex
	failed := make(chan error)
	for w := range 4 {
		go func() {
			for i := 0; ; i++ {
				version, n, err := writeOne(s, w*1000+i%50+1)
				if err != nil {
					failed <- err
					return
				}
				out.Lock()
				fmt.Println(n, version)
				out.Unlock()
			}
		}()
	}
	return <-failed
}

// writeOne stores the next version of a contact; its URN says which.
func writeOne(s *embedded.Store, n int) (version uint64, number int, err error) {
	c := storetest.Contact(n)
	if before, err := s.Get(ctx, storetest.Workspace, c.UUID); err == nil {
		c.Version = before.Version() + 1
	}
	urn, err := contactstore.ParseURN(fmt.Sprintf("ext:%d-%d", n, c.Version))
	if err != nil {
		return 0, 0, err
	}
	c.Connections = []contactstore.Connection{{URN: urn}}
	r, err := contactstore.Encode(c)
	if err != nil {
		return 0, 0, err
	}
	return c.Version, n, s.Put(ctx, r)
}

// TestKilled kills a writing process again and again: what it acknowledged is
// there, and records and URNs agree.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	random := rand.New(rand.NewSource(1))
	acknowledged := map[int]uint64{}
	for range 8 {
		killAWriter(t, dir, time.Duration(20+random.Intn(150))*time.Millisecond, acknowledged)
		verify(t, dir, acknowledged)
	}
	assert.NotEmpty(t, acknowledged)
}

// killAWriter runs a writer, kills it so long after its first acknowledgement, and notes what it acknowledged.
func killAWriter(t *testing.T, dir string, after time.Duration, acknowledged map[int]uint64) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashDir+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	var once sync.Once
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		once.Do(func() { time.AfterFunc(after, func() { _ = child.Process.Kill() }) })
		var n int
		var version uint64
		if _, err := fmt.Sscanf(lines.Text(), "%d %d", &n, &version); err != nil {
			continue // the line that the kill cut short
		}
		acknowledged[n] = max(acknowledged[n], version)
	}
	_ = child.Wait() // killed
}

func verify(t *testing.T, dir string, acknowledged map[int]uint64) {
	t.Helper()
	s, err := embedded.Open(dir, embedded.Options{})
	require.NoError(t, err)
	defer func() { assert.NoError(t, s.Close()) }()
	for n, version := range acknowledged {
		r, err := s.Get(ctx, storetest.Workspace, storetest.ID(n))
		require.NoError(t, err, "contact %d, acknowledged at version %d", n, version)
		require.GreaterOrEqual(t, r.Version(), version, "contact %d", n)
		urn, err := contactstore.ParseURN(fmt.Sprintf("ext:%d-%d", n, r.Version()))
		require.NoError(t, err)
		found, err := s.Find(ctx, storetest.Workspace, urn)
		require.NoError(t, err, urn)
		require.Equal(t, r.UUID(), found.UUID())
	}
}
