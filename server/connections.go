package server

import (
	"math"
	"strconv"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/server/jsontext"
)

// edit is a change of a contact's connections.
type edit = func(*contactstore.Contact) (contactstore.Change, error)

// changeConnections makes a change on the contact of the path and answers with the contact, and with what changed.
// status is for a change; what changes nothing is answered with 200.
func (s *Server) changeConnections(r *request, status int, change edit) error {
	id, err := r.uuid()
	if err != nil {
		return err
	}
	record, done, err := s.update(r, id, change)
	if err != nil {
		return err
	}
	contact, err := record.Contact()
	if err != nil {
		return err
	}
	if !done.Changed {
		status = 200
	}
	r.setVersion(record.Version())
	r.json(status, appendChange(nil, done, contact))
	return nil
}

func appendChange(dst []byte, change contactstore.Change, contact *contactstore.Contact) []byte {
	dst = append(dst, `{"changed":`...)
	if change.Changed {
		dst = append(dst, "true"...)
	} else {
		dst = append(dst, "false"...)
	}
	dst = jsontext.Append(append(dst, `,"reason":`...), change.Reason)
	dst = contactstore.AppendJSON(append(dst, `,"contact":`...), contact)
	return append(dst, '}')
}

// addConnection adds a connection, {"urn"} or {"type", "value"}, last or at a "priority".
func (s *Server) addConnection(r *request) error {
	o, err := r.body()
	if err != nil {
		return err
	}
	add, err := s.readAdd(r, &o)
	if err != nil {
		return err
	}
	return s.changeConnections(r, 201, add)
}

func (s *Server) readAdd(r *request, o *object) (edit, error) {
	if err := o.only("urn", "type", "value", "priority"); err != nil {
		return nil, err
	}
	urn, err := s.readConnection(r, o)
	if err != nil {
		return nil, err
	}
	priority, err := o.place("priority")
	return func(c *contactstore.Contact) (contactstore.Change, error) { return c.Add(urn, priority) }, err
}

// place reads a place that counts from 1; 0 when it is missing or null.
func (o *object) place(name string) (int, error) {
	place, err := o.integer(name)
	if err == nil && o.has(name) && place < 1 {
		err = o.noPlace(name)
	}
	return int(min(place, math.MaxInt32)), err
}

// noPlace is the problem of a place below 1.
func (o *object) noPlace(name string) error {
	m, _ := o.find(name)
	return bodyProblem(o.body, m.start, "invalid_priority", name+": places count from 1, the highest priority", "")
}

// readConnection reads the connection to add.
func (s *Server) readConnection(r *request, o *object) (contactstore.URN, error) {
	if o.has("urn") {
		if o.has("type") || o.has("value") {
			m, _ := o.find("urn")
			return contactstore.URN{}, bodyProblem(o.body, m.start, "invalid_member", "urn stands beside type and value", "give either urn, or type and value")
		}
		return o.validURN("urn")
	}
	if !o.has("type") || !o.has("value") {
		return contactstore.URN{}, o.missing("urn", `"urn", or "type" and "value", such as "Phone Number" and "+13233754866"`)
	}
	title, err := o.text("type")
	if err != nil {
		return contactstore.URN{}, err
	}
	scheme, ok := connectionType(title)
	if !ok {
		return contactstore.URN{}, o.unknownType(title)
	}
	value, err := o.text("value")
	if err != nil {
		return contactstore.URN{}, err
	}
	urn, err := s.urnOf(r, scheme, value)
	return urn, o.in("value", err)
}

// connectionType finds a type of connection by its title or its scheme.
func connectionType(name string) (contactstore.Scheme, bool) {
	for _, scheme := range contactstore.Schemes() {
		if strings.EqualFold(scheme.Title, name) || strings.EqualFold(scheme.Name, name) {
			return scheme, true
		}
	}
	return contactstore.Scheme{}, false
}

func (o *object) unknownType(name string) error {
	var titles []string
	for _, scheme := range contactstore.Schemes() {
		titles = append(titles, scheme.Title)
	}
	hint := "known here: " + strings.Join(titles, ", ")
	if near := diag.Nearest(name, titles); near != "" {
		hint = "did you mean " + near + "? " + hint
	}
	m, _ := o.find("type")
	return bodyProblem(o.body, m.start, "unknown_connection_type", "type: there is no such type of connection", hint)
}

// urnOf makes the URN of a value as people write it. A phone number without a country code is of the workspace's country.
func (s *Server) urnOf(r *request, scheme contactstore.Scheme, value string) (contactstore.URN, error) {
	value = strings.TrimSpace(value)
	if scheme.ID == contactstore.SchemeTel {
		current, err := r.workspace.settings(r.context(), r.now())
		if err != nil {
			return contactstore.URN{}, err
		}
		if number, ok := contactstore.ParsePhone(value, current.vars.Settings().Country); ok {
			value = number
		}
	}
	urn, err := contactstore.NewURN(scheme.Name, value, "")
	if err != nil {
		return contactstore.URN{}, err
	}
	urn = urn.Normalize()
	return urn, urn.Validate()
}

