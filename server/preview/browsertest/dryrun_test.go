package browsertest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDryRun(t *testing.T) {
	p := openDemo(t, serve(t), desktop)
	p.click("#tab-dryrun")
	p.template("Hi @contact.first_name, @fields.city, @urns.telegram @(1 / fields.age)")
	p.waitText("#message", "Hi Jane")
	p.accessible("before a dry run")

	t.Run("over all contacts", func(t *testing.T) {
		p.click("#dryrun-start")
		p.waitText("#dryrun-progress", "All contacts: 27 contacts in")
		found := p.text("#dryrun-result")
		for _, want := range []string{"Clean", "With warnings", "With errors", "@contact.first_name", "@urns.telegram", "@(1 / fields.age)", "Unable to convert null to a number.", "GSM-7", "nowhere"} {
			assert.Contains(t, found, want)
		}
		assert.Equal(t, "3", p.evaluate(`document.querySelectorAll("#dryrun .stack span").length`), "clean, warnings, errors")
		assert.Contains(t, p.text("#dryrun .histogram"), "1 segment: ")
		assert.Equal(t, "3", p.evaluate(`document.querySelectorAll("#dryrun .histogram li").length`))
		p.accessible("a dry run")
	})

	t.Run("leads to examples", func(t *testing.T) {
		const empty = `[...document.querySelectorAll("#dryrun summary")].find(s => s.querySelector(".bar-name").textContent === "@contact.first_name")`
		p.evaluate(empty + `.id = "first-name"`)
		p.click("#first-name")
		p.waitFor(`document.querySelectorAll("#first-name + ul .example").length === 2`)
		p.waitFor(`[...document.querySelectorAll("#first-name + ul strong")].every(e => e.textContent !== "…")`)
		p.accessible("examples")
		p.click("#first-name + ul .example")
		p.waitText("#contact-body .name", "newsletter.reader@example.net")
		p.waitText("#message", "Lyon")
	})

	t.Run("over a group", func(t *testing.T) {
		p.pick("#dryrun-group", "Farmers")
		p.click("#dryrun-start")
		p.waitText("#dryrun-progress", "Farmers: 4 contacts in")
	})

	t.Run("says when it is of another template", func(t *testing.T) {
		p.template("Bye @contact.first_name")
		p.waitText("#dryrun .changed", "has changed since")
		p.accessible("an older dry run")
		p.click("#dryrun-start")
		p.waitFor(`document.querySelector("#dryrun-start").innerText === "Run" && document.querySelector("#dryrun .changed") === null`)
	})

	t.Run("over nobody", func(t *testing.T) {
		p.evaluate(`document.querySelector("#dryrun-group").append(new Option("Nobody", "No such group"))`)
		p.pick("#dryrun-group", "No such group")
		p.click("#dryrun-start")
		p.waitText("#dryrun-result", "There is nobody among these contacts.")
	})

	t.Run("with a setting that the service refuses", func(t *testing.T) {
		p.click("#tab-settings")
		p.fill("#set-timezone", "Mars/Olympus")
		p.click("#tab-dryrun")
		p.click("#dryrun-start")
		p.waitText("#dryrun-progress .failure", "Mars")
		p.accessible("a dry run that failed")
	})
	p.problemsSay("400")
}

// A long run tells how far it is, and ends when it is cancelled.
func TestDryRunIsCancelled(t *testing.T) {
	p := open(t, serveMany(t, 4000).url(), desktop)
	p.waitText("#message", "Hi Contact")
	p.click("#tab-dryrun")
	const long = `text_length(replace(repeat("abcdefghij", 900), "a", "bc"))`
	p.template("@(" + strings.Repeat(long+" + ", 79) + long + ") @contact.name")
	p.waitText("#message", "792000 Contact")
	p.click("#dryrun-start")
	p.waitFor(`/^[1-9][\d,]* contacts in/.test(document.querySelector("#dryrun-progress .note").innerText)`)
	p.waitText("#dryrun-start", "Cancel")
	p.accessible("a dry run on its way")
	p.click("#dryrun-start")
	p.waitText("#dryrun-progress", "Cancelled after")
	p.waitText("#dryrun-start", "Run")

	p.template("Hi @contact.name")
	p.click("#dryrun-start")
	p.waitText("#dryrun-progress", "All contacts: 4,000 contacts in")
	p.waitText("#dryrun .histogram", "1 segment: 4,000 messages")
	p.clean()
}

// serveMany runs the program with many contacts, who are imported.
func serveMany(t *testing.T, n int) *program {
	t.Helper()
	path, err := binary()
	require.NoError(t, err)
	folder := t.TempDir()
	var lines strings.Builder
	for i := range n {
		fmt.Fprintf(&lines, `{"uuid":"00000000-0000-4000-8000-%012d","name":"Contact %d","urns":["tel:+1202555%04d"]}`+"\n", i, i, i)
	}
	file := filepath.Join(folder, "many.jsonl")
	require.NoError(t, os.WriteFile(file, []byte(lines.String()), 0o600))
	output, err := exec.Command(path, "--data", filepath.Join(folder, "store"), "import", file).CombinedOutput()
	require.NoError(t, err, "%s", output)
	return runIn(t, filepath.Join(folder, "store"))
}
