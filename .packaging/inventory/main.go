// Command inventory says what is inside of a flowexpr binary, and under which licences.
//
//	go run ./.packaging/inventory -notices THIRD-PARTY.txt -sbom sbom.cdx.json BINARY
//
// It reads the modules that the binary itself records (go version -m), the npm packages whose code is in the preview
// page (server/preview/package-lock.json), and Go's own library; finds each licence by its text; and fails where one
// is missing or is none of those that flowexpr may ship. The texts become the notices that many of them ask for, and
// the list becomes an SBOM (CycloneDX 1.6, JSON).
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() {
	notices := flag.String("notices", "", "`file` to write the licences of all parts into")
	sbom := flag.String("sbom", "", "`file` to write the bill of materials into (CycloneDX)")
	version := flag.String("version", "", "version of flowexpr for the bill of materials")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: inventory [-notices FILE] [-sbom FILE -version VERSION] BINARY")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *notices, *sbom, *version); err != nil {
		fmt.Fprintf(os.Stderr, "inventory: %v\n", err)
		os.Exit(1)
	}
}

func run(binary, notices, sbom, version string) error {
	parts, err := goParts(binary)
	if err != nil {
		return err
	}
	page, err := pageParts("server/preview", ".packaging/page-licences")
	if err != nil {
		return err
	}
	parts = append(parts, page...)
	if err := check(parts); err != nil {
		return err
	}
	if notices != "" {
		if err := os.WriteFile(notices, writeNotices(parts), 0o644); err != nil {
			return err
		}
	}
	if sbom != "" {
		document, err := writeSBOM(parts, version)
		if err != nil {
			return err
		}
		if err := os.WriteFile(sbom, document, 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("licences: %d parts, all allowed\n", len(parts))
	return nil
}

// part is something of others inside of the binary.
type part struct {
	name, version string
	purl          string   // package URL, as bills of materials name things
	licences      []string // SPDX identifiers; one that is not known is empty
	texts         []string
}

// check reports each part whose licence is missing or not allowed.
func check(parts []part) error {
	var problems []error
	for _, p := range parts {
		if len(p.licences) == 0 {
			problems = append(problems, fmt.Errorf("%s %s has no licence file", p.name, p.version))
		}
		for i, licence := range p.licences {
			switch {
			case licence == "":
				problems = append(problems, fmt.Errorf("%s %s has a licence that is none of %s:\n%.300s", p.name, p.version, allowedList(), p.texts[i]))
			case !allowed(licence):
				problems = append(problems, fmt.Errorf("%s %s is under %s, which is not allowed", p.name, p.version, licence))
			}
		}
	}
	return errors.Join(problems...)
}
