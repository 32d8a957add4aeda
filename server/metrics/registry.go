package metrics

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"
)

// ContentType is that of what Registry.Write writes.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// Source writes the values of some metrics. It is called for each scrape, one at a time.
type Source func(w *Writer)

// Registry asks sources for values. Safe for concurrent use.
type Registry struct {
	scraping sync.Mutex // whoever asks waits for the one before: scrapes are for everybody, and cost something
	gatherer *prometheus.Registry
}

// NewRegistry makes a registry of the given sources, the build, the Go runtime and the process. Without a version it is
// that of the module.
func NewRegistry(version string, sources ...Source) (*Registry, error) {
	r := &Registry{gatherer: prometheus.NewRegistry()}
	list := []prometheus.Collector{
		newCollector(append(sources, build(version))), collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	}
	for _, c := range list {
		if err := r.gatherer.Register(c); err != nil {
			return nil, fmt.Errorf("metrics: %w", err)
		}
	}
	return r, nil
}

// Write writes all values as text.
func (r *Registry) Write(w io.Writer) error {
	r.scraping.Lock()
	defer r.scraping.Unlock()
	families, err := r.gatherer.Gather()
	if err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	for _, family := range families {
		if _, err := expfmt.MetricFamilyToText(w, family); err != nil {
			return fmt.Errorf("metrics: %w", err)
		}
	}
	return nil
}

// collector is the sources as Prometheus' library sees them.
type collector struct {
	sources []Source
	descs   map[*Metric]*prometheus.Desc
}

func newCollector(sources []Source) *collector {
	c := &collector{sources: sources, descs: map[*Metric]*prometheus.Desc{}}
	for _, m := range All() {
		c.descs[m] = prometheus.NewDesc(m.Name, m.Help, m.Labels, nil)
	}
	return c
}

// Describe gives every metric.
func (c *collector) Describe(descs chan<- *prometheus.Desc) {
	for _, desc := range c.descs {
		descs <- desc
	}
}

// Collect asks the sources.
func (c *collector) Collect(values chan<- prometheus.Metric) {
	w := &Writer{descs: c.descs, values: values}
	for _, source := range c.sources {
		source(w)
	}
}

// Writer takes the values of one scrape. Labels are in the order of the metric's.
type Writer struct {
	descs  map[*Metric]*prometheus.Desc
	values chan<- prometheus.Metric
}

// Value gives the value of a counter or a gauge.
func (w *Writer) Value(m *Metric, value float64, labels ...string) {
	kind := prometheus.GaugeValue
	if m.Kind == Counter {
		kind = prometheus.CounterValue
	}
	metric, err := prometheus.NewConstMetric(w.descs[m], kind, value, labels...)
	w.send(m, metric, err)
}

// Truth gives 1 or 0.
func (w *Writer) Truth(m *Metric, value bool, labels ...string) {
	if value {
		w.Value(m, 1, labels...)
		return
	}
	w.Value(m, 0, labels...)
}

// Durations gives the values of a histogram.
func (w *Writer) Durations(m *Metric, r Reading, labels ...string) {
	buckets, below := make(map[float64]uint64, len(r.Bounds)), uint64(0)
	for i, bound := range r.Bounds {
		below += r.Counts[i]
		buckets[bound.Seconds()] = below
	}
	metric, err := prometheus.NewConstHistogram(w.descs[m], r.Total(), r.Sum.Seconds(), buckets, labels...)
	w.send(m, metric, err)
}

// send hands a value on; one whose labels are wrong makes the scrape fail, and says which.
func (w *Writer) send(m *Metric, metric prometheus.Metric, err error) {
	if err != nil {
		metric = prometheus.NewInvalidMetric(w.descs[m], err)
	}
	w.values <- metric
}

// build tells what the program was built from.
func build(version string) Source {
	revision := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		if version == "" {
			version = info.Main.Version
		}
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				revision = setting.Value
			}
		}
	}
	return func(w *Writer) { w.Value(BuildInfo, 1, version, runtime.Version(), revision) }
}
