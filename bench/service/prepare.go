package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/flowexpr/flowexpr/bench/corpus"
	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/embedded"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/server"
)

// How many connections call at once, each with one request under way.
const (
	callers      = 64
	batchCallers = 4
)

// batchSize is the number of contacts in a batch.
const batchSize = 1000

// prime steps through the contacts in no order of the store's.
const prime = 7919

// prepare fills the stores, starts the servers, and says what is measured.
func prepare(ctx context.Context, m *machine, o options) ([]*subject, error) {
	if err := m.build(ctx, "cmd/flowexpr", "bench/mock"); err != nil {
		return nil, err
	}
	if err := m.startRedis(ctx); err != nil {
		return nil, err
	}
	if err := fillRedis(ctx, m.redisURL(0), 0, o.contacts); err != nil {
		return nil, err
	}
	small, large := filepath.Join(m.folder, "small"), filepath.Join(m.folder, "large")
	for folder, contacts := range map[string]int{small: o.contacts, large: o.many} {
		if err := fillFolder(ctx, folder, contacts); err != nil {
			return nil, err
		}
	}
	count := strconv.Itoa(o.contacts)
	var failed error
	start := func(program string, args ...string) *process {
		p, err := m.serve(ctx, program, args...)
		if failed == nil {
			failed = err
		}
		return p
	}
	mock, mockRedis := start("mock", "-contacts", count), start("mock", "-contacts", count, "-redis", m.redis.address)
	near, redis := start("flowexpr", "serve", "--redis", m.redisURL(0)), start("flowexpr", uncached(m.redisURL(0))...)
	few, many := start("flowexpr", "serve", "--data", small), start("flowexpr", "serve", "--data", large)
	if failed != nil {
		return nil, failed
	}

	ceiling := evaluation("mock, contacts in a map: the ceiling", mock, o)
	ours := evaluation("**flowexpr**, contacts in the near cache over Redis", near, o).as("http", ceiling)
	disk := evaluation("**flowexpr**, embedded store", few, o).as("", ceiling)
	get := evaluation("mock, a go-redis GET for each request", mockRedis, o)
	read := evaluation("**flowexpr**, a read of Redis for each request", redis, o).as("http-redis", get)
	mget := batch("mock, 1000 contacts a request by MGET", mockRedis, o)
	batches := batch("**flowexpr**, batches of 1000 contacts over Redis", redis, o).as("batch-redis", mget)
	return []*subject{
		ceiling, ours, disk, get, read, mget, batches,
		dryRun(fmt.Sprintf("**flowexpr**, dry run of %d contacts, embedded store", o.contacts), few, o.contacts).as("", nil),
		dryRun(fmt.Sprintf("**flowexpr**, dry run of %d contacts, embedded store", o.many), many, o.many).as("dryrun", nil),
	}, nil
}

// uncached are the arguments of a service that reads Redis for each contact.
func uncached(url string) []string {
	return []string{"serve", "--redis", url, "--near-cache-bytes", "0"}
}

func (s *subject) as(figure string, like *subject) *subject {
	s.figure, s.like = figure, like
	return s
}

// t4 is the template of all calls.
func t4() string { return corpus.Templates()[2].Source }

// evaluation asks for one contact a call, another one each time.
func evaluation(name string, server *process, o options) *subject {
	template := t4()
	s := &subject{name: name, server: server, contacts: 1, first: o.contacts/callers + 1}
	s.prepare = func(c *client) {
		c.next++
		c.request.SetBodyRaw(fmt.Appendf(c.request.Body()[:0], `{"template":%q,"contact":{"uuid":%q}}`, template, corpus.RegularID(c.next%o.contacts)))
	}
	s.valid = func(answer []byte) bool { return bytes.HasPrefix(answer, []byte(`{"text":"Hi Jane Doe `)) }
	return s.connect("/v1/evaluate", callers)
}

// batch asks for many contacts a call.
func batch(name string, server *process, o options) *subject {
	bodies := make([][]byte, 8) // made beforehand: the client's time is not measured
	for i := range bodies {
		b := fmt.Appendf(nil, `{"template":%q,"contacts":[`, t4())
		for n := range batchSize {
			if n > 0 {
				b = append(b, ',')
			}
			b = fmt.Appendf(b, "%q", corpus.RegularID((i*batchSize+n)*prime%o.contacts))
		}
		bodies[i] = append(b, "]}"...)
	}
	s := &subject{name: name, server: server, contacts: batchSize, first: 2}
	s.prepare = func(c *client) {
		c.next++
		c.request.SetBodyRaw(bodies[c.next%len(bodies)])
	}
	s.valid = func(answer []byte) bool { return bytes.Count(answer, []byte(`"text":"Hi Jane Doe `)) == batchSize }
	return s.connect("/v1/evaluate/batch", batchCallers)
}

// dryRun evaluates for all contacts of a store in a call.
func dryRun(name string, server *process, contacts int) *subject {
	s := &subject{name: name, server: server, contacts: contacts, first: 1}
	body := fmt.Appendf(nil, `{"template":%q,"all":true}`, t4())
	s.prepare = func(c *client) { c.request.SetBodyRaw(body) }
	summary := fmt.Appendf(nil, `"contacts":%d,"clean":%d,`, contacts, contacts)
	s.valid = func(answer []byte) bool { return bytes.Contains(answer, summary) }
	return s.connect("/v1/dryrun", 1)
}

// fillRedis puts the regular contacts from one number up to another into Redis.
func fillRedis(ctx context.Context, url string, from, to int) error {
	store, err := redisstore.Open(ctx, url, redisstore.Options{})
	if err != nil {
		return err
	}
	return fill(ctx, store, from, to)
}

// fillFolder puts the first regular contacts into an embedded store.
func fillFolder(ctx context.Context, folder string, contacts int) error {
	store, err := embedded.Open(folder, embedded.Options{})
	if err != nil {
		return err
	}
	return fill(ctx, store, 0, contacts)
}

func fill(ctx context.Context, store contactstore.Store, from, to int) error {
	if err := corpus.Fill(ctx, server.DefaultWorkspace, from, to, store); err != nil {
		_ = store.Close()
		return err
	}
	return store.Close()
}
