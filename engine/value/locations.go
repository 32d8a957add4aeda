package value

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

// Location is a place in the tree of a country.
type Location struct {
	Name     string      `json:"name"`
	Aliases  []string    `json:"aliases"`
	Children []*Location `json:"children"`

	parent *Location
	level  LocationLevel
}

// LocationLevel says how far a place is from the root of its tree.
type LocationLevel int

// The levels that have names. Trees may be deeper; what lies deeper is not looked for.
const (
	CountryLevel LocationLevel = iota
	StateLevel
	DistrictLevel
	WardLevel
	namedLevels
)

// Path gives the names from the country down: `Rwanda > Kigali City > Gasabo`.
func (l *Location) Path() string {
	if l.parent == nil {
		return l.Name
	}
	return l.parent.Path() + " > " + l.Name
}

// within reports whether l is the ancestor, or somewhere below it; a nil ancestor has everything below.
func (l *Location) within(ancestor *Location) bool {
	for ; l != nil; l = l.parent {
		if l == ancestor {
			return true
		}
	}
	return ancestor == nil
}

// Locations are trees of places, ready for being looked up. They are immutable and may be shared.
type Locations struct {
	named   [namedLevels]map[string][]*Location // by locationKey, in the order of the tree
	longest int                                 // words of the longest name
}

// ParseLocations reads trees of places from JSON: an array of countries, or one country. A place is
//
//	{"name": "Kigali City", "aliases": ["Kigali"], "children": [ … ]}
//
// where aliases and children may be missing. Null and an empty text give nil.
func ParseLocations(data []byte) (*Locations, error) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 || string(data) == "null" {
		return nil, nil
	}
	var roots []*Location
	if data[0] == '{' {
		data = append(append([]byte{'['}, data...), ']')
	}
	if err := json.Unmarshal(data, &roots); err != nil {
		return nil, fmt.Errorf("locations: %w", err)
	}
	l := &Locations{}
	for i := range l.named {
		l.named[i] = map[string][]*Location{}
	}
	return l, l.add(roots, nil, CountryLevel)
}

func (l *Locations) add(places []*Location, parent *Location, level LocationLevel) error {
	if level >= namedLevels {
		return nil
	}
	for _, place := range places {
		if place == nil || locationKey(place.Name) == "" {
			return fmt.Errorf("locations: got a place without a name at level %d", level)
		}
		place.parent, place.level = parent, level
		for _, name := range append([]string{place.Name}, place.Aliases...) {
			l.addName(place, locationKey(name))
		}
		if err := l.add(place.Children, place, level+1); err != nil {
			return err
		}
	}
	return nil
}

func (l *Locations) addName(place *Location, key string) {
	named := l.named[place.level]
	if key == "" || len(named[key]) > 0 && named[key][len(named[key])-1] == place {
		return
	}
	named[key] = append(named[key], place)
	l.longest = max(l.longest, strings.Count(key, " ")+1)
}

// Find gives the place of a level that a text names: by its path, or by the longest run of words that is a name or an
// alias of one, whatever the letter case and the punctuation. Of places with one name the first in the tree is given.
// Only places within parent count; a nil parent means all. Nil means that there is none.
func (l *Locations) Find(level LocationLevel, text string, parent *Location) *Location {
	if before, last, isPath := cutLast(text, ">"); isPath {
		for _, place := range l.named[level][locationKey(last)] {
			if place.parent != nil && locationKey(place.parent.Path()) == locationKey(before) && place.within(parent) {
				return place
			}
		}
	}
	key := locationKey(text)
	starts, ends := wordBounds(key)
	for size := min(len(starts), l.longest); size > 0; size-- {
		for i := 0; i+size <= len(starts); i++ {
			for _, place := range l.named[level][key[starts[i]:ends[i+size-1]]] {
				if place.within(parent) {
					return place
				}
			}
		}
	}
	return nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// wordBounds gives where the words of a key begin and end.
func wordBounds(key string) (starts, ends []int) {
	for at := 0; at < len(key); {
		end := strings.IndexByte(key[at:], ' ')
		if end < 0 {
			end = len(key) - at
		}
		starts, ends = append(starts, at), append(ends, at+end)
		at += end + 1
	}
	return starts, ends
}

// locationKey gives what two spellings of a name have in common: its words in lower case, with one space between.
func locationKey(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.N)
	})
	return strings.Join(words, " ")
}
