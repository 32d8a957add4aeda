package broadcast

import (
	"unicode/utf8"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/sms"
	"github.com/flowexpr/flowexpr/vars"
)

// SurveyOptions configure a Survey.
type SurveyOptions struct {
	// Warnings is the number of diagnostics that are looked at for one contact.
	Warnings int
	// Examples is the number of contacts that are named for each finding; 0: none.
	Examples int
	// Describe says what is told of the error of a contact that cannot be read. It must not block.
	Describe func(error) (code, message string)
	// Found, if given, is told what there is to say of a text. It is called by all workers, and must not keep the list.
	Found func(list []diag.Diagnostic, dropped int)
}

// Survey evaluates one template for each contact and keeps no text but examples: it counts. Each worker counts for
// itself, without locks; Findings adds up.
type Survey struct {
	template  *engine.Template
	variables []vars.Variable
	scope     vars.Scope
	options   SurveyOptions
	workers   []*surveyor
}

// NewSurvey makes the job. The scope is copied for each worker; its contact does not matter.
func NewSurvey(template *engine.Template, scope *vars.Scope, options SurveyOptions) *Survey {
	return &Survey{template: template, variables: template.Variables(), scope: *scope, options: options}
}

// Worker makes a worker.
func (s *Survey) Worker() Worker {
	w := &surveyor{survey: s, scope: s.scope, tally: newTally(len(s.variables), s.options.Examples)}
	if w.scope.Workspace == nil {
		w.channels = nil
	} else {
		w.channels = w.scope.Settings().Channels
	}
	s.workers = append(s.workers, w)
	return w
}

// surveyor counts one contact after another.
type surveyor struct {
	survey   *Survey
	scope    vars.Scope
	channels []contactstore.Channel // nil: the workspace declares none, and can send to all connections
	warnings engine.Warnings
	text     []byte
	tally    *tally
}

// Append counts a contact, and appends nothing.
func (w *surveyor) Append(dst []byte, item *Item) []byte {
	w.tally.contacts++
	if item.Err != nil {
		w.tally.errors++
		code, message := w.survey.options.Describe(item.Err)
		w.tally.problem(problemKey{severity: diag.Error, code: code}).note(item, nil, message)
		return dst
	}
	w.scope.Contact = item.Record
	w.warnings.Reset(w.survey.options.Warnings)
	w.text = w.survey.template.Append(w.text[:0], &w.scope, &w.warnings)
	w.judge(item)
	for i := range w.survey.variables {
		if w.survey.variables[i].Empty(&w.scope) {
			w.tally.empty[i].note(item, w.text, "")
		}
	}
	w.measure(item)
	return dst
}

// judge counts what there is to say about the text: each code and place once for a contact.
func (w *surveyor) judge(item *Item) {
	list := w.warnings.List
	if found := w.survey.options.Found; found != nil && len(list)+w.warnings.Dropped > 0 {
		found(list, w.warnings.Dropped)
	}
	switch {
	case w.warnings.Errors > 0:
		w.tally.errors++
	case len(list)+w.warnings.Dropped > 0:
		w.tally.warnings++
	default:
		w.tally.clean.note(item, w.text, "")
	}
	for i := range list {
		if key := keyOf(&list[i]); !noted(list[:i], key) {
			w.tally.problem(key).note(item, w.text, list[i].Message)
		}
	}
}

func keyOf(d *diag.Diagnostic) problemKey {
	return problemKey{severity: d.Severity, code: d.Code, expression: d.Expression}
}

func noted(list []diag.Diagnostic, key problemKey) bool {
	for i := range list {
		if keyOf(&list[i]) == key {
			return true
		}
	}
	return false
}

// measure counts where the text would go, how long it is, and what it costs where it would go to a phone.
func (w *surveyor) measure(item *Item) {
	length := utf8.RuneCount(w.text)
	w.tally.lengths.add(length)
	w.tally.shortest.offer(item, w.text, -length)
	w.tally.longest.offer(item, w.text, length)
	to := destination(item.Record, w.channels)
	if to < 0 {
		w.tally.unroutable.note(item, w.text, "")
		return
	}
	scheme := item.Record.At(to).SchemeID()
	w.tally.schemes[scheme]++
	if scheme == contactstore.SchemeTel {
		facts := sms.Measure(w.text)
		w.tally.segments.add(facts.Segments)
		w.tally.encoding(facts.Encoding).note(item, w.text, "")
	}
}

// destination is the index of the connection that a message to a contact goes to, or -1.
func destination(r contactstore.Record, channels []contactstore.Channel) int {
	if channels != nil {
		i, _ := r.Routable(channels)
		return i
	}
	return min(r.Len(), 1) - 1
}
