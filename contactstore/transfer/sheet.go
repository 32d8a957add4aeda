package transfer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/flowexpr/flowexpr/contactstore"
)

// sheet reads CSV whose first row is a header. A row says what its columns say: of a contact that is stored, the rest
// stays as it is.
type sheet struct {
	lines   *lines
	ahead   []sheetLine // read, and to be read again
	table   table
	columns []column
	ignored []string
	split   byte // the delimiter
}

// sheetLine is a line with its end.
type sheetLine struct {
	number int
	text   []byte
	long   bool
}

// newSheet reads the header.
func newSheet(r *bufio.Reader, workspace string, settings contactstore.Settings, max int) (*sheet, error) {
	s := &sheet{lines: newLines(r, max), table: newTable(workspace, settings)}
	for {
		first, err := s.line()
		if errors.Is(err, io.EOF) {
			return nil, headerError("", "the file has no header")
		}
		if err != nil {
			return nil, err
		}
		if first.long {
			return nil, headerError("", "the header is longer than %d bytes", max)
		}
		if len(bytes.TrimSpace(first.text)) == 0 {
			continue
		}
		s.split = delimiterOf(first.text)
		header, err := s.row(first)
		if err != nil {
			return nil, err
		}
		if header.problem != nil {
			return nil, headerError(header.problem.Hint, "the header cannot be read: %s", header.problem.Message)
		}
		s.columns, s.ignored, err = s.table.columns(header.cells)
		return s, err
	}
}

func headerError(hint, format string, args ...any) error {
	return &contactstore.Error{Code: "csv_header", Message: fmt.Sprintf(format, args...), Hint: hint, Err: contactstore.ErrInvalid}
}

// delimiterOf gives what parts the cells of a header: a comma, a semicolon or a tab, whichever stands there most often
// outside of quotes.
func delimiterOf(header []byte) byte {
	delimiters := []byte(",;\t")
	counts, quoted := make([]int, len(delimiters)), false
	for _, c := range header {
		if c == '"' {
			quoted = !quoted
		}
		if i := bytes.IndexByte(delimiters, c); i >= 0 && !quoted {
			counts[i]++
		}
	}
	return delimiters[slices.Index(counts, slices.Max(counts))]
}

func (s *sheet) offset() int64 { return s.lines.offset() }

func (s *sheet) warnings() []string {
	if len(s.ignored) == 0 {
		return nil
	}
	var names []string
	for _, name := range s.ignored[:min(len(s.ignored), toldColumns)] {
		names = append(names, fmt.Sprintf("%.*q", toldName, name))
	}
	if more := len(s.ignored) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return []string{"columns that say nothing about a contact: " + strings.Join(names, ", ") + "; a column of a field is named as in field:age"}
}

// What a warning tells of the columns that are passed over: so many, and so many characters of each.
const (
	toldColumns = 20
	toldName    = 60
)

