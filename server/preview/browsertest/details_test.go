package browsertest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	browsers "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhy(t *testing.T) {
	p := openDemo(t, serve(t), desktop)
	p.template("@contact.urn @(upper(contact.name)) @urns.telegram")
	p.waitFor(`document.querySelectorAll("#why .explanation").length === 3`)
	why := p.text("#why .explanation")
	for _, want := range []string{"tel:+13233754866", "Highest-priority Phone Number: 1 of 2, first of 4 connections.", "tel:+4971234567", "Used", "phone", "In force", "any", "routable"} {
		assert.Contains(t, why, want)
	}
	assert.Contains(t, p.text("#why .explanation:nth-child(2)"), "From the contact's record.")
	assert.Contains(t, p.text("#why .explanation:nth-child(3)"), "The contact has no Telegram Identifier among 4 connections.")
	p.accessible("why")

	// Another connection first: the policies differ.
	p.click(`[aria-label="Move janedoe up"]`)
	p.waitText("#why .policies tr:nth-child(2)", "twitter:janedoe")
	p.waitText("#why .policies tr:nth-child(1)", "tel:+13233754866")
	p.click("#why .explanation:nth-child(2) a")
	p.waitFor(`getSelection().toString() === "@(upper(contact.name))"`)
	p.waitFor(`document.querySelector("#why .explanation:nth-child(2)").classList.contains("here")`)
	p.clean()
}

func TestSettings(t *testing.T) {
	p := openDemo(t, serve(t), desktop)
	p.click("#tab-settings")
	p.template(`@(format_datetime(now())) @contact.urn`)
	p.fill("#set-now", "2026-11-24T12:00:00Z")
	p.waitText("#message", "2026-11-24 04:00")
	p.choosePersona("nobody") // has no time zone of its own
	p.fill("#set-timezone", "Africa/Kigali")
	p.waitText("#message", "2026-11-24 14:00")
	p.pick("#set-date_format", "DD-MM-YYYY")
	p.waitText("#message", "24-11-2026 14:00")
	p.pick("#set-time_format", "h:mm aa")
	p.waitText("#message", "24-11-2026 2:00 pm")
	p.choose("jane", "Jane Doe")
	p.pick("#set-redact_urns", "true")
	p.waitText("#message", "tel:********")
	p.pick("#set-redact_urns", "")
	p.click(`[aria-label="Move janedoe up"]`)
	p.pick("#set-contact_urn", "any")
	p.waitText("#message", "twitter:janedoe")
	p.pick("#set-languages", "fra")
	p.accessible("settings")
	p.fill("#set-timezone", "Mars/Olympus")
	p.waitText("#message-failure", "Mars")
	p.accessible("a setting that does not work")
	p.click("#settings button.quiet")
	p.waitText("#message", "tel:+13233754866")
	p.waitFor(`document.querySelector("#message-failure").innerText === ""`)
	p.problemsSay("400") // the time zone
}

func TestSession(t *testing.T) {
	p := openDemo(t, serve(t), desktop)
	p.click("#tab-session")
	p.template("You like @results.color.category")
	p.focus("#session .cm-content")
	p.key('a', kb.ModifierCtrl)
	p.key(backspace)
	p.press(`{"resu`)
	p.waitText(".cm-tooltip-autocomplete [aria-selected]", "results")
	p.accept()
	p.waitFor(`document.querySelector("#session .cm-content").innerText.includes("\"results\": {}")`)
	p.focus("#session .cm-content")
	p.key('a', kb.ModifierCtrl)
	p.key(backspace)
	p.insert(`{"results": {"color": {"value": "blue", "category": "Blue"}}}`)
	p.waitText("#message", "You like Blue")
	p.accessible("session")
	p.template("")
	p.press("@results.co")
	p.waitText(".cm-tooltip-autocomplete [aria-selected]", "results.color")
	p.key(escape)
	p.clean()
}

// bash runs a command as it was copied, with the program in its path, and gives what it prints.
func bash(t *testing.T, command string) string {
	t.Helper()
	path, err := binary()
	require.NoError(t, err)
	shell := exec.Command("bash", "-c", command)
	shell.Env = append(os.Environ(), "PATH="+filepath.Dir(path)+":"+os.Getenv("PATH"))
	output, err := shell.CombinedOutput()
	require.NoError(t, err, "%s\n%s", command, output)
	return strings.TrimSpace(string(output))
}

