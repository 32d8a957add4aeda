package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
)

// eachYAML takes the cases of a YAML file: a list of them, or several documents with a list each.
func eachYAML(r io.Reader, each func(line int, raw []byte)) error {
	data, err := readLimited(r, maxInputBytes)
	if err != nil {
		return err
	}
	documents := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var document yaml.Node
		switch err := documents.Decode(&document); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fileFault(err, data)
		}
		if err := checkKeys(&document); err != nil {
			return err
		}
		if err := eachOf(&document, each); err != nil {
			return err
		}
	}
}

// eachOf takes the cases of one document.
func eachOf(document *yaml.Node, each func(line int, raw []byte)) error {
	for _, list := range document.Content {
		if list.Kind != yaml.SequenceNode {
			return fmt.Errorf("line %d: want a list of cases, each behind a dash", list.Line)
		}
		for _, node := range list.Content {
			var c map[string]any
			if err := node.Decode(&c); err != nil {
				return caseFault(err, node.Line)
			}
			raw, err := json.Marshal(c)
			if err != nil {
				return fmt.Errorf("line %d: a case with .inf or .nan: write it in quotes", node.Line)
			}
			each(node.Line, raw)
		}
	}
	return nil
}

// caseFault says why a node is no case.
func caseFault(err error, line int) error {
	fault := yamlFaultOf(err, nil, "want a case: keys with their values, as in template: Hi @contact")
	fault.line = max(fault.line, line)
	return fault
}

// fileFault says where a file is no YAML, and of the mistake that templates invite.
func fileFault(err error, data []byte) error {
	fault := yamlFaultOf(err, data, "want a list of cases, each behind a dash")
	for line := range strings.Lines(string(data)) {
		if _, value, ok := strings.Cut(line, ": "); ok && strings.HasPrefix(strings.TrimLeft(value, " "), "@") {
			fault.message += "; a text that begins with @ stands in quotes"
			break
		}
	}
	return fault
}
