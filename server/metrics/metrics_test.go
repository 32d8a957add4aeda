package metrics_test

import (
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/server/metrics"
)

func scrape(t *testing.T, sources ...metrics.Source) (string, error) {
	t.Helper()
	registry, err := metrics.NewRegistry("1.2.3", sources...)
	require.NoError(t, err)
	var text strings.Builder
	err = registry.Write(&text)
	return text.String(), err
}

func TestScrape(t *testing.T) {
	histogram := metrics.NewDurations([]time.Duration{100, 1000, time.Second})
	for _, took := range []time.Duration{0, 100, 101, time.Millisecond, 2 * time.Second} {
		histogram.Observe(7, took)
	}
	text, err := scrape(t, func(w *metrics.Writer) {
		w.Value(metrics.HTTPRequests, 3, "/v1/evaluate", "POST", "2xx")
		w.Value(metrics.HTTPInFlight, 2)
		w.Truth(metrics.CacheFollowing, true)
		w.Truth(metrics.CacheBypass, false)
		w.Durations(metrics.EvaluateDuration, histogram.Load())
	})
	require.NoError(t, err)
	for _, line := range []string{
		`flowexpr_http_requests_total{method="POST",route="/v1/evaluate",status="2xx"} 3`,
		"# TYPE flowexpr_http_requests_total counter",
		"# TYPE flowexpr_http_requests_in_flight gauge",
		"flowexpr_http_requests_in_flight 2",
		"flowexpr_contact_cache_following 1",
		"flowexpr_contact_cache_bypassed 0",
		"# TYPE flowexpr_evaluate_duration_seconds histogram",
		`flowexpr_evaluate_duration_seconds_bucket{le="1e-07"} 2`,
		`flowexpr_evaluate_duration_seconds_bucket{le="1e-06"} 3`,
		`flowexpr_evaluate_duration_seconds_bucket{le="1"} 4`,
		`flowexpr_evaluate_duration_seconds_bucket{le="+Inf"} 5`,
		"flowexpr_evaluate_duration_seconds_sum 2.001000201",
		"flowexpr_evaluate_duration_seconds_count 5",
	} {
		assert.Contains(t, text, line+"\n")
	}
	assert.Regexp(t, `flowexpr_build_info\{goversion="go1\.[^"]+",revision="[^"]+",version="1\.2\.3"\} 1\n`, text)
	assert.Contains(t, text, "\ngo_goroutines ")
	assert.Contains(t, text, "\nprocess_resident_memory_bytes ")
}

func TestWrongLabelsFailTheScrape(t *testing.T) {
	_, err := scrape(t, func(w *metrics.Writer) { w.Value(metrics.HTTPRequests, 1, "one label of three") })
	assert.ErrorContains(t, err, "flowexpr_http_requests_total")
}

// Names and units are as Prometheus' guide has them.
func TestMetricsAreNamedAsUsual(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range metrics.All() {
		t.Run(m.Name, func(t *testing.T) {
			assert.False(t, seen[m.Name], "twice")
			seen[m.Name] = true
			assert.Regexp(t, regexp.MustCompile(`^flowexpr_[a-z_]+$`), m.Name)
			assert.Equal(t, m.Kind == metrics.Counter, strings.HasSuffix(m.Name, "_total"), "counters, and they alone, end in _total")
			if m.Kind == metrics.Histogram {
				assert.True(t, strings.HasSuffix(m.Name, "_seconds"))
			}
			assert.NotEmpty(t, m.Unit)
			assert.True(t, strings.HasSuffix(m.Help, "."), "help is a sentence")
		})
	}
}

func TestCountsOfManyGoroutines(t *testing.T) {
	const goroutines, each = 16, 1000
	count, histogram := metrics.NewCount(), metrics.NewDurations([]time.Duration{10})
	var all sync.WaitGroup
	for g := range goroutines {
		all.Go(func() {
			for i := range each {
				count.Add(uint32(g), 2)
				count.Add(uint32(g+1), -1)
				histogram.Observe(uint32(g), time.Duration(i%2)*20)
			}
		})
	}
	all.Wait()
	reading := histogram.Load()
	assert.EqualValues(t, goroutines*each, count.Load())
	assert.Equal(t, []uint64{goroutines * each / 2, goroutines * each / 2}, reading.Counts)
	assert.EqualValues(t, goroutines*each, reading.Total())
	assert.Equal(t, goroutines*each/2*20*time.Nanosecond, reading.Sum)
}

func TestObservationsAllocateNothing(t *testing.T) {
	count, histogram := metrics.NewCount(), metrics.NewDurations([]time.Duration{10, 100})
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		count.Add(3, 1)
		histogram.Observe(3, 50)
	}))
}

func BenchmarkObserve(b *testing.B) {
	histogram := metrics.NewDurations([]time.Duration{100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		histogram.Observe(1, time.Duration(i&0x7fff))
	}
}
