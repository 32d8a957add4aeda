package funcs

import (
	"regexp"
	"strings"
	"sync"

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

// maxPatterns and maxPatternLength, in bytes, bound a cache of patterns. Repetitions make even a short pattern large: a
// cache full of the worst holds some 20 MB.
const (
	maxPatterns      = 64
	maxPatternLength = 64
)

// patternCache keeps compiled patterns: those of templates return with each evaluation, and compiling takes far longer
// than matching. The zero value is ready; it is safe for concurrent use.
type patternCache struct {
	mu       sync.Mutex
	compiled map[string]*regexp.Regexp
}

// compile is compileRegex, remembered. Long patterns are not.
func (c *patternCache) compile(pattern string) (*regexp.Regexp, *value.Error) {
	if re := c.find(pattern); re != nil {
		return re, nil
	}
	re, failure := compileRegex(pattern)
	if failure == nil && len(pattern) <= maxPatternLength {
		c.keep(pattern, re)
	}
	return re, failure
}

func (c *patternCache) find(pattern string) *regexp.Regexp {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.compiled[pattern]
}

// keep adds a pattern. A full cache starts anew: what is in use is back soon.
func (c *patternCache) keep(pattern string, re *regexp.Regexp) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.compiled) >= maxPatterns || c.compiled == nil {
		c.compiled = map[string]*regexp.Regexp{}
	}
	c.compiled[strings.Clone(pattern)] = re
}

func regexes(patterns *patternCache) []entry {
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
			call: func(rt *value.Runtime, args []value.Value) value.Value { return regexMatch(rt, patterns, args) },
		},
	}
}

func regexMatch(rt *value.Runtime, patterns *patternCache, args []value.Value) value.Value {
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
	re, failure := patterns.compile(pattern)
	if failure != nil {
		return failure
	}
	places := re.FindStringSubmatchIndex(text)
	if group < 0 || group >= len(places)/2 {
		return value.NewError("invalid regular expression group")
	}
	start, end := places[2*group], places[2*group+1]
	if start < 0 { // a group that took no part in the match
		return rt.Text("")
	}
	return rt.Text(text[start:end])
}
