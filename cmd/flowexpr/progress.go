package main

import (
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/flowexpr/flowexpr/contactstore/transfer"
)

// unknownSize is the size of what has none, such as a pipe.
const unknownSize = -1

// sizeOf gives the size of a file in bytes.
func sizeOf(file io.Reader) int64 {
	if f, ok := file.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return info.Size()
		}
	}
	return unknownSize
}

// progress draws a bar with rate and time left, or a spinner where the size is unknown. nil draws nothing.
type progress struct {
	terminal *os.File
	size     int64 // bytes
	phase    string
	bar      *progressbar.ProgressBar
	bytes    int64 // done in the phase
	contacts int64
	drawn    time.Time
}

// drawEvery is how often a bar is drawn.
const drawEvery = 100 * time.Millisecond

// newProgress gives a bar on a terminal, and nothing elsewhere.
func newProgress(w io.Writer, size int64) *progress {
	file := terminal(w)
	if file == nil {
		return nil
	}
	return &progress{terminal: file, size: size}
}

// terminal gives the terminal that w is, or nil.
func terminal(w io.Writer) *os.File {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	return file
}

// show tells how many bytes and contacts are done; without bytes, the contacts are what the spinner counts.
func (p *progress) show(phase string, bytes, contacts int64) {
	if p == nil {
		return
	}
	if p.bar == nil || p.phase != phase {
		p.end()
		p.phase = phase
		p.bar = progressbar.NewOptions64(p.size,
			progressbar.OptionSetWriter(p.terminal), progressbar.OptionShowBytes(bytes > 0), progressbar.OptionSetPredictTime(true),
			progressbar.OptionFullWidth())
	}
	p.bytes, p.contacts = bytes, contacts
	if time.Since(p.drawn) >= drawEvery {
		p.draw()
	}
}

// showTransfer shows how far an import or export is.
func (p *progress) showTransfer(at transfer.Progress) {
	p.show(string(at.Phase), at.Bytes, int64(at.Rows))
}

func (p *progress) draw() {
	p.drawn = time.Now()
	p.bar.Describe(fmt.Sprintf("%s: %d contacts", p.phase, p.contacts))
	done := p.bytes
	if done == 0 {
		done = p.contacts
	}
	_ = p.bar.Set64(done) // drawing only
}

// end leaves the bar as it stands, and the cursor on the line after it.
func (p *progress) end() {
	if p != nil && p.bar != nil {
		p.draw()
		_ = p.bar.Exit()
		fmt.Fprintln(p.terminal)
		p.bar = nil
	}
}

// countingReader counts the bytes that are read; another goroutine may ask for the count.
type countingReader struct {
	io.Reader
	count atomic.Int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.count.Add(int64(n))
	return n, err
}
