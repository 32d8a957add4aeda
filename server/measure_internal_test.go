package server

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/vars"
)

// measured gives a server, and a request for an evaluation that is under way in it.
func measured(t testing.TB) (*Server, *request, *evaluation) {
	t.Helper()
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	s, err := New(Options{Engine: eng, Store: memstore.New()})
	require.NoError(t, err)
	template, err := eng.Template("Hi", vars.Roots{})
	require.NoError(t, err)
	r := s.requests.New().(*request)
	ctx := &fasthttp.RequestCtx{}
	ctx.Init2(nil, nil, false) // sets the time
	r.http, r.server, r.route = ctx, s, s.routes.all[0]
	return s, r, &evaluation{template: template, text: make([]byte, 0, 10)}
}

// measure does all that is counted of one evaluation.
func measure(s *Server, r *request, e *evaluation) {
	s.begin(r)
	r.seen.meter = r.route.meter
	r.routed()
	e.text = e.text[:0]
	s.runMeasured(r, e)
	s.end(&r.seen, 200)
}

func TestMeasuringAllocatesNothing(t *testing.T) {
	s, r, e := measured(t)
	assert.Zero(t, testing.AllocsPerRun(100, func() { measure(s, r, e) }))
	assert.EqualValues(t, 101, r.route.meter.classes[2].Load())
	assert.Zero(t, s.meters.inFlight.Load())
}

// What counting costs a request to POST /v1/evaluate; the evaluation of a text of two letters is some 10 ns of it.
func BenchmarkMeasured(b *testing.B) {
	s, r, e := measured(b)
	b.ReportAllocs()
	for b.Loop() {
		measure(s, r, e)
	}
}
