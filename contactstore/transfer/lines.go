package transfer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/flowexpr/flowexpr/contactstore"
)

// lines reads JSON lines: each row is the whole of its contact. Its lines are of bounded length.
type lines struct {
	r      *bufio.Reader
	max    int // bytes
	number int
	bytes  int64 // read so far
}

func newLines(r *bufio.Reader, max int) *lines { return &lines{r: r, max: max} }

func (l *lines) offset() int64 { return l.bytes }

func (l *lines) warnings() []string { return nil }

func (l *lines) contact(r raw) (told, error) {
	c, err := contactstore.ParseContact(r.text)
	return told{contact: c}, err
}

// rows gives the lines that are not blank.
func (l *lines) rows() iter.Seq2[raw, error] {
	return func(yield func(raw, error) bool) {
		for {
			text, long, err := l.read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(raw{}, err)
				return
			}
			r := raw{line: l.number, text: bytes.TrimSpace(text)}
			if long {
				r.problem = tooLong(l.number, l.max, "one contact a line, the lines parted by line feeds")
			}
			if (long || len(r.text) > 0) && !yield(r, nil) {
				return
			}
		}
	}
}

func tooLong(line, max int, hint string) *Problem {
	return &Problem{Line: line, Code: "line_too_long", Message: fmt.Sprintf("a row longer than %d bytes", max), Hint: hint}
}

// read gives the bytes of one line, or says that they were too many and passes over them; io.EOF after the last line.
func (l *lines) read() (text []byte, long bool, err error) {
	for {
		part, err := l.r.ReadSlice('\n')
		l.bytes += int64(len(part))
		if !long {
			text = append(text, part...)
		}
		if len(text) > l.max+len("\r\n") {
			text, long = nil, true
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == nil, errors.Is(err, io.EOF) && (len(text) > 0 || long):
			l.number++
			if l.number == 1 {
				text = bytes.TrimPrefix(text, byteOrderMark)
			}
			return text, long, nil
		case errors.Is(err, io.EOF):
			return nil, false, io.EOF
		default:
			return nil, false, fmt.Errorf("read line %d: %w", l.number+1, err)
		}
	}
}
