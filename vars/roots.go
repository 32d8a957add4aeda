package vars

import (
	"slices"
	"strings"
)

// standardRoots are the names that exist in every session, even where the value is null.
// Source: section 2.1 of the language specification.
var standardRoots = [...]string{
	"child", "contact", "fields", "globals", "input", "legacy_extra", "locals", "node", "parent", "results",
	"resume", "run", "ticket", "trigger", "urns", "webhook",
}

// StandardRoots gives the sixteen root names of a session, sorted.
func StandardRoots() []string { return slices.Clone(standardRoots[:]) }

// Roots is the set of root names a template is compiled for: the names that make `@word` a variable rather than text.
// The zero value has the standard roots only.
type Roots struct {
	bare  bool
	given string // the caller's names that matter, sorted, each followed by a newline
}

// NewRoots gives the standard roots and, beside or instead of them, the caller's own names.
func NewRoots(given []string) Roots {
	var keep []string
	for _, name := range given {
		if contextual(name) {
			continue // read from the context whether it is given or not
		}
		keep = append(keep, name)
	}
	return Roots{given: joinNames(keep)}
}

// BareRoots gives the caller's names and no others: no contact, no standard root.
func BareRoots(given []string) Roots { return Roots{bare: true, given: joinNames(given)} }

func joinNames(names []string) string {
	if len(names) == 0 {
		return ""
	}
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == "" || strings.Contains(name, "\n") })
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "\n") + "\n"
}

// contextual reports whether a root is standard and always read from the caller's context.
func contextual(name string) bool {
	switch name {
	case "contact", "urns", "fields", "globals":
		return false
	}
	_, found := slices.BinarySearch(standardRoots[:], name)
	return found
}

// Source says where a root's value comes from.
type Source uint8

// The sources of a root.
const (
	NoRoot      Source = iota // not a root
	FromRecord                // the contact's record, or the workspace's settings
	FromContext               // what the caller gave; null when it gave nothing
)

// Allows reports whether `@name` is a variable; name is in lower case.
func (r Roots) Allows(name string) bool {
	if !r.bare {
		if _, found := slices.BinarySearch(standardRoots[:], name); found {
			return true
		}
	}
	return r.has(name)
}

func (r Roots) has(name string) bool {
	for rest := r.given; rest != ""; {
		var given string
		given, rest, _ = strings.Cut(rest, "\n")
		if given == name {
			return true
		}
	}
	return false
}

// Find gives a root as it is stored, and its source. Letter case does not matter; an exact match comes first.
func (r Roots) Find(name string) (string, Source) {
	if r.has(name) {
		return name, FromContext
	}
	for rest := r.given; rest != ""; {
		var given string
		given, rest, _ = strings.Cut(rest, "\n")
		if strings.EqualFold(given, name) {
			return given, FromContext
		}
	}
	if r.bare {
		return "", NoRoot
	}
	lower := strings.ToLower(name)
	if contextual(lower) {
		return lower, FromContext
	}
	if _, found := slices.BinarySearch(standardRoots[:], lower); found {
		return lower, FromRecord
	}
	return "", NoRoot
}

// Names gives all names of the set, sorted.
func (r Roots) Names() []string {
	var names []string
	if !r.bare {
		names = StandardRoots()
	}
	if r.given != "" {
		names = append(names, strings.Split(strings.TrimSuffix(r.given, "\n"), "\n")...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Key distinguishes sets in a cache: equal sets have equal keys.
func (r Roots) Key() string {
	if r.bare {
		return "\x00" + r.given
	}
	return r.given
}
