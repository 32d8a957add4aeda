package funcs

import (
	"regexp"

	"github.com/flowexpr/flowexpr/engine/value"
)

// compileRegex reads a pattern in RE2 syntax. Letter case does not count, and `^` and `$` stand for the ends of lines.
func compileRegex(pattern string) (*regexp.Regexp, *value.Error) {
	re, err := regexp.Compile("(?mi)" + pattern)
	if err != nil {
		return nil, value.NewError("invalid regular expression")
	}
	return re, nil
}

func regexes() []entry {
	return []entry{
		{
			name: "regex_match", params: "text: text, pattern: text, group?: integer", result: "text",
			doc: "Gives the first match of a regular expression in the text, or one of the match's groups. That there is " +
				"no match is an error. Letter case does not count.",
			examples: []Example{
				{Expression: `regex_match("sda34dfddg67", "\d+")`, Result: "34"},
				{Expression: `regex_match("Bob Smith", "(\w+) (\w+)", 2)`, Result: "Smith"},
				{Expression: `regex_match("abc", "\d+")`, Error: "error calling regex_match(...): invalid regular expression group"},
				{Expression: `regex_match("abc", "[")`, Error: "error calling regex_match(...): invalid regular expression"},
			},
			call: regexMatch,
		},
	}
}

func regexMatch(rt *value.Runtime, args []value.Value) value.Value {
	text, failure := value.ToText(args[0])
	if failure != nil {
		return failure
	}
	pattern, failure := value.ToText(args[1])
	if failure != nil {
		return failure
	}
	group, failure := optionalInteger(args, 2, 0)
	if failure != nil {
		return failure
	}
	re, failure := compileRegex(pattern)
	if failure != nil {
		return failure
	}
	groups := re.FindStringSubmatch(text)
	if group < 0 || group >= len(groups) {
		return value.NewError("invalid regular expression group")
	}
	return rt.Text(groups[group])
}
