package diag

import (
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// What of a long line is shown, in characters.
const (
	maxBefore = 40 // before the place
	maxShown  = 100
)

// Render writes diagnostics for people to read, each with the line it is about and carets under the place:
//
//	greeting.txt:1:4: error: object has no property 'frist_name' (unknown_property)
//	  1 | Hi @contact.frist_name!
//	    |    ^^^^^^^^^^^^^^^^^^^
//	    = did you mean contact.first_name?
//
// name says which template it is; it may be empty. What a terminal could take for a command is replaced.
func Render(w io.Writer, name, template string, diagnostics []Diagnostic) error {
	_, err := w.Write(Append(nil, name, template, diagnostics))
	return err
}

// Append appends what Render writes.
func Append(dst []byte, name, template string, diagnostics []Diagnostic) []byte {
	if len(diagnostics) == 0 {
		return dst
	}
	index := NewIndex(template)
	for i := range diagnostics {
		dst = appendDiagnostic(dst, name, index, &diagnostics[i])
	}
	return dst
}

func appendDiagnostic(dst []byte, name string, index *Index, d *Diagnostic) []byte {
	dst = appendPlace(dst, name, index, d)
	dst = append(dst, string(d.Severity)+": "+printable(d.Message)...)
	if d.Code != "" {
		dst = append(dst, " ("+d.Code+")"...)
	}
	dst = append(dst, '\n')
	margin := "   "
	if d.located() {
		dst, margin = appendExcerpt(dst, index, d.Span)
	}
	if d.Hint != "" {
		dst = append(dst, margin+" = "+printable(d.Hint)+"\n"...)
	}
	return dst
}

// appendPlace appends `name:line:column: `, as compilers do, so that editors find the place.
func appendPlace(dst []byte, name string, index *Index, d *Diagnostic) []byte {
	if name != "" {
		dst = append(dst, printable(name)+":"...)
	}
	if d.located() {
		at := index.Position(d.Span.Start)
		dst = append(dst, strconv.Itoa(at.Line)+":"+strconv.Itoa(at.Column)+":"...)
	}
	if name != "" || d.located() {
		dst = append(dst, ' ')
	}
	return dst
}

// appendExcerpt appends the line that a span begins in, and carets under as much of the span as is shown. margin is as
// wide as the line's number.
func appendExcerpt(dst []byte, index *Index, span Span) (_ []byte, margin string) {
	at := index.Position(span.Start)
	line := index.line(at.Line)
	start := min(max(span.Start, line.Start), line.End)
	end := min(max(span.End, start), line.End)
	before, truncated := lastCharacters(index.text[line.Start:start], maxBefore)
	if truncated {
		before = "…" + before
	}
	place, cut := firstCharacters(index.text[start:end], maxShown-maxBefore)
	after := ""
	if !cut {
		after, cut = firstCharacters(index.text[end:line.End], maxShown-maxBefore-utf8.RuneCountInString(place))
	}
	if cut {
		after += "…"
	}
	before, place, after = printable(before), printable(place), printable(after)
	number := strconv.Itoa(at.Line)
	margin = strings.Repeat(" ", len(number)+2)
	dst = append(dst, "  "+number+" | "+before+place+after+"\n"...)
	padding := strings.Repeat(" ", uniseg.StringWidth(before))
	carets := strings.Repeat("^", max(uniseg.StringWidth(place), 1))
	return append(dst, margin+" | "+padding+carets+"\n"...), margin
}

// firstCharacters cuts a text after n characters.
func firstCharacters(text string, n int) (_ string, cut bool) {
	for i := range text {
		if n == 0 {
			return text[:i], true
		}
		n--
	}
	return text, false
}

// lastCharacters cuts off all but the last n characters of a text.
func lastCharacters(text string, n int) (_ string, cut bool) {
	end := len(text)
	for ; n > 0 && end > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:end])
		end -= size
	}
	return text[end:], end > 0
}

const joiner = '\u200d' // joins emoji; the other invisible characters could mislead

// printable makes a text safe for a line on a terminal: white space becomes spaces, what is not printed is replaced.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		case unicode.IsPrint(c) || c == joiner:
			return c
		}
		return utf8.RuneError
	}, text)
}
