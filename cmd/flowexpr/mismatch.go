package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/flowexpr/flowexpr/engine/diag"
)

// mismatch says in which way a case failed.
type mismatch struct {
	// What is text, errors, warnings or type.
	What     string `json:"what"`
	Expected string `json:"expected"`
	Actual   string `json:"actual"`

	why string // what else there is to say, in lines
}

// failure is a case that failed.
type failure struct {
	File string `json:"file"`
	Line int    `json:"line"`
	ID   string `json:"id,omitempty"`
	// Subject is the template, or the input of a case of another kind.
	Subject string `json:"subject,omitempty"`
	// Error says why the case cannot be run, or is empty.
	Error      string     `json:"error,omitempty"`
	Mismatches []mismatch `json:"mismatches,omitempty"`
}

// String gives the failure in lines, for people.
func (f *failure) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "FAIL %s:%d:", f.File, f.Line)
	if f.ID != "" {
		b.WriteString(" " + f.ID)
	}
	if f.Subject != "" {
		b.WriteString(" " + strconv.Quote(f.Subject))
	}
	if f.Error != "" {
		b.WriteString(" " + f.Error)
	}
	b.WriteByte('\n')
	for _, m := range f.Mismatches {
		b.WriteString(m.String())
	}
	return b.String()
}

// String shows what was expected above what came, in quotes, with a caret under the first difference.
func (m mismatch) String() string {
	expected, actual, at := difference(m.Expected, m.Actual)
	text := fmt.Sprintf("  %s\n    expected: %s\n    actual:   %s\n              %s^\n", m.What, expected, actual, strings.Repeat(" ", at))
	for line := range strings.Lines(m.why) {
		text += "    " + line
	}
	return text
}

// Of texts that have much in common, or much to come, only these characters around the first difference are shown.
const (
	commonShown = 40
	restShown   = 100
)

// difference quotes two texts, cuts them so that one line shows where they differ, and gives that place, in characters.
func difference(expected, actual string) (shownExpected, shownActual string, at int) {
	a, b := []rune(strconv.Quote(expected)), []rune(strconv.Quote(actual))
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	start := 0
	if at > 2*commonShown {
		start = at - commonShown
	}
	shownExpected, shownActual = window(a, start, at+restShown), window(b, start, at+restShown)
	if start > 0 {
		return shownExpected, shownActual, at - start + 1
	}
	return shownExpected, shownActual, at
}

// window gives a part of a text, with an ellipsis for what is left out.
func window(text []rune, start, end int) string {
	before, after := "", ""
	if start > 0 {
		before = "…"
	}
	if end < len(text) {
		after = "…"
	} else {
		end = len(text)
	}
	return before + string(text[min(start, end):end]) + after
}

// explainErrors adds to a mismatch of errors where they stand in the template, if none were expected.
func explainErrors(found []mismatch, c *testCase, warnings []diag.Diagnostic) {
	if c.ExpectError != "" {
		return
	}
	var failures []diag.Diagnostic
	for _, w := range warnings {
		if w.Severity == diag.Error {
			failures = append(failures, w)
		}
	}
	for i := range found {
		if found[i].What == "errors" {
			found[i].why = string(bytes.TrimRight(diag.Append(nil, "", c.Template, failures), "\n")) + "\n"
		}
	}
}
