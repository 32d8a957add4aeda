package broadcast_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/server/broadcast"
	"github.com/flowexpr/flowexpr/vars"
)

// bob is contact 1 of the lines below.
const bob = `"contact":"00000001-0000-4000-8000-000000000000"`

func TestLines(t *testing.T) {
	warning := func(start, end, line, column int, expression, code, message string) string {
		return fmt.Sprintf(`{"severity":%q,"code":%q,"message":%q,"expression":%q,"start":%d,"end":%d,"line":%d,"column":%d}`,
			map[bool]string{true: "warning", false: "error"}[code == "no_connection"], code, message, expression, start, end, line, column)
	}
	noMail := func(start int) string {
		return warning(start, start+12, 1, start+1, "@urns.mailto", "no_connection", "the contact has no connection for urns.mailto")
	}
	tests := []struct {
		name      string
		templates [][2]string
		warnings  int
		strict    bool
		want      string
		counts    broadcast.Counts
	}{
		{"a text to escape", [][2]string{{"", "<@contact.name>\n\"é\""}}, 10, false,
			`{` + bob + `,"text":"<Bob>\n\"é\""}`, broadcast.Counts{Contacts: 1, OK: 1}},
		{"a warning and an error", [][2]string{{"", "@urns.mailto\n@(1/0)!"}}, 10, false,
			`{` + bob + `,"text":"\n!","warnings":[` + noMail(0) + `,` + warning(13, 19, 2, 1, "@(1/0)", "division_by_zero", "division by zero") + `]}`,
			broadcast.Counts{Contacts: 1, Warnings: 1}},
		{"more than are kept", [][2]string{{"", "@urns.mailto@urns.mailto@urns.mailto"}}, 1, false,
			`{` + bob + `,"text":"","warnings":[` + noMail(0) + `],"warnings_dropped":2}`, broadcast.Counts{Contacts: 1, Warnings: 1}},
		{"several", [][2]string{{"eng", "Hi @contact.name"}, {"fra", "Salut @contact.name"}}, 10, false,
			`{` + bob + `,"texts":{"eng":"Hi Bob","fra":"Salut Bob"}}`, broadcast.Counts{Contacts: 1, OK: 1}},
		{"one with a name", [][2]string{{"e\"n", "Hi"}}, 10, false,
			`{` + bob + `,"texts":{"e\"n":"Hi"}}`, broadcast.Counts{Contacts: 1, OK: 1}},
		{"several, two with warnings", [][2]string{{"a", "@urns.mailto"}, {"b", "-"}, {"c", "c @urns.mailto"}}, 10, false,
			`{` + bob + `,"texts":{"a":"","b":"-","c":"c "},"warnings":{"a":[` + noMail(0) + `],"c":[` + noMail(2) + `]}}`, broadcast.Counts{Contacts: 1, Warnings: 1}},
		{"strictly", [][2]string{{"", "@urns.mailto@(1/0)"}}, 1, true,
			`{` + bob + `,"error":{"code":"template_errors","message":"the template gives 2 errors and warnings"},"warnings":[` + noMail(0) + `],"warnings_dropped":1}`,
			broadcast.Counts{Contacts: 1, Errors: 1}},
		{"several, strictly", [][2]string{{"a", "Hi"}, {"b", "@urns.mailto"}}, 10, true,
			`{` + bob + `,"error":{"code":"template_errors","message":"the template gives 1 error or warning"},"warnings":{"b":[` + noMail(0) + `]}}`,
			broadcast.Counts{Contacts: 1, Errors: 1}},
		{"strictly, and nothing to complain of", [][2]string{{"", "Hi"}}, 10, true, `{` + bob + `,"text":"Hi"}`, broadcast.Counts{Contacts: 1, OK: 1}},
	}
	store := memstore.New()
	require.NoError(t, store.Put(context.Background(), record(t, 1, `,"name":"Bob","urns":["tel:+13233754866"]`)))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var templates []broadcast.Named
			for _, named := range tt.templates {
				templates = append(templates, broadcast.Named{Name: named[0], Template: template(t, named[1])})
			}
			job := broadcast.NewTexts(templates, &vars.Scope{}, broadcast.TextOptions{Warnings: tt.warnings, Strict: tt.strict, Describe: describe})
			got, _, err := collect(broadcast.Start(context.Background(), everyone(store), job, broadcast.Options{}))
			require.NoError(t, err)
			assert.Equal(t, tt.want+"\n", got)
			assert.True(t, json.Valid([]byte(got)))
			assert.Equal(t, tt.counts, job.Counts())
		})
	}
}

