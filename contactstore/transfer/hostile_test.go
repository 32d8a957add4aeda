package transfer_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/transfer"
)

// hostileBytes are ways to spoil a file of rows, whatever its format. GOOD is a row that is well formed, with its line end.
func hostileBytes() map[string]string {
	return map[string]string{
		"nothing": "", "spaces": "   \n\t\n", "line ends alone": strings.Repeat("\n", 10_000), "NUL": "\x00", "many NUL": strings.Repeat("\x00", 100_000), "NUL before": "\x00GOOD", "NUL behind": "GOOD\x00", "NUL line": "GOOD\x00\nGOOD", "control characters": "GOOD\x01\x02\x1b[31m\nGOOD", "no line end": "GOODGOOD", "text behind": "GOODnonsense\n", "text before": "nonsense\nGOOD",
		"byte order mark": "\ufeffGOOD", "two byte order marks": "\ufeff\ufeffGOOD", "byte order mark in the middle": "GOOD\ufeffGOOD", "half a byte order mark": "\xef\xbbGOOD", "invalid UTF-8": "GOOD\xff\xfe\xfd\nGOOD", "half a character": "GOOD\xe2\x82\nGOOD", "UTF-16": "\xff\xfe{\x00}\x00\n\x00", "UTF-16 of the other order": "\xfe\xff\x00{\x00}\x00\n", "UTF-32": "\xff\xfe\x00\x00{\x00\x00\x00",
		"CR alone": "GOOD\rGOOD\r", "CR CR LF": "GOOD\r\r\nGOOD", "form feed": "GOOD\f\nGOOD", "line separator": "GOOD\u2028GOOD", "next line": "GOOD\u0085GOOD", "vertical tab": "\vGOOD", "no-break space": "\u00a0\nGOOD", "zero width": "\u200b\nGOOD",
		"a long line": strings.Repeat("x", 200_000) + "\nGOOD", "a long line without an end": "GOOD" + strings.Repeat("x", 200_000), "many short lines": "GOOD" + strings.Repeat("x\n", 20_000), "many quotes": "GOOD" + strings.Repeat("\"", 50_000) + "\nGOOD", "many quoted lines": "GOOD" + strings.Repeat("\"\n", 20_000), "many open lines": "GOOD" + strings.Repeat("a,\"b\n", 20_000), "an open line": "GOOD\"" + strings.Repeat("a\n", 30_000), "many brackets": "GOOD" + strings.Repeat("[", 100_000), "many braces": "GOOD" + strings.Repeat("{\"a\":", 50_000), "many commas": "GOOD" + strings.Repeat(",", 200_000) + "\nGOOD",
		"a ZIP": "PK\x03\x04\x14\x00\x00\x00\x08\x00", "a GZIP": "\x1f\x8b\x08\x00\x00\x00", "a PNG": "\x89PNG\r\n\x1a\n", "a PDF": "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "an Excel file": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a SQLite file": "SQLite format 3\x00", "HTML": "<!DOCTYPE html>\n<html><body>Not found</body></html>\n", "XML": "<?xml version=\"1.0\"?>\n<contacts/>\n", "YAML": "- uuid: x\n", "a problem": "{\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401}",
	}
}

