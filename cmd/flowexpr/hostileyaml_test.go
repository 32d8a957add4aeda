package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hostileYAML lists files that are made to break a reader of YAML, or that people get wrong. SEED stands for an item that the reader takes.
func hostileYAML() map[string]string {
	all := map[string]string{
		"nothing": "", "spaces": " \n\n  ", "a comment": "# nothing\n", "null": "null\n", "tilde": "~\n", "documents of nothing": "---\n---\n...\n---\n",
		"a text": "hello\n", "a number": "17\n", "a list of numbers": "- 1\n- 2\n", "a list of texts": "- a\n", "a list of lists": "- [a]\n", "a list of nulls": "- ~\n-\n", "a mapping": "a: b\n", "a mapping of a list": "a: [b]\n", "an empty list": "[]\n", "an empty mapping": "{}\n",
		"a seed": "- SEED\n", "a seed twice": "- SEED\n- SEED\n", "a seed in two documents": "- SEED\n---\n- SEED\n", "a seed, then a text": "- SEED\n- x\n", "a seed, then another document": "- SEED\n---\nx: y\n",
		"alias bomb of lists": bomb(30, "[", "]"), "alias bomb of mappings": "a0: &a0 {x: y}\n" + mappingBomb(30), "alias bomb in a list": "- &a [x,x,x,x,x,x,x,x,x,x]\n" + listBomb(8), "alias bomb behind a seed": "- SEED\n- &a [x,x,x,x,x,x,x,x,x,x]\n" + listBomb(8), "alias of itself": "&a [*a]\n", "alias of itself in a mapping": "- &a {template: *a}\n", "alias of itself as a key": "- &a {*a : b}\n", "an alias to nothing": "- *nobody\n", "an alias before its anchor": "- *a\n- &a x\n", "an alias of a long text": "- &a \"" + strings.Repeat("x", 100_000) + "\"\n" + strings.Repeat("- *a\n", 2000), "many anchors": many(5000, "- &a%d x\n"), "merge of a mapping": "- &a {template: x}\n- <<: *a\n", "merge bomb": mergeBomb(25), "merge of itself": "- &a {<<: *a}\n", "merge of a text": "- {<<: x}\n",
		"deep lists": strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "deeper lists": strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000), "deep lists without an end": strings.Repeat("[", 100_000), "deep mappings": strings.Repeat("{a: ", 5000) + "1" + strings.Repeat("}", 5000), "deeper mappings": strings.Repeat("{a: ", 20_000), "deep by indentation": deepIndent(500), "deep in a seed": "- SEED\n- {template: x, context: " + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + "}\n", "deep dashes": strings.Repeat("- ", 20_000) + "x\n", "deep questions": strings.Repeat("? ", 20_000) + "x\n",
		"a key twice": "- {template: a, template: b}\n", "a key twice in lines": "a: 1\na: 2\n", "a key twice in another form": "- {\"template\": a, template: b}\n", "null twice": "- {~: a, ~: b}\n", "many keys": "- {" + many(5000, "k%d: 1, ") + "}\n", "as many keys as there may be": "- {" + many(maxKeys, "k%d: 1, ") + "}\n", "keys that are lists": "- {[a]: b}\n", "keys that are mappings": "- {{a: b}: c}\n", "keys that are numbers": "- {1: a, 2.5: b, true: c}\n", "a long key": "- {" + strings.Repeat("k", 5000) + ": 1}\n", "a key over lines": "- {? \"a\n  b\" : 1}\n",
		"a huge number": "- {template: " + strings.Repeat("9", 100_000) + "}\n", "a huge exponent": "- {template: 1e999999999}\n", "a huge hexadecimal": "- {template: 0x" + strings.Repeat("f", 10_000) + "}\n", "infinity": "- {template: .inf}\n", "not a number": "- {template: .nan, contact: .nan}\n", "octal": "- {template: 0777, contact: 0o777}\n", "sexagesimal": "- {template: 190:20:30}\n", "a date": "- {template: 2026-11-24}\n", "a date that is none": "- {template: 2026-99-99}\n", "underscores": "- {template: 1_000}\n", "negative zero": "- {template: -0}\n", "yes and no": "- {template: yes, expect: no}\n",
		"NUL": "- {template: \"a\x00b\"}\n", "NUL alone": "\x00", "many NUL": strings.Repeat("\x00", 10_000), "an escaped NUL": "- {template: \"a\\0b\"}\n", "control characters": "- {template: \"\x01\x02\x1f\"}\n", "an escape": "- {template: \"\x1b[31m\"}\n", "invalid UTF-8": "- {template: \"\xff\xfe\"}\n", "half a character": "- {template: \"\xe2\x82\"}\n", "overlong": "- {template: \"\xc0\xaf\"}\n", "a surrogate": "- {template: \"\xed\xa0\x80\"}\n", "an escaped surrogate": "- {template: \"\\ud800\"}\n", "beyond Unicode": "- {template: \"\\U99999999\"}\n", "an unknown escape": "- {template: \"\\q\"}\n", "Latin-1": "- {template: \"caf\xe9\"}\n", "UTF-16": "\xff\xfe-\x00 \x00x\x00\n\x00", "UTF-16 of the other order": "\xfe\xff\x00-\x00 \x00x\x00\n", "UTF-32": "\xff\xfe\x00\x00-\x00\x00\x00",
		"a byte order mark": "\ufeff- SEED\n", "two byte order marks": "\ufeff\ufeff- SEED\n", "a byte order mark in the middle": "- SEED\n\ufeff- SEED\n", "CRLF": "- SEED\r\n- SEED\r\n", "CR": "- SEED\r- SEED\r", "line ends of all kinds": "- SEED\r\n- SEED\n- SEED\r", "a next line": "- SEED\u0085- SEED\n", "a line separator": "- SEED\u2028- SEED\n", "a tab before": "\t- SEED\n", "a tab behind the dash": "-\tSEED\n", "a tab in the indentation": "a:\n\tb: c\n", "a no-break space": "-\u00a0SEED\n",
		"a quote without an end": "- {template: \"x\n", "a single quote without an end": "- {template: 'x\n", "a brace without an end": "- {template: x\n", "a bracket without an end": "- [x\n", "a brace too many": "- SEED}\n", "a bracket too many": "- SEED]\n", "a comma too many": "- {template: x,,}\n", "no space behind the colon": "- {template:x}\n", "no dash": "template: x\n", "a dash without a space": "-x\n", "wrong indentation": "- template: x\n   expect: y\n", "a colon in a text": "- template: a: b\n", "an @ without quotes": "- template: @contact.name\n", "an @ as a value alone": "@contact\n", "a backquote": "- `x`\n", "a percent": "- %x\n", "a directive": "%YAML 1.2\n---\n- SEED\n", "an unknown directive": "%NOPE x\n---\n- SEED\n", "another version": "%YAML 9.9\n---\n- SEED\n", "a block without an end": "- |\n", "a block with a wrong head": "- |99\n  x\n", "a folded block": "- >-\n  x\n  y\n",
		"a tag": "- !!str SEED\n", "an unknown tag": "- !nope SEED\n", "a tag of a language": "- !!python/object/apply:os.system [\"id\"]\n", "a binary": "- {template: !!binary aGk=}\n", "a binary that is none": "- {template: !!binary \"%%%\"}\n", "a wrong tag": "- {template: !!int x}\n", "a set": "- !!set {a, b}\n", "a map in order": "- !!omap [a: 1]\n", "a tag without an end": "- !<x\n", "a long tag": "- !" + strings.Repeat("t", 10_000) + " x\n",
		"an unknown flag": "max-bdy: 1\n", "a flag of another command": "template: x\nstrict: true\n", "underscores in flags": "max_body: 500\nmax-header: 500\n", "a flag that is a list": "listen: [a, b]\n", "a flag that is a mapping": "max-body: {a: b}\n", "a number that is none": "max-body: many\n", "a negative number": "max-body: -5\n", "a huge limit": "max-body: 99999999999999999999\n", "a fraction": "max-body: 1.5\n", "a time that is none": "read-timeout: soon\n", "a flag of nothing": "listen:\n", "a truth that is none": "demo: 7\n", "a long value": "listen: " + strings.Repeat("x", 100_000) + "\n",
		"a token of nobody": "- {token: \"\", workspace: default, role: read}\n", "a token without a workspace": "- {token: x, role: read}\n", "a role that is none": "- {token: x, workspace: default, role: root}\n", "a token that is a list": "- {token: [x], workspace: default, role: read}\n", "a token that is a number": "- {token: 123, workspace: default, role: read}\n", "a hash that is none": "- {hash: \"sha256:xyz\", workspace: default, role: read}\n", "a hash of another kind": "- {hash: \"md5:00\", workspace: default, role: read}\n", "a hash and a token": "- {token: x, hash: \"sha256:" + strings.Repeat("0", 64) + "\", workspace: default, role: read}\n", "a workspace of ours": "- {token: x, workspace: \"flowexpr:tokens\", role: write}\n", "a misspelt key": "- {token: x, workspce: default, role: read}\n",
		"a long line": "- {template: \"" + strings.Repeat("x", 1<<20) + "\"}\n", "many lines": strings.Repeat("\n", 50_000), "many comments": strings.Repeat("# x\n", 20_000), "many items": strings.Repeat("- x\n", 10_000), "many documents": strings.Repeat("---\n", 5000), "too large": "- " + strings.Repeat("x", maxInputBytes) + "\n", "a JSON list": `[{"template": "x", "expect": "x"}]`, "JSON with tabs": "[\n\t{\"template\": \"x\"}\n]", "a ZIP": "PK\x03\x04\x14\x00\x00\x00\x08\x00", "a GZIP": "\x1f\x8b\x08\x00\x00\x00", "a PNG": "\x89PNG\r\n\x1a\n", "HTML": "<!DOCTYPE html>\n<html><body>Not found</body></html>\n", "a CSV": "uuid,name\n1,Jane\n",
	}
	return all
}

