package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"runtime"
	"text/tabwriter"
	"time"

	"github.com/flowexpr/flowexpr/bench/corpus"
	"github.com/flowexpr/flowexpr/bench/cputime"
	"github.com/flowexpr/flowexpr/bench/load"
	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
	"github.com/flowexpr/flowexpr/vars"
)

// benchCommand measures the resolution hot path. It only reads.
type benchCommand struct {
	Template string        `arg:"" optional:"" help:"Template to evaluate (default: a message of 160 characters with four variables)."`
	Time     time.Duration `default:"2s" placeholder:"DURATION" help:"Time for each measurement (default: 2s)."`
	Callers  int           `default:"16" placeholder:"N" help:"Callers at once, against the store and over HTTP (default: 16)."`
	Rate     float64       `placeholder:"N" help:"Calls a second, as an open loop: latencies then count from when a call was due. Default: as fast as they are answered."`
	Contacts int           `default:"10000" placeholder:"N" help:"Contacts to read, the first ones of the store (default: 10000)."`
	Sample   bool          `help:"Use made-up contacts in memory, and no store."`
	JSON     bool          `name:"json" help:"Print JSON."`
}

// Bounds of what may be asked for.
const (
	maxBenchCallers  = 10_000
	maxBenchContacts = 1_000_000
)

// benchPage is how many contacts are listed at once.
const benchPage = 500

