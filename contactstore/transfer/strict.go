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

// checkAll reads the whole file and refuses the import if a row of it could
// not be stored. The source stands where it stood before.
func checkAll(ctx context.Context, store contactstore.Store, workspace string, file io.ReadSeeker, o Options) (Summary, error) {
	start, err := file.Seek(0, io.SeekCurrent)
	if err != nil { // a pipe
		return Summary{}, needsFile(err)
	}
	c := &checker{
		store: store, workspace: workspace, options: o, seed: maphash.MakeSeed(),
		contacts: map[uint64]int{}, urns: map[uint64]claim{}, waiting: map[uint64][]*row{},
	}
	if err := c.run(ctx, file); err != nil {
		return c.summary, err
	}
	if c.summary.Failed > 0 {
		return c.summary, &contactstore.Error{
			Code:    "import_refused",
			Message: fmt.Sprintf("%d of %d rows cannot be imported, so none was", c.summary.Failed, c.summary.Rows),
			Hint:    "correct these rows, or import the others without strict",
		}
	}
	if _, err := file.Seek(start, io.SeekStart); err != nil {
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
	contacts map[uint64]int    // UUID → line
	urns     map[uint64]claim  // URN identity → the row that has it
	waiting  map[uint64][]*row // UUID of a contact that has a URN in the store and has had no row yet → problems if it gets none
	kept     int               // bytes of the text of rows that wait
}

// claim is the row that has a URN.
type claim struct {
	contact uint64
	line    int
}

func (c *checker) run(ctx context.Context, file io.Reader) error {
	source, err := open(ctx, c.store, c.workspace, file, c.options)
	if err != nil {
		return err
	}
	c.summary.warn(source.warnings(), c.options)
	for b, err := range batches(ctx, source, c.workspace, c.options) {
		if err != nil {
			return err
		}
		owners, err := c.lookUp(ctx, b.rows)
		if err != nil {
			return err
		}
		for i, r := range b.rows {
			c.row(r, owners[i])
		}
		c.summary.Rows, c.summary.Bytes = b.rowsSoFar, b.bytesSoFar
		c.options.progress(Checking, b)
	}
	var left []*row
	for _, rows := range c.waiting {
		left = append(left, rows...)
	}
	slices.SortFunc(left, func(a, b *row) int { return a.line - b.line })
	for _, r := range left {
		c.summary.note(r, c.options)
	}
	return nil
}

// lookUp makes each row what would be stored, and gives for each of its URNs the other contact of the store that has
// it, or the zero UUID.
func (c *checker) lookUp(ctx context.Context, rows []*row) ([][]contactstore.UUID, error) {
	owners := make([][]contactstore.UUID, len(rows))
	errs := make([]error, len(rows))
	eachOf(8, len(rows), func(i int) { // more than processors: this waits for the store
		if rows[i].problem == nil {
			owners[i], errs[i] = c.complete(ctx, rows[i])
		}
	})
	return owners, errors.Join(errs...)
}

func (c *checker) complete(ctx context.Context, r *row) ([]contactstore.UUID, error) {
	if r.byURN {
		owner, err := c.owner(ctx, r.contact.Connections[0].URN)
		if err != nil {
			return nil, err
		}
		if owner != (contactstore.UUID{}) {
			r.identify(owner)
		}
	}
	if r.over != nil {
		if err := c.merge(ctx, r); err != nil || r.problem != nil {
			return nil, err
		}
	}
	if _, err := contactstore.Encode(versioned(r.contact)); err != nil {
		r.fail(err)
		return nil, nil
	}
	owners := make([]contactstore.UUID, len(r.contact.Connections))
	for i, connection := range r.contact.Connections {
		owner, err := c.owner(ctx, connection.URN)
		if err != nil {
			return nil, err
		}
		if owner != r.contact.UUID {
			owners[i] = owner
		}
	}
	return owners, nil
}

// merge lays a row over what is stored.
func (c *checker) merge(ctx context.Context, r *row) error {
	stored, err := c.store.Get(ctx, c.workspace, r.contact.UUID)
	if errors.Is(err, contactstore.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	contact, err := r.result(stored)
	if err != nil {
		r.fail(err)
		return nil
	}
	r.contact = contact
	return nil
}

// owner gives the contact that has a URN in the store, or the zero UUID.
func (c *checker) owner(ctx context.Context, urn contactstore.URN) (contactstore.UUID, error) {
	found, err := c.store.Find(ctx, c.workspace, urn)
	if errors.Is(err, contactstore.ErrNotFound) {
		return contactstore.UUID{}, nil
	}
	if err != nil {
		return contactstore.UUID{}, err
	}
	return found.UUID(), nil
}

// row checks one row against the store and the rows before it.
func (c *checker) row(r *row, owners []contactstore.UUID) {
	if r.problem != nil {
		c.summary.note(r, c.options)
		return
	}
	id := c.hash(r.contact.UUID.String())
	if before, again := c.contacts[id]; again {
		c.refuse(r, "contact_repeated", fmt.Sprintf("the contact of line %d again", before))
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
		c.refuse(r, "urn_repeated", fmt.Sprintf("%s is a URN of line %d too", urn.Identity(), other.line))
		return false
	}
	c.urns[h] = claim{id, r.line}
	if owner == (contactstore.UUID{}) {
		return true
	}
	ownerID := c.hash(owner.String())
	if _, had := c.contacts[ownerID]; !had {
		c.waiting[ownerID] = append(c.waiting[ownerID], c.waits(r, urn))
	}
	return true
}

// waits gives a row as the problem that it is unless the owner of a URN gives it up, with its text while there is room.
func (c *checker) waits(r *row, urn contactstore.URN) *row {
	w := &row{line: r.line, problem: &Problem{Line: r.line, Code: "urn_taken", Message: urn.Identity() + " belongs to another contact"}}
	if c.kept+len(r.text) <= maxDeferred {
		w.text, c.kept = r.text, c.kept+len(r.text)
	}
	return w
}

func (c *checker) refuse(r *row, code, message string) {
	r.problem = &Problem{Line: r.line, Code: code, Message: message}
	c.summary.note(r, c.options)
}

func (c *checker) hash(text string) uint64 { return maphash.String(c.seed, text) }

// versioned is a contact as it would be added.
func versioned(c *contactstore.Contact) *contactstore.Contact {
	v := *c
	v.Version = 1
	return &v
}
