package server

import (
	"bytes"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/server/metrics"
	"github.com/flowexpr/flowexpr/server/preview"
)

// meters count what the server does. A request to POST /v1/evaluate pays some 120 ns of processor time for all of them, half of
// it for looking at the time twice, and no allocation: BenchmarkMeasured.
type meters struct {
	inFlight   metrics.Count
	unknown    *meter // requests that have no route
	unreadable *meter // what came instead of requests

	evaluations metrics.Durations
	warnings    map[string]*metrics.Count // by code
	other       *metrics.Count            // of codes that are not known here

	streamed  metrics.Count // contacts
	completed metrics.Count // streams
	failed    metrics.Count
	abandoned metrics.Count
}

func newMeters() *meters {
	m := &meters{
		inFlight: metrics.NewCount(), unknown: newMeter(), unreadable: newMeter(),
		evaluations: metrics.NewDurations(evaluateBounds), warnings: map[string]*metrics.Count{}, other: newCount(),
		streamed: metrics.NewCount(), completed: metrics.NewCount(), failed: metrics.NewCount(), abandoned: metrics.NewCount(),
	}
	for _, known := range diag.Codes() {
		m.warnings[known.Code] = newCount()
	}
	return m
}

func newCount() *metrics.Count {
	c := metrics.NewCount()
	return &c
}

// Upper bounds of the histograms. Plain variables take 100 ns, what hits the evaluation budget some ms; over HTTP an
// evaluation of a near contact takes 20 µs, and RequestTimeout ends what waits for the store.
var (
	evaluateBounds = []time.Duration{
		100, 250, 500, time.Microsecond, 2500, 5 * time.Microsecond, 10 * time.Microsecond, 25 * time.Microsecond, 50 * time.Microsecond,
		100 * time.Microsecond, 250 * time.Microsecond, time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond, time.Second,
	}
	requestBounds = []time.Duration{
		25 * time.Microsecond, 100 * time.Microsecond, 250 * time.Microsecond, time.Millisecond, 2500 * time.Microsecond, 10 * time.Millisecond,
		25 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond, time.Second, 2500 * time.Millisecond, 10 * time.Second,
	}
)

// meter counts the requests of one route.
type meter struct {
	classes [classes]metrics.Count // by status/100
	took    metrics.Durations
}

// classes is how many classes of status there are, and none for 0.
const classes = 6

var classNames = [classes]string{"none", "1xx", "2xx", "3xx", "4xx", "5xx"}

func newMeter() *meter {
	m := &meter{took: metrics.NewDurations(requestBounds)}
	for i := range m.classes {
		m.classes[i] = metrics.NewCount()
	}
	return m
}

func (m *meter) count(stripe uint32, status int, took time.Duration) {
	m.classes[min(status/100, classes-1)].Add(stripe, 1)
	m.took.Observe(stripe, took)
}

// sighting is what is noted of one request from when it was read to when it is answered; a stream takes it along.
type sighting struct {
	stripe   uint32 // of counts
	begun    time.Time
	answered time.Duration // since begun, where it is known already
	meter    *meter        // of the route; nil while there is none
	span     trace.Span    // nil: not traced
	streamed bool          // the end of a stream will be the end
}

// begin notes that a request was read.
func (s *Server) begin(r *request) {
	r.seen.stripe, r.seen.begun = r.stripe, r.http.Time() // the library has looked at the time already
	if r.seen.begun.IsZero() {                            // a request that did not come through it
		r.seen.begun = time.Now()
	}
	s.meters.inFlight.Add(r.stripe, 1)
	if s.tracer != nil {
		s.beginSpan(r)
	}
}

// end notes that a request was answered, or its stream ended.
func (s *Server) end(seen *sighting, status int) {
	m := seen.meter
	if m == nil {
		m = s.meters.unknown
	}
	if seen.answered == 0 {
		seen.answered = time.Since(seen.begun)
	}
	m.count(seen.stripe, status, seen.answered)
	s.meters.inFlight.Add(seen.stripe, -1)
	if seen.span != nil {
		endSpan(seen.span, status)
	}
}

// runMeasured evaluates and counts: how long it took, what there is to say about it.
func (s *Server) runMeasured(r *request, e *evaluation) {
	span := s.innerSpan(r, "evaluate")
	begun := time.Since(r.seen.begun)
	e.run(s.engine.Limits().Warnings)
	r.seen.answered = time.Since(r.seen.begun) // what is left to do takes less than the histograms of requests tell apart
	s.meters.evaluations.Observe(r.stripe, r.seen.answered-begun)
	for i := range e.warnings.List {
		s.meters.warned(r.stripe, e.warnings.List[i].Code)
	}
	if span != nil {
		span.SetAttributes(attributeWarnings.Int(len(e.warnings.List) + e.warnings.Dropped))
		span.End()
	}
}

