package transfer

import (
	"errors"
	"runtime"
	"sync"

	"github.com/flowexpr/flowexpr/contactstore"
)

// row is one row on its way into the store: a contact, or a problem.
type row struct {
	told
	line    int
	text    []byte // as it was
	problem *Problem

	record   contactstore.Record // what to put, zero = nothing
	isNew    bool
	conflict bool // another contact has one of its URNs
}

// parse reads the contact of a row.
func parse(s source, given raw, workspace string) *row {
	r := &row{line: given.line, text: given.text, problem: given.problem}
	if r.problem != nil {
		return r
	}
	var err error
	if r.told, err = s.contact(given); err != nil {
		r.fail(err)
		return r
	}
	if r.contact.UUID == (contactstore.UUID{}) {
		r.fail(&contactstore.Error{Code: "uuid_missing", Message: "a contact without uuid", Hint: `give each row a "uuid", or it would be added again by each run`})
		return r
	}
	r.contact.Workspace = workspace
	return r
}

// fail makes the row a problem.
func (r *row) fail(err error) {
	r.record = contactstore.Record{}
	p := Problem{Line: r.line, Code: "invalid_contact", Message: err.Error()}
	var known *contactstore.Error
	if errors.As(err, &known) {
		p.Hint, p.Place = known.Hint, known.Member
		if known.Code != "" {
			p.Code = known.Code
		}
		if known.Message != "" {
			p.Message = known.Message
		}
	}
	r.problem = &p
}

// identify makes a row that names no UUID the row of a contact.
func (r *row) identify(id contactstore.UUID) {
	c := *r.contact
	c.UUID = id
	r.contact, r.byURN = &c, false
}

// result gives the contact as it is to be stored over what is stored; its version is still the stored one's.
func (r *row) result(stored contactstore.Record) (*contactstore.Contact, error) {
	c := *r.contact
	if stored.IsZero() {
		return &c, nil
	}
	c.Version = stored.Version()
	if r.over == nil {
		return &c, nil
	}
	before, err := stored.Contact()
	if err != nil {
		return nil, err
	}
	return r.over(before)
}

// compare decides what to put, given what is stored. Equal contacts give equal bytes.
func (r *row) compare(stored contactstore.Record) {
	r.isNew, r.record = stored.IsZero(), contactstore.Record{}
	c, err := r.result(stored)
	if err != nil {
		r.fail(err)
		return
	}
	if !r.isNew {
		same, err := contactstore.Encode(c)
		if err != nil {
			r.fail(err)
			return
		}
		if same.Bytes() == stored.Bytes() {
			return
		}
	}
	c.Version = stored.Version() + 1
	if r.record, err = contactstore.Encode(c); err != nil {
		r.fail(err)
	}
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
