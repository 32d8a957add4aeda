package browsertest

import (
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// key presses one key, with Control where asked for: one event with its text, so that a page that takes the key
// prevents the text, as with a keyboard.
func (p *page) key(key rune, modifiers ...kb.Modifier) {
	p.t.Helper()
	k := kb.Keys[key]
	require.NotNil(p.t, k)
	held := int64(0)
	text := k.Text
	for _, modifier := range modifiers {
		held |= int64(modifier)
		text = ""
	}
	down := input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeKeyDown, Modifiers: held, Key: k.Key, Code: k.Code, Text: text,
		WindowsVirtualKeyCode: k.Windows, NativeVirtualKeyCode: k.Native,
	}
	send(p, input.DispatchKeyEvent, down)
	up := down
	up.Type, up.Text = input.DispatchKeyEventTypeKeyUp, ""
	send(p, input.DispatchKeyEvent, up)
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
	enter     = '\r'
	escape    = '\u001b'
	tab       = '\t'
	backspace = '\b'
)

// Keys whose runes the package keeps in texts.
var (
	down = []rune(kb.ArrowDown)[0]
	left = []rune(kb.ArrowLeft)[0]
	f8   = []rune(kb.F8)[0]
)
