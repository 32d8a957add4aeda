package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// banner tells on one screen what is served, from where, to whom and with which limits.
type banner struct {
	scheme, address, store string
	place                  tokenPlace
	tokens                 int
	certificates           *certificates
	origins                []string
	audit                  *auditLog
	limits                 *limitFlags
}

func (b banner) write(w io.Writer) {
	row := func(name, format string, args ...any) {
		fmt.Fprintf(w, "  %-8s %s\n", name, fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(w, "flowexpr serves %s://%s with contacts of %s\n", b.scheme, b.address, b.store)
	if b.place == nil {
		row("access", "no tokens: whoever uses this machine may read and write")
	} else {
		row("access", "%d tokens of %s, read anew each %s", b.tokens, b.place, rereadEvery)
	}
	if b.certificates == nil {
		row("TLS", "none")
	} else {
		row("TLS", "%s, valid until %s, read anew when it changes", b.certificates.files.TLSCert, b.certificates.until().UTC().Format(time.DateOnly))
	}
	if len(b.origins) == 0 {
		row("CORS", "off")
	} else {
		row("CORS", "%s", strings.Join(b.origins, ", "))
	}
	row("audit", "%s", b.audit)
	l := b.limits
	row("limits", "%d connections, %d of one address; %d requests and %d streams at once; rate %s", l.MaxConnections, l.MaxConnectionsPerAddress, l.MaxRequests, l.MaxStreams, rateText(l.RequestRate))
	row("", "body %d, header %d, template %d, output %d bytes; %s for a request", l.MaxBody, l.MaxHeader, l.MaxTemplate, l.MaxOutput, l.RequestTimeout)
	row("stop", "SIGTERM: not ready, after %s no new connections, at most %s for what runs; a second one stops at once", l.ShutdownDelay, l.ShutdownTimeout)
}

func rateText(rate float64) string {
	if rate <= 0 {
		return "of a token without limit"
	}
	return fmt.Sprintf("of a token %g/s", rate)
}
