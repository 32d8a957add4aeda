package browsertest

import (
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// key presses one key, with Control where asked for.
func (p *page) key(key string, modifiers ...string) {
	p.t.Helper()
	var options []chromedp.KeyOption
	for _, name := range modifiers {
		switch name {
		case "Control":
			options = append(options, chromedp.KeyModifiers(kb.ModifierCtrl))
		case "Shift":
			options = append(options, chromedp.KeyModifiers(kb.ModifierShift))
		}
	}
	p.run(chromedp.KeyEvent(key, options...))
}

// press types keys one after another.
func (p *page) press(text string) {
	p.t.Helper()
	p.run(chromedp.KeyEvent(text))
}

// insert puts in a text at once, as pasting does.
func (p *page) insert(text string) {
	p.t.Helper()
	send(p, input.InsertText, input.InsertTextParams{Text: text})
}

// The keys that tests press.
const (
	enter  = kb.Enter
	down   = kb.ArrowDown
	escape = kb.Escape
	tab    = kb.Tab
)
