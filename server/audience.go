package server

import (
	"bytes"
	"errors"
	"strconv"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/server/broadcast"
)

// audienceMembers are the members of a request that say whom it is about.
var audienceMembers = []string{"contacts", "urns", "group", "all"}

// audience reads whom a request is about: exactly one of contacts, urns, group and all. Nothing given means all where
// that is allowed, as nothing is sent.
func (s *Server) audience(r *request, o *object, orAll bool) (broadcast.Source, error) {
	given := ""
	for _, name := range audienceMembers {
		if !o.has(name) {
			continue
		}
		if given != "" {
			m, _ := o.find(name)
			return nil, bodyProblem(o.body, m.nameAt, "member_conflict", name+" stands beside "+given, "give one of contacts, urns, group and all")
		}
		given = name
	}
	reading := broadcast.Reading{Timeout: s.options.RequestTimeout, Pauses: s.options.StorePauses}
	switch given {
	case "contacts":
		ids, err := readList(o, given, s.options.MaxBatchContacts, contactstore.ParseUUIDBytes)
		return broadcast.Listed(s.store, r.workspace.name, ids, reading), err
	case "urns":
		urns, err := readList(o, given, s.options.MaxBatchContacts, parseURNBytes)
		for i := range urns {
			urns[i] = urns[i].Normalize()
		}
		return broadcast.ByURN(s.store, r.workspace.name, urns, reading), err
	case "group":
		filter, err := readGroup(o)
		return broadcast.Everyone(s.store, r.workspace.name, filter, reading), err
	}
	all, err := o.boolean("all")
	switch {
	case err != nil:
		return nil, err
	case given == "all" && !all:
		return nil, o.wrong("all", "true, or one of contacts, urns and group in its place")
	case !all && !orAll:
		return nil, o.missing("contacts", `whom to evaluate for: "contacts": [UUID, …], "urns": [URN, …], "group": "NAME" or "all": true`)
	}
	return broadcast.Everyone(s.store, r.workspace.name, contactstore.Filter{}, reading), nil
}

func readGroup(o *object) (contactstore.Filter, error) {
	group, err := o.text("group")
	switch {
	case err != nil:
		return contactstore.Filter{}, err
	case group == "" || len(group) > maxQuery:
		return contactstore.Filter{}, o.wrong("group", "the name or the UUID of a group")
	}
	return contactstore.Filter{Group: group}, nil
}

func parseURNBytes(text []byte) (contactstore.URN, error) { return contactstore.ParseURN(string(text)) }

// readList reads an array of texts, each into a value of the list.
func readList[T any](o *object, name string, limit int, parse func([]byte) (T, error)) ([]T, error) {
	list := make([]T, 0, min(bytes.Count(o.raw(name), []byte{','})+1, limit))
	err := o.texts(name, func(text []byte, at int) error {
		if len(list) == limit {
			p := bodyProblem(o.body, at, "too_many_contacts", name+" has more than the limit of "+strconv.Itoa(limit), "ask in several requests, or for a group")
			p.status = 413
			return p
		}
		value, err := parse(text)
		var known *contactstore.Error
		if errors.As(err, &known) {
			return bodyProblem(o.body, at, known.Code, name+"["+strconv.Itoa(len(list))+"]: "+known.Message, known.Hint)
		}
		list = append(list, value)
		return err
	})
	return list, err
}