// Run measures and prints a table: evaluation in this process, with a read of the store, and over HTTP.
func (c *benchCommand) Run(ctx context.Context, io streams, flags *storeFlags) error {
	if err := c.check(flags); err != nil {
		return err
	}
	if c.Template == "" {
		c.Template = corpus.Templates()[2].Source
	}
	b, err := c.prepare(ctx, flags)
	if err != nil {
		return err
	}
	defer b.close()
	results, err := b.measure(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(io.out)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(results)
	}
	fmt.Fprintf(io.out, "%s; %s; %s/%s, %d cores\n\n", b.where, runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	return printBench(io, results)
}

func (c *benchCommand) check(flags *storeFlags) error {
	switch {
	case c.Callers < 1 || c.Callers > maxBenchCallers:
		return usageError{fmt.Errorf("--callers: got %d, want 1 to %d", c.Callers, maxBenchCallers)}
	case c.Contacts < 1 || c.Contacts > maxBenchContacts:
		return usageError{fmt.Errorf("--contacts: got %d, want 1 to %d", c.Contacts, maxBenchContacts)}
	case c.Time <= 0 || c.Rate < 0:
		return usageError{errors.New("--time and --rate must be more than 0")}
	case c.Sample && flags.URL != "":
		return usageError{errors.New("--sample does not go with --url: the service has its own contacts")}
	}
	return nil
}

// hotPath is what is measured.
type hotPath struct {
	command  *benchCommand
	where    string
	store    contactstore.Store // nil with --url
	settings *vars.Workspace
	ids      []contactstore.UUID
	records  []contactstore.Record // of ids; nil with --url
	address  string                // of the service
	token    string
	name     string // of the workspace
	close    func()
}

func (c *benchCommand) prepare(ctx context.Context, flags *storeFlags) (*hotPath, error) {
	b := &hotPath{command: c, token: flags.Token, name: flags.Workspace, close: func() {}}
	if flags.URL != "" {
		return b, b.useService(ctx, flags)
	}
	if err := b.openStore(ctx, flags); err != nil {
		return nil, err
	}
	stop := func() { _ = b.store.Close() } // it was only read
	if err := b.useStore(ctx); err != nil {
		stop()
		return nil, err
	}
	b.where = fmt.Sprintf("%d contacts, %s", len(b.ids), b.where)
	b.close = stop
	return b, nil
}

func (b *hotPath) openStore(ctx context.Context, flags *storeFlags) (err error) {
	if b.command.Sample {
		b.where = "made up, in memory"
		b.store = memstore.New()
		return corpus.Fill(ctx, b.name, 0, b.command.Contacts, b.store)
	}
	if b.store, err = flags.open(ctx); err != nil {
		return err
	}
	b.where = flags.describe(b.store)
	return nil
}

// useStore reads the contacts and the settings.
func (b *hotPath) useStore(ctx context.Context) error {
	for r, err := range contactstore.All(ctx, b.store, b.name, contactstore.UUID{}, benchPage) {
		if err != nil {
			return err
		}
		b.ids, b.records = append(b.ids, r.UUID()), append(b.records, r)
		if len(b.ids) == b.command.Contacts {
			break
		}
	}
	if len(b.ids) == 0 {
		return errNoContacts
	}
	data, _, err := b.store.Settings(ctx, b.name)
	if err != nil {
		return err
	}
	settings := contactstore.DefaultSettings()
	if data != nil {
		if settings, err = contactstore.ParseSettings(data); err != nil {
			return err
		}
	}
	b.settings, err = vars.NewWorkspace(settings)
	return err
}

var errNoContacts = errors.New("the store has no contacts to evaluate for: import some, or use --sample")

// useService lists the contacts of the service at --url.
func (b *hotPath) useService(ctx context.Context, flags *storeFlags) error {
	s, err := openService(ctx, flags)
	if err != nil {
		return err
	}
	if b.ids, err = listIDs(ctx, s, b.command.Contacts); err != nil {
		return err
	}
	if len(b.ids) == 0 {
		return errNoContacts
	}
	b.address, b.where = s.base, fmt.Sprintf("%d contacts, the service at %s", len(b.ids), s.base)
	return nil
}

// benched is one row of the result. Times are in nanoseconds.
type benched struct {
	Path       string  `json:"path"`
	Callers    int     `json:"callers"`
	Rate       float64 `json:"rate"` // evaluations a second
	P50        int64   `json:"p50_ns"`
	P90        int64   `json:"p90_ns"`
	P99        int64   `json:"p99_ns"`
	P999       int64   `json:"p99_9_ns"`
	Max        int64   `json:"max_ns"`
	Bytes      *int64  `json:"bytes,omitempty"`       // allocated for an evaluation
	Allocs     *int64  `json:"allocations,omitempty"` // likewise
	CPU        *int64  `json:"cpu_ns,omitempty"`      // of this process, client and server together, for an evaluation
	Evaluation int     `json:"-"`                     // evaluations in one call
}

func (b *hotPath) measure(ctx context.Context) ([]benched, error) {
	var results []benched
	add := func(row benched, err error) error {
		results = append(results, row)
		return errors.Join(err, ctx.Err())
	}
	if b.store != nil {
		eng, err := engine.New(engine.Options{})
		if err != nil {
			return nil, err
		}
		template, err := eng.Template(b.command.Template, vars.Roots{})
		if err != nil {
			return nil, err
		}
		if err := add(b.inProcess(ctx, template)); err != nil {
			return nil, err
		}
		if err := add(b.fromStore(ctx, template)); err != nil {
			return nil, err
		}
		stop, err := b.serve(ctx, eng)
		if err != nil {
			return nil, err
		}
		defer stop()
	}
	return results, add(b.overHTTP(ctx))
}

// benchBatch is how many evaluations count as one call in this process: one alone is shorter than looking at a clock.
const benchBatch = 256

func (b *hotPath) inProcess(ctx context.Context, template *engine.Template) (benched, error) {
	callers := make([]evaluator, runtime.GOMAXPROCS(0))
	for i := range callers {
		callers[i] = evaluator{template: template, scope: vars.Scope{Workspace: b.settings}}
	}
	return b.run(ctx, "in this process", len(callers), benchBatch, func(caller int) error {
		e := &callers[caller]
		for range benchBatch {
			e.next = (e.next + 1) % len(b.records)
			e.evaluate(b.records[e.next])
		}
		return nil
	})
}

func (b *hotPath) fromStore(ctx context.Context, template *engine.Template) (benched, error) {
	callers := make([]evaluator, b.command.Callers)
	for i := range callers {
		callers[i] = evaluator{template: template, scope: vars.Scope{Workspace: b.settings}, next: i * 7919}
	}
	return b.run(ctx, "with the store", len(callers), 1, func(caller int) error {
		e := &callers[caller]
		e.next = (e.next + 1) % len(b.ids)
		r, err := b.store.Get(ctx, b.name, b.ids[e.next])
		if err != nil {
			return err
		}
		e.evaluate(r)
		return nil
	})
}

// evaluator is one caller's state.
type evaluator struct {
	template *engine.Template
	scope    vars.Scope
	warnings engine.Warnings
	text     []byte
	next     int
}

func (e *evaluator) evaluate(r contactstore.Record) {
	e.scope.Contact = r
	e.warnings.Reset(1)
	e.text = e.template.Append(e.text[:0], &e.scope, &e.warnings)
}

// serve runs a service over the store, on a port of its own.
func (b *hotPath) serve(ctx context.Context, eng *engine.Engine) (stop func(), err error) {
	s, err := server.New(server.Options{Engine: eng, Store: b.store, Workspace: b.name, MaxConnections: maxBenchCallers})
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = s.Serve(ctx, listener) // what goes wrong shows in the calls
	}()
	b.address = "http://" + listener.Addr().String()
	return func() { cancel(); <-served }, nil
}

