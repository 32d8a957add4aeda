package transfer

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"

	"github.com/flowexpr/flowexpr/contactstore"
)

// checkAll reads the whole source and refuses the import if a row of it could
// not be stored. The source stands where it stood before.
func checkAll(ctx context.Context, store contactstore.Store, workspace string, source io.ReadSeeker, o Options) (Summary, error) {
	start, err := source.Seek(0, io.SeekCurrent)
	if err != nil { // a pipe
		return Summary{}, needsFile(err)
	}
	c := &checker{
		store: store, workspace: workspace, options: o, seed: maphash.MakeSeed(),
		contacts: map[uint64]int{}, urns: map[uint64]claim{}, waiting: map[uint64][]Problem{},
	}
	if err := c.run(ctx, source); err != nil {
		return c.summary, err
	}
	if c.summary.Failed > 0 {
		return c.summary, &contactstore.Error{
			Code:    "import_refused",
			Message: fmt.Sprintf("%d of %d rows cannot be imported, so none was", c.summary.Failed, c.summary.Rows),
			Hint:    "correct these rows, or import the others without strict",
		}
	}
	if _, err := source.Seek(start, io.SeekStart); err != nil {
		return c.summary, needsFile(err)
	}
	return c.summary, nil
}

func needsFile(err error) error {
	return &contactstore.Error{
		Code: "strict_needs_file", Message: "a strict import reads its source twice, and this one can be read only once",
		Hint: "save it to a file first", Err: err,
	}
}

// checker goes through the file as the import would, and stores nothing. Hashes
// of 64 bits stand for UUIDs and URNs: two of ten million are alike with a chance of 1 to 100,000.
type checker struct {
	store     contactstore.Store
	workspace string
	options   Options
	summary   Summary

	seed     maphash.Seed
	contacts map[uint64]int       // UUID → line
	urns     map[uint64]claim     // URN identity → the row that has it
	waiting  map[uint64][]Problem // UUID of a contact that has a URN in the store, and has had no row yet
}

// claim is the row that has a URN.
type claim struct {
	contact uint64
	line    int
}

func (c *checker) run(ctx context.Context, source io.Reader) error {
	for b, err := range batches(ctx, source, c.workspace, c.options) {
		if err != nil {
			return err
		}
		owners, err := c.owners(ctx, b.rows)
		if err != nil {
			return err
		}
		for i, r := range b.rows {
			c.row(r, owners[i])
		}
		c.summary.Rows, c.summary.Bytes = b.rowsSoFar, b.bytesSoFar
		c.options.progress(Checking, b)
	}
	var left []Problem
	for _, problems := range c.waiting {
		left = append(left, problems...)
	}
	slices.SortFunc(left, func(a, b Problem) int { return a.Line - b.Line })
	for _, p := range left {
		c.summary.note(p, c.options)
	}
	return nil
}

// owners encodes each row, to see that it can be, and gives for each of its URNs the other contact of the store that has it, or the zero UUID.
func (c *checker) owners(ctx context.Context, rows []*row) ([][]contactstore.UUID, error) {
	out := make([][]contactstore.UUID, len(rows))
	errs := make([]error, len(rows))
	eachOf(8, len(rows), func(i int) { // more than processors: this waits for the store
		if rows[i].problem != nil {
			return
		}
		if _, err := contactstore.Encode(versioned(rows[i].contact)); err != nil {
			rows[i].fail(err)
			return
		}
		out[i], errs[i] = c.ownersOf(ctx, rows[i].contact)
	})
	return out, errors.Join(errs...)
}

func (c *checker) ownersOf(ctx context.Context, contact *contactstore.Contact) ([]contactstore.UUID, error) {
	out := make([]contactstore.UUID, len(contact.Connections))
	for i, connection := range contact.Connections {
		r, err := c.store.Find(ctx, c.workspace, connection.URN)
		switch {
		case errors.Is(err, contactstore.ErrNotFound):
		case err != nil:
			return nil, err
		case r.UUID() != contact.UUID:
			out[i] = r.UUID()
		}
	}
	return out, nil
}

// row checks one row against the store and the rows before it.
func (c *checker) row(r *row, owners []contactstore.UUID) {
	if r.problem != nil {
		c.summary.note(*r.problem, c.options)
		return
	}
	id := c.hash(r.contact.UUID.String())
	if before, again := c.contacts[id]; again {
		c.refuse(Problem{Line: r.line, Code: "contact_repeated", Message: fmt.Sprintf("the contact of line %d again", before)})
		return
	}
	c.contacts[id] = r.line
	delete(c.waiting, id) // it has its row now, which says what URNs it keeps
	for i, connection := range r.contact.Connections {
		if !c.claim(r, id, connection.URN, owners[i]) {
			return
		}
	}
}

// claim takes a URN for a row, unless another row or contact has it.
func (c *checker) claim(r *row, id uint64, urn contactstore.URN, owner contactstore.UUID) bool {
	h := c.hash(urn.Identity())
	if other, taken := c.urns[h]; taken && other.contact != id {
		c.refuse(Problem{Line: r.line, Code: "urn_repeated", Message: fmt.Sprintf("%s is a URN of line %d too", urn.Identity(), other.line)})
		return false
	}
	c.urns[h] = claim{id, r.line}
	if owner == (contactstore.UUID{}) {
		return true
	}
	ownerID := c.hash(owner.String())
	if _, had := c.contacts[ownerID]; !had {
		c.waiting[ownerID] = append(c.waiting[ownerID], Problem{
			Line: r.line, Code: "urn_taken", Message: urn.Identity() + " belongs to another contact",
		})
	}
	return true
}

func (c *checker) refuse(p Problem) { c.summary.note(p, c.options) }

func (c *checker) hash(text string) uint64 { return maphash.String(c.seed, text) }

// versioned is a contact as it would be added.
func versioned(c *contactstore.Contact) *contactstore.Contact {
	v := *c
	v.Version = 1
	return &v
}
