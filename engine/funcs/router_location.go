package funcs

import "github.com/flowexpr/flowexpr/engine/value"

// locationTests gives the tests of the places in a text. The match is the path of the place.
func locationTests() []entry {
	return []entry{
		{
			name: "has_state", params: "text: text", result: "object", ambient: true,
			doc: "Tests whether the text names a state, by its name, an alias or its path.",
			examples: []Example{
				{Expression: `has_state("I live in kigali").match`, Result: "Rwanda > Kigali City"},
				{Expression: `has_state("Boston")`, Result: "false"},
			},
			call: placeTest(value.StateLevel),
		},
		{
			name: "has_district", params: "text: text, state?: text", result: "object", ambient: true,
			doc: "Tests whether the text names a district, of that state if one is given.",
			examples: []Example{
				{Expression: `has_district("Gasabo", "Kigali").match`, Result: "Rwanda > Kigali City > Gasabo"},
				{Expression: `has_district("Gasabo", "Boston")`, Result: "false"},
				{Expression: `has_district("Gasabo")`, Result: "true"},
			},
			call: placeTest(value.DistrictLevel),
		},
		{
			name: "has_ward", params: "text: text, state?: text, district?: text", result: "object", ambient: true,
			doc: "Tests whether the text names a ward, of that district in that state if they are given, in either order.",
			examples: []Example{
				{Expression: `has_ward("Gisozi", "Kigali", "Gasabo").match`, Result: "Rwanda > Kigali City > Gasabo > Gisozi"},
				{Expression: `has_ward("Gisozi", "Kigali", "Nyarugenge")`, Result: "false"},
				{Expression: `has_ward("Ndera")`, Result: "true"},
			},
			call: placeTest(value.WardLevel),
		},
	}
}

// placeTest makes the test of a level; the arguments behind the text name what the place lies in.
func placeTest(level value.LocationLevel) body {
	return func(rt *value.Runtime, args []value.Value) value.Value {
		var names [3]string
		for i, arg := range args {
			name, failure := value.ToText(arg)
			if failure != nil {
				return failure
			}
			names[i] = name
		}
		if rt.Env.Locations == nil {
			return value.NewError("the workspace has no locations")
		}
		place := findPlace(rt.Env.Locations, level, names[0], names[1:len(args)])
		if place == nil {
			return noMatch
		}
		return matched(rt.Text(place.Path()))
	}
}

// findPlace finds a place within others, which are named from the largest down. Of two, either may come first.
func findPlace(l *value.Locations, level value.LocationLevel, text string, within []string) *value.Location {
	var parent *value.Location
	switch len(within) {
	case 0:
		return l.Find(level, text, nil)
	case 1:
		if parent = l.Find(value.StateLevel, within[0], nil); parent == nil && level == value.WardLevel {
			parent = l.Find(value.DistrictLevel, within[0], nil)
		}
	default:
		if parent = findDistrict(l, within[0], within[1]); parent == nil {
			parent = findDistrict(l, within[1], within[0])
		}
	}
	if parent == nil {
		return nil
	}
	return l.Find(level, text, parent)
}

func findDistrict(l *value.Locations, state, district string) *value.Location {
	parent := l.Find(value.StateLevel, state, nil)
	if parent == nil {
		return nil
	}
	return l.Find(value.DistrictLevel, district, parent)
}
