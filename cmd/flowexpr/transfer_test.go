package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
)

// commandLine tells the test binary to be the command itself, with these arguments as JSON.
const commandLine = "FLOWEXPR_TEST_COMMAND"

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "flowexpr" { // a copy, for shells
		main()
	}
	if line := os.Getenv(commandLine); line != "" {
		var args []string
		if err := json.Unmarshal([]byte(line), &args); err != nil {
			panic(err)
		}
		_ = os.Unsetenv(commandLine) // flags read the environment
		os.Args = append(os.Args[:1], args...)
		main()
	}
	os.Exit(m.Run())
}

// command runs flowexpr in this process.
func command(t *testing.T, stdin string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	status = run(t.Context(), args, streams{strings.NewReader(stdin), &out, &err})
	return status, out.String(), err.String()
}

// process makes flowexpr a process of its own.
func process(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	line, err := json.Marshal(args)
	require.NoError(t, err)
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), commandLine+"="+string(line))
	return child
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestImportExportFormats(t *testing.T) {
	const csv = "uuid,name,language,status,timezone,created_on,last_seen_on,urns,groups,field:city\n" +
		"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f,Jane Doe,eng,active,,,,tel:+13233754866|mailto:jane@example.org,Testers,Paris\n" +
		"a1b2c3d4-0001-4000-8000-000000000001,Ali,,blocked,,,,telegram:12#ali,,\n"
	data := t.TempDir()
	settings := writeFile(t, "settings.json", `{"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Testers"}]}`)
	status, _, _ := command(t, "", "--data", data, "settings", settings)
	require.Zero(t, status)

	status, out, errs := command(t, csv, "--data", data, "import", "-", "--json")
	require.Zero(t, status, errs)
	assert.Contains(t, out, `"added": 2`)
	status, out, _ = command(t, "", "--data", data, "export", "--format", "csv")
	require.Zero(t, status)
	assert.Equal(t, csv, out)
	status, lines, _ := command(t, "", "--data", data, "export")
	require.Zero(t, status)
	assert.Equal(t, 2, strings.Count(lines, "\n"))
	assert.Contains(t, lines, `"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Testers"}]`)

	page := `{"next":null,"previous":null,"results":[` + strings.ReplaceAll(strings.TrimSpace(lines), "\n", ",\n") + "]}"
	other := t.TempDir()
	for _, want := range []string{"2 rows: 2 added, 0 changed, 0 unchanged, 0 failed", "2 rows: 0 added, 0 changed, 2 unchanged, 0 failed"} {
		status, _, errs = command(t, "", "--data", other, "import", writeFile(t, "page.json", page))
		require.Zero(t, status, errs)
		assert.Contains(t, errs, want)
	}
	file := filepath.Join(t.TempDir(), "contacts.CSV")
	status, _, errs = command(t, "", "--data", other, "export", file, "--group", "testers")
	require.Zero(t, status)
	assert.Equal(t, "1 contacts exported to "+file+"\n", errs)
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, strings.Join(strings.SplitAfter(csv, "\n")[:2], ""), string(written))
	status, out, _ = command(t, "", "--data", other, "contact", "list", "--group", "testers")
	require.Zero(t, status)
	assert.Equal(t, "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f  Jane Doe                  tel:+13233754866\n", out)
}

// Standard error says where and what kind of thing is wrong, and nothing of people; the file of --bad has the rows.
func TestImportBadRows(t *testing.T) {
	var text strings.Builder
	text.WriteString("uuid,name,language,tel,shoe size\n")
	for i := range 12 {
		fmt.Fprintf(&text, ",Secret %d,secretish,+1323375%04d,39\n", i, i)
	}
	text.WriteString(",Good,eng,+13233754866,\nsecret-id,S,,,\n")
	input, bad := writeFile(t, "contacts.csv", text.String()), filepath.Join(t.TempDir(), "bad.jsonl")
	require.NoError(t, os.WriteFile(bad, []byte(strings.Repeat("old", 10_000)), 0o644))

	status, _, errs := command(t, "", "--data", t.TempDir(), "import", input, "--bad", bad)
	assert.Equal(t, statusFailed, status)
	assert.NotContains(t, strings.ToLower(errs), "secret")
	assert.NotContains(t, errs, "323375")
	lines := strings.Split(strings.ReplaceAll(errs, input, "FILE"), "\n")
	assert.Equal(t, `FILE: warning: columns that say nothing about a contact: "shoe size"; a column of a field is named as in field:age`, lines[0])
	assert.Equal(t, "FILE: line 2: language: invalid_contact", lines[1])
	assert.Equal(t, "FILE: line 11: language: invalid_contact", lines[10])
	assert.Equal(t, "FILE: 3 more bad rows", lines[11])
	assert.Contains(t, lines[12], "14 rows: 1 added, 0 changed, 0 unchanged, 13 failed")

	info, err := os.Stat(bad)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	written, err := os.ReadFile(bad)
	require.NoError(t, err)
	rows := strings.Split(strings.TrimSpace(string(written)), "\n")
	require.Len(t, rows, 13)
	assert.Equal(t, `{"line":2,"place":"language","code":"invalid_contact","message":"language: got \"secretish\", want an ISO 639-3 code of three letters, such as eng","row":",Secret 0,secretish,+13233750000,39"}`, rows[0])
	assert.Contains(t, rows[12], `"line":15,"place":"uuid","code":"invalid_uuid"`)

	_, _, errs = command(t, "", "--data", t.TempDir(), "import", input)
	assert.Contains(t, errs, "--bad FILE keeps the bad rows, with all that is wrong with them\n")
	status, _, errs = command(t, "", "--data", t.TempDir(), "import", input, "--bad", input)
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, errs, "is the file to import")
	kept, err := os.ReadFile(input)
	require.NoError(t, err)
	assert.Equal(t, text.String(), string(kept))
}

