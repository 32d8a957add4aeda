package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/flowexpr/flowexpr/bench/corpus"
	"github.com/flowexpr/flowexpr/bench/load"
)

// subject is one server that is measured.
type subject struct {
	name    string
	like    *subject // the one that it is compared with
	server  *process
	rates   []float64 // requests/s of each round
	cpu     []float64 // µs of CPU time for a request, of each round
	p99     time.Duration
	clients []client
}

// client is one connection with its buffers.
type client struct {
	http     *fasthttp.HostClient
	request  fasthttp.Request
	response fasthttp.Response
	next     int // contact that is asked for next
}

func newSubject(name string, like *subject, server *process, callers int) *subject {
	s := &subject{name: name, like: like, server: server, clients: make([]client, callers)}
	for i := range s.clients {
		c := &s.clients[i]
		c.http = &fasthttp.HostClient{Addr: server.address, MaxConns: 1, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second}
		c.request.SetRequestURI("http://" + server.address + "/v1/evaluate")
		c.request.Header.SetMethod(fasthttp.MethodPost)
		c.request.Header.SetContentType("application/json")
		c.next = i * 7919
	}
	return s
}

// call asks for template T4 for one contact, another one each time.
func (s *subject) call(template string, contacts int) load.Call {
	return func(caller int) error {
		c := &s.clients[caller]
		c.next++
		c.request.SetBodyRaw(fmt.Appendf(c.request.Body()[:0], `{"template":%q,"contact":{"uuid":%q}}`, template, corpus.RegularID(c.next%contacts)))
		if err := c.http.Do(&c.request, &c.response); err != nil {
			return err
		}
		if c.response.StatusCode() != fasthttp.StatusOK || !bytes.HasPrefix(c.response.Body(), []byte(`{"text":"Hi Jane Doe `)) {
			return fmt.Errorf("%s: got the status %d and %q", s.name, c.response.StatusCode(), c.response.Body())
		}
		return nil
	}
}

// closed measures one round in a closed loop.
func (s *subject) closed(ctx context.Context, o options) error {
	before, err := s.server.cpuTime()
	if err != nil {
		return err
	}
	result := load.Closed(ctx, o.callers, o.each, s.call(t4(), o.contacts))
	after, err := s.server.cpuTime()
	if err != nil {
		return err
	}
	if result.First != nil {
		return result.First
	}
	s.rates = append(s.rates, result.Rate())
	s.cpu = append(s.cpu, float64((after-before).Nanoseconds())/float64(result.Calls)/1000)
	return ctx.Err()
}

// open measures latency at half of the rate that the closed loop reached.
func (s *subject) open(ctx context.Context, o options) error {
	result := load.Open(ctx, o.callers, median(s.rates)/2, 5*o.each, s.call(t4(), o.contacts))
	if result.First != nil {
		return result.First
	}
	s.p99 = result.Percentile(99)
	return ctx.Err()
}

func t4() string { return corpus.Templates()[2].Source }

func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}
