package browsertest

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

var screenshots = flag.Bool("screenshots", false, "write the pictures of docs/ instead of only walking to them")

// picture waits until the page is still, and keeps what it shows.
func (p *page) picture(name string) {
	p.t.Helper()
	p.evaluate(`document.fonts.ready`)
	p.waitFor(`document.getAnimations().length === 0 && !document.querySelector("#status.shown")`)
	p.evaluate(`scrollTo(0, 0)`)
	image := value(p, chromedp.CaptureScreenshot())
	if *screenshots {
		require.NoError(p.t, os.WriteFile(filepath.Join(repository, "docs", name), image, 0o600))
	}
}

// leave takes the focus away, and waits until nothing of it is left.
func (p *page) leave() {
	p.t.Helper()
	p.evaluate(`document.activeElement.blur()`)
	p.waitFor(`document.querySelector(".cm-tooltip") === null`)
}

// Walks to the states of the pictures in docs/ and the README.
func TestPictures(t *testing.T) {
	server := serve(t)
	const template = "Hi @contact.first_name 👋 we will write to @contact.urn.\n@(if(fields.age >= 18, \"You may vote in \" & fields.city, \"See you later\")). Questions? Mail help@contact.com or @urns.telegram"
	for _, s := range []struct {
		name   string
		screen screen
	}{
		{"light", screen{width: 1440, height: 940}}, {"dark", screen{width: 1440, height: 940, dark: true}},
		{"phone", screen{width: 390, height: 844, phone: true}},
	} {
		t.Run(s.name, func(t *testing.T) {
			p := openDemo(t, server, s.screen)
			p.template(template)
			p.waitText("#problems .counts", "1 error")
			if !s.screen.phone {
				p.chooseIn("compare-search", "John Smith", "John Smith")
				p.chooseIn("compare-search", "layla", "ليلى مثال")
				p.waitText("#compared", "ليلى")
				p.waitText("#compared", "John")
			}
			p.leave()
			p.picture("preview-" + s.name + ".png")
		})
	}
	t.Run("dry run", func(t *testing.T) {
		p := openDemo(t, server, screen{width: 1440, height: 940})
		p.template("Hi @contact.first_name, the market in @fields.city opens at @(format_time(now())). You are @(fields.age + 1) next year! Questions? Write to @(default(urns.telegram, \"us\"))")
		p.click("#tab-dryrun")
		p.click("#dryrun-start")
		p.waitText("#dryrun-progress", "27 contacts")
		p.leave()
		p.picture("preview-dryrun.png")
	})
	t.Run("completion", func(t *testing.T) {
		p := openDemo(t, server, screen{width: 1100, height: 560})
		p.template("Dear @contact.name, we will use ")
		p.press("@u")
		p.waitText(".cm-tooltip-autocomplete [aria-selected] .cm-completionDetail", ":")
		p.waitText(".cm-completionInfo", "highest-priority")
		p.picture("preview-completion.png")
	})
}