// rows gives the rows after the header that have anything in them.
func (s *sheet) rows() iter.Seq2[raw, error] {
	return func(yield func(raw, error) bool) {
		for {
			first, err := s.line()
			if errors.Is(err, io.EOF) {
				return
			}
			var r raw
			if err == nil {
				r, err = s.row(first)
			}
			if err != nil {
				yield(raw{}, err)
				return
			}
			if (r.problem != nil || !blank(r.cells)) && !yield(r, nil) {
				return
			}
		}
	}
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

func (s *sheet) line() (sheetLine, error) {
	if len(s.ahead) > 0 {
		next := s.ahead[0]
		s.ahead = s.ahead[1:]
		return next, nil
	}
	text, long, err := s.lines.read()
	return sheetLine{s.lines.number, text, long}, err
}

// row reads the row that begins with a line. Of one that is not well formed only that line is taken, and the next line
// begins another row: a quotation mark that is missing must not swallow the rows after it.
func (s *sheet) row(first sheetLine) (raw, error) {
	r := raw{line: first.number, text: bytes.TrimRight(first.text, "\r\n")}
	if first.long {
		r.problem = tooLong(r.line, s.lines.max, "is there a quotation mark too many?")
		return r, nil
	}
	split := splitter{delimiter: s.split}
	var more []sheetLine
	for last, size := first, len(first.text); ; {
		if err := split.add(string(last.text)); err != nil {
			s.ahead = append(more, s.ahead...)
			r.problem = s.malformed(r.line, last.number, len(split.cells), err)
			return r, nil
		}
		if !split.quoted {
			break
		}
		next, err := s.line()
		if err != nil && !errors.Is(err, io.EOF) {
			return raw{}, err
		}
		if err == nil {
			more = append(more, next)
		}
		if size += len(next.text); err != nil || next.long || size > s.lines.max {
			s.ahead = append(more, s.ahead...)
			r.problem = s.malformed(r.line, first.number, len(split.cells), errOpenQuote)
			return r, nil
		}
		last = next
	}
	for _, l := range more {
		r.text = append(append(r.text[:len(r.text):len(r.text)], '\n'), bytes.TrimRight(l.text, "\r\n")...)
	}
	r.cells = split.cells
	return r, nil
}

var errOpenQuote = errors.New("a quotation mark begins a cell that no other ends")

// malformed is the problem of a row that cannot be cut into cells.
func (s *sheet) malformed(line, at, cell int, err error) *Problem {
	p := &Problem{Line: line, Code: "csv_quotes", Message: err.Error(), Hint: `write "say ""hi""" for say "hi"`}
	if at != line {
		p.Message = fmt.Sprintf("line %d: %s", at, err)
	}
	if cell < len(s.columns) {
		p.Place = s.columns[cell].name
	}
	return p
}

// contact reads a row.
func (s *sheet) contact(r raw) (told, error) {
	if err := s.check(r.cells); err != nil {
		return told{}, err
	}
	c, err := s.table.contact(s.columns, r.cells)
	if err != nil {
		return told{}, err
	}
	row := told{contact: c}
	if c.UUID == (contactstore.UUID{}) {
		if len(c.Connections) == 0 {
			return told{}, &contactstore.Error{Code: "uuid_missing", Message: "a row with neither a UUID nor a URN", Hint: "nothing says whose row it is"}
		}
		c.UUID, row.byURN = derivedUUID("contact", s.table.workspace, c.Connections[0].URN.Identity()), true
	}
	row.over = func(stored *contactstore.Contact) (*contactstore.Contact, error) {
		return stored, s.table.lay(s.columns, r.cells, c.Connections, stored)
	}
	return row, nil
}

// check wants a cell for each column, in UTF-8. Cells too many that are empty are no harm.
func (s *sheet) check(cells []string) error {
	if len(cells) < len(s.columns) {
		return cellsError(s.columns[len(cells)].name, "the row has %d cells, and the header %d: there is none for %s", len(cells), len(s.columns), s.columns[len(cells)].name)
	}
	if !blank(cells[len(s.columns):]) {
		return cellsError(s.columns[len(s.columns)-1].name, "the row has %d cells, and the header %d: there is more after %s", len(cells), len(s.columns), s.columns[len(s.columns)-1].name)
	}
	for i, c := range s.columns {
		if !utf8.ValidString(cells[i]) {
			return cellError("csv_encoding", c.name, "save the file as CSV in UTF-8", "the text is not UTF-8")
		}
	}
	return nil
}

func cellsError(column, format string, args ...any) error {
	e := cellError("csv_cells", column, "put cells that hold the delimiter in quotation marks", format, args...)
	e.Message = strings.TrimPrefix(e.Message, column+": ")
	return e
}

// cellError says what is wrong in a column.
func cellError(code, column, hint, format string, args ...any) *contactstore.Error {
	return &contactstore.Error{Code: code, Message: column + ": " + fmt.Sprintf(format, args...), Hint: hint, Member: column, Err: contactstore.ErrInvalid}
}
