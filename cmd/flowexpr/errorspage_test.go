package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// codePatterns find the codes that packages write into errors and diagnostics.
var codePatterns = []*regexp.Regexp{
	regexp.MustCompile(`\b[cC]ode(?:: +| = |, message = )"([a-z_0-9]+)"`),
	regexp.MustCompile(`\bcode[A-Z]\w* += "([a-z_0-9]+)"`),
	regexp.MustCompile(`\bCode[A-Z]\w* += "([a-z_0-9]+)"`),
	regexp.MustCompile(`\b(?:invalid|refuse|fail|noteAs|withCode)\("([a-z_0-9]+)"`),
	regexp.MustCompile(`\bbodyProblem\([^"\n]*"([a-z_0-9]+)"`),
	regexp.MustCompile(`\bdiagnostic\(\w+, diag\.\w+, "([a-z_0-9]+)"`),
	regexp.MustCompile(`\borElse\(p\.code, "([a-z_0-9]+)"`),
}

// Every code that a package gives is in docs/errors.md.
func TestEveryCodeIsDocumented(t *testing.T) {
	page := string(errorsPage())
	found := 0
	for _, folder := range []string{"../../server", "../../engine", "../../contactstore", "."} {
		require.NoError(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "storetest") {
				return err
			}
			source, err := os.ReadFile(path)
			for _, pattern := range codePatterns {
				for _, match := range pattern.FindAllStringSubmatch(string(source), -1) {
					found++
					assert.True(t, strings.Contains(page, "| `"+match[1]+"` |"), "%s gives the code %s, that no table has: add it to apidoc.Codes, diag.Codes or commandCodes", path, match[1])
				}
			}
			return err
		}))
	}
	assert.Greater(t, found, 120)
}
