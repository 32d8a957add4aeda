// Package browsertest walks the preview page in a real browser against the real program. It is a module of its own, so
// that what drives the browser is not among the product's dependencies.
//
// Each test starts the program with the demo workspace in a folder of its own and opens pages in one headless Chromium.
// -screenshots writes the pictures of the README into docs/; -bench KeyToPreview measures how soon the preview follows a key.
package browsertest
