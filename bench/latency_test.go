package bench

import (
	"math"
	"testing"
	"time"

	"github.com/flowexpr/flowexpr/bench/beside"
	"github.com/flowexpr/flowexpr/bench/corpus"
	"github.com/flowexpr/flowexpr/bench/load"
)

// latencyTime is how long latencies are measured, and half as long the rate that is reached.
const latencyTime = 500 * time.Millisecond

// BenchmarkLatency gives the 99th percentile of calls of the engine: by an open loop at half of the rate that it reaches
// when they follow each other, each timed. The system clock is that of calls that do nothing.
func BenchmarkLatency(b *testing.B) {
	for _, template := range corpus.Templates() {
		for _, system := range []beside.System{
			{Name: "flowexpr", Render: compiled(b, template.Source)},
			{Name: "clock", Render: func(dst []byte) []byte { return dst }},
		} {
			b.Run(template.Name+"/"+system.Name, func(b *testing.B) {
				buffer := make([]byte, 0, 512)
				call := func() { buffer = system.Render(buffer[:0]) }
				for b.Loop() {
					reached := load.Spin(math.Inf(1), latencyTime/2, call).Rate()
					b.ReportMetric(float64(load.Spin(reached/2, latencyTime, call).Percentile(99)), "p99-ns")
				}
			})
		}
	}
}
