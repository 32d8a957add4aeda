package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// writeNotices writes each part with its licence, in the order given.
func writeNotices(parts []part) []byte {
	var b bytes.Buffer
	b.WriteString("flowexpr contains the following works of others, each under its own licence.\n")
	for _, p := range parts {
		fmt.Fprintf(&b, "\n%s\n%s %s (%s)\n%s\n", strings.Repeat("=", 80), p.name, p.version, strings.Join(p.licences, ", "), strings.Repeat("=", 80))
		for _, text := range p.texts {
			b.WriteString("\n" + strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n") + "\n")
		}
	}
	return b.Bytes()
}

// The parts of a CycloneDX document that are used here. No serial number and no time stand in it, so that the same
// source gives the same document.
type (
	document struct {
		Format       string      `json:"bomFormat"`
		Spec         string      `json:"specVersion"`
		Version      int         `json:"version"`
		Metadata     metadata    `json:"metadata"`
		Components   []component `json:"components"`
		Dependencies []relation  `json:"dependencies"`
	}
	metadata struct {
		Component component `json:"component"`
	}
	component struct {
		Type     string          `json:"type"`
		Ref      string          `json:"bom-ref"`
		Name     string          `json:"name"`
		Version  string          `json:"version"`
		PURL     string          `json:"purl"`
		Licences []licenceChoice `json:"licenses"`
	}
	licenceChoice struct {
		Licence struct {
			ID string `json:"id"`
		} `json:"license"`
	}
	relation struct {
		Ref       string   `json:"ref"`
		DependsOn []string `json:"dependsOn"`
	}
)

// writeSBOM writes the bill of materials of flowexpr.
func writeSBOM(parts []part, version string) ([]byte, error) {
	product := componentOf(part{
		name: "flowexpr", version: version, purl: "pkg:golang/github.com/flowexpr/flowexpr@" + version, licences: []string{"MIT"},
	})
	product.Type = "application"
	d := document{Format: "CycloneDX", Spec: "1.6", Version: 1, Metadata: metadata{Component: product}}
	uses := relation{Ref: product.Ref}
	for _, p := range parts {
		d.Components = append(d.Components, componentOf(p))
		uses.DependsOn = append(uses.DependsOn, p.purl)
	}
	d.Dependencies = []relation{uses}
	out, err := json.MarshalIndent(d, "", "  ")
	return append(out, '\n'), err
}

func componentOf(p part) component {
	c := component{Type: "library", Ref: p.purl, Name: p.name, Version: p.version, PURL: p.purl}
	seen := map[string]bool{}
	for _, id := range p.licences {
		if seen[id] {
			continue
		}
		seen[id] = true
		choice := licenceChoice{}
		choice.Licence.ID = id
		c.Licences = append(c.Licences, choice)
	}
	return c
}
