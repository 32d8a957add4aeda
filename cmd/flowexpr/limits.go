package main

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
)

// limitFlags are the limits of the service. What a limit is, its default, why it is that, and what who hits it gets,
// stands in its tags: docs/limits.md is made of them.
type limitFlags struct {
	MaxConnections           int           `group:"Limits" default:"1024" help:"Open connections." reason:"Each holds some 30 KB; beyond, accepting more would only make all slow." hit:"503 too_many_connections"`
	MaxConnectionsPerAddress int           `group:"Limits" default:"512" help:"Open connections of one client: an IPv4 address, or an IPv6 network of 64 bits." reason:"One client leaves half to the others. Behind a proxy all come from its address: give as many as --max-connections." hit:"503 too_many_connections_of_address"`
	MaxHeader                int           `group:"Limits" default:"16384" help:"Request line and headers together, in bytes." reason:"Twice what proxies usually let through." hit:"431 header_too_large"`
	MaxBody                  int           `group:"Limits" default:"1048576" help:"Body of a request, in bytes." reason:"A batch of 20,000 UUIDs fits; with --max-connections it bounds memory." hit:"413 body_too_large"`
	ReadTimeout              time.Duration `group:"Limits" default:"10s" help:"Time for a request to arrive." reason:"A slow sender holds no connection." hit:"408 request_timeout"`
	WriteTimeout             time.Duration `group:"Limits" default:"10s" help:"Time for an answer, or a part of a streamed one, to be taken." reason:"A client that stopped reading holds no connection." hit:"the connection is closed"`
	IdleTimeout              time.Duration `group:"Limits" default:"1m" help:"How long a connection may wait for its next request." reason:"Longer than clients keep theirs, so that they close first." hit:"the connection is closed"`
	RequestTimeout           time.Duration `group:"Limits" default:"10s" help:"Time for a request to wait for the store; for a stream, for each of its reads." reason:"Who waits longer has mostly given up." hit:"504 timeout"`
	MaxRequests              int           `group:"Limits" default:"256" help:"Requests that are worked on at once, streams and health aside." reason:"More than a store answers at once: a store that becomes slow is not buried." hit:"after --request-wait 503 overloaded"`
	RequestWait              time.Duration `group:"Limits" default:"200ms" help:"How long a request waits for its turn." reason:"A burst passes; in an overload callers know soon." hit:"503 overloaded"`
	RequestRate              float64       `group:"Limits" default:"0" help:"Requests per second of each token, as many of them at once; 0: no limit." reason:"A platform's own token may need all there is; set it where several share the service." hit:"429 too_many_requests"`
	MaxStreams               int           `group:"Limits" default:"64" help:"Batches and dry runs at once." reason:"Each may use all processors, and some MB." hit:"503 too_many_streams"`
	MaxBatchContacts         int           `group:"Limits" default:"20000" help:"Contacts that one batch may list; a group, or all, has no limit." reason:"As many UUIDs as fit into --max-body." hit:"413 too_many_contacts"`
	MaxBatchTemplates        int           `group:"Limits" default:"20" help:"Templates of one batch." reason:"More languages than a message has." hit:"400 too_many_templates"`
	MaxListLimit             int           `group:"Limits" default:"500" help:"Contacts that one page may be asked for." reason:"A page is built in memory." hit:"400 invalid_limit"`
	MaxScan                  int           `group:"Limits" default:"5000" help:"Contacts that one search looks at before it answers with a cursor." reason:"A search for what is rare costs no more than this." hit:"the page ends early, with a cursor"`
	MaxTemplate              int           `group:"Limits" default:"65536" help:"Source of a template, in bytes." reason:"Sixty times the longest SMS; a few templates cannot fill the cache." hit:"413 template_too_large"`
	MaxExpressions           int           `group:"Limits" default:"2000" help:"Expressions and variables in one template." reason:"Each is compiled and kept." hit:"413 template_too_large"`
	MaxCallDepth             int           `group:"Limits" default:"100" help:"How deep functions without a name may call each other." reason:"Each call takes stack." hit:"an error too_complex in the answer's warnings"`
	EvaluationBudget         int           `group:"Limits" default:"10000000" help:"What one expression may cost: a byte of text or a value is 1." reason:"The reference's; some tens of ms." hit:"an error too_complex in the answer's warnings"`
	MaxOutput                int           `group:"Limits" default:"1048576" help:"Evaluated text, in bytes." reason:"2,000 expressions, each within its budget, could ask for 20 GB." hit:"an error output_too_large in the answer's warnings"`
	MaxWarnings              int           `group:"Limits" default:"100" help:"Errors and warnings that one evaluation reports; more are counted." reason:"An answer stays small." hit:"warnings_dropped in the answer"`
	ShutdownDelay            time.Duration `group:"Limits" default:"0s" help:"After SIGTERM, time in which the service goes on while /readyz fails." reason:"Set it to what a load balancer needs to notice; none is needed without one." hit:"-"`
	ShutdownTimeout          time.Duration `group:"Limits" default:"30s" help:"After that, time for requests to be finished; streams are cut after half of it." reason:"The three times of a request together." hit:"requests are cut off, exit status 1"`
}

