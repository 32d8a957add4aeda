package legacy

import "strings"

const maxFilters = 20 // behind one variable; the templates had one or two

// filter is what stood behind a variable in the oldest templates: `|upper_case`, `|time_delta:"3"`.
type filter struct {
	function string // in lower case, empty for time_delta
	days     string // of time_delta: an integer
}

// scanFilters reads the filters that a text begins with, and gives their length.
func scanFilters(text string) ([]filter, int) {
	var filters []filter
	end := 0
	for len(filters) < maxFilters && end < len(text) && text[end] == '|' {
		f, length := scanFilter(text[end+1:])
		if length == 0 {
			break
		}
		filters = append(filters, f)
		end += 1 + length
	}
	return filters, end
}

// scanFilter reads a filter; the length is 0 if it is none.
func scanFilter(text string) (filter, int) {
	length := 0
	for length < len(text) && isNameChar(rune(text[length])) {
		length++
	}
	name := strings.ToLower(text[:length])
	if name == "time_delta" {
		days, argument := scanDays(text[length:])
		if days == "" {
			return filter{}, 0
		}
		return filter{days: days}, length + argument
	}
	function := filterFunction(name)
	if function == "" {
		return filter{}, 0
	}
	return filter{function: function}, length
}

func filterFunction(name string) string {
	switch name {
	case "lower_case":
		return "lower"
	case "upper_case":
		return "upper"
	case "capitalize", "title_case":
		return "proper"
	case "first_word", "remove_first_word", "read_digits":
		return name
	}
	return ""
}

// scanDays reads an argument such as `:"3"`, `:'-3'` or `:3`; the length is 0 if there is none.
func scanDays(text string) (days string, length int) {
	rest, ok := strings.CutPrefix(text, ":")
	if !ok {
		return "", 0
	}
	quote := ""
	if strings.HasPrefix(rest, `"`) || strings.HasPrefix(rest, "'") {
		quote = rest[:1]
	}
	rest = rest[len(quote):]
	end := len(rest) - len(strings.TrimLeft(rest, "+-"))
	if end > 1 || !isInteger(rest[end:end+digits(rest[end:])]) {
		return "", 0
	}
	end += digits(rest[end:])
	if !strings.HasPrefix(rest[end:], quote) {
		return "", 0
	}
	return strings.TrimPrefix(rest[:end], "+"), len(":") + 2*len(quote) + end
}

// filtered wraps a variable in what its filters mean.
func filtered(n *node, filters []filter) *node {
	for _, f := range filters {
		if f.days == "" {
			n = &node{kind: callNode, text: f.function, args: []*node{n}, span: n.span}
			continue
		}
		n = &node{kind: binaryNode, text: "+", args: []*node{n, number(f.days, n)}, span: n.span}
	}
	return n
}

// number gives a literal in the place of another node.
func number(integer string, at *node) *node {
	if positive, negative := strings.CutPrefix(integer, "-"); negative {
		return &node{kind: negateNode, args: []*node{number(positive, at)}, span: at.span}
	}
	return &node{kind: numberNode, text: integer, span: at.span}
}
