package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/embedded"
)

var update = flag.Bool("update", false, "write what commands print into testdata instead of comparing it")

// demoData is a folder with the demo workspace.
func demoData(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	store, err := embedded.Open(folder, embedded.Options{})
	require.NoError(t, err)
	require.NoError(t, loadDemo(t.Context(), store, "default"))
	require.NoError(t, store.Close())
	return folder
}

// demoUUIDs gives the UUIDs of the demo's contacts that are chosen, in their order.
func demoUUIDs(t *testing.T, chosen func(*contactstore.Contact) bool) []string {
	t.Helper()
	byID := map[string]bool{}
	for _, line := range demoLines(t) {
		contact, err := contactstore.ParseContact(line)
		require.NoError(t, err)
		byID[contact.UUID.String()] = chosen(contact)
	}
	var list []string
	for id, ok := range byID {
		if ok {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return list
}

func TestEvaluateMany(t *testing.T) {
	folder := demoData(t)
	all := demoUUIDs(t, func(*contactstore.Contact) bool { return true })
	testers := demoUUIDs(t, func(c *contactstore.Contact) bool {
		for _, g := range c.Groups {
			if g.Name == "Testers" {
				return true
			}
		}
		return false
	})
	tests := []struct {
		name   string
		args   []string
		status int
		want   []string // UUIDs of the lines; nil: not compared
		line   string   // the first line
		errs   string
	}{
		{"all", []string{"Hi", "--all"}, 0, all, `{"contact":"` + all[0] + `","text":"Hi"}`, fmt.Sprintf("%d contacts: %d without warnings, 0 with warnings, 0 without a text\n", len(all), len(all))},
		{"a group", []string{"Hi", "--group", "testers"}, 0, testers, `{"contact":"` + testers[0] + `","text":"Hi"}`, "without a text"},
		{"a group that nobody is in", []string{"Hi", "--group", "Tester"}, 1, []string{}, "", "flowexpr: no contact is in the group Tester\n"},
		{"strictly", []string{"@(1/0)", "--group", "Testers", "--strict"}, 1, testers, `{"contact":"` + testers[0] + `","error":{"code":"template_errors","message":"the template gives 1 error or warning"},"warnings":[{`, "0 with warnings, 5 without a text"},
		{"with settings", []string{"@(now())", "--group", "Testers", "--set", "now=2026-11-24T12:00:00Z", "--set", "timezone=UTC"}, 0, testers, `{"contact":"` + testers[0] + `","text":"2026-11-24T`, ""},
		{"with the first dialect", []string{"@(LEN(\"abc\"))", "--group", "Testers", "--dialect", "legacy"}, 0, testers, `{"contact":"` + testers[0] + `","text":"3"}`, ""},
		{"all and a group", []string{"Hi", "--all", "--group", "Testers"}, 2, []string{}, "", "--contact, --contacts, --all and --group exclude each other: give one"},
		{"all and a file", []string{"Hi", "--all", "--contacts", "-"}, 2, []string{}, "", "exclude each other"},
		{"explained", []string{"Hi", "--all", "--explain"}, 2, []string{}, "", "--explain is about one contact: give --contact"},
		{"a setting that is none", []string{"Hi", "--all", "--set", "zone=UTC"}, 1, []string{}, "", "\"zone\" is not a setting"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, out, errs := outcomeOf(t, "", append([]string{"eval", "--data", folder}, tt.args...)...)
			assert.Equal(t, tt.status, status, errs)
			assert.Equal(t, tt.want, contactsOf(t, out))
			assert.True(t, strings.HasPrefix(out, tt.line), out)
			assert.Contains(t, errs, tt.errs)
			assert.NotContains(t, out, "summary")
		})
	}
}

// contactsOf gives the UUIDs of lines.
func contactsOf(t *testing.T, out string) []string {
	t.Helper()
	ids := []string{}
	for line := range strings.Lines(out) {
		var parsed struct {
			Contact string `json:"contact"`
		}
		require.NoError(t, json.Unmarshal([]byte(line), &parsed), line)
		ids = append(ids, parsed.Contact)
	}
	return ids
}

func TestEvaluateFile(t *testing.T) {
	const file = `{"uuid": "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f", "name": "Jane Doe", "urns": ["tel:+13233754866"]}

{"name": "Bob", "urns": ["tel"]}
{"name": "Eve"}
`
	status, out, errs := outcomeOf(t, file, "eval", "Hi @contact.first_name: @urns.tel", "--contacts", "-")
	assert.Equal(t, statusFailed, status)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 3)
	assert.Equal(t, `{"contact":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f","text":"Hi Jane: tel:+13233754866"}`, lines[0])
	assert.True(t, strings.HasPrefix(lines[1], `{"line":3,"error":{"code":"invalid_urn",`), lines[1])
	assert.True(t, strings.HasPrefix(lines[2], `{"line":4,"text":"Hi Eve: ","warnings":[{"severity":"warning","code":"no_connection",`), lines[2])
	assert.Equal(t, "3 contacts: 1 without warnings, 1 with warnings, 1 without a text\n", errs)

	status, out, errs = outcomeOf(t, "", "eval", "Hi", "--contacts", "-")
	assert.Equal(t, statusDone, status)
	assert.Empty(t, out)
	assert.Equal(t, "0 contacts: 0 without warnings, 0 with warnings, 0 without a text\n", errs)

	name := filepath.Join(t.TempDir(), "contacts.jsonl")
	require.NoError(t, os.WriteFile(name, []byte(`{"name":"Bob"}`), 0o600))
	status, out, _ = outcomeOf(t, `{"results": {"color": {"value": "blue"}}}`, "eval", "@results.color for @contact.name", "--contacts", name, "--context", "-")
	assert.Equal(t, statusDone, status)
	assert.Equal(t, `{"line":1,"text":"blue for Bob"}`+"\n", out)

	for _, tt := range []struct {
		args   []string
		status int
		errs   string
	}{
		{[]string{"--contacts", "missing.jsonl"}, 1, "there is no file missing.jsonl"},
		{[]string{"--contacts", "-", "--url", "http://127.0.0.1:1"}, 2, "it does not go with --url"},
		{[]string{"--contacts", "-", "--set", "now=soon"}, 2, "--set now: got \"soon\""},
		{[]string{"--contacts", "-", "--set", "zone=UTC"}, 1, "\"zone\" is not a setting"},
	} {
		status, _, errs := outcomeOf(t, "", append([]string{"eval", "Hi"}, tt.args...)...)
		assert.Equal(t, tt.status, status, tt.args)
		assert.Contains(t, errs, tt.errs)
	}
}

