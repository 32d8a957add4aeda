package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
)

// waitConnections waits until the panel shows these connections.
func (p *page) waitConnections(want string) {
	p.t.Helper()
	p.waitFor(`[...document.querySelectorAll(".connections .connection-urn")].map(e => e.textContent).join(" ") === "` + want + `"`)
}

const janesOrder = "+13233754866 janedoe jane.doe@example.org +4971234567"

func TestContact(t *testing.T) {
	program := serve(t)
	p := openDemo(t, program, desktop)
	p.template("@contact.urn")

	t.Run("lists the connections with type, channels and last use", func(t *testing.T) {
		p.waitConnections(janesOrder)
		first := p.text(".connections > li")
		for _, want := range []string{"Phone Number", "Prioritized", "Twilio US", "Africa's Talking", "never"} {
			assert.Contains(t, first, want)
		}
		assert.Equal(t, "1", p.evaluate(`document.querySelectorAll(".connections .badge").length`))
		p.accessible("contact")
	})

	t.Run("promotes in this page only", func(t *testing.T) {
		p.click(`[aria-label="Move +4971234567 up"]`)
		p.waitConnections("+13233754866 janedoe +4971234567 jane.doe@example.org")
		p.waitText(".whatif", "in this page only")
		p.accessible("what if")
		assert.Equal(t, "up tel:+4971234567", p.evaluate(`document.activeElement.dataset.key`), "the focus stays on the arrow")
	})

	t.Run("replies from a connection", func(t *testing.T) {
		p.click(`[aria-label="The contact replies from +4971234567"]`)
		p.waitConnections("+4971234567 +13233754866 janedoe jane.doe@example.org")
		p.waitText("#message", "tel:+4971234567")
		p.waitText(".connections > li", "just now")
		p.click(`[data-key="reset"]`)
		p.waitConnections(janesOrder)
		p.waitText("#message", "tel:+13233754866")
	})

	t.Run("adds, edits and removes", func(t *testing.T) {
		p.click(`[data-key="add"]`)
		p.evaluate(`document.getElementById("add-type").value = "Telegram Identifier"`)
		p.focus("#add-value")
		p.insert("12345")
		p.key(enter)
		p.waitConnections(janesOrder + " 12345")
		p.click(`[aria-label="Edit janedoe"]`)
		p.waitFor(`document.activeElement.id === "edit-urn"`)
		p.accessible("editing a connection")
		p.evaluate(`document.activeElement.select()`)
		p.insert("twitter:@JaneD")
		p.key(enter)
		p.waitConnections("+13233754866 janed jane.doe@example.org +4971234567 12345")
		p.click(`[aria-label="Remove +13233754866"]`)
		p.waitConnections("janed jane.doe@example.org +4971234567 12345")
		p.waitText("#message", "tel:+4971234567")
		p.click(`[data-key="reset"]`)
		p.waitConnections(janesOrder)
	})

	t.Run("says why a connection cannot be added", func(t *testing.T) {
		p.click(`[data-key="add"]`)
		p.evaluate(`document.getElementById("add-type").value = "Email Address"`)
		p.focus("#add-value")
		p.insert("nobody")
		p.key(enter)
		p.waitText("#status", "mailto")
		p.waitConnections(janesOrder)
	})

	t.Run("edits JSON", func(t *testing.T) {
		p.click(".json-panel summary")
		p.focus(".json-panel .cm-content")
		p.key('a', kb.ModifierCtrl)
		p.key(backspace)
		p.insert(`{"name": "Joan`)
		p.click(".json-panel .primary")
		p.waitText(".json-panel .note", "This is not JSON")
		p.focus(".json-panel .cm-content")
		p.key('a', kb.ModifierCtrl)
		p.key(backspace)
		p.insert(`{"name": "Joan", "urns": ["tel:+1 (202) 555-0199"]}`)
		p.click(".json-panel .primary")
		p.waitConnections("+12025550199")
		p.waitText("#message", "tel:+12025550199")
		p.accessible("JSON")
		p.click(`[data-key="reset"]`)
		p.waitConnections(janesOrder)
	})

	t.Run("is found by a connection", func(t *testing.T) {
		p.choose("447700900123", "John Smith")
		p.waitText("#contact-body .name", "John Smith")
		p.waitText("#message", "tel:+447700900123")
	})

	t.Run("may be a persona", func(t *testing.T) {
		p.choose("bruno", "Bruno Exemplo")
		p.waitText("#contact-body .facts", "Sample persona")
		p.waitText("#message", "tel:+12025550102")
		assert.Equal(t, "0", p.evaluate(`document.querySelectorAll("[data-key=save]").length`))
	})

	t.Run("nobody is found", func(t *testing.T) {
		p.focus("#contact-search")
		p.insert("zzzz")
		p.waitText(".contact .search .note", "Nobody is called")
		p.accessible("nobody found")
	})
	p.problemsSay("400") // the connection that cannot be added
}

// What one page saves another one shows, without a reload.
func TestSavedPromotionIsSeenByAnotherPage(t *testing.T) {
	program := serve(t)
	first, second := openDemo(t, program, desktop), openDemo(t, program, desktop)
	for _, p := range []*page{first, second} {
		p.template("@contact.urn")
		p.waitText("#message", "tel:+13233754866")
	}
	for _, want := range []string{
		"+13233754866 janedoe +4971234567 jane.doe@example.org", "+13233754866 +4971234567 janedoe jane.doe@example.org",
		"+4971234567 +13233754866 janedoe jane.doe@example.org",
	} {
		first.click(`[aria-label="Move +4971234567 up"]`)
		first.waitConnections(want)
	}
	first.waitText("#message", "tel:+4971234567")
	second.waitText("#message", "tel:+13233754866")
	first.click(`[data-key="save"]`)
	first.waitFor(`document.querySelector(".whatif") === null`)
	second.waitConnections("+4971234567 +13233754866 janedoe jane.doe@example.org")
	second.waitText("#message", "tel:+4971234567")
	first.clean()
	second.clean()
}

// Two pages change the same contact: the later save is told, and loses nothing.
func TestSaveAfterSomebodyElse(t *testing.T) {
	program := serve(t)
	first, second := openDemo(t, program, desktop), openDemo(t, program, desktop)
	second.click(`[aria-label="Remove janedoe"]`)
	second.waitText(".whatif", "in this page only")
	second.evaluate(`Object.defineProperty(document, "hidden", { value: true })`) // it does not look again by itself
	first.click(`[aria-label="Move janedoe up"]`)
	first.waitText(".whatif", "in this page only")
	first.click(`[data-key="save"]`)
	first.waitFor(`document.querySelector(".whatif") === null`)
	second.click(`[data-key="save"]`)
	second.waitText("#status", "Somebody changed this contact meanwhile")
	second.click(`[data-key="save"]`)
	second.waitFor(`document.querySelector(".whatif") === null`)
	first.waitConnections("+13233754866 jane.doe@example.org +4971234567")
	first.clean()
}
