package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/flowexpr/flowexpr/server/metrics"
)

const metricsIntroduction = `# Metrics

` + "`GET /metrics`" + ` gives these in Prometheus' text format, beside the usual ` + "`go_`" + ` and ` + "`process_`" + ` metrics of a Go
program. Everybody who reaches the service may read it: there is no contact data, template or token in it, and labels are
names that the program knows, so that their number is bounded. A service has the metrics of its own stores and caches
only, and routes appear when they are first called.

How to collect them, a dashboard and alert rules: [observability.md](observability.md).

| metric | type | unit | labels | meaning |
|---|---|---|---|---|
`

// metricsPage lists every metric.
func metricsPage() []byte {
	b := bytes.NewBufferString(generated + metricsIntroduction)
	for _, m := range metrics.All() {
		labels := "–"
		if len(m.Labels) > 0 {
			labels = "`" + strings.Join(m.Labels, "`, `") + "`"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s |\n", m.Name, m.Kind, m.Unit, labels, cell(m.Help))
	}
	return b.Bytes()
}