// hostileJSON are rows of JSON; each stands in a line, or in an array.
func hostileJSON() map[string]string {
	all := map[string]string{
		"deep": strings.Repeat(`{"fields":`, 200) + "1" + strings.Repeat("}", 200), "deep arrays": `{"fields":{"a":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}}", "deep without an end": `{"fields":` + strings.Repeat("[", 40_000), "a key twice": `{"name":"a","name":"b"}`, "uuid twice": `{"uuid":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f","uuid":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e40"}`, "a key in another case": `{"Name":"a","NAME":"b"}`, "an escaped key": `{"na\u006de":"a"}`, "many keys": "{" + strings.TrimSuffix(repeated(5000, `"k%d":1,`), ",") + "}", "many fields": `{"fields":{` + strings.TrimSuffix(repeated(3000, `"k%d":"v",`), ",") + "}}", "a long key": `{"` + strings.Repeat("k", 60_000) + `":1}`, "an empty key": `{"":1,"fields":{"":1}}`,
		"a huge number": `{"fields":{"a":` + strings.Repeat("9", 50_000) + "}}", "a huge exponent": `{"fields":{"a":1e999999999}}`, "a small exponent": `{"fields":{"a":1e-999999999}}`, "a huge version": `{"version":99999999999999999999}`, "a negative version": `{"version":-1}`, "infinity": `{"fields":{"a":Infinity}}`, "NaN": `{"fields":{"a":NaN}}`, "a leading zero": `{"fields":{"a":01}}`, "hexadecimal": `{"fields":{"a":0x10}}`,
		"invalid UTF-8": "{\"name\":\"\xff\"}", "a surrogate": `{"name":"\ud800"}`, "NUL in a name": `{"name":"a\u0000b"}`, "a raw NUL in a name": "{\"name\":\"a\x00b\"}", "a line end in a name": `{"name":"a\nb\r\n"}`, "right to left": "{\"name\":\"\u202eabc\"}", "a long name": `{"name":"` + strings.Repeat("n", 60_000) + `"}`, "many combining marks": `{"name":"e` + strings.Repeat("\u0301", 20_000) + `"}`,
		"an array": "[]", "an array of numbers": "[1,2]", "a text": `"x"`, "a number": "17", "null": "null", "true": "true", "two on a line": "{} {}", "single quotes": "{'name':'x'}", "a comma at the end": `{"name":"x",}`, "a comment": `{"name":"x" /* y */}`, "no quotes": "{name:x}", "nothing inside": "{}", "a brace alone": "{", "half a name": `{"name":"x`, "JSONP": `callback({"name":"x"})`,
	}
	for _, member := range []string{"uuid", "name", "language", "status", "timezone", "created_on", "last_seen_on", "urns", "groups", "fields", "connections"} {
		for kind, value := range map[string]string{"null": "null", "true": "true", "a number": "7", "a text": `"x"`, "an empty text": `""`, "an array": "[]", "an array of numbers": "[1,{}]", "an array of nulls": "[null]", "an object": "{}", "an object of objects": `{"a":{"b":{}}}`} {
			all[member+" is "+kind] = fmt.Sprintf(`{"%s":%s}`, member, value)
		}
	}
	for _, urn := range []string{"", ":", "tel:", "x", "tel:+1", "tel:" + strings.Repeat("9", 1000), "mailto:a@b@c", "ext:" + strings.Repeat("x", 50_000), "nope:x", "javascript:alert(1)", "tel:+13233754866\u0000", "ext:\u202e"} {
		all["the URN "+fmt.Sprintf("%.30q", urn)] = fmt.Sprintf(`{"urns":[%q]}`, urn)
	}
	all["many URNs"] = `{"urns":[` + strings.TrimSuffix(repeated(2000, `"ext:%d",`), ",") + "]}"
	all["a URN twice"] = `{"urns":["ext:1","ext:1"]}`
	for _, when := range []string{"yesterday", "2026-99-99T00:00:00Z", "9999-12-31T23:59:59Z", "-1-01-01T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00.1234567891234Z", "0000-00-00T00:00:00Z"} {
		all["created on "+when] = fmt.Sprintf(`{"created_on":%q}`, when)
	}
	return all
}

func repeated(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// hostileSheets are files of CSV, about contacts with an External Identifier.
func hostileSheets() map[string]string {
	return map[string]string{
		"a header alone": "uuid,ext\n", "a header of nothing": ",,,\nx,y\n", "a header of quotes": "\"\",\"\"\nx,y\n", "a header without an end": "\"uuid,ext\nx,y\n", "a header twice": "ext,ext\na,b\n", "a header in other cases": "EXT,Ext,ext\na,b,c\n", "uuid twice": "uuid,contact uuid,ext\n", "many columns": "ext" + repeated(20_000, ",c%d") + "\nx\n", "many fields": "ext" + repeated(5000, ",field:c%d") + "\nx" + strings.Repeat(",y", 5000) + "\n", "many URN columns": "ext" + strings.Repeat(",urn", 2000) + "\n", "a long column": "ext," + strings.Repeat("c", 50_000) + "\nx,y\n", "no column that says anything": "a,b\n1,2\n", "a header of numbers": "1,2\n3,4\n", "NUL in the header": "ex\x00t\nx\n", "a header in Latin-1": "\xe4xt\nx\n", "semicolons": "ext;tel\nx;y\n", "tabs": "ext\ttel\nx\ty\n", "pipes": "ext|tel\nx|y\n", "delimiters of all kinds": "ext,tel;urn\turns\na,b;c\td\n", "a separator line": "sep=;\next;tel\nx;y\n",
		"too few cells": "ext,tel,mailto\nx\n", "too many cells": "ext\nx,y,z\n", "many cells": "ext\n" + strings.Repeat("x,", 50_000) + "\n", "an open quote": "ext,tel\n\"x,1\ny,2\n", "an open quote at the end": "ext\nx\n\"", "a stray quote": "ext\nx\"y\n", "text behind a quote": "ext\n\"x\"y\n", "a quote in quotes": "ext\n\"x\"\"y\"\n", "quotes over lines": "ext\n\"x\ny\r\nz\"\n", "many lines in quotes": "ext\n\"" + strings.Repeat("x\n", 1000) + "\"\n", "CRLF": "ext\r\nx\r\n", "CR": "ext\rx\ry\r", "CRLF and LF": "ext\r\nx\ny\r\n", "empty rows": "ext\n\n\n,\n\nx\n", "spaces": "ext , tel \n x , +13233754866 \n", "a huge cell": "ext\n" + strings.Repeat("x", 200_000) + "\n", "a huge cell in quotes": "ext\n\"" + strings.Repeat("x\n", 100_000) + "\"\n",
		"a formula": "ext\n=cmd|' /C calc'!A0\n", "formulas": "ext\n+1\n-1\n@SUM(1)\n", "a UUID that is none": "uuid,ext\nx,y\n", "the same UUID": "uuid,ext\n5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f,a\n5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f,b\n", "the same URN": "tel,ext\n+13233754866,a\n+13233754866,b\n", "a phone that is none": "tel\nx\n", "a huge phone": "tel\n" + strings.Repeat("9", 1000) + "\n", "a phone in Excel's way": "tel\n1.3233754866E+10\n", "a language that is none": "ext,language\nx,english\n", "a status that is none": "ext,status\nx,gone\n", "a time that is none": "ext,created_on\nx,yesterday\n", "a number that is none": "ext,field:age\nx,old\n", "many URNs": "urns\n" + strings.TrimSuffix(repeated(2000, "ext:%d|"), "|") + "\n", "URNs that are none": "urns\n|||\n", "escapes": "urns\next:\\|\\\\|\\\n", "groups": "ext,group:a,groups\nx,yes,b|c\n", "a group that is none": "ext,group:\nx,yes\n", "a field that is none": "ext,field:\nx,y\n", "a deep field": "ext,field:a\nx," + strings.Repeat("[", 10_000) + "\n",
	}
}

// hostileFiles makes the files of a format: rows behind a good one, in its own form.
func hostileFiles() map[transfer.Format]map[string]string {
	good := row(1, "Jane", "ext:1")
	if !strings.HasSuffix(good, "\n") {
		good += "\n"
	}
	files := map[transfer.Format]map[string]string{transfer.Lines: {}, transfer.CSV: hostileSheets(), transfer.RapidPro: {}}
	for name, data := range hostileJSON() {
		if strings.HasPrefix(data, "{") && !strings.Contains(data, "uuid") { // one that nothing else is wrong with
			data = `{"uuid":"00000000-0000-4000-8000-000000000002","status":"active"` + strings.Replace(","+data[1:], ",}", "}", strings.Count(data, "{}"))
		}
		files[transfer.Lines]["row: "+name] = good + data + "\n" + good
		files[transfer.RapidPro]["contact: "+name] = data
		files[transfer.RapidPro]["in results: "+name] = `{"next":null,"results":[` + data + "]}"
	}
	for name, data := range hostileBytes() {
		files[transfer.Lines]["file: "+name] = strings.ReplaceAll(data, "GOOD", good)
		files[transfer.RapidPro]["file: "+name] = strings.ReplaceAll(data, "GOOD", good)
		files[transfer.CSV]["file: "+name] = strings.ReplaceAll(data, "GOOD", "uuid,name\n00000000-0000-4000-8000-000000000001,Jane\n")
	}
	return files
}

// Bounds of what one hostile file may cost: MaxLine is 64 KiB.
const (
	mostAllocated = 512 << 20 // bytes
	mostWords     = 2000      // bytes of a message
)

// Each hostile file is imported, in part or not at all, as testdata/hostile says: with the line and the reason of what was
// not taken, whatever came before.
func TestHostileFiles(t *testing.T) {
	for format, files := range hostileFiles() {
		t.Run(string(format), func(t *testing.T) {
			var lines strings.Builder
			for _, name := range slices.Sorted(maps.Keys(files)) {
				outcome := importHostile(t, name, files[name], format)
				fmt.Fprintf(&lines, "%s\t%d\t%s\n", name, len(files[name]), outcome)
			}
			t.Logf("%d files", len(files))
			file := filepath.Join("testdata", "hostile", string(format)+".txt")
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

// importHostile imports a file and says what became of it.
func importHostile(t *testing.T, name, data string, format transfer.Format) string {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s, err := transfer.Import(ctx, memstore.New(), workspace, strings.NewReader(data), transfer.Options{Format: format, MaxLine: 64 << 10, MaxProblems: 2})
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(mostAllocated), name)
	assert.Equal(t, s.Rows, s.Added+s.Changed+s.Unchanged+s.Failed, name)
	text := fmt.Sprintf("%d rows, %d taken", s.Rows, s.Added+s.Changed+s.Unchanged)
	for _, p := range s.Problems {
		assert.NotEmpty(t, p.Code, name)
		assert.Positive(t, p.Line, name)
		text += fmt.Sprintf("; %.300q", p.String())
		assert.Less(t, len(p.String()), mostWords, name)
	}
	for _, w := range s.Warnings {
		text += fmt.Sprintf("; warning %.200q", w)
		assert.Less(t, len(w), mostWords, name)
	}
	if err != nil {
		text += fmt.Sprintf("; error %.300q", err)
		assert.Less(t, len(err.Error()), mostWords, name)
	}
	return text
}
