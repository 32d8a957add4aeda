package contactstore

import (
	"fmt"
	"slices"
	"time"
)

// Change says what an edit of a contact's connections did. Places are 1-based; 0 means not among the connections.
type Change struct {
	Changed  bool
	Reason   string
	From, To int
}

// The rules of this file are pure: they change the contact in memory and nothing else, so that a write that lost a
// race can repeat them on the contact as it is by then.

// Add puts a connection at a place, 0 = last. A URN that the contact has already changes nothing.
func (c *Contact) Add(urn URN, place int) (Change, error) {
	added, err := newConnection(urn)
	if err != nil {
		return Change{}, err
	}
	if i := c.Find(added.URN); i >= 0 {
		return Change{Reason: "the contact has this connection already", From: i + 1, To: i + 1}, nil
	}
	if len(c.Connections) >= MaxConnections {
		return Change{}, tooManyConnections()
	}
	if place == 0 {
		place = len(c.Connections) + 1
	}
	if place < 1 || place > len(c.Connections)+1 {
		return Change{}, badPlace(place, len(c.Connections)+1)
	}
	c.Connections = slices.Insert(slices.Clip(c.Connections), place-1, added)
	return Change{Changed: true, Reason: "added " + placeText(place, len(c.Connections)), To: place}, nil
}

func tooManyConnections() error {
	return invalid("too_many_connections", "remove one first", "a contact has at most %d connections", MaxConnections)
}

func badPlace(place, most int) error {
	return invalid("invalid_priority", "1 is the highest priority", "there is no place %d, want 1 to %d", place, most)
}

func placeText(place, of int) string { return fmt.Sprintf("at place %d of %d", place, of) }

// Edit replaces a connection's URN and keeps its place; what is known of its use belongs to the old URN, and is kept
// only when the identity stays.
func (c *Contact) Edit(old, replacement URN) (Change, error) {
	i, err := c.place(old)
	if err != nil {
		return Change{}, err
	}
	edited, err := newConnection(replacement)
	if err != nil {
		return Change{}, err
	}
	replacement = edited.URN
	change := Change{From: i + 1, To: i + 1}
	before := c.Connections[i]
	if before.URN == replacement {
		change.Reason = "the connection is that already"
		return change, nil
	}
	if j := c.Find(replacement); j >= 0 && j != i {
		return Change{}, &Error{
			Code: "connection_exists", Message: fmt.Sprintf("the contact has %s already, at place %d", replacement.Identity(), j+1),
			Hint: "remove one of the two", Err: ErrConflict,
		}
	}
	c.Connections = slices.Clone(c.Connections)
	if before.URN.Identity() == replacement.Identity() {
		edited.LastUsedOn, edited.Channel = before.LastUsedOn, before.Channel
	}
	c.Connections[i] = edited
	change.Changed, change.Reason = true, "edited "+placeText(i+1, len(c.Connections))
	return change, nil
}

// Remove takes a connection away; the others keep their order.
func (c *Contact) Remove(urn URN) (Change, error) {
	i, err := c.place(urn)
	if err != nil {
		return Change{}, err
	}
	c.Connections = slices.Delete(slices.Clone(c.Connections), i, i+1)
	return Change{Changed: true, Reason: "removed", From: i + 1}, nil
}

// Promote moves a connection one place up. At the top it changes nothing.
func (c *Contact) Promote(urn URN) (Change, error) {
	i, err := c.place(urn)
	if err != nil {
		return Change{}, err
	}
	if i == 0 {
		return Change{Reason: "it has the highest priority already", From: 1, To: 1}, nil
	}
	return c.move(i, i-1), nil
}

// PromoteTo moves a connection to a place, 1 = the highest priority.
func (c *Contact) PromoteTo(urn URN, place int) (Change, error) {
	i, err := c.place(urn)
	if err != nil {
		return Change{}, err
	}
	if place < 1 || place > len(c.Connections) {
		return Change{}, badPlace(place, len(c.Connections))
	}
	if place == i+1 {
		return Change{Reason: "it is at that place already", From: place, To: place}, nil
	}
	return c.move(i, place-1), nil
}

