package browsertest

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A token is asked for where the service needs one, and kept in memory only.
func TestSignIn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tokens.yaml")
	require.NoError(t, os.WriteFile(file, []byte("- {token: reader, workspace: default, role: read}\n- {token: writer, workspace: default, role: write}\n"), 0o600))
	server := serve(t, "--tokens", file)
	p := open(t, server.url(), desktop)
	p.waitText("#sign-in", "This service asks for a token.")
	p.waitFor(`document.activeElement.id === "token"`)
	p.accessible("signed out")
	p.insert("wrong")
	p.key(enter)
	p.waitText("#sign-in", "The service does not know this token.")
	p.accessible("a wrong token")
	p.evaluate(`document.getElementById("token").value = ""`)
	p.insert("reader")
	p.key(enter)
	p.waitFor(`!document.getElementById("sign-in").open`)
	p.waitText("#workspace", "read only")
	p.choose("jane", "Jane Doe")
	p.waitText("#message", "Hi Jane")
	p.click(`[aria-label="Move janedoe up"]`)
	p.waitText(".whatif", "Your token may read, and not save.")
	assert.Equal(t, "0", p.evaluate(`document.querySelectorAll("[data-key=save]").length`))
	p.accessible("read only")
	p.click(".json-panel summary")
	p.waitText(".json-panel .cm-content", "janedoe")
	p.click("#tab-takeaway")
	p.waitText("#take-case-text", "janedoe")
	assert.Equal(t, "{}", p.evaluate(`JSON.stringify({...localStorage, ...sessionStorage})`))
	assert.Empty(t, p.evaluate(`document.cookie`))

	p.click("#workspace button")
	p.waitText("#sign-in", "You signed out")
	p.waitFor(`!document.body.innerText.includes("Jane")`)
	for _, known := range []string{"janedoe", "5d76d86b", "13233754866"} {
		assert.False(t, strings.Contains(p.evaluate(`document.documentElement.outerHTML`), known), "%s is there after signing out", known)
	}
	p.insert("writer")
	p.key(enter)
	p.waitText("#workspace", "read and write")
	p.run(chromedp.Reload())
	p.waitText("#sign-in", "This service asks for a token.")
	p.problemsSay("401")
}

// The service goes away and comes back: what was written stays, and the answer follows by itself.
func TestServiceGoesAwayAndComesBack(t *testing.T) {
	server := serve(t)
	p := openDemo(t, server, desktop)
	p.template("Before @contact.first_name")
	p.waitText("#message", "Before Jane")
	server.stop()
	p.template("After @contact.first_name")
	p.waitFor(`!document.getElementById("away").hidden`)
	p.waitText("#link", "No answer")
	p.waitFor(`document.querySelector("#message").classList.contains("stale")`)
	assert.Contains(t, p.text("#message"), "Before Jane")
	p.accessible("away")
	server.start()
	p.waitText("#message", "After Jane")
	p.waitFor(`document.getElementById("away").hidden`)
	p.waitDoc("After @contact.first_name")
	p.waitFor(`!document.querySelector("#message").classList.contains("stale")`)
	p.problemsSay("ERR_CONNECTION_REFUSED")
}

