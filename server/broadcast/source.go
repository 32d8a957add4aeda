package broadcast

import (
	"context"
	"sync"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Source says whom to evaluate for.
type Source interface {
	// Next adds the next contacts to an empty batch, io.EOF with or after the last ones. It is called by one goroutine. An
	// error ends the run.
	Next(ctx context.Context, b *Batch) error
	// Load reads the records of a batch, into each item a Record or an Err, and may leave items out. It is called by many
	// goroutines, each with another batch. An error ends the run.
	Load(ctx context.Context, b *Batch) error
}

// Item is one contact on its way through a run.
type Item struct {
	// Place counts the contacts of a run from 0; a source that leaves contacts out leaves gaps.
	Place int64
	// Contact is the contact's UUID; zero where only its URN or its line is known.
	Contact contactstore.UUID
	// URN is the one that was asked for; zero where the contact was not named by a URN.
	URN contactstore.URN
	// Line is the line of a file, 1-based; 0 for other sources.
	Line int
	// Record is the contact, unless Err says why there is none.
	Record contactstore.Record
	Err    error

	text []byte // of the line, until it is loaded
}

// Batch is some contacts, and what their evaluation gives. It belongs to one goroutine at a time.
type Batch struct {
	// Items are the contacts, in the source's order.
	Items []Item

	size    int                 // the most items
	first   int64               // place of the first item
	ids     []contactstore.UUID // to ask a store for, reused
	bytes   []byte              // of lines, reused
	away    error               // why the store could not be asked, if so
	pieces  chan piece
	buffers chan []byte
}

// room is the memory of a batch. The next run uses it again: a batch of a service is short, and its buffers are most of
// what it would allocate.
type room struct {
	items []Item
	ids   []contactstore.UUID
	lines [2][]byte
}

var rooms = sync.Pool{New: func() any { return new(room) }}

func newBatch(size int) *Batch {
	m := rooms.Get().(*room)
	b := &Batch{size: size, Items: m.items, ids: m.ids, pieces: make(chan piece, pieceRoom), buffers: make(chan []byte, len(m.lines))}
	for _, lines := range m.lines {
		b.buffers <- lines
	}
	return b
}

// recycle gives the memory of a batch back that nobody uses any more; buffers that are larger than most are dropped.
func (b *Batch) recycle(largest int) {
	b.reset(0)
	m := &room{items: b.Items, ids: b.ids}
	for i := range m.lines {
		select {
		case lines := <-b.buffers:
			if cap(lines) <= largest {
				m.lines[i] = lines
			}
		default: // it was lent when the run ended
		}
	}
	b.Items, b.ids = nil, nil
	rooms.Put(m)
}

// fail gives all items the error of a store that is away.
func (b *Batch) fail(err error) {
	b.away = err
	for i := range b.Items {
		b.Items[i].Err = err
	}
}

// maxKeptBytes bounds the bytes of lines that a batch keeps for its next turn.
const maxKeptBytes = 1 << 20

// reset readies a batch for its next turn; no record stays referred to.
func (b *Batch) reset(first int64) {
	clear(b.Items)
	b.Items, b.first, b.away = b.Items[:0], first, nil
	if b.bytes = b.bytes[:0]; cap(b.bytes) > maxKeptBytes {
		b.bytes = nil
	}
}