func (c *Contact) move(from, to int) Change {
	moved := c.Connections[from]
	c.Connections = slices.Insert(slices.Delete(slices.Clone(c.Connections), from, from+1), to, moved)
	return Change{Changed: true, Reason: fmt.Sprintf("moved from place %d to %d", from+1, to+1), From: from + 1, To: to + 1}
}

// Interact notes that the contact used a connection at a time, on a channel (its UUID, or empty). The last used wins:
// the connection becomes the first, unless the contact was heard from since; a late or repeated interaction changes no
// order, and counts for the connection's own last use only.
func (c *Contact) Interact(urn URN, at time.Time, channel string) (Change, error) {
	i, err := c.place(urn)
	if err != nil {
		return Change{}, err
	}
	if at.IsZero() {
		return Change{}, invalid("invalid_time", "give the time as in 2026-11-24T12:00:00Z", "the interaction has no time")
	}
	at = at.UTC()
	late := !at.After(c.latestInteraction())
	change := Change{From: i + 1, To: i + 1, Reason: "not newer than the contact's latest interaction: the order stays"}
	if o := &c.Connections[i]; at.After(o.LastUsedOn) {
		c.Connections = slices.Clone(c.Connections)
		o = &c.Connections[i]
		o.LastUsedOn = at
		if channel != "" {
			o.Channel = channel
		}
		change.Changed = true
	}
	if late {
		return change, nil
	}
	c.LastSeenOn = at
	change.Reason = "the connection used last is the first already"
	if i > 0 {
		change = c.move(i, 0)
		change.Reason = "the connection used last becomes the first"
	}
	return change, nil
}

// place gives the index of a connection, or an error with the code connection_not_found.
func (c *Contact) place(urn URN) (int, error) {
	if i := c.Find(urn); i >= 0 { // fast: the usual case needs no reading of a phone number
		return i, nil
	}
	if i := c.Find(urn.Normalize()); i >= 0 {
		return i, nil
	}
	return -1, &Error{
		Code: "connection_not_found", Message: "the contact has no connection " + urn.Identity(),
		Hint: "add it first, or choose one of the contact's connections", Err: ErrNotFound,
	}
}

// SetAffinity puts a connection first and notes the channel it was used on; a URN that the contact does not have
// changes nothing. Source: section 9.17 of the language specification.
func (c *Contact) SetAffinity(urn URN, channel string) {
	i := c.Find(urn.Normalize())
	if i < 0 {
		if i = c.Find(urn); i < 0 {
			return
		}
	}
	c.move(i, 0)
	c.Connections[0].Channel = channel
}

// Prefer makes a channel the contact's preferred one: connections that it can take over are given to it, and what is
// on it comes first. A channel that cannot send changes nothing. Source: section 9.17 of the language specification.
func (c *Contact) Prefer(channel Channel) {
	if len(channel.Roles) > 0 && !slices.Contains(channel.Roles, RoleSend) {
		return
	}
	connections := slices.Clone(c.Connections)
	for i := range connections {
		o := &connections[i]
		if slices.Contains(channel.Schemes, o.URN.Scheme()) && (o.Channel == "" || portable(o.URN)) {
			o.Channel = channel.UUID
		}
	}
	slices.SortStableFunc(connections, func(a, b Connection) int {
		return rank(a, channel.UUID) - rank(b, channel.UUID)
	})
	c.Connections = connections
}

func rank(o Connection, channel string) int {
	if o.Channel == channel {
		return 0
	}
	return 1
}

// portable reports whether a URN may move from channel to channel: phone numbers do, WhatsApp's own identifiers do not.
func portable(urn URN) bool {
	switch urn.Scheme() {
	case "tel":
		return true
	case "whatsapp":
		return isDigits(urn.Path())
	}
	return false
}

// ClearPreference forgets which channels the connections were used on; the order stays.
func (c *Contact) ClearPreference() {
	c.Connections = slices.Clone(c.Connections)
	for i := range c.Connections {
		c.Connections[i].Channel = ""
	}
}
