package funcs

import (
	"maps"
	"slices"
)

// Library is a set of functions by name. It is immutable and safe for concurrent use.
type Library struct {
	functions map[string]*Function
}

// Standard gives the functions of the language.
func Standard() *Library {
	l := &Library{functions: map[string]*Function{}}
	l.add(Conversion, conversions())
	l.add(Logic, logic())
	patterns := &patternCache{}
	l.add(Text, texts(patterns))
	l.add(Number, numbers())
	l.add(Dates, dates())
	l.add(Arrays, arrays())
	l.add(Encoding, encodings())
	l.add(Formatting, formats())
	l.add(Tests, tests(patterns))
	l.add(Legacy, legacies())
	return l
}

func (l *Library) add(family Family, entries []entry) {
	for i := range entries {
		l.functions[entries[i].name] = entries[i].function(family)
	}
}

// Lookup gives a function by its name in lower case.
func (l *Library) Lookup(name string) (*Function, bool) {
	f, ok := l.functions[name]
	return f, ok
}

// Names gives the names, sorted.
func (l *Library) Names() []string { return slices.Sorted(maps.Keys(l.functions)) }

// All gives the functions, sorted by name.
func (l *Library) All() []*Function {
	all := make([]*Function, 0, len(l.functions))
	for _, name := range l.Names() {
		all = append(all, l.functions[name])
	}
	return all
}