// run measures one path.
func (b *hotPath) run(ctx context.Context, path string, callers, evaluations int, call load.Call) (benched, error) {
	_ = load.Closed(ctx, callers, min(b.command.Time/10, 200*time.Millisecond), call) // caches and pools fill
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu := cputime.Used()
	var result load.Result
	if b.command.Rate > 0 {
		result = load.Open(ctx, callers, b.command.Rate/float64(evaluations), b.command.Time, call)
	} else {
		result = load.Closed(ctx, callers, b.command.Time, call)
	}
	cpu = cputime.Used() - cpu
	runtime.ReadMemStats(&after)
	if result.First != nil {
		return benched{}, fmt.Errorf("%s: %d of %d calls failed: %w", path, result.Errors, result.Errors+result.Calls, result.First)
	}
	if result.Calls == 0 {
		return benched{}, fmt.Errorf("%s: no call was answered within %s", path, b.command.Time)
	}
	n := result.Calls * int64(evaluations)
	at := func(p float64) int64 { return int64(result.Percentile(p)) / int64(evaluations) }
	row := benched{
		Path: path, Callers: callers, Rate: result.Rate() * float64(evaluations), Evaluation: evaluations,
		P50: at(50), P90: at(90), P99: at(99), P999: at(99.9), Max: int64(result.Max()) / int64(evaluations),
		Bytes: new(int64(after.TotalAlloc-before.TotalAlloc) / n), Allocs: new(int64(after.Mallocs-before.Mallocs) / n),
	}
	if cpu > 0 {
		row.CPU = new(int64(cpu) / n)
	}
	return row, nil
}

func printBench(io streams, rows []benched) error {
	w := tabwriter.NewWriter(io.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tcallers\tevaluations/s\tp50\tp90\tp99\tp99.9\tmax\tbytes\tallocs\tCPU\t")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%d\t%.0f\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", r.Path, r.Callers, r.Rate,
			short(&r.P50), short(&r.P90), short(&r.P99), short(&r.P999), short(&r.Max), number(r.Bytes), number(r.Allocs), short(r.CPU))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if rows[0].Evaluation > 1 {
		fmt.Fprintf(io.out, "\nIn this process, times are of %d evaluations together, divided: a single one is shorter than a look at the clock.\n", benchBatch)
	}
	_, err := fmt.Fprintln(io.out, "Over HTTP, allocations and CPU time are those of client and server together, as far as they are in this process.")
	return err
}

// short prints a time with three digits.
func short(ns *int64) string {
	if ns == nil {
		return "–"
	}
	switch d := time.Duration(*ns); {
	case d < time.Microsecond:
		return fmt.Sprintf("%d ns", *ns)
	case d < 999_500*time.Nanosecond: // what is more would be rounded to 1e+03
		return fmt.Sprintf("%.3g µs", float64(*ns)/1e3)
	case d < 999_500*time.Microsecond:
		return fmt.Sprintf("%.3g ms", float64(*ns)/1e6)
	default:
		return fmt.Sprintf("%.3g s", float64(*ns)/1e9)
	}
}

func number(n *int64) string {
	if n == nil {
		return "–"
	}
	return fmt.Sprint(*n)
}
