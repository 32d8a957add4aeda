package server

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/flowexpr/flowexpr/contactstore"
)

// getContact answers with the contact of the path.
func (s *Server) getContact(r *request) error {
	id, err := r.uuid()
	if err != nil {
		return err
	}
	record, age, err := contactstore.GetAged(r.context(), s.store, r.workspace.name, id)
	if err != nil {
		return err
	}
	r.http.Response.Header.Set(fasthttp.HeaderAge, strconv.FormatInt(int64((age+time.Second-1)/time.Second), 10))
	return s.answerContact(r, 200, record)
}

// answerContact answers with a contact; its version is the ETag.
func (s *Server) answerContact(r *request, status int, record contactstore.Record) error {
	if r.notModified(record.Version()) {
		return nil
	}
	contact, err := record.Contact()
	if err != nil {
		return err
	}
	r.json(status, contactstore.AppendJSON(nil, contact))
	return nil
}

// contactBody reads a whole contact from the body.
func (r *request) contactBody() (*contactstore.Contact, error) {
	o, err := r.body() // says where JSON goes wrong
	if err != nil {
		return nil, err
	}
	contact, err := contactstore.ParseContact(o.body)
	if err != nil {
		return nil, err
	}
	contact.Workspace = r.workspace.name
	return contact, nil
}

// createContact stores a new contact.
func (s *Server) createContact(r *request) error {
	contact, err := r.contactBody()
	if err != nil {
		return err
	}
	if contact.UUID == (contactstore.UUID{}) {
		contact.UUID = s.options.NewUUID()
	}
	record, err := s.create(r, contact)
	if errors.Is(err, contactstore.ErrVersion) {
		return &problem{status: 409, code: "contact_exists", detail: "there is a contact with this UUID", hint: "change it with PUT or PATCH, or leave the UUID out"}
	}
	if err != nil {
		return err
	}
	return s.answerCreated(r, record)
}

// create stores a contact that is not there; the error matches ErrVersion when it is.
func (s *Server) create(r *request, contact *contactstore.Contact) (contactstore.Record, error) {
	contact.Version, r.subject = 1, contact.UUID
	if contact.CreatedOn.IsZero() {
		contact.CreatedOn = s.options.Clock().UTC()
	}
	record, err := contactstore.Encode(contact)
	if err != nil {
		return contactstore.Record{}, err
	}
	return record, s.store.Put(r.context(), record)
}

func (s *Server) answerCreated(r *request, record contactstore.Record) error {
	r.http.Response.Header.Set(fasthttp.HeaderLocation, "/v1/contacts/"+record.UUID().String())
	return s.answerContact(r, 201, record)
}

// putAttempts bounds how often PUT looks again when others create and delete the contact meanwhile.
const putAttempts = 5

// putContact creates or replaces the contact of the path.
func (s *Server) putContact(r *request) error {
	id, err := r.uuid()
	if err != nil {
		return err
	}
	contact, err := r.contactBody()
	if err != nil {
		return err
	}
	if err := sameUUID(contact, id); err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		record, created, err := s.put(r, contact)
		switch {
		case err == nil && created:
			return s.answerCreated(r, record)
		case err == nil:
			return s.answerContact(r, 200, record)
		case !errors.Is(err, contactstore.ErrVersion) || attempt == putAttempts:
			return err
		}
	}
}

// put replaces the contact, or creates it where it is not there.
func (s *Server) put(r *request, contact *contactstore.Contact) (record contactstore.Record, created bool, err error) {
	if !r.createsOnly() {
		record, _, err = s.update(r, contact.UUID, func(before *contactstore.Contact) (contactstore.Change, error) {
			return replace(before, *contact), nil
		})
		if !errors.Is(err, contactstore.ErrNotFound) {
			return record, false, err
		}
		if r.expectsVersion() {
			return record, false, staleVersion("there is no such contact, and If-Match asks for one")
		}
	}
	fresh := *contact
	record, err = s.create(r, &fresh)
	if r.createsOnly() && errors.Is(err, contactstore.ErrVersion) {
		return record, false, staleVersion("there is a contact with this UUID, and If-None-Match asks for none")
	}
	return record, true, err
}

