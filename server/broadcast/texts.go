package broadcast

import (
	"encoding/hex"
	"strconv"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/server/jsontext"
	"github.com/flowexpr/flowexpr/vars"
)

// Named is a template with a name.
type Named struct {
	// Name tells the texts of several templates apart; empty for one alone.
	Name     string
	Template *engine.Template
}

// TextOptions configure Texts.
type TextOptions struct {
	// Warnings is the number of diagnostics that one text keeps; more are counted.
	Warnings int
	// Strict gives no text where there is anything to say about it.
	Strict bool
	// Describe says what a line tells of an error: a stable code and a message for people. It must not block.
	Describe func(error) (code, message string)
	// Found, if given, is told what there is to say of a text. It is called by all workers, and must not keep the list.
	Found func(list []diag.Diagnostic, dropped int)
}

// Texts gives a line of JSON for each contact. With one template without a name:
//
//	{"contact":"UUID","text":"…","warnings":[…],"warnings_dropped":n}
//
// and with several, a name for each, texts by name, and warnings by name for those that have some:
//
//	{"contact":"UUID","texts":{"eng":"…","spa":"…"},"warnings":{"spa":[…]}}
//
// warnings and warnings_dropped stand only where there are some. A contact that was asked for by its URN has `"urn"`
// behind the UUID; one that comes from a file and has no UUID has `"line"` in its place. Where there is no text,
// `"error":{"code","message"}` stands for it. The code template_errors is that of strict evaluation, and comes with the
// warnings.
type Texts struct {
	templates []Named
	scope     vars.Scope
	options   TextOptions
	workers   []*textWorker
}

// NewTexts makes the job. The scope is copied for each worker; its contact does not matter.
func NewTexts(templates []Named, scope *vars.Scope, options TextOptions) *Texts {
	return &Texts{templates: templates, scope: *scope, options: options}
}

// Counts says what the lines hold: Contacts is their number, and the sum of the others.
type Counts struct {
	Contacts int64 `json:"contacts"`
	// OK counts the lines with a text and no warnings, Warnings those with a text and warnings of any severity, Errors
	// those without a text.
	OK       int64 `json:"ok"`
	Warnings int64 `json:"warnings"`
	Errors   int64 `json:"errors"`
}

// Counts adds up the lines of a run that has ended.
func (t *Texts) Counts() Counts {
	var sum Counts
	for _, w := range t.workers {
		sum.OK += w.counts.OK
		sum.Warnings += w.counts.Warnings
		sum.Errors += w.counts.Errors
	}
	sum.Contacts = sum.OK + sum.Warnings + sum.Errors
	return sum
}

// Worker makes a worker.
func (t *Texts) Worker() Worker {
	w := &textWorker{options: t.options, scope: t.scope}
	for _, named := range t.templates {
		text := textOf{template: named.Template, notes: notes{source: named.Template.Source()}}
		if named.Name != "" {
			text.name = append(jsontext.Append(nil, named.Name), ':')
		}
		w.texts = append(w.texts, text)
	}
	t.workers = append(t.workers, w)
	return w
}

// textWorker makes the lines of one contact after another.
type textWorker struct {
	options  TextOptions
	scope    vars.Scope
	texts    []textOf
	warnings engine.Warnings
	text     []byte
	said     []byte // the warnings of the contact, as JSON
	counts   Counts
}

// textOf is one template.
type textOf struct {
	name     []byte // JSON and a colon; nil for a template alone
	template *engine.Template
	notes    notes
}

// Append appends the line of a contact.
func (w *textWorker) Append(dst []byte, item *Item) []byte {
	dst = appendWho(dst, item)
	if item.Err != nil {
		w.counts.Errors++
		code, message := w.options.Describe(item.Err)
		return append(appendError(dst, code, message), "}\n"...)
	}
	w.scope.Contact = item.Record
	start := len(dst)
	dst, found, dropped := w.appendTexts(dst)
	switch {
	case found+dropped == 0: // fast path
		w.counts.OK++
		return append(dst, "}\n"...)
	case w.options.Strict:
		w.counts.Errors++
		dst = appendError(dst[:start], codeStrict, strictMessage(found+dropped))
	default:
		w.counts.Warnings++
	}
	dst = append(append(dst, `,"warnings":`...), w.said...)
	if dropped > 0 {
		dst = strconv.AppendInt(append(dst, `,"warnings_dropped":`...), int64(dropped), 10)
	}
	return append(dst, "}\n"...)
}

