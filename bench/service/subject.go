package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/valyala/fasthttp"
	"golang.org/x/sync/errgroup"

	"github.com/flowexpr/flowexpr/bench/load"
)

// subject is one server that is measured with one kind of call.
type subject struct {
	name     string
	figure   string   // name of its figures; empty for those that are no target
	like     *subject // the one that it is compared with
	server   *process
	contacts int // in one call
	first    int // calls of each caller that fill caches and pools
	prepare  func(c *client)
	valid    func(answer []byte) bool

	clients []client
	rates   []float64 // contacts/s of each round
	cpu     []float64 // µs of the server's CPU time for a contact, of each round
	p99     time.Duration
}

// client is one connection with its buffers.
type client struct {
	http     *fasthttp.HostClient
	request  fasthttp.Request
	response fasthttp.Response
	next     int // contact that is asked for next
}

// callTimeout is how long an answer may take; that of a dry run of a million contacts on a busy machine, too.
const callTimeout = 5 * time.Minute

// connect makes the connections of so many callers.
func (s *subject) connect(path string, callers int) *subject {
	s.clients = make([]client, callers)
	for i := range s.clients {
		c := &s.clients[i]
		c.http = &fasthttp.HostClient{Addr: s.server.address, MaxConns: 1, ReadTimeout: callTimeout, WriteTimeout: callTimeout}
		c.request.SetRequestURI("http://" + s.server.address + path)
		c.request.Header.SetMethod(fasthttp.MethodPost)
		c.request.Header.SetContentType("application/json")
		c.next = i * s.first // together the first calls are about all contacts
	}
	return s
}

// warm makes the first calls, which are not measured.
func (s *subject) warm() error {
	var all errgroup.Group
	for caller := range s.clients {
		all.Go(func() error {
			for range s.first {
				if err := s.call(caller); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return all.Wait()
}

func (s *subject) call(caller int) error {
	c := &s.clients[caller]
	s.prepare(c)
	if err := c.http.Do(&c.request, &c.response); err != nil {
		return err
	}
	if body := c.response.Body(); c.response.StatusCode() != fasthttp.StatusOK || !s.valid(body) {
		return fmt.Errorf("%s: got the status %d and %.300q", s.name, c.response.StatusCode(), body)
	}
	return nil
}

// closed measures one round in a closed loop.
func (s *subject) closed(ctx context.Context, each time.Duration) error {
	before, err := s.server.cpuTime()
	if err != nil {
		return err
	}
	result := load.Closed(ctx, len(s.clients), each, s.call)
	after, err := s.server.cpuTime()
	if err != nil {
		return err
	}
	if result.First != nil {
		return result.First
	}
	s.rates = append(s.rates, result.Rate()*float64(s.contacts))
	s.cpu = append(s.cpu, float64((after-before).Nanoseconds())/float64(result.Calls*int64(s.contacts))/1000)
	return ctx.Err()
}

// open measures latency at half of the rate that the closed loop reached.
func (s *subject) open(ctx context.Context, length time.Duration) error {
	result := load.Open(ctx, len(s.clients), median(s.rates)/float64(s.contacts)/2, length, s.call)
	if result.First != nil {
		return result.First
	}
	s.p99 = result.Percentile(99)
	return ctx.Err()
}

// ratio gives the median of each round's part of what the other one's was.
func ratio(ours, theirs []float64) float64 {
	ratios := make([]float64, len(ours))
	for i := range ratios {
		ratios[i] = ours[i] / theirs[i]
	}
	return median(ratios)
}

func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}