// apply puts the limits into the service's options.
func (l *limitFlags) apply(o *server.Options) {
	o.MaxConnections, o.MaxConnectionsPerAddress = l.MaxConnections, l.MaxConnectionsPerAddress
	o.MaxHeader, o.MaxBody = l.MaxHeader, l.MaxBody
	o.ReadTimeout, o.WriteTimeout, o.IdleTimeout, o.RequestTimeout = l.ReadTimeout, l.WriteTimeout, l.IdleTimeout, l.RequestTimeout
	o.MaxRequests, o.RequestWait, o.RequestRate = l.MaxRequests, l.RequestWait, l.RequestRate
	o.MaxStreams, o.MaxBatchContacts, o.MaxBatchTemplates = l.MaxStreams, l.MaxBatchContacts, l.MaxBatchTemplates
	o.MaxListLimit, o.MaxScan = l.MaxListLimit, l.MaxScan
	o.ShutdownDelay, o.ShutdownTimeout = l.ShutdownDelay, l.ShutdownTimeout
}

// engine gives the limits of the engine.
func (l *limitFlags) engine() engine.Limits {
	return engine.Limits{
		Template: l.MaxTemplate, Blocks: l.MaxExpressions, Budget: l.EvaluationBudget,
		Output: l.MaxOutput, Warnings: l.MaxWarnings, CallDepth: l.MaxCallDepth,
	}
}

// Validate refuses limits that would be none: there is no way to switch one off.
func (l *limitFlags) Validate() error {
	v := reflect.ValueOf(*l)
	for i := range v.NumField() {
		field := v.Type().Field(i)
		zeroes := field.Name == "RequestRate" || field.Name == "ShutdownDelay"
		number := v.Field(i).Convert(reflect.TypeFor[float64]()).Float()
		if number < 0 || number == 0 && !zeroes {
			return fmt.Errorf("--%s: got %v, want more than 0", flagName(field.Name), v.Field(i))
		}
	}
	return nil
}

// flagName gives the name of the flag of a field.
func flagName(field string) string {
	var b strings.Builder
	for i, c := range field {
		if c >= 'A' && c <= 'Z' && i > 0 {
			b.WriteByte('-')
		}
		b.WriteString(strings.ToLower(string(c)))
	}
	return b.String()
}

const limitsIntroduction = "<!-- Written by `go run ./cmd/flowexpr reference --write docs`: change cmd/flowexpr/limits.go, not this page. -->\n\n# Limits\n\n" + `Everything that can grow has a bound. Each is a flag of ` + "`flowexpr serve`" + `, an environment variable (FLOWEXPR_MAX_BODY
for ` + "`--max-body`" + `) and a key of the YAML file of ` + "`--config`" + ` (max-body). Sizes are in bytes, times are written as 10s or 200ms. Answers
that a caller should repeat have the header Retry-After. How often a limit was hit is counted.

| flag | default | what is bounded | why that much | who hits it gets |
|---|---|---|---|---|
`

const limitsFixed = `
Some bounds belong to the language or to the format, and are fixed: 100 brackets inside each other in an expression, 15,000 nodes of
an expression, arrays and objects 100 deep in a body, 200 members of an object that the service reads, 64 characters of
an X-Request-Id that is taken over.
`

// limitsPage documents the limits.
func limitsPage() []byte {
	b := bytes.NewBufferString(limitsIntroduction)
	fields := reflect.TypeFor[limitFlags]()
	for i := range fields.NumField() {
		field := fields.Field(i)
		fmt.Fprintf(b, "| `--%s` | %s | %s | %s | %s |\n", flagName(field.Name), field.Tag.Get("default"), field.Tag.Get("help"), field.Tag.Get("reason"), field.Tag.Get("hit"))
	}
	b.WriteString(limitsFixed)
	return b.Bytes()
}