func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// bomb makes ten of each level below, as mappings of lists.
func bomb(levels int, open, end string) string {
	b := "a0: &a0 " + open + strings.Repeat("x,", 9) + "x" + end + "\n"
	for i := range levels {
		b += fmt.Sprintf("a%d: &a%d %s%s*a%d%s\n", i+1, i+1, open, strings.Repeat(fmt.Sprintf("*a%d,", i), 9), i, end)
	}
	return b
}

func mappingBomb(levels int) (b string) {
	for i := range levels {
		b += fmt.Sprintf("a%d: &a%d {x: *a%d, y: *a%d, z: *a%d}\n", i+1, i+1, i, i, i)
	}
	return b
}

func listBomb(levels int) string {
	b, name := "", "a"
	for range levels {
		next := name + "a"
		b += "- &" + next + " [" + strings.Repeat("*"+name+",", 9) + "*" + name + "]\n"
		name = next
	}
	return b
}

func mergeBomb(levels int) string {
	b := "- &m0 {a: 1}\n"
	for i := range levels {
		b += fmt.Sprintf("- &m%d {<<: [*m%d, *m%d, *m%d], k%d: 1}\n", i+1, i, i, i, i)
	}
	return b
}

func deepIndent(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String() + strings.Repeat(" ", levels) + "x\n"
}