// codeStrict is the code of a contact whose texts give warnings where none are wanted.
const codeStrict = "template_errors"

func strictMessage(n int) string {
	if n == 1 {
		return "the template gives 1 error or warning"
	}
	return "the template gives " + strconv.Itoa(n) + " errors and warnings"
}

// appendTexts evaluates all templates. What there is to say of them goes to w.said.
func (w *textWorker) appendTexts(dst []byte) (_ []byte, found, dropped int) {
	w.said = w.said[:0]
	several := w.texts[0].name != nil
	opening := `,"text":`
	if several {
		opening = `,"texts":{`
	}
	for i := range w.texts {
		t := &w.texts[i]
		w.warnings.Reset(w.options.Warnings)
		w.text = t.template.Append(w.text[:0], &w.scope, &w.warnings)
		dst = append(append(dst, opening...), t.name...)
		dst = jsontext.Append(dst, w.text)
		opening = ","
		n := len(w.warnings.List)
		if n+w.warnings.Dropped > 0 && w.options.Found != nil {
			w.options.Found(w.warnings.List, w.warnings.Dropped)
		}
		if n > 0 {
			w.said = t.say(w.said, &w.warnings)
			found += n
		}
		dropped += w.warnings.Dropped
	}
	if several {
		dst = append(dst, '}')
		if found > 0 {
			w.said = append(w.said, '}')
		}
	}
	return dst, found, dropped
}

// say appends the warnings of one text.
func (t *textOf) say(dst []byte, warnings *engine.Warnings) []byte {
	if t.name != nil {
		separator := byte(',')
		if len(dst) == 0 {
			separator = '{'
		}
		dst = append(append(dst, separator), t.name...)
	}
	return t.notes.append(dst, warnings.List)
}

// appendWho appends the beginning of a line: whom it is about.
func appendWho(dst []byte, item *Item) []byte {
	switch {
	case item.Contact != contactstore.UUID{}:
		dst = append(dst, `{"contact":"`...)
		dst = append(appendUUID(dst, item.Contact), '"')
	case item.Line > 0:
		return strconv.AppendInt(append(dst, `{"line":`...), int64(item.Line), 10)
	default:
		dst = append(dst, `{"contact":null`...)
	}
	if (item.URN != contactstore.URN{}) {
		dst = jsontext.Append(append(dst, `,"urn":`...), item.URN.Full())
	}
	return dst
}

// appendUUID appends the usual form of a UUID.
func appendUUID(dst []byte, id contactstore.UUID) []byte {
	dst = append(hex.AppendEncode(dst, id[:4]), '-')
	dst = append(hex.AppendEncode(dst, id[4:6]), '-')
	dst = append(hex.AppendEncode(dst, id[6:8]), '-')
	dst = append(hex.AppendEncode(dst, id[8:10]), '-')
	return hex.AppendEncode(dst, id[10:])
}

func appendError(dst []byte, code, message string) []byte {
	dst = jsontext.Append(append(dst, `,"error":{"code":`...), code)
	dst = jsontext.Append(append(dst, `,"message":`...), message)
	return append(dst, '}')
}

// notes writes diagnostics of one template as JSON. Many contacts give the same ones, so that their JSON is kept.
type notes struct {
	source string
	known  map[diag.Diagnostic][]byte
}

// maxKnown bounds the diagnostics whose JSON is kept; where each contact has its own, keeping them is no use.
const maxKnown = 500

// append appends an array.
func (n *notes) append(dst []byte, list []diag.Diagnostic) []byte {
	dst = append(dst, '[')
	for i := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		text, ok := n.known[list[i]]
		if !ok {
			text = n.render(list[i])
		}
		dst = append(dst, text...)
	}
	return append(dst, ']')
}

func (n *notes) render(d diag.Diagnostic) []byte {
	text := marshal(diag.JSON(n.source, []diag.Diagnostic{d})[0])
	if n.known == nil || len(n.known) == maxKnown {
		n.known = make(map[diag.Diagnostic][]byte)
	}
	n.known[d] = text
	return text
}
