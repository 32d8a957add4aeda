package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/server/apidoc"
)

const errorsIntroduction = `# Errors

Every error has a stable code for programs, words for people and, where there is one, a hint at the next step.

## Over HTTP

Errors are ` + "`application/problem+json`" + ` with ` + "`status`, `code`, `detail`, `hint`" + `, the place in the body as ` + "`line` and `column`" + `, and
the header ` + "`X-Request-Id`" + `, under which the log says more about faults of the service. On the command line the exit status
is 1, and standard error has the same words.

| code | status | meaning | what to do |
|---|---|---|---|
`

const diagnosticsIntroduction = `
## In templates

What is wrong with a part of a template leaves that part empty; the rest is evaluated. ` + "`warnings`" + ` of evaluations,
` + "`diagnostics`" + ` of checks and ` + "`notes`" + ` of migrations have these codes, with the place in the template.

| code | meaning | what to do |
|---|---|---|
`

const commandIntroduction = `
## On the command line

These come from stores and files, beside those above.

| code | meaning | what to do |
|---|---|---|
`

// commandCodes are the codes that commands report beside those of the service and of templates.
var commandCodes = []diag.Code{
	{Code: "csv_header", Meaning: "The header of a CSV file names a column twice, or none that says whose row it is.", Next: "Correct the header: [import.md](import.md#csv)."},
	{Code: "csv_quotes", Meaning: "The quotation marks of a row of CSV do not match.", Next: "Write `\"say \"\"hi\"\"\"` for `say \"hi\"`."},
	{Code: "corrupt_listing", Meaning: "A listing in Redis holds something that is no UUID.", Next: "Look which other program writes these keys."},
	{Code: "corrupt_record", Meaning: "A stored record is damaged.", Next: "Import the contact again."},
	{Code: "corrupt_settings", Meaning: "The settings in Redis are damaged.", Next: "Store them again with `flowexpr settings FILE`."},
	{Code: "import_refused", Meaning: "A strict import has rows that cannot be stored, so none was.", Next: "Mend the rows that are listed."},
	{Code: "interrupted", Meaning: "The import was stopped.", Next: "Run the same command again: it goes on."},
	{Code: "invalid_address", Meaning: "An address of a service or a store cannot be read.", Next: "The hint says how it is written."},
	{Code: "invalid_certificate", Meaning: "A certificate or key for the connection to a store cannot be read.", Next: "The hint says what the file should hold."},
	{Code: "invalid_password_file", Meaning: "The file with the password of a store cannot be read.", Next: "Give a file that this user can read, with nothing but the password."},
	{Code: "invalid_record", Meaning: "A contact cannot be stored there.", Next: "Correct the contact."},
	{Code: "invalid_workspace", Meaning: "The name of a workspace has characters that it cannot have.", Next: "Use letters, digits, `-` and `_`."},
	{Code: "line_too_long", Meaning: "A line of a file is longer than a contact may be.", Next: "One contact a line."},
	{Code: "migration_failed", Meaning: "The tables in PostgreSQL could not be brought up to date.", Next: "The message has PostgreSQL's reason; nothing of that step stayed."},
	{Code: "not_flowexpr", Meaning: "What answers at `--url` is not this service.", Next: "Look at the address, and at proxies on the way."},
	{Code: "schema_too_new", Meaning: "The tables in PostgreSQL are of a later version of this program.", Next: "Use that version."},
	{Code: "store_in_use", Meaning: "Another process has the embedded store.", Next: "Use that process by `--url`, or stop it."},
	{Code: "strict_needs_file", Meaning: "A strict import reads its input twice, and standard input can be read once.", Next: "Give a file."},
	{Code: "token_needed", Meaning: "The service will not listen beyond this machine without a token.", Next: "Configure a token, or listen on 127.0.0.1."},
	{Code: "unknown_format", Meaning: "There is no such format of files.", Next: "The message lists those there are."},
	{Code: "unreadable_file", Meaning: "The file is of a kind that is not imported.", Next: "The hint says how to convert it."},
	{Code: "uuid_missing", Meaning: "A row says not whose it is.", Next: "Give each row a UUID, or in CSV a URN."},
}

// errorsPage lists every code with its meaning and next step.
func errorsPage() []byte {
	b := bytes.NewBufferString(generated + errorsIntroduction)
	for _, c := range apidoc.Codes() {
		statuses := make([]string, len(c.Statuses))
		for i, status := range c.Statuses {
			statuses[i] = strconv.Itoa(status)
		}
		if len(statuses) == 0 {
			statuses = []string{"–"}
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", c.Code, strings.Join(statuses, ", "), cell(c.Meaning), cell(c.Next))
	}
	b.WriteString(diagnosticsIntroduction)
	writeCodes(b, diag.Codes())
	b.WriteString(commandIntroduction)
	writeCodes(b, commandCodes)
	return b.Bytes()
}

func writeCodes(b *bytes.Buffer, codes []diag.Code) {
	for _, c := range codes {
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", c.Code, cell(c.Meaning), cell(c.Next))
	}
}
