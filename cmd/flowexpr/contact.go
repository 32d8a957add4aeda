package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
)

// contactCommand shows and changes contacts.
type contactCommand struct {
	Get         contactGet        `cmd:"" help:"Show a contact."`
	List        contactList       `cmd:"" help:"List contacts: UUID, name and first connection."`
	Find        contactFind       `cmd:"" help:"Show the contact that has a URN."`
	Put         contactPut        `cmd:"" help:"Create or replace a contact from its JSON."`
	Delete      contactDelete     `cmd:"" help:"Delete a contact."`
	Connection  connectionCommand `cmd:"" help:"Change a contact's connections."`
	Interact    contactInteract   `cmd:"" help:"The contact used a connection: it becomes the first."`
	Destination contactDest       `cmd:"" help:"Say where a message to the contact goes."`
}

// withService runs a call against the chosen service and prints the JSON of the answer.
func withService(ctx context.Context, io streams, flags *storeFlags, work func(s *service) (*answer, error)) error {
	s, err := openService(ctx, flags)
	if err != nil {
		return err
	}
	defer s.close()
	a, err := work(s)
	if err != nil || len(a.body) == 0 {
		return err
	}
	return printJSON(io.out, a.body)
}

// contactPath gives the path of a contact that is named by its UUID or by one of its URNs.
func contactPath(ctx context.Context, s *service, ref string) (string, error) {
	if id, err := contactstore.ParseUUID(ref); err == nil {
		return "/v1/contacts/" + id.String(), nil
	}
	if _, err := contactstore.ParseURN(ref); err != nil {
		return "", usageError{fmt.Errorf("%q is neither the UUID of a contact nor a URN such as tel:+13233754866", ref)}
	}
	a, err := s.call(ctx, "GET", "/v1/contacts?urn="+url.QueryEscape(ref), nil)
	if err != nil {
		return "", err
	}
	var contact struct {
		UUID string `json:"uuid"`
	}
	if err := json.Unmarshal(a.body, &contact); err != nil {
		return "", err
	}
	return "/v1/contacts/" + contact.UUID, nil
}

// onContact makes a call about one contact.
func onContact(ctx context.Context, io streams, flags *storeFlags, ref, method, suffix string, body any) error {
	return withService(ctx, io, flags, func(s *service) (*answer, error) {
		path, err := contactPath(ctx, s, ref)
		if err != nil {
			return nil, err
		}
		return s.call(ctx, method, path+suffix, body)
	})
}

type contactGet struct {
	Contact string `arg:"" help:"UUID or URN of the contact."`
}

func (c *contactGet) Run(ctx context.Context, io streams, flags *storeFlags) error {
	return onContact(ctx, io, flags, c.Contact, "GET", "", nil)
}

type contactFind struct {
	URN string `arg:"" help:"The URN, such as tel:+13233754866."`
}

func (c *contactFind) Run(ctx context.Context, io streams, flags *storeFlags) error {
	return withService(ctx, io, flags, func(s *service) (*answer, error) {
		return s.call(ctx, "GET", "/v1/contacts?urn="+url.QueryEscape(c.URN), nil)
	})
}

type contactList struct {
	Cursor string `placeholder:"CURSOR" help:"Go on after a page: its next_cursor."`
	Limit  int    `default:"50" help:"Contacts in the page (default 50)."`
	Query  string `short:"q" name:"query" placeholder:"TEXT" help:"Only contacts whose name or a URN contains this."`
	Group  string `placeholder:"NAME" help:"Only contacts of a group: its name or UUID."`
	JSON   bool   `name:"json" help:"Print JSON."`
}

// contactPage is a page of a list. Its rows are kept as they came beside what is shown of them.
type contactPage struct {
	Contacts []json.RawMessage `json:"contacts"`
	Next     *string           `json:"next_cursor"`
}

func (c *contactList) Run(ctx context.Context, io streams, flags *storeFlags) error {
	s, err := openService(ctx, flags)
	if err != nil {
		return err
	}
	defer s.close()
	page, err := c.collect(ctx, s)
	if err != nil {
		return err
	}
	if c.JSON {
		data, err := json.Marshal(page)
		if err != nil {
			return err
		}
		return printJSON(io.out, data)
	}
	for _, row := range page.Contacts {
		var contact struct{ UUID, Name, Connection string }
		if err := json.Unmarshal(row, &contact); err != nil {
			return err
		}
		fmt.Fprintf(io.out, "%s  %-24s  %s\n", contact.UUID, contact.Name, contact.Connection)
	}
	if page.Next != nil {
		fmt.Fprintf(io.err, "there may be more: --cursor %s\n", *page.Next)
	}
	return nil
}

