package legacy

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Looks tells whether a template makes sense in the legacy dialect only: it calls a function or uses a variable, an
// operator, a doubled quote or a filter that the current language lacks. What both dialects understand says nothing,
// and so does what is text in the current one and looks like an address: `me@flow.org`, `@channel`.
func Looks(template string) bool {
	for _, b := range scan(template) {
		source := template[b.inner.Start:b.inner.End]
		switch b.kind {
		case identifierBlock:
			before, _ := utf8.DecodeLastRuneInString(template[:b.span.Start])
			if len(b.filters) > 0 || !isNameChar(before) && isLegacyVariable(source) {
				return true
			}
		case expressionBlock:
			if looksExpression(source) {
				return true
			}
		}
	}
	return false
}

// looksExpression looks for a sign of the legacy dialect, and for none of the current one.
func looksExpression(source string) bool {
	if strings.Contains(source, `\"`) {
		source = blankTexts(source)
	}
	found := false
	l := lexer{source: source}
	for previous, t := (token{}), l.next(); t.kind != tokenEnd; previous, t = t, l.next() {
		if isCurrentSign(source, previous, t) {
			return false
		}
		found = found || isLegacySign(source, t)
	}
	return found
}

// blankTexts empties the texts of an expression that protects quotes with backslashes, as only the current language
// does.
func blankTexts(source string) string {
	var blank strings.Builder
	quoted := false
	for i := range len(source) {
		switch c := source[i]; {
		case c == '"' && (!quoted || source[i-1] != '\\'):
			quoted = !quoted
			blank.WriteByte(c)
		case !quoted:
			blank.WriteByte(c)
		}
	}
	return blank.String()
}

// isCurrentSign knows brackets, `!=` and `=>`.
func isCurrentSign(source string, previous, t token) bool {
	written := source[t.start:t.end]
	return written == "[" || written == "!" || written == ">" && previous.kind == "=" && previous.end == t.start
}

func isLegacySign(source string, t token) bool {
	written := source[t.start:t.end]
	switch t.kind {
	case "<>":
		return true
	case tokenText:
		return strings.Contains(written[1:len(written)-1], `"`)
	case tokenName:
		ahead := lexer{source: source, pos: t.end}
		if ahead.next().kind == "(" {
			return isLegacyFunction(strings.ToLower(written))
		}
		return isLegacyVariable(written)
	}
	return false
}

// isLegacyFunction knows the functions whose names the current language does not use; a test of the engine holds it
// against the library.
func isLegacyFunction(name string) bool {
	switch name {
	case "date", "field", "format_date", "sum", "time", "weekday", "word", "word_count", "word_slice":
		return false
	}
	rule, ok := ruleOf(name)
	return ok && rule.current != name
}

// isLegacyVariable knows the variables that only the legacy dialect has.
func isLegacyVariable(name string) bool {
	path := strings.Split(strings.ToLower(name), ".")
	top, rest := path[0], path[1:]
	switch top {
	case "step", "extra":
		return true
	case "flow":
		return len(rest) > 0
	case "channel":
		return slices.Contains([]string{"address", "name", "tel", "tel_e164"}, first(rest))
	case "date":
		return slices.Contains([]string{"now", "today", "tomorrow", "yesterday"}, first(rest))
	case "parent", "child":
		return first(rest) == "contact" && isLegacyContact(rest[1:])
	case "contact":
		return isLegacyContact(rest)
	}
	return false
}

func isLegacyContact(rest []string) bool {
	if first(rest) == "tel_e164" {
		return true
	}
	return len(rest) == 2 && isScheme(rest[0]) && slices.Contains([]string{"display", "path", "scheme", "urn"}, rest[1])
}