// What is taken away works: the command, the Go program and the test case are run.
func TestTakeAway(t *testing.T) {
	server := serve(t)
	p := openDemo(t, server, desktop)
	p.click("#tab-session")
	p.focus("#session .cm-content")
	p.key('a', kb.ModifierCtrl)
	p.key(backspace)
	p.insert(`{"order": {"total": 21}}`)
	p.template("It's @contact.name's: @(order.total * 2) `x` @contact.urn")
	p.waitText("#message", "It's Jane Doe's: 42 `x` tel:+13233754866")
	p.click("#tab-takeaway")
	const want = "It's Jane Doe's: 42 `x` tel:+13233754866"

	t.Run("request", func(t *testing.T) {
		curl := p.text("#take-curl-text")
		assert.Contains(t, curl, `{"uuid":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f"}`)
		assert.JSONEq(t, `{"text":`+quoted(want)+`,"warnings":[]}`, bash(t, curl))
	})
	t.Run("command", func(t *testing.T) { assert.Equal(t, want, bash(t, p.text("#take-eval-text"))) })
	t.Run("Go", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "main.go")
		require.NoError(t, os.WriteFile(file, []byte(p.text("#take-go-text")), 0o600))
		run := exec.Command("go", "run", file)
		run.Dir = repository
		output, err := run.CombinedOutput()
		require.NoError(t, err, "%s", output)
		assert.Equal(t, want, strings.TrimSpace(string(output)))
	})
	t.Run("test case", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "case.jsonl")
		require.NoError(t, os.WriteFile(file, []byte(p.text("#take-case-text")), 0o600))
		assert.Equal(t, "1 passed, 0 failed", bash(t, "flowexpr test "+file))
	})
	t.Run("no link for a contact", func(t *testing.T) {
		assert.Contains(t, p.text("#take-link-none"), "never a contact's data")
	})
	p.accessible("take away")

	t.Run("the test case is saved as a file", func(t *testing.T) {
		folder := t.TempDir()
		send(p, browsers.SetDownloadBehavior, browsers.SetDownloadBehaviorParams{
			Behavior: browsers.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder, BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID,
		})
		p.click("#save-case")
		file := filepath.Join(folder, "preview.jsonl")
		require.Eventually(t, func() bool { _, err := os.Stat(file); return err == nil }, patience, 20*time.Millisecond)
		assert.Equal(t, "1 passed, 0 failed", bash(t, "flowexpr test "+file))
	})

	t.Run("a changed contact goes along", func(t *testing.T) {
		p.click(`[aria-label="Remove +13233754866"]`)
		p.waitText("#message", "tel:+4971234567")
		p.waitText("#take-eval-text", "CONTACT")
		assert.Equal(t, "It's Jane Doe's: 42 `x` tel:+4971234567", bash(t, p.text("#take-eval-text")))
	})
	p.clean()
}

// What settings change, what goes wrong and what time it is goes along too.
func TestTakeAwayWithSettings(t *testing.T) {
	server := serve(t)
	p := openDemo(t, server, desktop)
	p.click("#tab-settings")
	p.pick("#set-contact_urn", "any")
	p.pick("#set-languages", "fra")
	p.pick("#set-date_format", "DD-MM-YYYY")
	p.click(`[aria-label="Move janedoe up"]`)
	p.click("#tab-takeaway")
	p.template(`@contact.urn @(format_date(now())) @(1 / 0) @urns.telegram @(count(contact.nothing)) @(rand() < 2) @now`)
	p.waitText("#message", "twitter:janedoe")
	p.waitText("#take-case-text", "no_connection")
	file := filepath.Join(t.TempDir(), "case.jsonl")
	require.NoError(t, os.WriteFile(file, []byte(p.text("#take-case-text")), 0o600))
	assert.Equal(t, "1 passed, 0 failed", bash(t, "flowexpr test "+file))

	p.click("#tab-settings")
	p.fill("#set-now", "2026-11-24T12:00:00Z")
	p.template(`@contact.urn @(format_date(now())) @contact.language`)
	const want = "twitter:janedoe 24-11-2026 eng"
	p.waitText("#message", want)
	p.click("#tab-takeaway")
	assert.Equal(t, want, bash(t, p.text("#take-eval-text")))
	assert.JSONEq(t, `{"text":`+quoted(want)+`,"warnings":[]}`, bash(t, p.text("#take-curl-text")))
	p.clean()
}

func TestShareLink(t *testing.T) {
	server := serve(t)
	p := openDemo(t, server, desktop)
	p.template("Olá @contact.first_name 👋 @contact.urn")
	p.choosePersona("bruno")
	p.click("#tab-takeaway")
	p.waitText("#take-link-text", "#share=")
	link := p.text("#take-link-text")
	p.accessible("a link")

	other := open(t, link, desktop)
	other.waitText("#message", "Olá Bruno 👋 tel:+12025550102")
	other.waitText("#contact-body .facts", "Sample persona")
	assert.NotContains(t, strings.Join(other.requests, " "), "share=", "the fragment is sent nowhere")
	other.clean()

	broken := open(t, server.url()+"#share=AAAA", desktop)
	broken.waitText("#message", "we will use")
	broken.clean()
}
