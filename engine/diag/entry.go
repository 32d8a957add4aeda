package diag

// Entry is a diagnostic as the HTTP API and `--json` give it.
type Entry struct {
	Severity   Severity `json:"severity"`
	Code       string   `json:"code"`
	Message    string   `json:"message"`
	Expression string   `json:"expression"`
	// Start and End are byte offsets in the template, end exclusive.
	Start int `json:"start"`
	End   int `json:"end"`
	// Line and Column count from 1, columns in characters.
	Line   int       `json:"line"`
	Column int       `json:"column"`
	Hint   string    `json:"hint,omitempty"`
	Fix    *EntryFix `json:"fix,omitempty"`
}

// EntryFix is an edit of the template: the bytes from Start up to End become Replacement.
type EntryFix struct {
	Start       int    `json:"start"`
	End         int    `json:"end"`
	Replacement string `json:"replacement"`
}

// JSON gives the entries to be written as JSON for what there is to say about a template. It is never nil, so that an
// empty list is written as `[]`.
func JSON(template string, diagnostics []Diagnostic) []Entry {
	entries := make([]Entry, 0, len(diagnostics))
	if len(diagnostics) == 0 {
		return entries
	}
	index := NewIndex(template)
	for i := range diagnostics {
		entries = append(entries, entry(index, &diagnostics[i]))
	}
	return entries
}

func entry(index *Index, d *Diagnostic) Entry {
	at := index.Position(d.Span.Start)
	e := Entry{
		Severity: d.Severity, Code: d.Code, Message: d.Message, Expression: d.Expression, Hint: d.Hint,
		Start: d.Span.Start, End: d.Span.End, Line: at.Line, Column: at.Column,
	}
	if d.Fix != nil {
		e.Fix = &EntryFix{Start: d.Fix.Span.Start, End: d.Fix.Span.End, Replacement: d.Fix.Replacement}
	}
	return e
}
