package transfer

import "errors"

// splitter cuts one row of CSV into cells, as RFC 4180 has it, line after line: a cell in quotes may go on over
// several. It keeps what is in quotes byte by byte, line ends too.
type splitter struct {
	delimiter byte
	cells     []string
	cell      []byte
	quoted    bool // the line ended within quotes
}

var (
	errStrayQuote = errors.New("a quotation mark within a cell that does not begin with one")
	errAfterQuote = errors.New("text after the quotation mark that ends a cell")
)

// add cuts a line, which has its line end. The row goes on in the next line while quoted is true. Where there is an
// error, len(cells) is the index of the cell that is wrong.
func (s *splitter) add(line string) error {
	for {
		var err error
		if !s.quoted && (line == "" || line[0] != '"') {
			line, err = s.plain(line)
		} else {
			line, err = s.inQuotes(line)
		}
		if err != nil || line == "" {
			return err
		}
		line = line[1:] // a delimiter: what follows is a cell, even if nothing does
		if end(line) {
			s.next()
			return nil
		}
	}
}

// end reports whether nothing but the line's end is left.
func end(rest string) bool { return rest == "" || rest == "\n" || rest == "\r\n" }

func (s *splitter) next() {
	s.cells, s.cell = append(s.cells, string(s.cell)), s.cell[:0]
}

// plain reads a cell without quotes, and gives what is left: from a delimiter on, or nothing.
func (s *splitter) plain(line string) (rest string, err error) {
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == s.delimiter:
			s.cell = append(s.cell, line[:i]...)
			s.next()
			return line[i:], nil
		case end(line[i:]):
			s.cell = append(s.cell, line[:i]...)
			s.next()
			return "", nil
		case line[i] == '"':
			return "", errStrayQuote
		}
	}
	s.cell = append(s.cell, line...)
	s.next()
	return "", nil
}

// inQuotes reads a cell from its quotation mark on, or from where the line before left it.
func (s *splitter) inQuotes(line string) (rest string, err error) {
	i := 0
	if !s.quoted {
		i = 1
	}
	for s.quoted = true; i < len(line); i++ {
		switch {
		case line[i] != '"':
			s.cell = append(s.cell, line[i])
		case i+1 < len(line) && line[i+1] == '"':
			s.cell = append(s.cell, '"')
			i++
		case i+1 < len(line) && line[i+1] == s.delimiter:
			s.quoted = false
			s.next()
			return line[i+1:], nil
		case end(line[i+1:]):
			s.quoted = false
			s.next()
			return "", nil
		default:
			return "", errAfterQuote
		}
	}
	return "", nil
}