func TestDryRun(t *testing.T) {
	const greeting = "Hi @contact.first_name, we write to @urns.mailto; @(fields.balance / fields.age)"
	folder := demoData(t)
	tests := []struct {
		name   string
		args   []string
		status int
		golden string
		errs   string
	}{
		{"all", []string{greeting}, 0, "dryrun.txt", ""},
		{"a group, as JSON", []string{"Hi @contact.first_name", "--group", "Testers", "--json"}, 0, "dryrun.json", ""},
		{"no examples", []string{greeting, "--examples", "0"}, 0, "dryrun_bare.txt", ""},
		{"fails on warnings", []string{"@urns.telegram", "--fail-on", "warning", "--examples", "0"}, 1, "", "flowexpr: 25 contacts of 27 with warnings\n"},
		{"fails on errors", []string{greeting, "--fail-on", "error"}, 1, "", " with errors\n"},
		{"fails on warnings, and there are errors", []string{greeting, "--fail-on", "warning"}, 1, "", " with errors\n"},
		{"has warnings, fails on errors only", []string{"@urns.telegram", "--fail-on", "error"}, 0, "", ""},
		{"has nothing to fail on", []string{"Hi", "--fail-on", "warning"}, 0, "", ""},
		{"a group that nobody is in", []string{"Hi", "--group", "Tester"}, 1, "", "flowexpr: no contact is in the group Tester\n"},
		{"another level", []string{"Hi", "--fail-on", "info"}, 2, "", "--fail-on must be one of \"\",\"warning\",\"error\""},
		{"too many examples", []string{"Hi", "--examples", "21"}, 1, "", "want a number from 0 to 20"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, out, errs := outcomeOf(t, "", append([]string{"dryrun", "--data", folder}, tt.args...)...)
			assert.Equal(t, tt.status, status, errs)
			assert.Contains(t, errs, tt.errs)
			if tt.golden != "" {
				matchesGolden(t, tt.golden, out)
			}
		})
	}
}

var elapsed = regexp.MustCompile(`in \d+\.\d s|"elapsed_ms": \d+`)

// matchesGolden compares with a file of testdata, but for the time it took.
func matchesGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	got = elapsed.ReplaceAllString(got, "TIME")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

// What ends before its summary is a failure, whoever ended it.
func TestStreamsThatAreCutOff(t *testing.T) {
	tests := []struct{ name, body, errs string }{
		{"in the middle", `{"contact":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f","text":"Hi"}` + "\n", "was cut off before its summary"},
		{"in a line", `{"contact":"5d76`, "was cut off before its summary"},
		{"by an error", `{"contact":null,"text":"Hi"}` + "\n" + `{"error":{"code":"store_unavailable","message":"the contact store is out of reach"}}` + "\n", "the work was cut off: the contact store is out of reach"},
		{"by somebody else", `{"error":"?"}` + "\n", "ends with an error that is not flowexpr's"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			cut := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write([]byte(tt.body))
			})}
			go func() { _ = cut.Serve(listener) }()
			defer cut.Close()
			for _, command := range [][]string{{"eval", "Hi", "--all"}, {"dryrun", "Hi"}} {
				if command[0] == "dryrun" && strings.HasPrefix(tt.body, `{"contact`) {
					continue
				}
				status, out, errs := outcomeOf(t, "", append(command, "--url", "http://"+listener.Addr().String())...)
				assert.Equal(t, statusFailed, status)
				assert.Contains(t, errs, tt.errs)
				whole, _, _ := strings.Cut(tt.body, `{"error"`)
				assert.True(t, strings.HasPrefix(whole, out), "what came is printed")
			}
		})
	}
}