// Diagnostics that differ from contact to contact are all told, though the memory for them is bounded.
func TestDiagnosticsOfEachContact(t *testing.T) {
	store := memstore.New()
	const contacts = 1200
	for i := range contacts {
		require.NoError(t, store.Put(context.Background(), record(t, i, fmt.Sprintf(`,"fields":{"age":"x%d"}`, i))))
	}
	got, _, err := collect(broadcast.Start(context.Background(), everyone(store), texts(t, "@(fields.age + 1)"), broadcast.Options{Workers: 1}))
	require.NoError(t, err)
	for i, line := range strings.Split(strings.TrimSpace(got), "\n") {
		assert.Contains(t, line, fmt.Sprintf(`unable to convert \"x%d\" to a number`, i))
	}
	assert.Equal(t, contacts, strings.Count(got, "\n"))
}

func TestFileOfContacts(t *testing.T) {
	long := `{"name":"` + strings.Repeat("x", 1<<20) + `"}`
	spaced := `{"name":"Bob"}` + strings.Repeat(" ", 1<<20) + "x"
	tests := []struct{ name, file, want string }{
		{"nothing", "", ""},
		{"blank lines", "\n \r\n\n", ""},
		{"a byte order mark, a carriage return, no end", "\ufeff" + `{"name":"A"}` + "\r\n" + `{"uuid":"00000001-0000-4000-8000-000000000000","name":"B"}`,
			`{"line":1,"text":"A"}` + "\n{" + bob + `,"text":"B"}` + "\n"},
		{"a line that is no contact", "{\"name\":\"A\"}\n\nnot JSON\n{\"name\":\"C\"}\n",
			`{"line":1,"text":"A"}` + "\n" + `{"line":3,"error":{"code":"invalid_contact","message":"…"}}` + "\n" + `{"line":4,"text":"C"}` + "\n"},
		{"lines that are too long", long + "\n" + spaced + "\n{\"name\":\"C\"}\n",
			`{"line":1,"error":{"code":"line_too_long","message":"…"}}` + "\n" + `{"line":2,"error":{"code":"line_too_long","message":"…"}}` + "\n" + `{"line":3,"text":"C"}` + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			job := broadcast.NewTexts([]broadcast.Named{{Template: template(t, "@contact.name")}}, &vars.Scope{}, broadcast.TextOptions{
				Warnings: 10, Describe: func(err error) (string, string) { code, _ := describe(err); return code, "…" },
			})
			got, contacts, err := collect(broadcast.Start(context.Background(), broadcast.Lines(strings.NewReader(tt.file)), job, small))
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, strings.Count(tt.want, "\n"), contacts)
		})
	}
}

func TestFileThatCannotBeRead(t *testing.T) {
	broken := errors.New("disk on fire")
	file := io.MultiReader(strings.NewReader("{\"name\":\"A\"}\n"), iotest.ErrReader(broken))
	got, _, err := collect(broadcast.Start(context.Background(), broadcast.Lines(file), texts(t, "@contact.name"), broadcast.Options{BatchSize: 1}))
	require.ErrorIs(t, err, broken)
	assert.Equal(t, "{\"line\":1,\"text\":\"A\"}\n", got)
}

// FuzzFileOfContacts: whatever a file holds, there is a line of JSON for each line that is not blank, in order.
func FuzzFileOfContacts(f *testing.F) {
	for _, seed := range []string{"", "{}", "{\"name\":\"A\"}\n\n{\"urns\":[\"tel:+1\"]}", "\xff\n\x00\n[]", "\ufeff\ufeff{}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file string) {
		got, contacts, err := collect(broadcast.Start(context.Background(), broadcast.Lines(strings.NewReader(file)), texts(t, "@contact"), small))
		require.NoError(t, err)
		require.Equal(t, contacts, strings.Count(got, "\n"))
		for line := range strings.Lines(got) {
			require.True(t, json.Valid([]byte(line)), line)
		}
	})
}

func Example() {
	store := memstore.New()
	contact, _ := contactstore.ParseContact([]byte(`{"uuid":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f","name":"Jane Doe","urns":["tel:+13233754866"]}`))
	contact.Workspace, contact.Version = "default", 1
	stored, _ := contactstore.Encode(contact)
	_ = store.Put(context.Background(), stored)
	greeting, _ := testEngine().Template("Hi @contact.first_name, we will use @contact.urn", vars.Roots{})

	job := broadcast.NewTexts([]broadcast.Named{{Template: greeting}}, &vars.Scope{}, broadcast.TextOptions{Describe: describe})
	everyone := broadcast.Everyone(store, "default", contactstore.Filter{}, broadcast.Reading{})
	run := broadcast.Start(context.Background(), everyone, job, broadcast.Options{})
	defer run.Close()
	for chunk, err := run.Next(); err == nil; chunk, err = run.Next() { // io.EOF at the end
		fmt.Print(string(chunk.Lines))
	}
	fmt.Printf("%+v\n", job.Counts())
	// Output:
	// {"contact":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f","text":"Hi Jane, we will use tel:+13233754866"}
	// {Contacts:1 OK:1 Warnings:0 Errors:0}
}
