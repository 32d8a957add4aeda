package value

import (
	"slices"
	"strings"
)

// Format gives the pretty text of a value, for people: numbers with grouped digits, dates as the environment wants
// them, arrays and objects laid out without brackets. Null and errors give nothing.
func Format(env *Environment, v Value) string {
	switch v := v.(type) {
	case *Number:
		return FormatNumber(env.NumberFormat, v.Decimal, NaturalPlaces, true)
	case *DateTime:
		return formatDateTime(env, v)
	case *Date:
		return formatDate(env, v)
	case *Time:
		return formatTime(env, v)
	case *Array:
		return formatArray(env, v)
	case *Object:
		return formatObject(env, v.content())
	}
	text, _ := ToText(v)
	return text
}

// formatArray joins the items with commas; or gives each its own lines, behind a dash, if one of them has several.
func formatArray(env *Environment, a *Array) string {
	items := make([]string, len(a.items))
	lines := false
	for i, item := range a.items {
		items[i] = Format(env, item)
		lines = lines || strings.Contains(items[i], "\n")
	}
	if !lines {
		return strings.Join(items, ", ")
	}
	for i, item := range items {
		items[i] = "-" + strings.TrimPrefix(indent(item), " ")
		if item == "" || item[0] == '\n' {
			items[i] = "-" + indent(item)
		}
	}
	return strings.Join(items, "\n")
}

// formatObject gives the default's pretty text, or a line `key: value` for each property; a value of several lines
// follows its key, indented.
func formatObject(env *Environment, o *Object) string {
	if o.hasDefault {
		return Format(env, o.def)
	}
	lines := make([]string, len(o.properties))
	for i, p := range o.properties {
		text := Format(env, p.Value)
		if strings.Contains(text, "\n") {
			lines[i] = p.Key + ":\n" + indent(text)
		} else {
			lines[i] = p.Key + ": " + text
		}
	}
	return strings.Join(lines, "\n")
}

// indent puts two spaces before each line that is not empty.
func indent(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = "  " + line
		}
	}
	return strings.Join(lines, "\n")
}

// NaturalPlaces asks FormatNumber for as many fraction digits as the number has.
const NaturalPlaces = -1

// FormatNumber prints a number with the symbols of a format: rounded half away from zero to exactly places fraction
// digits, or with its own when places is NaturalPlaces; group says whether thousands are set apart.
func FormatNumber(f NumberFormat, d Decimal, places int, group bool) string {
	f = f.WithDefaults()
	if places >= 0 {
		d = d.Round(places)
	}
	digits := d.Abs().String()
	whole, fraction, _ := strings.Cut(digits, ".")
	if missing := places - len(fraction); missing > 0 {
		fraction += strings.Repeat("0", missing)
	}
	if group {
		whole = groupDigits(whole, f.DigitGroupingSymbol)
	}
	if d.Sign() < 0 {
		whole = "-" + whole
	}
	if fraction == "" {
		return whole
	}
	return whole + f.DecimalSymbol + fraction
}

// groupDigits puts a symbol before each three digits from the right.
func groupDigits(digits, symbol string) string {
	if len(digits) <= 3 || symbol == "" {
		return digits
	}
	var groups []string
	for end := len(digits); end > 0; end -= 3 {
		groups = append(groups, digits[max(end-3, 0):end])
	}
	slices.Reverse(groups)
	return strings.Join(groups, symbol)
}
