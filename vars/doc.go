// Package vars knows what a flow author may name: the roots of the language (contact, urns, fields, globals and
// what a caller's context gives), and how each name gets its value from one contact's stored record.
//
// A name is resolved once, when a template is compiled:
//
//	v, n, err := vars.Resolve([]string{"contact", "urn"})
//
// and read once for each contact, without decoding the record and without allocation:
//
//	text, status := v.Text(&scope)
//
// A Scope is all that one evaluation may read: the workspace's settings, the contact's record, the caller's context.
// Values are handed out as plain Go values (see Value); the engine gives them the types of the language.
package vars
