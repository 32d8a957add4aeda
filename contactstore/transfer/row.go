package transfer

import (
	"errors"
	"runtime"
	"sync"

	"github.com/flowexpr/flowexpr/contactstore"
)

// row is one line on its way into the store: a contact, or a problem.
type row struct {
	line    int
	size    int // bytes of its text
	contact *contactstore.Contact
	problem *Problem

	record   contactstore.Record // what to put, zero = nothing
	isNew    bool
	conflict bool // another contact has one of its URNs
}

// parse reads the contact of a line.
func parse(l line, workspace string) *row {
	r := &row{line: l.number, size: len(l.text), problem: l.problem}
	if l.problem != nil {
		return r
	}
	c, err := contactstore.ParseContact(l.text)
	if err != nil {
		r.fail(err)
		return r
	}
	if c.UUID == (contactstore.UUID{}) {
		r.fail(&contactstore.Error{Code: "uuid_missing", Message: "a contact without uuid", Hint: `give each row a "uuid", or it would be added again by each run`})
		return r
	}
	c.Workspace = workspace
	r.contact = c
	return r
}

// fail makes the row a problem.
func (r *row) fail(err error) {
	r.record = contactstore.Record{}
	p := Problem{Line: r.line, Code: "invalid_contact", Message: err.Error()}
	var known *contactstore.Error
	if errors.As(err, &known) {
		p.Hint = known.Hint
		if known.Code != "" {
			p.Code = known.Code
		}
		if known.Message != "" {
			p.Message = known.Message
		}
	}
	r.problem = &p
}

// compare decides what to put, given what is stored. Equal contacts give equal bytes.
func (r *row) compare(stored contactstore.Record) {
	r.isNew, r.record = stored.IsZero(), contactstore.Record{}
	if !r.isNew {
		r.contact.Version = stored.Version()
		same, err := contactstore.Encode(r.contact)
		if err != nil {
			r.fail(err)
			return
		}
		if same.Bytes() == stored.Bytes() {
			return
		}
	}
	r.contact.Version = 1
	if !r.isNew {
		r.contact.Version += stored.Version()
	}
	record, err := contactstore.Encode(r.contact)
	if err != nil {
		r.fail(err)
		return
	}
	r.record = record
}

// each calls work for 0 to n-1, on all processors.
func each(n int, work func(i int)) { eachOf(runtime.GOMAXPROCS(0), n, work) }

// eachOf calls work for 0 to n-1, on so many goroutines.
func eachOf(workers, n int, work func(i int)) {
	workers = min(workers, n)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for i := w; i < n; i += workers {
				work(i)
			}
		})
	}
	group.Wait()
}
