package browsertest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// measure notes, for each key that is pressed in the editor, how long it takes until the message that has it is painted:
// from the time of the event to the frame after the one in which the message shows the expected text.
const measure = `(() => {
	window.latencies = [];
	let pressed = 0;
	document.querySelector("#editor").addEventListener("keydown", e => { pressed = e.timeStamp; }, true);
	new MutationObserver(() => {
		if (pressed === 0 || !document.querySelector("#message").innerText.includes(window.expected)) return;
		const began = pressed;
		pressed = 0;
		requestAnimationFrame(() => setTimeout(() => window.latencies.push(performance.now() - began)));
	}).observe(document.querySelector("#message"), { childList: true, subtree: true, characterData: true });
	return "";
})()`

// measured is the message before the first key.
const measured = "Hi Jane, we write to tel:+13233754866 about LOS ANGELES: "

// BenchmarkKeyToPreview types sentences, and tells the time from a key press to the preview that shows it, in the browser.
//
//	go test -run '^$' -bench KeyToPreview -benchtime 200x
func BenchmarkKeyToPreview(b *testing.B) {
	p := openDemo(b, serve(b), desktop)
	p.template(`Hi @contact.first_name, we write to @contact.urn about @(upper(fields.city)): `)
	p.waitText("#message", strings.TrimSpace(measured))
	latencies := p.typeAndMeasure(b.N)
	slices.Sort(latencies)
	b.ReportMetric(latencies[len(latencies)/2], "median-ms")
	b.ReportMetric(latencies[len(latencies)*95/100], "p95-ms")
	b.ReportMetric(latencies[len(latencies)-1], "max-ms")
	b.ReportMetric(0, "ns/op")
}

// typeAndMeasure types n keys, each once the one before is seen, and gives the time of each in ms.
func (p *page) typeAndMeasure(n int) []float64 {
	p.t.Helper()
	p.evaluate(measure)
	typed := []rune(strings.Repeat("The market opens at eight and closes at noon: bring your card! ", n/60+1))[:n]
	seen := measured
	for i, key := range typed {
		seen += string(key)
		p.evaluate(`window.expected = ` + quoted(strings.TrimRight(seen, " ")))
		p.press(string(key))
		p.waitFor(fmt.Sprintf("window.latencies.length > %d", i))
	}
	var latencies []float64
	require.NoError(p.t, json.Unmarshal([]byte(p.evaluate(`JSON.stringify(window.latencies)`)), &latencies))
	require.Len(p.t, latencies, n)
	return latencies
}
