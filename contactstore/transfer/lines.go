package transfer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// line is one row of the file.
type line struct {
	number  int    // 1-based
	text    []byte // belongs to the line
	problem *Problem
}

// lines reads rows of bounded length.
type lines struct {
	r      *bufio.Reader
	max    int // bytes
	number int
	bytes  int64 // read so far
}

func newLines(r io.Reader, max int) *lines {
	return &lines{r: bufio.NewReaderSize(r, 1<<16), max: max}
}

// next gives the next row that is not blank, io.EOF after the last.
func (l *lines) next() (line, error) {
	for {
		text, long, err := l.read()
		if err != nil {
			return line{}, err
		}
		if long {
			return line{number: l.number, problem: &Problem{
				Line: l.number, Code: "line_too_long", Message: fmt.Sprintf("a row longer than %d bytes", l.max),
				Hint: "one contact a line, the lines parted by line feeds",
			}}, nil
		}
		if l.number == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff"))
		}
		if text = bytes.TrimSpace(text); len(text) > 0 {
			return line{number: l.number, text: text}, nil
		}
	}
}

// read gives the bytes of one line, or says that they were too many and passes over them.
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
			return text, long, nil
		default:
			return nil, false, err
		}
	}
}
