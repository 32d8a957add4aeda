package server

import (
	"crypto/tls"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server/metrics"
)

// DefaultWorkspace is the workspace of a server without tokens.
const DefaultWorkspace = "default"

// Options configure a Server. Engine and Store are needed; everything else has a default.
type Options struct {
	// Engine evaluates templates.
	Engine *engine.Engine
	// Store keeps contacts and settings. The server does not close it.
	Store contactstore.Store
	// Logger gets what went wrong inside, never contact data, templates or URNs. Default: nothing is logged.
	Logger *slog.Logger
	// LogRequests logs each request at the level info: method, route, status and time. Default: at the level debug.
	// Whether the logger takes that level is asked once.
	LogRequests bool
	// Metrics are what GET /metrics says beside the server's own: of the store, for one. Default none.
	Metrics []metrics.Source
	// Version is the program's, for flowexpr_build_info. Default: that of its module.
	Version string
	// Tracing makes spans of requests, of what they ask the store and of evaluations. Default nil: none, at no cost.
	Tracing trace.TracerProvider
	// Clock tells the time of interactions and of new contacts. Default time.Now.
	Clock func() time.Time
	// NewUUID makes the UUIDs of new contacts that come without one. Default contactstore.NewUUID.
	NewUUID func() contactstore.UUID

	// Audit gets a line for each write; see docs/operations/access.md. Default: none.
	Audit *slog.Logger

	// Tokens are who may call; SetTokens replaces them. None, unless NeedTokens is set: everybody who reaches the listener
	// may do everything; see CheckListen.
	Tokens []Token
	// NeedTokens lets nobody in without a token, even while there are none.
	NeedTokens bool
	// CORSOrigins are the sites whose pages may call the service from a browser, such as https://app.example.org; * is
	// every site, and wants tokens. Default: none.
	CORSOrigins []string
	// TLS encrypts connections. Default: they are not.
	TLS *tls.Config
	// Workspace is the one used when there are no tokens. Default DefaultWorkspace.
	Workspace string

	// MaxBody bounds a request's body, in bytes. Default 1 MiB.
	MaxBody int
	// MaxHeader bounds a request's line and headers together, in bytes. Default 16 KiB.
	MaxHeader int
	// MaxConnections bounds open connections. Default 1024.
	MaxConnections int
	// MaxConnectionsPerAddress bounds those of one client: an IPv4 address, or the 64 bits of an IPv6 network. Default half
	// of MaxConnections.
	MaxConnectionsPerAddress int
	// MaxRequests bounds the requests that are worked on at once, streams and health aside; more wait for RequestWait.
	// Default 256.
	MaxRequests int
	// RequestWait is how long a request waits for its turn before it is refused. Default 200 ms.
	RequestWait time.Duration
	// RequestRate bounds the requests of each token, in requests/s; as many may come at once. Default 0: no bound.
	RequestRate float64
	// MaxListLimit is the most contacts that one page may be asked for. Default 500.
	MaxListLimit int
	// MaxScan is the most contacts that one search looks at before it gives what it found and a cursor. Default 5,000.
	MaxScan int
	// MaxBatchContacts is the most contacts that one batch may list by UUID or URN; a group, or all, has no such bound.
	// Default 20,000: as many UUIDs as fit into MaxBody.
	MaxBatchContacts int
	// MaxBatchTemplates is the most templates that one batch may evaluate. Default 20.
	MaxBatchTemplates int
	// MaxStreams bounds the batches and dry runs under way at once: each may use all processors, and some MB. Default 64.
	MaxStreams int

	// ReadTimeout bounds the reading of one request, so that a slow sender holds no connection. Default 10 s.
	ReadTimeout time.Duration
	// WriteTimeout bounds the writing of one answer, and of each part of one that is streamed. Default 10 s.
	WriteTimeout time.Duration
	// IdleTimeout is how long a connection may wait for its next request. Default 60 s.
	IdleTimeout time.Duration
	// RequestTimeout bounds what a request waits for the store; that of a stream, what each of its reads waits. Default 10 s.
	RequestTimeout time.Duration
	// ShutdownDelay is how long Serve goes on at the end while /readyz says that it will stop, so that nobody new is sent
	// to it. Default none.
	ShutdownDelay time.Duration
	// ShutdownTimeout bounds how long Serve waits for requests at the end; streams are cut after half of it. Default: all
	// three timeouts of a request.
	ShutdownTimeout time.Duration
	// StorePauses are waited before a stream asks a store again that is away. Default: those of broadcast.Reading.
	StorePauses []time.Duration
}

// WithDefaults gives the options as New uses them.
func (o Options) WithDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.NewUUID == nil {
		o.NewUUID = contactstore.NewUUID
	}
	if o.Workspace == "" {
		o.Workspace = DefaultWorkspace
	}
	setDefault(&o.MaxBody, 1<<20)
	setDefault(&o.MaxHeader, 16<<10)
	setDefault(&o.MaxConnections, 1024)
	setDefault(&o.MaxConnectionsPerAddress, max(1, o.MaxConnections/2))
	setDefault(&o.MaxRequests, 256)
	setDefault(&o.RequestWait, 200*time.Millisecond)
	setDefault(&o.MaxListLimit, 500)
	setDefault(&o.MaxScan, 5000)
	setDefault(&o.MaxBatchContacts, 20_000)
	setDefault(&o.MaxBatchTemplates, 20)
	setDefault(&o.MaxStreams, 64)
	setDefault(&o.ReadTimeout, 10*time.Second)
	setDefault(&o.WriteTimeout, 10*time.Second)
	setDefault(&o.IdleTimeout, time.Minute)
	setDefault(&o.RequestTimeout, 10*time.Second)
	setDefault(&o.ShutdownTimeout, o.ReadTimeout+o.RequestTimeout+o.WriteTimeout)
	return o
}

// requestLevel is the level of the lines of requests.
func (o Options) requestLevel() slog.Level {
	if o.LogRequests {
		return slog.LevelInfo
	}
	return slog.LevelDebug
}

func setDefault[T int | time.Duration](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}
