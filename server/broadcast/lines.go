package broadcast

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/flowexpr/flowexpr/contactstore"
)

// maxLine bounds one contact of a file, in bytes.
const maxLine = 1 << 20

// maxBatchBytes bounds the lines of a batch: it ends with the line that reaches it.
const maxBatchBytes = 4 << 20

// Lines gives the contacts of a file: one a line, in the public JSON form. Blank lines are passed over; a line that is no
// contact is an item with an error.
func Lines(file io.Reader) Source { return &lines{r: bufio.NewReaderSize(file, 64<<10)} }

type lines struct {
	r      *bufio.Reader
	number int
}

func (s *lines) Next(_ context.Context, b *Batch) error {
	for len(b.Items) < b.size && len(b.bytes) < maxBatchBytes {
		start := len(b.bytes)
		size, err := s.read(b)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("line %d: %w", s.number, err)
		}
		item := Item{Line: s.number, text: bytes.TrimSpace(b.bytes[start:])}
		if size > maxLine+len("\r\n") {
			item.Err, item.text, b.bytes = errLongLine, nil, b.bytes[:start]
		}
		if len(item.text) > 0 || item.Err != nil {
			b.Items = append(b.Items, item)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// read appends one line to the batch's bytes, as far as it is not too long, and gives its size; io.EOF with the last.
func (s *lines) read(b *Batch) (size int, err error) {
	s.number++
	for {
		part, err := s.r.ReadSlice('\n')
		if s.number == 1 && size == 0 {
			part = bytes.TrimPrefix(part, []byte("\ufeff"))
		}
		if size += len(part); size <= maxLine+len("\r\n") {
			b.bytes = append(b.bytes, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return size, err
		}
	}
}

var errLongLine = &contactstore.Error{
	Code: "line_too_long", Message: fmt.Sprintf("the line is longer than %d bytes", maxLine),
	Hint: "one contact a line, the lines parted by line feeds", Err: contactstore.ErrInvalid,
}

// Load parses the lines.
func (s *lines) Load(_ context.Context, b *Batch) error {
	for i := range b.Items {
		item := &b.Items[i]
		if item.Err != nil {
			continue
		}
		item.Record, item.Err = recordOf(item.text)
		if item.Err == nil {
			item.Contact = item.Record.UUID()
		}
	}
	return nil
}

func recordOf(line []byte) (contactstore.Record, error) {
	contact, err := contactstore.ParseContact(line)
	if err != nil {
		return contactstore.Record{}, err
	}
	return contactstore.Encode(contact)
}