// yamlReaders are what reads YAML, each with an item that it takes; they say what they found.
var yamlReaders = []struct {
	name, seed string
	read       func(data string) (found string, err error)
}{
	{"cases", `{template: "Hi @contact.name", expect: "Hi "}`, func(data string) (string, error) {
		runner, err := newCaseRunner()
		if err != nil {
			return "", err
		}
		var problems []string
		cases := 0
		err = eachYAML(strings.NewReader(data), func(line int, raw []byte) {
			cases++
			if f := runner.runCase(raw); f != nil && f.Error != "" && len(problems) < 3 {
				problems = append(problems, fmt.Sprintf("line %d: %s", line, f.Error))
			}
		})
		return fmt.Sprintf("%d cases %s", cases, strings.Join(problems, "; ")), err
	}},
	{"tokens", `{token: abc, workspace: default, role: read}`, func(data string) (string, error) {
		list, err := parseTokens("tokens.yaml", []byte(data))
		if err != nil {
			return "", err
		}
		tokens, err := serverTokens(list)
		for _, t := range tokens {
			err = errors.Join(err, t.Validate())
		}
		return fmt.Sprintf("%d tokens", len(tokens)), err
	}},
	{"configuration", `listen: 127.0.0.1:1`, func(data string) (string, error) {
		resolver, err := yamlConfiguration(strings.NewReader(data))
		if err != nil {
			return "", err
		}
		var c cli
		parser, err := newParser(&c, streams{strings.NewReader(""), io.Discard, io.Discard}, kong.Resolvers(resolver))
		if err == nil {
			_, err = parser.Parse([]string{"serve"})
		}
		return "taken", err
	}},
}

// mostYAMLBytes is what reading one hostile file may allocate.
const mostYAMLBytes = 512 << 20

// Each hostile file is taken, or refused with words, as testdata/hostile says; none of them takes memory or time.
func TestHostileYAML(t *testing.T) {
	for _, reader := range yamlReaders {
		t.Run(reader.name, func(t *testing.T) {
			var lines strings.Builder
			files := hostileYAML()
			for _, name := range slices.Sorted(maps.Keys(files)) {
				data := strings.ReplaceAll(files[name], "SEED", reader.seed)
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				found, err := reader.read(data)
				runtime.ReadMemStats(&after)
				assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(mostYAMLBytes), name)
				if err != nil {
					found = "error: " + err.Error()
				}
				assert.Less(t, len(found), 1000, name)
				fmt.Fprintf(&lines, "%s\t%d\t%q\n", name, len(data), found)
			}
			t.Logf("%d files", len(files))
			file := filepath.Join("testdata", "hostile", reader.name+".txt")
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(lines.String()), 0o600))
				return
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, string(want), lines.String())
		})
	}
}

// fuzzYAML gives a reader files: each is taken, or refused in some words.
func fuzzYAML(f *testing.F, reader int) {
	for _, data := range hostileYAML() {
		if data = strings.ReplaceAll(data, "SEED", yamlReaders[reader].seed); len(data) < 5000 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data string) {
		if _, err := yamlReaders[reader].read(data); err != nil {
			require.NotEmpty(t, err.Error())
			require.Less(t, len(err.Error()), 2000)
		}
	})
}

func FuzzYAMLCases(f *testing.F)         { fuzzYAML(f, 0) }
func FuzzYAMLTokens(f *testing.F)        { fuzzYAML(f, 1) }
func FuzzYAMLConfiguration(f *testing.F) { fuzzYAML(f, 2) }