// replace makes before the contact that was given. What is known of its connections' use stays, where the caller does
// not say otherwise: the systems that contacts come from do not know it.
func replace(before *contactstore.Contact, contact contactstore.Contact) contactstore.Change {
	contact.Version = before.Version
	if contact.CreatedOn.IsZero() {
		contact.CreatedOn = before.CreatedOn
	}
	contact.Connections = append([]contactstore.Connection(nil), contact.Connections...)
	for i := range contact.Connections {
		c := &contact.Connections[i]
		if at := before.Find(c.URN); at >= 0 && c.LastUsedOn.IsZero() && c.Channel == "" {
			c.LastUsedOn, c.Channel = before.Connections[at].LastUsedOn, before.Connections[at].Channel
		}
	}
	same := string(contactstore.AppendJSON(nil, before)) == string(contactstore.AppendJSON(nil, &contact))
	*before = contact
	return contactstore.Change{Changed: !same}
}

func sameUUID(contact *contactstore.Contact, id contactstore.UUID) error {
	if contact.UUID == (contactstore.UUID{}) {
		contact.UUID = id
	}
	if contact.UUID != id {
		return &problem{status: 400, code: "uuid_mismatch", detail: "the body has another uuid than the path", hint: "leave it out of the body; a contact's uuid does not change"}
	}
	return nil
}

// update changes a contact, as often as it takes, and holds it to If-Match.
func (s *Server) update(r *request, id contactstore.UUID, edit func(*contactstore.Contact) (contactstore.Change, error)) (contactstore.Record, contactstore.Change, error) {
	return contactstore.Update(r.context(), s.store, r.workspace.name, id, func(c *contactstore.Contact) (contactstore.Change, error) {
		if err := r.ifMatch(c.Version); err != nil {
			return contactstore.Change{}, err
		}
		return edit(c)
	})
}

// patchContact merges a patch into the contact of the path.
func (s *Server) patchContact(r *request) error {
	id, err := r.uuid()
	if err != nil {
		return err
	}
	patch, err := r.body()
	if err != nil {
		return err
	}
	record, _, err := s.update(r, id, func(before *contactstore.Contact) (contactstore.Change, error) {
		after, err := patched(before, patch.body)
		if err != nil {
			return contactstore.Change{}, err
		}
		return replace(before, *after), nil
	})
	if err != nil {
		return err
	}
	return s.answerContact(r, 200, record)
}

func patched(before *contactstore.Contact, patch []byte) (*contactstore.Contact, error) {
	merged, err := mergePatch(contactstore.AppendJSON(nil, before), patch)
	if err != nil {
		return nil, err
	}
	after, err := contactstore.ParseContact(merged)
	if err != nil {
		return nil, fmt.Errorf("after the patch: %w", err)
	}
	after.Workspace = before.Workspace
	return after, sameUUID(after, before.UUID)
}

// deleteContact removes the contact of the path.
func (s *Server) deleteContact(r *request) error {
	id, err := r.uuid()
	if err != nil {
		return err
	}
	version := uint64(0)
	if r.expectsVersion() {
		record, err := contactstore.GetFresh(r.context(), s.store, r.workspace.name, id)
		if err != nil {
			return err
		}
		if err := r.ifMatch(record.Version()); err != nil {
			return err
		}
		version = record.Version()
	}
	err = s.store.Delete(r.context(), r.workspace.name, id, version)
	if errors.Is(err, contactstore.ErrVersion) {
		return staleVersion("it was changed meanwhile")
	}
	if err != nil {
		return err
	}
	r.http.Response.SetStatusCode(fasthttp.StatusNoContent)
	return nil
}
