// Package beside measures systems beside each other: each renders the templates of corpus for its contact, is called the
// same way, and must give the same text before its time counts.
package beside

import (
	"testing"

	"github.com/flowexpr/flowexpr/bench/corpus"
	"github.com/flowexpr/flowexpr/bench/cputime"
)

// System is one way to render one template.
type System struct {
	// Name is the last part of the benchmark's name.
	Name string
	// Render appends the text to dst.
	Render func(dst []byte) []byte
}

// Systems gives what is measured for a template.
type Systems func(t testing.TB, template corpus.Template) []System

// Agree fails where a system gives another text than the corpus wants.
func Agree(t *testing.T, systems Systems) {
	for _, template := range corpus.Templates() {
		for _, system := range systems(t, template) {
			if got := string(system.Render(nil)); got != template.Want {
				t.Errorf("%s by %s: got %q, want %q", template.Name, system.Name, got, template.Want)
			}
		}
	}
}

// Benchmark measures each system with each template, as TEMPLATE/SYSTEM.
func Benchmark(b *testing.B, systems Systems) {
	for _, template := range corpus.Templates() {
		for _, system := range systems(b, template) {
			b.Run(template.Name+"/"+system.Name, func(b *testing.B) {
				buffer := make([]byte, 0, 512)
				b.ReportAllocs()
				report := CPUTime(b)
				for b.Loop() {
					buffer = system.Render(buffer[:0])
				}
				report()
			})
		}
	}
}

// CPUTime begins to measure; the function that it gives reports the CPU time of one operation as cpu-ns/op, where there
// is such a thing. The loop in between must be the benchmark's only one.
func CPUTime(b *testing.B) (report func()) {
	before := cputime.Used()
	return func() {
		if used := cputime.Used() - before; used > 0 {
			b.ReportMetric(float64(used)/float64(b.N), "cpu-ns/op")
		}
	}
}