// In a workspace that hides URNs the page shows none: not in the panel, the search, the message, or what is taken away.
func TestRedactedWorkspace(t *testing.T) {
	server := serve(t)
	request, err := http.NewRequest("PATCH", server.url()+"v1/settings", strings.NewReader(`{"redact_urns": true}`))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	_, _ = io.Copy(io.Discard, response.Body)
	require.NoError(t, response.Body.Close())
	require.Equal(t, 200, response.StatusCode)

	p := openDemo(t, server, desktop)
	p.choose("John Smith", "John Smith") // Jane's numbers are in the documentation of variables
	p.template("@contact.urn @urns.mailto @contact.ext")
	p.waitText("#message", "tel:******** mailto:********")
	p.waitConnections("tel:******** mailto:********")
	p.click(`.connections > li:nth-child(2) [title="Move up"]`)
	p.waitConnections("mailto:******** tel:********")
	p.click(".json-panel summary")
	p.waitFor(`document.querySelector(".json-panel .cm-content") !== null`)
	p.click("#tab-takeaway")
	p.waitText("#takeaway", "this workspace hides URNs")
	p.click("#tab-dryrun")
	p.click("#dryrun-start")
	p.waitText("#dryrun-progress", "27 contacts in")
	p.evaluate(`document.querySelectorAll("#dryrun details").forEach(d => { d.open = true; })`)
	p.waitFor(`document.querySelectorAll("#dryrun .example").length > 0`)
	p.waitFor(`[...document.querySelectorAll("#dryrun .example strong")].every(e => e.textContent !== "…")`)
	p.chooseIn("compare-search", "John Smith", "John Smith")
	p.waitText("#compared .bubble", "tel:********")
	p.focus("#contact-search")
	p.insert("john")
	p.waitFor(`document.querySelectorAll(".choices:not([hidden]) li").length > 0`)
	html := p.evaluate(`document.documentElement.outerHTML`)
	for _, secret := range []string{"447700900123", "john.smith", "newsletter.reader", "250788000123"} {
		assert.False(t, strings.Contains(html, secret), secret)
	}
	p.accessible("redacted")
	p.clean()
}

func TestNoContacts(t *testing.T) {
	server := serveEmpty(t)
	p := open(t, server.url(), desktop)
	p.waitText("#message", "Hi Amina")
	p.focus("#contact-search")
	p.waitText(".contact .search .note", "There are no contacts yet")
	p.accessible("no contacts")
	p.clean()
}

// Every screen holds the page without scrolling sideways, and axe finds nothing in either theme.
func TestScreens(t *testing.T) {
	p := openDemo(t, serve(t), desktop)
	p.template("Hi @contact.first_name, mail bob@contact.com or @(upper(contact.urn)) @contact.ext 👋 " + strings.Repeat("W", 80))
	p.waitText("#problems .counts", "1 error")
	p.chooseIn("compare-search", "layla", "ليلى مثال")
	p.waitText("#compared .bubble", "ليلى")
	p.click("#tab-dryrun")
	p.click("#dryrun-start")
	p.waitText("#dryrun-progress", "27 contacts in")
	p.evaluate(`document.querySelectorAll("#dryrun details").forEach(d => { d.open = true; })`)
	p.waitFor(`[...document.querySelectorAll("#dryrun .example strong")].every(e => e.textContent !== "…")`)
	for _, test := range []struct {
		screen screen
		axe    bool
	}{
		{screen: screen{width: 1440, height: 900}}, {screen{width: 1440, height: 900, dark: true}, true}, {screen: screen{width: 1100, height: 800}},
		{screen: screen{width: 768, height: 1024}}, {screen{width: 390, height: 844, phone: true}, true}, {screen: screen{width: 320, height: 640, phone: true, dark: true}},
	} {
		p.on(test.screen)
		fits := fmt.Sprintf("innerWidth === %d && document.documentElement.scrollWidth <= innerWidth", test.screen.width) // a phone zooms out to what is wider
		p.waitFor(fits)
		for _, tab := range []string{"why", "dryrun", "settings", "session", "takeaway"} {
			p.click("#tab-" + tab)
			p.waitFor(fits)
			if test.axe {
				p.accessible(fmt.Sprintf("%s, %d pixels wide", tab, test.screen.width))
			}
		}
	}
	p.clean()
}

// The theme is the system's unless one is chosen, and a chosen one stays.
func TestTheme(t *testing.T) {
	p := openDemo(t, serve(t), desktop)
	background := `getComputedStyle(document.body.parentElement).backgroundColor`
	light := p.evaluate(background)
	p.click("#theme")
	p.click("#theme")
	p.waitText("#theme", "Dark")
	dark := p.evaluate(background)
	assert.NotEqual(t, light, dark)
	p.run(chromedp.Reload())
	p.waitText("#theme", "Dark")
	assert.Equal(t, dark, p.evaluate(background))
	p.clean()
}
