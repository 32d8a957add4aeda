package soak

import (
	"fmt"
	"slices"
	"strings"
)

// state is all that clients can see of a contact. Its methods give what a call makes of it: the product's rules, written
// down a second time and in another way.
type state struct {
	exists  bool
	version uint64
	name    string
	lines   []line // connections, the highest priority first
	seen    int64  // latest interaction, in µs since 1970; 0: none
}

// line is a connection.
type line struct {
	urn  string
	used int64 // when it was used last, in µs since 1970; 0: never
}

func (s state) has(urn string) bool { return s.at(urn) >= 0 }

func (s state) at(urn string) int {
	return slices.IndexFunc(s.lines, func(l line) bool { return l.urn == urn })
}

// next is a copy of the state with the next version.
func (s state) next() state {
	s.lines = slices.Clone(s.lines)
	s.version++
	return s
}

func (s state) named(name string) state {
	s = s.next()
	s.name = name
	return s
}

// promoted moves a connection to a place, 0 is one place up.
func (s state) promoted(urn string, place int) state {
	from := s.at(urn)
	to := place - 1
	if place == 0 {
		to = max(from-1, 0)
	}
	if from == to {
		return s
	}
	after := s.next()
	moved := after.lines[from]
	after.lines = slices.Insert(slices.Delete(after.lines, from, from+1), to, moved)
	return after
}

// interacted is after the contact used a connection.
func (s state) interacted(urn string, at int64) state {
	i := s.at(urn)
	latest := s.seen
	for _, l := range s.lines {
		latest = max(latest, l.used)
	}
	if at <= s.lines[i].used {
		return s
	}
	after := s.next()
	after.lines[i].used = at
	if at > latest {
		after.seen = at
		used := after.lines[i]
		after.lines = slices.Insert(slices.Delete(after.lines, i, i+1), 0, used)
	}
	return after
}

func (s state) added(urn string, place int) state {
	after := s.next()
	after.lines = slices.Insert(after.lines, place-1, line{urn: urn})
	return after
}

func (s state) removed(urn string) state {
	after := s.next()
	after.lines = slices.DeleteFunc(after.lines, func(l line) bool { return l.urn == urn })
	return after
}

func (s state) edited(before, urn string) state {
	after := s.next()
	after.lines[after.at(before)] = line{urn: urn}
	return after
}

func (s state) urns() []string {
	urns := make([]string, len(s.lines))
	for i, l := range s.lines {
		urns[i] = l.urn
	}
	return urns
}

// first is the connection of a scheme with the highest priority, "" where there is none.
func (s state) first(scheme string) string {
	for _, l := range s.lines {
		if strings.HasPrefix(l.urn, scheme+":") {
			return l.urn
		}
	}
	return ""
}

// contact is a contact of one workspace, and what is known of it.
type contact struct {
	n         int
	workspace string

	is    state
	maybe []state // what it may be instead, after writes that were not answered
	past  bool    // it is one of maybe for sure
	lost  bool    // an answer was wrong, and it is not known what the contact is
}

func (c *contact) uuid() string { return fmt.Sprintf("5d76d86b-3bb9-4d5a-b822-%012x", c.n) }
func (c *contact) path() string { return "/v1/contacts/" + c.uuid() }

// fresh is the contact when it was just made.
func (c *contact) fresh(name string) state {
	return state{exists: true, version: 1, name: name, lines: []line{
		{urn: fmt.Sprintf("tel:+1323555%04d", c.n)}, {urn: fmt.Sprintf("ext:%d-a", c.n)},
		{urn: fmt.Sprintf("mailto:c%d@example.org", c.n)}, {urn: fmt.Sprintf("tel:+1213555%04d", c.n)},
	}}
}

// known reports whether there is one thing that the contact can be.
func (c *contact) known() bool { return !c.lost && len(c.maybe) == 0 }

// template is one that is evaluated, and what comes out.
type template struct {
	source string
	text   func(*contact) string
	needs  []string // schemes without which there is a warning
}

var templates = []template{
	{"Hi @contact.name, we will use @contact.urn", func(c *contact) string {
		return "Hi " + c.is.name + ", we will use " + c.is.first("tel")
	}, []string{"tel"}},
	{`@(upper(contact.name)) has @(count(contact.urns)): @(join(contact.urns, " "))`, func(c *contact) string {
		return fmt.Sprintf("%s has %d: %s", strings.ToUpper(c.is.name), len(c.is.lines), strings.Join(c.is.urns(), " "))
	}, nil},
	{"@urns.mailto|@contact.ext|@fields.n|@fields.home", func(c *contact) string {
		return fmt.Sprintf("%s|%s|%d|%s", c.is.first("mailto"), c.is.first("ext"), c.n, c.workspace)
	}, []string{"mailto", "ext"}},
	{`@(if(contact.urn = "", "none", contact.urn)) for @contact.name`, func(c *contact) string {
		urn := c.is.first("tel")
		if urn == "" {
			urn = "none"
		}
		return urn + " for " + c.is.name
	}, nil},
}

// warnings is how many warnings there are.
func (t template) warnings(c *contact) (n int) {
	for _, scheme := range t.needs {
		if c.is.first(scheme) == "" {
			n++
		}
	}
	return n
}
