package main

import (
	"fmt"
	"io"
	"os"

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
	phase    transfer.Phase
	bar      *progressbar.ProgressBar
}

// newProgress gives a bar on a terminal, and nothing elsewhere.
func newProgress(w io.Writer, size int64) *progress {
	terminal, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		return nil
	}
	return &progress{terminal: terminal, size: size}
}

func (p *progress) show(at transfer.Progress) {
	if p == nil {
		return
	}
	if p.bar == nil || p.phase != at.Phase {
		p.end()
		p.phase = at.Phase
		p.bar = progressbar.NewOptions64(p.size,
			progressbar.OptionSetWriter(p.terminal), progressbar.OptionShowBytes(true), progressbar.OptionSetPredictTime(true),
			progressbar.OptionFullWidth())
	}
	p.bar.Describe(fmt.Sprintf("%s: %d contacts", at.Phase, at.Rows))
	_ = p.bar.Set64(at.Bytes) // drawing only
}

// end leaves the bar as it stands, and the cursor on the line after it.
func (p *progress) end() {
	if p != nil && p.bar != nil {
		_ = p.bar.Exit()
		fmt.Fprintln(p.terminal)
		p.bar = nil
	}
}
