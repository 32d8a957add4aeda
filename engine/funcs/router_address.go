package funcs

import (
	"strings"
	"unicode"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine/value"
)

// addressTests gives the tests of where people can be reached.
func addressTests() []entry {
	return []entry{
		{
			name: "has_phone", params: "text: text, country?: text", result: "object", ambient: true,
			doc: "Tests whether there is a phone number in the text, read as the country writes them, or else the session's " +
				"country. The match is the number in E.164.",
			examples: []Example{
				{Expression: `has_phone("call (206) 555-0142 please").match`, Result: "+12065550142"},
				{Expression: `has_phone("0788 383 383", "RW").match`, Result: "+250788383383"},
				{Expression: `has_phone("none of your business")`, Result: "false"},
			},
			call: hasPhone,
		},
		{
			name: "has_email", params: "text: text", result: "object",
			doc: "Tests whether there is an email address in the text. The match is the first one.",
			examples: []Example{
				{Expression: `has_email("it's <ana@mail.example.org>, thanks").match`, Result: "ana@mail.example.org"},
				{Expression: `has_email("ana@home")`, Result: "false"},
			},
			call: ofText(func(rt *value.Runtime, text string) value.Value {
				address := findEmail(text)
				if address == "" {
					return noMatch
				}
				return matched(rt.Text(address))
			}),
		},
	}
}

// minPhone is the fewest characters that are looked at as a phone number. Source: section 10 of the language
// specification.
const minPhone = 5

func hasPhone(rt *value.Runtime, args []value.Value) value.Value {
	text, failure := value.ToText(args[0])
	if failure != nil {
		return failure
	}
	country, failure := optionalText(args, 1, rt.Env.Country)
	if failure != nil {
		return failure
	}
	for at := 0; at < len(text); at++ {
		start := at
		if text[at] == '+' {
			at++
		}
		from := at
		for at < len(text) && isPhoneByte(text[at]) {
			at++
		}
		if at-from >= minPhone {
			if failure := rt.Work(phoneWork); failure != nil {
				return failure
			}
			if number, ok := contactstore.ParsePhone(text[start:at], country); ok {
				return matched(rt.Text(number))
			}
		}
		if at < len(text) && text[at] == '+' {
			at-- // it may open the next number
		}
	}
	return noMatch
}

// phoneWork is how many bytes could be read in the time that one phone number takes.
const phoneWork = 10_000

// isPhoneByte reports whether c may stand in a phone number behind its plus.
func isPhoneByte(c byte) bool { return c >= '0' && c <= '9' || strings.IndexByte(" .-()", c) >= 0 }

// findEmail gives the first email address of a text, or nothing.
func findEmail(text string) string {
	for at := strings.IndexByte(text, '@'); at >= 0; {
		start := len(strings.TrimRightFunc(text[:at], inLocalPart))
		start += len(text[start:at]) - len(strings.TrimLeft(text[start:at], ".-+%"))
		if size := domainSize(text[at+1:]); size > 0 && start < at {
			return text[start : at+1+size]
		}
		next := strings.IndexByte(text[at+1:], '@')
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return ""
}

func inLocalPart(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || strings.ContainsRune("._%+-", r)
}

// domainSize gives the length in bytes of the domain that a text begins with; 0 when it does not have a dot.
func domainSize(text string) int {
	size, labels := 0, 0
	for {
		label := text[size:]
		if end := strings.IndexFunc(label, func(r rune) bool { return r != '-' && !unicode.IsLetter(r) && !unicode.IsNumber(r) }); end >= 0 {
			label = label[:end]
		}
		label = strings.TrimRight(label, "-")
		if label == "" || label[0] == '-' {
			size-- // the dot before it ends a sentence
			break
		}
		size += len(label)
		labels++
		if size == len(text) || text[size] != '.' {
			break
		}
		size++
	}
	if labels < 2 {
		return 0
	}
	return size
}