func TestImportFails(t *testing.T) {
	for _, c := range []struct {
		name, file, text string
		status           int
		says             string
	}{
		{"a workbook", "a.xlsx", "PK\x03\x04", statusFailed, "flowexpr: the file is a workbook or an archive (save the sheet as CSV in UTF-8)\n"},
		{"no header", "a.csv", "Jane,34\n", statusFailed, "flowexpr: the first row names no column with a UUID or a URN (the first row names the columns, as in uuid,name,tel,field:age)\n"},
		{"broken JSON after a bad row", "a.json", "[{\"name\":1},\n{]", statusFailed, "flowexpr: line 2: not JSON: invalid character ']' looking for beginning of object key string (the contacts before it were read; correct the file and import it again)\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, _, errs := command(t, "", "--data", t.TempDir(), "import", writeFile(t, c.file, c.text))
			assert.Equal(t, c.status, status)
			assert.Contains(t, errs, c.says)
		})
	}
	status, _, errs := command(t, "", "import", "a.csv", "--format", "xml")
	assert.Equal(t, statusUsage, status, errs)
}

// TestKilledImport kills an import in the middle again and again, then runs it to its end: the store then has what an
// import that nobody disturbed gives. One row of each batch is bad: the file of bad rows tells how far a process is.
func TestKilledImport(t *testing.T) {
	const batches, size = 5, 500
	text := generatedCSV(batches, size)
	undisturbed, data := t.TempDir(), t.TempDir()
	_, _, _ = command(t, text, "--data", undisturbed, "import", "-")
	_, want, _ := command(t, "", "--data", undisturbed, "export")
	require.Equal(t, batches*(size-1), strings.Count(want, "\n"))

	var found []int // contacts after each kill
	for stored := 1; stored < batches; stored++ {
		killImport(t, data, text, stored)
		_, out, _ := command(t, "", "--data", data, "export")
		found = append(found, strings.Count(out, "\n"))
		assert.GreaterOrEqual(t, found[stored-1], stored*(size-1), "what was stored before the kill")
		assert.Subset(t, strings.Split(want, "\n"), strings.Split(out, "\n"))
	}
	t.Logf("contacts after each kill: %v of %d", found, batches*(size-1))

	_, _, errs := command(t, text, "--data", data, "import", "-")
	assert.Contains(t, errs, fmt.Sprintf("%d rows: %d added, 0 changed, %d unchanged, %d failed", batches*size, batches*(size-1)-found[len(found)-1], found[len(found)-1], batches))
	_, got, _ := command(t, "", "--data", data, "export")
	assert.Equal(t, want, got)
}

// killImport kills an import once it has stored so many batches; its input never ends.
func killImport(t *testing.T, data, text string, batches int) {
	t.Helper()
	bad := filepath.Join(t.TempDir(), "bad.jsonl")
	child := process(t, "--data", data, "import", "-", "--bad", bad)
	var told bytes.Buffer
	child.Stderr = &told
	input, err := child.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	go func() { _, _ = io.WriteString(input, text) }() // fails when the process is killed
	require.Eventually(t, func() bool {
		rows, err := os.ReadFile(bad)
		return err == nil && bytes.Count(rows, []byte("\n")) >= batches
	}, time.Minute, time.Millisecond)
	require.NoError(t, child.Process.Kill())
	require.Error(t, child.Wait(), told.String())
}

// generatedCSV has contacts without UUID; the last of each batch is bad.
func generatedCSV(batches, size int) string {
	var b strings.Builder
	b.WriteString("name,ext,mailto,groups,field:age\n")
	for i := range batches * size {
		mail := fmt.Sprintf("jane%d@example.org", i)
		if i%size == size-1 {
			mail = "no address"
		}
		fmt.Fprintf(&b, "Jane %d,%d,%s,Testers|G%d,%d\n", i, i, mail, i%7, i%90)
	}
	return b.String()
}

