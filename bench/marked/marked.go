// Package marked puts generated text into a file written by hand, between two marks:
//
//	<!-- NAME: begin -->
//	<!-- NAME: end -->
package marked

import (
	"bytes"
	"fmt"
	"os"
)

// Replace puts text between the marks of a name. A file without them is an error, and stays as it is.
func Replace(file, name, text string) error {
	begin, end := fmt.Sprintf("<!-- %s: begin -->\n", name), fmt.Sprintf("<!-- %s: end -->\n", name)
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, begins := bytes.Cut(old, []byte(begin))
	_, after, ends := bytes.Cut(rest, []byte(end))
	if !begins || !ends {
		return fmt.Errorf("%s: got no marks %q and %q", file, begin, end)
	}
	return os.WriteFile(file, fmt.Appendf(nil, "%s%s\n%s\n%s%s", before, begin, text, end, after), 0o644)
}