// urn reads a URN of the body to look something up by: normalized, and of any scheme.
func (o *object) urn(name string) (contactstore.URN, error) {
	text, err := o.text(name)
	if err != nil {
		return contactstore.URN{}, err
	}
	if !o.has(name) {
		return contactstore.URN{}, o.missing(name, "a URN, such as tel:+13233754866")
	}
	urn, err := contactstore.ParseURN(text)
	if err != nil {
		return contactstore.URN{}, o.in(name, err)
	}
	return urn.Normalize(), nil
}

// validURN reads a URN of the body that is to be stored.
func (o *object) validURN(name string) (contactstore.URN, error) {
	urn, err := o.urn(name)
	if err != nil {
		return contactstore.URN{}, err
	}
	return urn, o.in(name, urn.Validate())
}

// urn reads the URN of the path.
func (r *request) urn() (contactstore.URN, error) { return contactstore.ParseURN(r.params.urn) }

// editConnection replaces a connection by another URN, in its place.
func (s *Server) editConnection(r *request) error {
	before, err := r.urn()
	if err != nil {
		return err
	}
	o, err := r.body()
	if err != nil {
		return err
	}
	if err := o.only("urn"); err != nil {
		return err
	}
	after, err := o.validURN("urn")
	if err != nil {
		return err
	}
	return s.changeConnections(r, 200, func(c *contactstore.Contact) (contactstore.Change, error) { return c.Edit(before, after) })
}

// removeConnection removes a connection.
func (s *Server) removeConnection(r *request) error {
	urn, err := r.urn()
	if err != nil {
		return err
	}
	return s.changeConnections(r, 200, func(c *contactstore.Contact) (contactstore.Change, error) { return c.Remove(urn) })
}

// promoteConnection moves a connection one place up, or {"to": N}. A request without a body is one without "to".
func (s *Server) promoteConnection(r *request) error {
	urn, err := r.urn()
	if err != nil {
		return err
	}
	to := 0
	if len(r.http.Request.Body()) > 0 {
		o, err := r.body()
		if err != nil {
			return err
		}
		if err := o.only("to"); err != nil {
			return err
		}
		if to, err = o.place("to"); err != nil {
			return err
		}
	}
	return s.changeConnections(r, 200, promotion(urn, to))
}

// promotion moves a connection to a place, 0 = one place up.
func promotion(urn contactstore.URN, to int) edit {
	return func(c *contactstore.Contact) (contactstore.Change, error) {
		if to == 0 {
			return c.Promote(urn)
		}
		return c.PromoteTo(urn, to)
	}
}

// maxChannelName bounds the channel of an interaction, in bytes: a UUID has 36.
const maxChannelName = 64

// interact notes that the contact used a connection: last used wins.
func (s *Server) interact(r *request) error {
	o, err := r.body()
	if err != nil {
		return err
	}
	interaction, err := s.readInteraction(&o)
	if err != nil {
		return err
	}
	return s.changeConnections(r, 200, interaction)
}

func (s *Server) readInteraction(o *object) (edit, error) {
	if err := o.only("urn", "at", "channel"); err != nil {
		return nil, err
	}
	urn, err := o.urn("urn")
	if err != nil {
		return nil, err
	}
	at, err := o.time("at")
	if err != nil {
		return nil, err
	}
	if at.IsZero() {
		at = s.options.Clock()
	}
	channel, err := o.text("channel")
	if err != nil {
		return nil, err
	}
	if len(channel) > maxChannelName {
		m, _ := o.find("channel")
		return nil, bodyProblem(o.body, m.start, "invalid_member", "channel: the text is longer than "+strconv.Itoa(maxChannelName)+" bytes", "give the UUID of a channel")
	}
	return func(c *contactstore.Contact) (contactstore.Change, error) { return c.Interact(urn, at, channel) }, nil
}

// destinationAnswer is where a message to a contact goes; all but the reason are null where there is nowhere.
type destinationAnswer struct {
	URN            *string               `json:"urn"`
	ConnectionType *string               `json:"connection_type"`
	ChannelTypes   []string              `json:"channel_types"`
	Channel        *contactstore.Channel `json:"channel"`
	Reason         string                `json:"reason"`
}

// destination says where a message to the contact goes, and why.
func (s *Server) destination(r *request) error {
	id, err := r.uuid()
	if err != nil {
		return err
	}
	current, err := r.workspace.settings(r.context(), r.now())
	if err != nil {
		return err
	}
	record, err := s.store.Get(r.context(), r.workspace.name, id)
	if err != nil {
		return err
	}
	body, err := appendJSON(nil, destinationOf(record, current.vars.Settings().Channels))
	if err != nil {
		return err
	}
	r.json(200, body)
	return nil
}

// destinationOf answers for a contact; nil channels are those of a workspace that declares none.
func destinationOf(contact contactstore.Record, channels []contactstore.Channel) destinationAnswer {
	found, ok := contact.Destination(channels, channels != nil)
	answer := destinationAnswer{Reason: found.Reason}
	if ok {
		urn := found.URN.String()
		answer.URN, answer.ConnectionType, answer.ChannelTypes = &urn, &found.Scheme.Title, found.Scheme.ChannelTypes
		answer.Channel = found.Channel
	}
	return answer
}