func (m *meters) warned(stripe uint32, code string) {
	count, ok := m.warnings[code]
	if !ok {
		count = m.other
	}
	count.Add(stripe, 1)
}

// metrics answers GET /metrics.
func (s *Server) metrics(r *request) error {
	var text bytes.Buffer
	if err := s.registry.Write(&text); err != nil {
		return internal("metrics", err)
	}
	r.http.Response.SetStatusCode(200)
	r.http.Response.Header.SetContentType(metrics.ContentType)
	r.http.Response.SetBody(text.Bytes())
	return nil
}

// sources are what /metrics says of the server and its engine.
func (s *Server) sources() []metrics.Source {
	return []metrics.Source{s.writeRequests, s.writeEvaluations, s.writeLimits, func(w *metrics.Writer) { writeTemplates(w, s.engine.CacheStats()) }}
}

func (s *Server) writeRequests(w *metrics.Writer) {
	assets := newMeterSum()
	for _, route := range s.routes.all {
		if _, ok := preview.Find(route.path); ok {
			assets.add(route.meter)
			continue
		}
		writeMeter(w, sumOf(route.meter), route.path, route.method)
	}
	writeMeter(w, assets, "/assets/{file}", "GET")
	writeMeter(w, sumOf(s.meters.unknown), "unknown", "unknown")
	writeMeter(w, sumOf(s.meters.unreadable), "unreadable", "unknown")
	w.Value(metrics.HTTPInFlight, float64(s.meters.inFlight.Load()))
	w.Value(metrics.StreamContacts, float64(s.meters.streamed.Load()))
	w.Value(metrics.Streams, float64(s.meters.completed.Load()), "complete")
	w.Value(metrics.Streams, float64(s.meters.failed.Load()), "failed")
	w.Value(metrics.Streams, float64(s.meters.abandoned.Load()), "abandoned")
}

// meterSum is what one or several meters show at one moment.
type meterSum struct {
	classes [classes]int64
	took    metrics.Reading
}

func newMeterSum() *meterSum {
	return &meterSum{took: metrics.Reading{Bounds: requestBounds, Counts: make([]uint64, len(requestBounds)+1)}}
}

func sumOf(m *meter) *meterSum {
	sum := newMeterSum()
	sum.add(m)
	return sum
}

func (s *meterSum) add(m *meter) {
	for i := range m.classes {
		s.classes[i] += m.classes[i].Load()
	}
	reading := m.took.Load()
	s.took.Sum += reading.Sum
	for i, n := range reading.Counts {
		s.took.Counts[i] += n
	}
}

// writeMeter writes what a route's meter shows. A route that nobody called is left out, as the histograms of all would
// be many lines; one that was called has the classes that alerts compare from its first request on.
func writeMeter(w *metrics.Writer, sum *meterSum, route, method string) {
	if sum.took.Total() == 0 {
		return
	}
	for class, n := range sum.classes {
		if n > 0 || class == 2 || class >= 4 {
			w.Value(metrics.HTTPRequests, float64(n), route, method, classNames[class])
		}
	}
	w.Durations(metrics.HTTPDuration, sum.took, route, method)
}

func (s *Server) writeEvaluations(w *metrics.Writer) {
	w.Durations(metrics.EvaluateDuration, s.meters.evaluations.Load())
	for code, count := range s.meters.warnings {
		w.Value(metrics.EvaluateWarnings, float64(count.Load()), code)
	}
	w.Value(metrics.EvaluateWarnings, float64(s.meters.other.Load()), "other")
}

func writeTemplates(w *metrics.Writer, stats engine.CacheStats) {
	w.Value(metrics.TemplateCacheHits, float64(stats.Hits))
	w.Value(metrics.TemplateCacheMisses, float64(stats.Misses))
	w.Value(metrics.TemplateCacheEvictions, float64(stats.Evictions))
	w.Value(metrics.TemplateCacheEntries, float64(stats.Entries))
	w.Value(metrics.TemplateCacheBytes, float64(stats.Bytes))
	w.Value(metrics.TemplateCacheMaxBytes, float64(stats.MaxBytes))
}
func (s *Server) writeLimits(w *metrics.Writer) {
	stats := s.Stats()
	w.Value(metrics.Connections, float64(stats.Connections))
	for _, limit := range stats.Limits {
		w.Value(metrics.LimitExceeded, float64(limit.Count), limit.Limit)
	}
}
