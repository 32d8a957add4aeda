package value

import (
	"cmp"
	"slices"
	"strings"
)

// Equal compares structure: values of one type with the same content. Numbers are compared as numbers, datetimes as
// moments, named functions by name; functions without a name equal nothing. For the operator `=`, see Eq.
func Equal(a, b Value) bool {
	if TypeOf(a) != TypeOf(b) {
		return false
	}
	switch a := a.(type) {
	case *Text:
		return a.text == b.(*Text).text
	case *Number:
		return a.Cmp(b.(*Number).Decimal) == 0
	case Boolean:
		return a == b.(Boolean)
	case *DateTime:
		return a.t.Equal(b.(*DateTime).t)
	case *Date:
		return *a == *b.(*Date)
	case *Time:
		return *a == *b.(*Time)
	case *Array:
		return slices.EqualFunc(a.items, b.(*Array).items, Equal)
	case *Object:
		return equalObjects(a.content(), b.(*Object).content())
	case *Function:
		return a.Name != "" && a.Name == b.(*Function).Name
	case *Error:
		return a.Message == b.(*Error).Message
	}
	return true
}

func equalObjects(a, b *Object) bool {
	if a.hasDefault != b.hasDefault || !Equal(a.def, b.def) {
		return false
	}
	return slices.EqualFunc(a.properties, b.properties, func(p, q Property) bool {
		return p.Key == q.Key && Equal(p.Value, q.Value)
	})
}

// Comparable reports whether values of a type have an order: texts, numbers, booleans, dates and times.
func Comparable(t Type) bool {
	switch t {
	case TypeText, TypeNumber, TypeBoolean, TypeDateTime, TypeDate, TypeTime:
		return true
	}
	return false
}

// Compare orders two values of the same comparable type: -1, 0 or 1. Texts are ordered by their bytes, false comes
// before true. Of other values it says 0.
func Compare(a, b Value) int {
	if TypeOf(a) != TypeOf(b) {
		return 0
	}
	switch a := a.(type) {
	case *Text:
		return strings.Compare(a.text, b.(*Text).text)
	case *Number:
		return a.Cmp(b.(*Number).Decimal)
	case Boolean:
		return cmp.Compare(rank(a), rank(b.(Boolean)))
	case *DateTime:
		return a.t.Compare(b.(*DateTime).t)
	case *Date:
		e := b.(*Date)
		return cmp.Or(cmp.Compare(a.Year, e.Year), cmp.Compare(a.Month, e.Month), cmp.Compare(a.Day, e.Day))
	case *Time:
		return cmp.Compare(a.nanoseconds(), b.(*Time).nanoseconds())
	}
	return 0
}

func rank(b Boolean) int {
	if b {
		return 1
	}
	return 0
}

// nanoseconds counts from midnight.
func (t *Time) nanoseconds() int {
	return ((t.Hour*60+t.Minute)*60+t.Second)*1_000_000_000 + t.Nanos
}

// Sort gives the items in order, equal ones as they were. All must be of one comparable type, unless there are fewer
// than two.
func Sort(items []Value) ([]Value, *Error) {
	if len(items) < 2 {
		return items, nil
	}
	for _, item := range items {
		if failure, ok := item.(*Error); ok {
			return nil, failure
		}
		if !Comparable(TypeOf(item)) {
			return nil, NewError(Describe(item) + " isn't a comparable type")
		}
		if TypeOf(item) != TypeOf(items[0]) {
			return nil, NewError("can't sort array of different types")
		}
	}
	ordered := slices.Clone(items)
	slices.SortStableFunc(ordered, Compare)
	return ordered, nil
}
