package broadcast

import (
	"slices"
	"unicode/utf8"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/sms"
)

// tally is what one worker of a survey has counted. Tallies are added up; the sum does not depend on who counted what.
type tally struct {
	limit                      int // examples of each kind
	contacts, warnings, errors int64

	clean      *kind
	unroutable *kind
	problems   map[problemKey]*kind
	empty      []*kind // by variable
	schemes    [256]int64
	lengths    histogram
	segments   histogram
	gsm7, ucs2 *kind
	shortest   extreme
	longest    extreme
}

// problemKey tells the findings of a template apart: the kind of problem, and the block it is about. Their number is
// bounded by that of the template's blocks.
type problemKey struct {
	severity   diag.Severity
	code       string
	expression string
}

func newTally(variables, examples int) *tally {
	t := &tally{
		limit: examples, clean: newKind(examples), unroutable: newKind(examples), gsm7: newKind(examples), ucs2: newKind(examples),
		problems: map[problemKey]*kind{}, empty: make([]*kind, variables),
	}
	for i := range t.empty {
		t.empty[i] = newKind(examples)
	}
	return t
}

func (t *tally) problem(key problemKey) *kind {
	k := t.problems[key]
	if k == nil {
		k = newKind(t.limit)
		t.problems[key] = k
	}
	return k
}

func (t *tally) encoding(name string) *kind {
	if name == sms.UCS2 {
		return t.ucs2
	}
	return t.gsm7
}

// merge adds another tally of the same survey.
func (t *tally) merge(other *tally) {
	t.contacts += other.contacts
	t.warnings += other.warnings
	t.errors += other.errors
	t.clean.merge(other.clean)
	t.unroutable.merge(other.unroutable)
	t.gsm7.merge(other.gsm7)
	t.ucs2.merge(other.ucs2)
	for key, k := range other.problems {
		t.problem(key).merge(k)
	}
	for i, k := range other.empty {
		t.empty[i].merge(k)
	}
	for i, n := range other.schemes {
		t.schemes[i] += n
	}
	t.lengths.merge(&other.lengths)
	t.segments.merge(&other.segments)
	t.shortest.merge(&other.shortest)
	t.longest.merge(&other.longest)
}

// kind is a finding: how many contacts have it, and the first of them.
type kind struct {
	limit    int
	contacts int64
	examples []sample
}

// sample is a contact that a finding names.
type sample struct {
	place   int64
	contact contactstore.UUID
	text    string
	message string
}

func newKind(limit int) *kind { return &kind{limit: limit} }

// note counts a contact. A worker meets contacts in the order of their places, so that its first are its lowest.
func (k *kind) note(item *Item, text []byte, message string) {
	k.contacts++
	if len(k.examples) < k.limit {
		k.examples = append(k.examples, sampleOf(item, text, message))
	}
}

func (k *kind) merge(other *kind) {
	k.contacts += other.contacts
	k.examples = append(k.examples, other.examples...)
	slices.SortFunc(k.examples, func(a, b sample) int { return int(a.place - b.place) })
	k.examples = k.examples[:min(len(k.examples), k.limit)]
}

// maxSampleBytes bounds the text of an example.
const maxSampleBytes = 1000

func sampleOf(item *Item, text []byte, message string) sample {
	return sample{place: item.Place, contact: item.Contact, text: shorten(text), message: message}
}

// shorten copies a text; of a long one, its beginning and an ellipsis.
func shorten(text []byte) string {
	if len(text) <= maxSampleBytes {
		return string(text)
	}
	end := maxSampleBytes
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return string(text[:end]) + "…"
}

// extreme is the contact with the highest rank, the first of equals.
type extreme struct {
	found bool
	rank  int
	sample
}

func (e *extreme) offer(item *Item, text []byte, rank int) {
	if e.found && rank <= e.rank {
		return
	}
	*e = extreme{found: true, rank: rank, sample: sampleOf(item, text, "")}
}

func (e *extreme) merge(other *extreme) {
	if other.found && (!e.found || other.rank > e.rank || other.rank == e.rank && other.place < e.place) {
		*e = *other
	}
}
