package engine

import (
	"context"
	"sync"
	"time"
	"unsafe"

	"github.com/maypok86/otter/v2"
	"github.com/maypok86/otter/v2/stats"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/funcs"
	"github.com/flowexpr/flowexpr/vars"
)

// Options configure an Engine. The zero value works.
type Options struct {
	// Limits bound what one template may cost.
	Limits Limits
	// CacheBytes bounds the memory of compiled templates, estimated from their sources. Default 64 MiB.
	CacheBytes uint64
	// Clock tells the time of evaluations whose scope does not fix it. Default time.Now.
	Clock func() time.Time
	// Library holds the functions. Default funcs.Standard().
	Library *funcs.Library
}

// Engine compiles templates and keeps them. It is immutable and safe for concurrent use.
type Engine struct {
	limits  Limits
	clock   func() time.Time
	library *funcs.Library
	cache   *otter.Cache[cacheKey, *Template]
	counts  *stats.Counter // of the cache
	runs    sync.Pool      // of *run
}

// cacheKey is all that a compiled template depends on.
type cacheKey struct {
	source string
	roots  vars.Roots
}

// Estimates of what a compiled template costs beside its source: a segment, a program, the cache's own entry.
const (
	templateOverhead = 512
	blockOverhead    = 1024
)

const defaultCacheBytes = 64 << 20

// New makes an engine.
func New(options Options) (*Engine, error) {
	e := &Engine{limits: options.Limits.withDefaults(), clock: options.Clock, library: options.Library, counts: stats.NewCounter()}
	if e.clock == nil {
		e.clock = time.Now
	}
	if e.library == nil {
		e.library = funcs.Standard()
	}
	if options.CacheBytes == 0 {
		options.CacheBytes = defaultCacheBytes
	}
	cache, err := otter.New(&otter.Options[cacheKey, *Template]{
		MaximumWeight: options.CacheBytes,
		Weigher:       func(_ cacheKey, t *Template) uint32 { return t.weight() },
		OnAtomicDeletion: func(d otter.DeletionEvent[cacheKey, *Template]) {
			if d.WasEvicted() {
				e.counts.RecordEviction(d.Value.weight())
			}
		},
	})
	if err != nil {
		return nil, err
	}
	e.cache = cache
	e.runs.New = func() any { return newRun(e) }
	return e, nil
}

// Library gives the engine's functions.
func (e *Engine) Library() *funcs.Library { return e.library }

// Limits gives the limits in force.
func (e *Engine) Limits() Limits { return e.limits }

// Template gives the compiled form of a source for a set of root names: from the cache, or by one compilation,
// however many goroutines ask at once. A template with mistakes compiles too; its mistakes are diagnostics of each
// evaluation, and of Diagnostics. The error is a diag.Diagnostic, returned when the source is beyond a limit.
func (e *Engine) Template(source string, roots vars.Roots) (*Template, error) {
	key := cacheKey{source: source, roots: roots}
	if t, ok := e.cache.GetIfPresent(key); ok {
		e.counts.RecordHits(1)
		return t, nil
	}
	e.counts.RecordMisses(1)
	if len(source) > e.limits.Template { // before the cache copies anything
		return nil, tooLarge(len(source), e.limits.Template)
	}
	return e.cache.Get(context.Background(), key, otter.LoaderFunc[cacheKey, *Template](
		func(context.Context, cacheKey) (*Template, error) { return e.Compile(source, roots) }))
}

// TemplateBytes is Template for a source that is only lent: a template that is in the cache costs no copy of it. last is
// the template that the caller got before, or nil: it is tried first, so that a caller that asks for the same one again
// and again, as a broadcast does, pays for a comparison.
func (e *Engine) TemplateBytes(source []byte, roots vars.Roots, last *Template) (*Template, error) {
	if last != nil && last.engine == e && last.source == string(source) && last.roots == roots {
		e.counts.RecordHits(1)
		return last, nil
	}
	// The key lives no longer than the look-up, which keeps nothing of it.
	if t, ok := e.cache.GetIfPresent(cacheKey{source: unsafe.String(unsafe.SliceData(source), len(source)), roots: roots}); ok {
		e.counts.RecordHits(1)
		return t, nil
	}
	return e.Template(string(source), roots)
}

// Compile compiles a source without the cache.
func (e *Engine) Compile(source string, roots vars.Roots) (*Template, error) {
	if len(source) > e.limits.Template {
		return nil, tooLarge(len(source), e.limits.Template)
	}
	return e.compile(source, roots)
}

// CacheStats tells how the template cache is used.
type CacheStats struct {
	Hits      uint64 // templates asked for that were there
	Misses    uint64 // those that were not: compiled, or beyond a limit
	Evictions uint64 // templates that made room for others

	Entries  int    // now
	Bytes    uint64 // now, estimated
	MaxBytes uint64
}

// CacheStats gives a snapshot.
func (e *Engine) CacheStats() CacheStats {
	counts := e.counts.Snapshot()
	return CacheStats{
		Hits: counts.Hits, Misses: counts.Misses, Evictions: counts.Evictions,
		Entries: e.cache.EstimatedSize(), Bytes: e.cache.WeightedSize(), MaxBytes: e.cache.GetMaximum(),
	}
}

func tooLarge(size, limit int) error {
	return diag.Diagnostic{
		Severity: diag.Error, Code: "template_too_large",
		Message: "the template has " + bytesText(size) + ", more than the limit of " + bytesText(limit),
		Hint:    "shorten the template, or raise the limit on template size",
	}
}
