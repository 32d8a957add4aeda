package transfer

import (
	"bytes"
	"errors"
	"io"
	"math"
)

// feed gives a file to a decoder of JSON. It knows where lines begin, and refuses to go on when a value outgrows its
// bound: the decoder would keep all of it.
type feed struct {
	r      io.Reader
	before int64   // bytes of the file that were read before
	given  int64   // bytes
	limit  int64   // of given
	breaks []int64 // offsets of the line feeds given, from the line asked for last
	line   int     // 1-based, of the place asked for last
}

// slack is how much longer than the bound a value may be that is passed over rather than an end to it all, as a factor.
const slack = 16

var errTooLong = errors.New("a value that is much too long for a contact")

// allow lets the decoder read on from an offset, as far as one value may reach.
func (f *feed) allow(offset int64, max int) {
	f.limit = offset + slack*int64(max) + math.MaxUint16
}

// Read gives the next bytes.
func (f *feed) Read(p []byte) (int, error) {
	room := f.limit - f.given
	if room <= 0 {
		return 0, errTooLong
	}
	n, err := f.r.Read(p[:min(int64(len(p)), room)])
	for at, rest := 0, p[:n]; ; {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			break
		}
		f.breaks = append(f.breaks, f.given+int64(at+i))
		at, rest = at+i+1, rest[i+1:]
	}
	f.given += int64(n)
	return n, err
}

// lineAt gives the line of an offset, which is never before the one asked for last.
func (f *feed) lineAt(offset int64) int {
	passed := 0
	for passed < len(f.breaks) && f.breaks[passed] < offset {
		passed++
	}
	f.breaks = f.breaks[passed:]
	f.line += passed
	return f.line
}
