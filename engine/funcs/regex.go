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
