package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// readYAML reads a file that is one document; one that is empty changes nothing.
func readYAML(data []byte, into any) error {
	documents := yaml.NewDecoder(bytes.NewReader(data))
	var document yaml.Node
	switch err := documents.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	}
	if err := checkKeys(&document); err != nil {
		return err
	}
	if err := document.Decode(into); err != nil {
		return err
	}
	var more yaml.Node
	switch err := documents.Decode(&more); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	}
	return &yamlFault{line: more.Line, message: "a second document begins, behind ---: want one"}
}

// maxKeys bounds the keys of one mapping: the library compares each with all others.
const maxKeys = 2000

// checkKeys refuses mappings of more keys.
func checkKeys(n *yaml.Node) error {
	if n.Kind == yaml.MappingNode && len(n.Content) > 2*maxKeys { // keys and values in turn
		return &yamlFault{line: n.Line, message: fmt.Sprintf("a mapping of more than %d keys", maxKeys)}
	}
	for _, inside := range n.Content {
		if err := checkKeys(inside); err != nil {
			return err
		}
	}
	return nil
}

// yamlFault is what is wrong with a file of YAML, and where. The message may quote the file.
type yamlFault struct {
	line    int // 1-based; 0: not known
	message string
}

func (f *yamlFault) Error() string {
	if f.line == 0 {
		return f.message
	}
	return fmt.Sprintf("line %d: %s", f.line, f.message)
}

// yamlFaultOf says what an error of the library is about. Want is what the file, or the part that was read, should be: of a
// file that is YAML and something else the library tells in Go's words.
func yamlFaultOf(err error, data []byte, want string) *yamlFault {
	var known *yamlFault
	if errors.As(err, &known) {
		return known
	}
	if f := unreadable(data); f != nil {
		return f
	}
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		return &yamlFault{message: want}
	}
	f := &yamlFault{line: load.Mark.Line, message: "it is no YAML: " + load.Message}
	switch {
	case strings.Contains(load.Message, "already defined"), strings.Contains(load.Message, "alias"):
		f.message = load.Message
	case load.Stage == yaml.ConstructorStage:
		f.message = want
	}
	return f
}

// unreadable finds what no YAML may have: bytes that are not UTF-8, and control characters. nil: there is none.
func unreadable(data []byte) *yamlFault {
	for i := 0; i < len(data); {
		c, size := utf8.DecodeRune(data[i:])
		message := ""
		switch {
		case c == utf8.RuneError && size == 1:
			message = "it is not in UTF-8: save it in that encoding"
		case c < ' ' && c != '\t' && c != '\n' && c != '\r', c == 0x7f:
			message = fmt.Sprintf("it has the control character %U: take it out, or write it as an escape in double quotes", c)
		}
		if message != "" {
			return &yamlFault{line: 1 + bytes.Count(data[:i], []byte{'\n'}), message: message}
		}
		i += size
	}
	return nil
}
