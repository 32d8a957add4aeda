package main

import (
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// bar draws how far a command is; nil draws nothing.
type bar struct {
	drawn    *progressbar.ProgressBar
	what     string
	terminal *os.File
	last     time.Time
}

// drawEvery is how often a bar is drawn.
const drawEvery = 100 * time.Millisecond

// newBar draws on w, where that is a terminal: a bar of size bytes, or a count where nobody knows how much there is.
func newBar(w io.Writer, what string, size int64) *bar {
	file := terminal(w)
	if file == nil {
		return nil
	}
	options := []progressbar.Option{
		progressbar.OptionSetWriter(file), progressbar.OptionSetDescription(what), progressbar.OptionFullWidth(),
		progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(),
	}
	if size > 0 {
		options = append(options, progressbar.OptionShowBytes(true))
	} else {
		size = -1
		options = append(options, progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("contacts"))
	}
	return &bar{drawn: progressbar.NewOptions64(size, options...), what: what, terminal: file}
}

// set draws how much is done.
func (b *bar) set(done, contacts int64) {
	if b == nil || time.Since(b.last) < drawEvery {
		return
	}
	b.last = time.Now()
	b.drawn.Describe(fmt.Sprintf("%s: %d contacts", b.what, contacts))
	_ = b.drawn.Set64(done) // drawing only
}

// end takes the bar away.
func (b *bar) end() {
	if b != nil {
		_ = b.drawn.Clear() // drawing only
	}
}

// terminal gives the terminal that w is, or nil.
func terminal(w io.Writer) *os.File {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	return file
}

// sizeOf gives the bytes of a file, 0 of what has no size.
func sizeOf(r io.Reader) int64 {
	file, ok := r.(*os.File)
	if !ok {
		return 0
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}

// countingReader counts what is read; another goroutine may ask for the count.
type countingReader struct {
	io.Reader
	count atomic.Int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.count.Add(int64(n))
	return n, err
}
