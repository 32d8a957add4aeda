package broadcast

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"sync"
)

// Job is what is to be done for each contact.
type Job interface {
	// Worker makes a worker. It is called by one goroutine at a time, and for no more workers than Options allow.
	Worker() Worker
}

// Worker does a job for one contact after another. It belongs to one goroutine.
type Worker interface {
	// Append appends to dst what there is to write of a contact: whole lines, or nothing.
	Append(dst []byte, item *Item) []byte
}

// Options tune a run. The zero value works.
type Options struct {
	// Workers is how many goroutines load and evaluate. Default twice the processors, so that some may wait for the store,
	// and at most 32.
	Workers int
	// BatchSize is the number of contacts read at once. Default 500.
	BatchSize int
	// InFlight is the number of batches that a run has: read ahead, being evaluated, or waiting to be taken. Default twice
	// the workers.
	InFlight int
	// ChunkBytes is how much of a batch is written before it waits to be taken; a batch has two such buffers. Default
	// 256 KiB: a batch of usual messages fits.
	ChunkBytes int
	// MaxFailures is the number of batches in a row that may fail because the store is away; then the run ends. Default 3.
	MaxFailures int
}

// maxWorkers bounds the default: more than that wait for one store.
const maxWorkers = 32

func (o Options) withDefaults() Options {
	set := func(field *int, value int) {
		if *field <= 0 {
			*field = value
		}
	}
	set(&o.Workers, min(2*runtime.GOMAXPROCS(0), maxWorkers))
	set(&o.BatchSize, 500)
	set(&o.InFlight, 2*o.Workers)
	set(&o.ChunkBytes, 256<<10)
	set(&o.MaxFailures, 3)
	return o
}

// Chunk is a part of what a run gives.
type Chunk struct {
	// Lines are whole lines, perhaps none. They belong to the run and are valid until the next call of Next.
	Lines []byte
	// Contacts is the number of contacts that were finished with this chunk.
	Contacts int
}

// piece is a chunk on its way from a worker to the caller.
type piece struct {
	lines []byte
	last  bool  // of its batch
	err   error // ends the run
}

// pieceRoom is the most pieces of a batch that are not taken yet: its two buffers, and an error.
const pieceRoom = 3

// Run is one evaluation for many contacts. Next and Close belong to one goroutine.
type Run struct {
	options Options
	source  Source
	job     Job
	ctx     context.Context
	cancel  context.CancelCauseFunc
	working sync.WaitGroup

	free    chan *Batch // to be filled
	loaded  chan *Batch // to be evaluated
	ordered chan *Batch // to be taken, in order; closed after the last
	err     error       // of the source; read once ordered is closed

	made     []*Batch // all of them; read once nobody works any more
	current  *Batch   // whose pieces are being taken
	taken    []byte   // the lines lent to the caller
	isLast   bool     // they are the current batch's last
	failures int      // batches in a row
	ended    error    // what Next gives from now on
}

// Start begins a run, which ends with its last contact, an error, Close, or when ctx is done: with its cause.
func Start(ctx context.Context, source Source, job Job, options Options) *Run {
	r := &Run{options: options.withDefaults(), source: source, job: job}
	r.ctx, r.cancel = context.WithCancelCause(ctx)
	r.free = make(chan *Batch, r.options.InFlight)
	r.loaded = make(chan *Batch, r.options.InFlight)
	r.ordered = make(chan *Batch, r.options.InFlight)
	r.working.Go(r.feed)
	return r
}

// Next waits for the next chunk. It ends with io.EOF after the last, or with the error that ended the run.
func (r *Run) Next() (Chunk, error) {
	if r.ended != nil {
		return Chunk{}, r.ended
	}
	if err := r.giveBack(); err != nil {
		return Chunk{}, r.end(err)
	}
	if r.current == nil {
		b, err := r.nextBatch()
		if err != nil {
			return Chunk{}, r.end(err)
		}
		r.current = b
	}
	select {
	case p := <-r.current.pieces:
		return r.take(p)
	case <-r.ctx.Done():
		return Chunk{}, r.end(context.Cause(r.ctx))
	}
}

// take lends a piece to the caller.
func (r *Run) take(p piece) (Chunk, error) {
	if p.err != nil {
		return Chunk{}, r.end(p.err)
	}
	r.taken, r.isLast = p.lines, p.last
	chunk := Chunk{Lines: p.lines}
	if p.last {
		chunk.Contacts = len(r.current.Items)
	}
	return chunk, nil
}

