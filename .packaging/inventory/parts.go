package main

import (
	"cmp"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// licenceFile is what licences are called at the root of a module or package.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense)([-._].*)?$`)

// goParts are Go's own library and the modules that a binary records.
func goParts(binary string) ([]part, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	root, err := goCommand("env", "GOROOT")
	if err != nil {
		return nil, err
	}
	library := part{name: "Go standard library", version: info.GoVersion, purl: "pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go")}
	if err := library.read(strings.TrimSpace(root)); err != nil {
		return nil, err
	}
	parts := []part{library}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		folder, err := goCommand("list", "-m", "-f", "{{.Dir}}", module.Path)
		if err != nil {
			return nil, err
		}
		p := part{name: module.Path, version: module.Version, purl: "pkg:golang/" + module.Path + "@" + module.Version}
		if err := p.read(strings.TrimSpace(folder)); err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// goCommand gives what the go command prints.
func goCommand(args ...string) (string, error) {
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return string(out), nil
}

// read takes the licence files of a folder.
func (p *part) read(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	for _, entry := range entries {
		if !licenceFile.MatchString(entry.Name()) || !isFile(folder, entry) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		p.texts = append(p.texts, string(text))
		p.licences = append(p.licences, identify(string(text)))
	}
	return nil
}

// isFile tells whether an entry is a file, or leads to one.
func isFile(folder string, entry fs.DirEntry) bool {
	info, err := os.Stat(filepath.Join(folder, entry.Name()))
	return err == nil && info.Mode().IsRegular()
}

// pageParts are the npm packages whose code is in the preview page: those that the lock file does not call development
// packages. Their licences are kept in the folder texts, so that a release needs no npm.
func pageParts(page, texts string) ([]part, error) {
	data, err := os.ReadFile(filepath.Join(page, "package-lock.json"))
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version string
			Dev     bool
		}
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		return nil, fmt.Errorf("package-lock.json: %w", err)
	}
	var parts []part
	for folder, p := range lock.Packages {
		if folder == "" || p.Dev {
			continue
		}
		_, name, _ := strings.Cut(folder, "node_modules/")
		found := part{name: name, version: p.Version, purl: "pkg:npm/" + strings.Replace(name, "@", "%40", 1) + "@" + p.Version}
		if err := found.read(filepath.Join(texts, name)); err != nil {
			return nil, fmt.Errorf("%w (copy the licence of the npm package there)", err)
		}
		parts = append(parts, found)
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.name, b.name) })
	return parts, nil
}