// served runs a service over a store in memory and gives its address.
func served(t *testing.T) string {
	t.Helper()
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	handler, err := server.New(server.Options{Engine: eng, Store: memstore.New()})
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- handler.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		assert.NoError(t, <-done)
	})
	return "http://" + listener.Addr().String()
}

// Through a running service an import does what it does in this process, the workspace's settings included.
func TestImportThroughService(t *testing.T) {
	const csv = "name,tel,groups,field:age\nJane,(323) 375-4866,Testers,34\nJoe,+49 7123 4567,,\nJane Doe,+13233754866,,\n"
	patch := writeFile(t, "settings.json", `{"country":"US","groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Testers"}],"fields":[{"key":"age","type":"number"}]}`)
	var exports []string
	for _, where := range [][]string{{"--data", t.TempDir()}, {"--url", served(t)}} {
		status, _, errs := command(t, "", append(where, "settings", patch)...)
		require.Zero(t, status, errs)
		status, _, errs = command(t, csv, append(where, "import", "-")...)
		require.Zero(t, status, errs)
		assert.Contains(t, errs, "3 rows: 2 added, 1 changed, 0 unchanged, 0 failed")
		for _, format := range []string{"jsonl", "csv"} {
			status, out, errs := command(t, "", append(where, "export", "--format", format)...)
			require.Zero(t, status, errs)
			exports = append(exports, out)
		}
	}
	assert.Contains(t, exports[0], `"urns":["tel:+13233754866"],"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Testers"}],"fields":{"age":34}`)
	withoutTimes := func(export string) string { // the service notes when a contact was created
		export = regexp.MustCompile(`"created_on":"[^"]*"`).ReplaceAllString(export, `"created_on":null`)
		return regexp.MustCompile(`(?m)(,active,,)[^,]+`).ReplaceAllString(export, "$1")
	}
	assert.Equal(t, exports[0], withoutTimes(exports[2]))
	assert.Equal(t, exports[1], withoutTimes(exports[3]))
}

// A list by group goes on where a search of the service ends: it looks at 5,000 contacts at a time.
func TestListByGroup(t *testing.T) {
	var text strings.Builder
	for i := range 5200 {
		group := ""
		if i%2600 == 2599 {
			group = `{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Rare"}`
		}
		fmt.Fprintf(&text, `{"uuid":"00000000-0000-4000-8000-%012d","name":"n%d","urns":[],"groups":[%s]}`+"\n", i, i, group)
	}
	data := t.TempDir()
	status, _, errs := command(t, text.String(), "--data", data, "import", "-")
	require.Zero(t, status, errs)
	rare := func(i int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d  n%-23d  \n", i, i) }
	for _, c := range []struct {
		args []string
		want string
		more bool
	}{
		{[]string{"--group", "rare"}, rare(2599) + rare(5199), false},
		{[]string{"--group", "rare", "--limit", "1"}, rare(2599), true},
		{[]string{"--group", "rare", "-q", "n5"}, rare(5199), false},
		{[]string{"--group", "nobody"}, "", false},
	} {
		status, out, errs := command(t, "", append([]string{"--data", data, "contact", "list"}, c.args...)...)
		require.Zero(t, status, errs)
		assert.Equal(t, c.want, out, c.args)
		assert.Equal(t, c.more, strings.HasPrefix(errs, "there may be more: --cursor "), errs)
	}
	_, out, _ := command(t, "", "--data", data, "contact", "list", "--group", "rare", "--limit", "1", "--json")
	assert.Regexp(t, `(?s)^\{\n  "contacts": \[\n    \{\n      "uuid": "[0-9-]*2599",.*"next_cursor": "[A-Za-z0-9_-]+"\n\}\n$`, out)
}

func TestSettingsCommand(t *testing.T) {
	data := t.TempDir()
	status, _, errs := command(t, "{", "--data", data, "settings", "-")
	assert.Equal(t, statusFailed, status)
	assert.Contains(t, errs, "- is not JSON: want an object with a member for each setting to change")
	status, _, errs = command(t, `{"colour":1}`, "--data", data, "settings", "-")
	assert.Equal(t, statusFailed, status)
	assert.Contains(t, errs, `"colour" is not a setting`)
	status, out, _ := command(t, `{"country":"US"}`, "--data", data, "settings", "-")
	require.Zero(t, status)
	assert.Contains(t, out, `"country": "US"`)
	status, again, _ := command(t, "", "--data", data, "settings")
	require.Zero(t, status)
	assert.Equal(t, out, again)
}