// giveBack takes back what the caller had.
func (r *Run) giveBack() error {
	b := r.current
	if b == nil {
		return nil
	}
	if cap(r.taken) > 4*r.options.ChunkBytes { // a long line is not kept
		r.taken = nil
	}
	b.buffers <- r.taken[:0]
	r.taken = nil
	if !r.isLast {
		return nil
	}
	r.current = nil
	if b.away == nil {
		r.failures = 0
	} else if r.failures++; r.failures >= r.options.MaxFailures {
		return b.away
	}
	r.free <- b
	return nil
}

func (r *Run) nextBatch() (*Batch, error) {
	select {
	case b, ok := <-r.ordered:
		switch {
		case ok:
			return b, nil
		case r.err != nil:
			return nil, r.err
		}
		return nil, io.EOF
	case <-r.ctx.Done():
		return nil, context.Cause(r.ctx)
	}
}

// end ends the run and waits until nobody works for it any more. Where ctx was done, whatever failed failed of that.
func (r *Run) end(err error) error {
	if cause := context.Cause(r.ctx); cause != nil && !errors.Is(err, io.EOF) {
		err = cause
	}
	r.ended = err
	r.cancel(err)
	r.working.Wait()
	for _, b := range r.made {
		b.recycle(4 * r.options.ChunkBytes)
	}
	r.made = nil
	return err
}

// errClosed is what a run ends with that its caller gave up.
var errClosed = errors.New("broadcast: the run was closed")

// Close ends the run, and waits for whoever works for it. It may be called again.
func (r *Run) Close() {
	if r.ended == nil {
		_ = r.end(errClosed)
	}
}

// feed fills batches until the source has no more contacts. Batches and workers are made when they are first needed, so
// that a short run costs little.
func (r *Run) feed() {
	defer close(r.ordered)
	defer close(r.loaded)
	place := int64(0)
	for made := 0; ; made++ {
		b, err := r.empty(made)
		if err != nil {
			r.err = err
			return
		}
		b.reset(place)
		err = r.guard(func() error { return r.source.Next(r.ctx, b) })
		if n := len(b.Items); n > 0 {
			place += int64(n)
			if made < r.options.Workers {
				worker := r.job.Worker()
				r.working.Go(func() { r.work(worker) })
			}
			r.ordered <- b // there is room for all batches
			r.loaded <- b
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				r.err = err
			}
			return
		}
	}
}

// empty gives a batch to fill: a new one, or one that went round.
func (r *Run) empty(made int) (*Batch, error) {
	if made < r.options.InFlight {
		b := newBatch(r.options.BatchSize)
		r.made = append(r.made, b)
		return b, nil
	}
	select {
	case b := <-r.free:
		return b, nil
	case <-r.ctx.Done():
		return nil, context.Cause(r.ctx)
	}
}

// work loads and evaluates batches until there are no more.
func (r *Run) work(w Worker) {
	for b := range r.loaded {
		if err := r.guard(func() error { return r.evaluate(w, b) }); err != nil {
			b.pieces <- piece{err: err}
		}
	}
}

// checkEvery is how many contacts are evaluated before the run's end is looked for.
const checkEvery = 64

func (r *Run) evaluate(w Worker, b *Batch) error {
	if err := r.ctx.Err(); err != nil {
		return context.Cause(r.ctx)
	}
	if err := r.source.Load(r.ctx, b); err != nil {
		return err
	}
	dst, err := r.buffer(b)
	if err != nil {
		return err
	}
	for i := range b.Items {
		b.Items[i].Place = b.first + int64(i)
		dst = w.Append(dst, &b.Items[i])
		if len(dst) >= r.options.ChunkBytes {
			b.pieces <- piece{lines: dst}
			if dst, err = r.buffer(b); err != nil {
				return err
			}
		}
		if i%checkEvery == checkEvery-1 && r.ctx.Err() != nil {
			return context.Cause(r.ctx)
		}
	}
	b.pieces <- piece{lines: dst, last: true}
	return nil
}

// buffer waits for one of the batch's buffers.
func (r *Run) buffer(b *Batch) ([]byte, error) {
	select {
	case buffer := <-b.buffers:
		return buffer, nil
	case <-r.ctx.Done():
		return nil, context.Cause(r.ctx)
	}
}

// PanicError is the error of a run in which something of ours panicked. What the panic says may quote data: Type and
// Stack are for the log.
type PanicError struct {
	Type  string
	Stack string
}

// Error says no more than that it happened.
func (e *PanicError) Error() string { return "something went wrong inside" }

// guard turns a panic into an error: it must not take other runs, and the process, with it.
func (r *Run) guard(work func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &PanicError{Type: fmt.Sprintf("%T", cause), Stack: string(debug.Stack())}
		}
	}()
	return work()
}
