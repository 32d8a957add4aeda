package storetest

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
)

func races() []check {
	return []check{
		{"updates of one contact: none lost", raceUpdates},
		{"one URN, many new contacts: one wins", raceClaims},
		{"one URN, handed round: never two owners", raceHandover},
		{"batches against puts", raceBatches},
		{"settings: none lost", raceSettings},
		{"reads beside writes see whole records", raceReads},
	}
}

// together runs n copies of work at once, starting together.
func together(n int, work func(i int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		ready.Add(1)
		done.Add(1)
		go func() {
			defer done.Done()
			ready.Done()
			<-start
			work(i)
		}()
	}
	ready.Wait()
	close(start)
	done.Wait()
}

// patiently repeats a call for as long as it loses races; nothing that it reports as done may be lost.
func patiently(call func() error) error {
	for {
		if err := call(); !contention(err) {
			return err
		}
	}
}

func raceUpdates(t *testing.T, s contactstore.Store) {
	const workers, each = 8, 5
	put(t, s, Contact(1, "ext:first"))
	together(workers, func(w int) {
		for i := range each {
			assert.NoError(t, patiently(func() error { return addAndCount(s, fmt.Sprintf("ext:%d-%d", w, i)) }))
		}
	})
	r, err := s.Get(context.Background(), Workspace, ID(1))
	require.NoError(t, err)
	assert.Equal(t, uint64(1+workers*each), r.Version(), "one version an update")
	c, err := r.Contact()
	require.NoError(t, err)
	assert.Equal(t, strconv.Itoa(workers*each), c.Fields[0].Text, "updates counted")
	assert.Len(t, c.Connections, 1+workers*each, "connections kept")
	consistent(t, s, Workspace)
}

// addAndCount gives contact 1 one more connection, and counts in its field.
func addAndCount(s contactstore.Store, text string) error {
	_, _, err := contactstore.Update(context.Background(), s, Workspace, ID(1), func(c *contactstore.Contact) (contactstore.Change, error) {
		n, err := strconv.Atoi(c.Fields[0].Text)
		if err != nil {
			return contactstore.Change{}, err
		}
		c.Fields[0].Text = strconv.Itoa(n + 1)
		return c.Add(urn(text), 0)
	})
	return err
}

func raceClaims(t *testing.T, s contactstore.Store) {
	const workers, rounds = 12, 5
	for round := range rounds {
		text := fmt.Sprintf("ext:prize%d", round)
		won := make([]bool, workers)
		together(workers, func(w int) {
			n := round*workers + w + 1
			err := s.Put(context.Background(), encode(t, Contact(n, fmt.Sprintf("ext:own%d", n), text)))
			won[w] = err == nil
			if err != nil {
				assert.ErrorIs(t, err, contactstore.ErrConflict)
			}
		})
		winners := 0
		for w, won := range won {
			n := round*workers + w + 1
			if !won {
				missing(t, s, Workspace, ID(n))
				unowned(t, s, fmt.Sprintf("ext:own%d", n))
				continue
			}
			winners++
			owner(t, s, text, encode(t, Contact(n, fmt.Sprintf("ext:own%d", n), text)))
		}
		assert.Equal(t, 1, winners, "round %d", round)
	}
	consistent(t, s, Workspace)
}

func raceHandover(t *testing.T, s contactstore.Store) {
	const workers, each = 6, 20
	for w := range workers {
		put(t, s, Contact(w+1))
	}
	var holders, taken atomic.Int64
	together(workers, func(w int) {
		c := Contact(w + 1)
		for range each {
			with := next(c, "ext:token")
			err := s.Put(context.Background(), encode(t, with))
			if err != nil {
				assert.ErrorIs(t, err, contactstore.ErrConflict)
				continue
			}
			assert.Equal(t, int64(1), holders.Add(1), "holders at once")
			taken.Add(1)
			holders.Add(-1)
			c = next(with)
			assert.NoError(t, s.Put(context.Background(), encode(t, c)))
		}
	})
	assert.Positive(t, taken.Load())
	unowned(t, s, "ext:token")
	consistent(t, s, Workspace)
}

func raceBatches(t *testing.T, s contactstore.Store) {
	const workers, contacts, each = 4, 40, 3
	fill(t, s, contacts)
	var done [contacts]atomic.Int64
	together(workers, func(w int) {
		for i := range each {
			records := make([]contactstore.Record, contacts)
			for n := range records {
				c := Contact(n+1, "ext:"+ID(n+1).String())
				c.Version, c.Name = uint64(i+2), fmt.Sprintf("worker %d", w)
				records[n] = encode(t, c)
			}
			errs, err := s.PutMany(context.Background(), records)
			if !assert.NoError(t, err) || !assert.Len(t, errs, contacts) {
				return
			}
			for n, err := range errs {
				if err == nil {
					done[n].Add(1)
					continue
				}
				assert.ErrorIs(t, err, contactstore.ErrVersion)
			}
		}
	})
	for n := range contacts {
		r, err := s.Get(context.Background(), Workspace, ID(n+1))
		require.NoError(t, err)
		assert.Equal(t, 1+done[n].Load(), int64(r.Version()), "contact %d: one acknowledgement a version", n+1)
	}
	consistent(t, s, Workspace)
}

func raceSettings(t *testing.T, s contactstore.Store) {
	const workers, each = 6, 5
	together(workers, func(int) {
		for range each {
			assert.NoError(t, patiently(func() error {
				data, version, err := s.Settings(context.Background(), Workspace)
				if err != nil {
					return err
				}
				return s.PutSettings(context.Background(), Workspace, append(data, '.'), version+1)
			}))
		}
	})
	data, version, err := s.Settings(context.Background(), Workspace)
	require.NoError(t, err)
	assert.Len(t, data, workers*each)
	assert.Equal(t, uint64(workers*each), version)
}

// raceReads keeps a contact's name, version and URN in step and asserts that no reader sees them apart.
func raceReads(t *testing.T, s contactstore.Store) {
	const versions = 60
	at := func(version int) *contactstore.Contact {
		c := Contact(1, fmt.Sprintf("ext:at%d", version), "ext:fixed")
		c.Version, c.Name = uint64(version), strconv.Itoa(version)
		return c
	}
	whole := func(r contactstore.Record, err error) {
		if assert.NoError(t, err) && !r.IsZero() {
			assert.Equal(t, encode(t, at(int(r.Version()))).Bytes(), r.Bytes())
		}
	}
	put(t, s, at(1))
	var written atomic.Bool
	together(4, func(w int) {
		if w == 0 {
			for v := 2; v <= versions; v++ {
				assert.NoError(t, s.Put(context.Background(), encode(t, at(v))))
			}
			written.Store(true)
			return
		}
		for !written.Load() {
			whole(s.Get(context.Background(), Workspace, ID(1)))
			whole(s.Find(context.Background(), Workspace, urn("ext:fixed")))
			page, err := s.List(context.Background(), Workspace, contactstore.UUID{}, 10)
			assert.NoError(t, err)
			for _, r := range page {
				whole(r, nil)
			}
		}
	})
	stored(t, s, encode(t, at(versions)))
}