// collect asks until the page is full: a search may come back with few contacts or none, and a cursor.
func (c *contactList) collect(ctx context.Context, s *service) (contactPage, error) {
	page := contactPage{Contacts: []json.RawMessage{}}
	query := url.Values{}
	for key, value := range map[string]string{"cursor": c.Cursor, "q": c.Query, "group": c.Group} {
		if value != "" {
			query.Set(key, value)
		}
	}
	for {
		query.Set("limit", strconv.Itoa(c.Limit-len(page.Contacts)))
		a, err := s.call(ctx, "GET", "/v1/contacts?"+query.Encode(), nil)
		if err != nil {
			return page, err
		}
		var more contactPage
		if err := json.Unmarshal(a.body, &more); err != nil {
			return page, err
		}
		page.Contacts, page.Next = append(page.Contacts, more.Contacts...), more.Next
		if page.Next == nil || len(page.Contacts) >= c.Limit {
			return page, nil
		}
		query.Set("cursor", *page.Next)
	}
}

type contactPut struct {
	File string `arg:"" help:"File with the contact's JSON (- for standard input)."`
}

func (c *contactPut) Run(ctx context.Context, io streams, flags *storeFlags) error {
	data, err := readInput(c.File, io)
	if err != nil {
		return err
	}
	contact, err := contactstore.ParseContact(data)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	return withService(ctx, io, flags, func(s *service) (*answer, error) {
		if contact.UUID == (contactstore.UUID{}) {
			return s.call(ctx, "POST", "/v1/contacts", data)
		}
		return s.call(ctx, "PUT", "/v1/contacts/"+contact.UUID.String(), data)
	})
}

type contactDelete struct {
	Contact string `arg:"" help:"UUID or URN of the contact."`
}

func (c *contactDelete) Run(ctx context.Context, io streams, flags *storeFlags) error {
	return onContact(ctx, io, flags, c.Contact, "DELETE", "", nil)
}

type connectionCommand struct {
	Add     connectionAdd     `cmd:"" help:"Add a connection: last, or at a priority."`
	Edit    connectionEdit    `cmd:"" help:"Replace a connection's URN; it keeps its place."`
	Remove  connectionRemove  `cmd:"" help:"Remove a connection."`
	Promote connectionPromote `cmd:"" help:"Move a connection one place up, or to a place."`
}

type connectionAdd struct {
	Contact  string `arg:"" help:"UUID or URN of the contact."`
	URN      string `arg:"" help:"The URN to add."`
	Priority int    `placeholder:"N" help:"Its place, 1 = the highest priority (default: last)."`
}

func (c *connectionAdd) Run(ctx context.Context, io streams, flags *storeFlags) error {
	body := map[string]any{"urn": c.URN}
	if c.Priority != 0 {
		body["priority"] = c.Priority
	}
	return onContact(ctx, io, flags, c.Contact, "POST", "/connections", body)
}

type connectionEdit struct {
	Contact string `arg:"" help:"UUID or URN of the contact."`
	URN     string `arg:"" help:"The connection."`
	New     string `arg:"" help:"Its new URN."`
}

func (c *connectionEdit) Run(ctx context.Context, io streams, flags *storeFlags) error {
	return onContact(ctx, io, flags, c.Contact, "PATCH", "/connections/"+url.PathEscape(c.URN), map[string]any{"urn": c.New})
}

type connectionRemove struct {
	Contact string `arg:"" help:"UUID or URN of the contact."`
	URN     string `arg:"" help:"The connection."`
}

func (c *connectionRemove) Run(ctx context.Context, io streams, flags *storeFlags) error {
	return onContact(ctx, io, flags, c.Contact, "DELETE", "/connections/"+url.PathEscape(c.URN), nil)
}

type connectionPromote struct {
	Contact string `arg:"" help:"UUID or URN of the contact."`
	URN     string `arg:"" help:"The connection."`
	To      int    `placeholder:"N" help:"The place to move it to, 1 = the highest priority (default: one up)."`
}

func (c *connectionPromote) Run(ctx context.Context, io streams, flags *storeFlags) error {
	body := map[string]any{}
	if c.To != 0 {
		body["to"] = c.To
	}
	return onContact(ctx, io, flags, c.Contact, "POST", "/connections/"+url.PathEscape(c.URN)+"/promote", body)
}

type contactInteract struct {
	Contact string `arg:"" help:"UUID or URN of the contact."`
	URN     string `arg:"" help:"The connection that the contact used."`
	At      string `placeholder:"TIME" help:"When, such as 2026-11-24T12:00:00Z (default: now)."`
	Channel string `placeholder:"UUID" help:"The channel it was used on."`
}

func (c *contactInteract) Run(ctx context.Context, io streams, flags *storeFlags) error {
	body := map[string]any{"urn": c.URN}
	if c.At != "" {
		if _, err := time.Parse(time.RFC3339Nano, c.At); err != nil {
			return usageError{fmt.Errorf("--at: got %q, want a time such as 2026-11-24T12:00:00Z", c.At)}
		}
		body["at"] = c.At
	}
	if c.Channel != "" {
		body["channel"] = c.Channel
	}
	return onContact(ctx, io, flags, c.Contact, "POST", "/interactions", body)
}

type contactDest struct {
	Contact string `arg:"" help:"UUID or URN of the contact."`
}

func (c *contactDest) Run(ctx context.Context, io streams, flags *storeFlags) error {
	return onContact(ctx, io, flags, c.Contact, "GET", "/destination", nil)
}
