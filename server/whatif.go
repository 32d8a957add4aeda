package server

import (
	"github.com/flowexpr/flowexpr/contactstore"
)

// whatIf answers POST /v1/whatif: the contact of the body as it would be after a change of its connections. Nothing is
// stored. Without a change it gives the contact as it would be stored: checked, its URNs normalized.
func (s *Server) whatIf(r *request) error {
	o, err := r.body()
	if err != nil {
		return err
	}
	if err := o.only("contact", "change"); err != nil {
		return err
	}
	if !o.has("contact") {
		return o.missing("contact", "a contact as GET /v1/contacts/UUID gives it")
	}
	contact, err := contactstore.ParseContact(o.raw("contact"))
	if err != nil {
		return o.in("contact", err)
	}
	if contact.UUID == (contactstore.UUID{}) {
		contact.UUID = s.options.NewUUID()
	}
	change, err := s.readChange(r, &o)
	if err != nil {
		return err
	}
	done, err := change(contact)
	if err != nil {
		return err
	}
	r.json(200, appendChange(nil, done, contact))
	return nil
}

// readChange reads the change, an object with one member: add or interact, with what the calls of these names take,
// {"edit": {"urn", "to"}}, {"remove": {"urn"}} or {"promote": {"urn", "to"}}.
func (s *Server) readChange(r *request, o *object) (edit, error) {
	change, ok, err := o.object("change")
	if err != nil {
		return nil, err
	}
	if !ok {
		return func(*contactstore.Contact) (contactstore.Change, error) { return contactstore.Change{}, nil }, nil
	}
	if err := change.only("add", "edit", "remove", "promote", "interact"); err != nil {
		return nil, err
	}
	if len(change.members) != 1 {
		return nil, bodyProblem(o.body, change.at, "invalid_member", "change: want exactly one member", "make one change after the other")
	}
	name := string(change.members[0].name)
	inner, ok, err := change.object(name)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, change.wrong(name, "an object")
	}
	switch name {
	case "add":
		return s.readAdd(r, &inner)
	case "edit":
		return readEdit(&inner)
	case "interact":
		return s.readInteraction(&inner)
	case "promote":
		return readPromote(&inner)
	default:
		return readRemove(&inner)
	}
}

// readEdit reads {"urn", "to"}: the connection, and what it becomes.
func readEdit(o *object) (edit, error) {
	if err := o.only("urn", "to"); err != nil {
		return nil, err
	}
	before, err := o.urn("urn")
	if err != nil {
		return nil, err
	}
	after, err := o.validURN("to")
	return func(c *contactstore.Contact) (contactstore.Change, error) { return c.Edit(before, after) }, err
}

// readPromote reads {"urn"} and perhaps {"to"}, a place.
func readPromote(o *object) (edit, error) {
	if err := o.only("urn", "to"); err != nil {
		return nil, err
	}
	urn, err := o.urn("urn")
	if err != nil {
		return nil, err
	}
	to, err := o.place("to")
	return promotion(urn, to), err
}

func readRemove(o *object) (edit, error) {
	if err := o.only("urn"); err != nil {
		return nil, err
	}
	urn, err := o.urn("urn")
	return func(c *contactstore.Contact) (contactstore.Change, error) { return c.Remove(urn) }, err
}
