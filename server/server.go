// Package server is flowexpr's HTTP service: templates evaluated for stored contacts, and the contacts themselves.
//
//	s, err := server.New(server.Options{Engine: eng, Store: store})
//	err = s.Serve(ctx, listener) // until ctx is done; requests that were taken are finished
//
// routes.go lists every call with its path, role and handler. A request passes through serve.go (identity, role,
// limits, deadline, panics), is read by a handler, and is answered by it or by errors.go: handlers return errors, and one
// function makes problem+json of them.
//
// What a request changes lives in a request, taken from a pool; a Server is immutable and safe for concurrent use.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
	"go.opentelemetry.io/otel/trace"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/sms"
	"github.com/flowexpr/flowexpr/server/metrics"
)

// Server answers requests over one store. Safe for concurrent use.
type Server struct {
	options      Options
	ownClock     bool // the options gave one
	engine       *engine.Engine
	store        contactstore.Store
	logger       *slog.Logger
	logsRequests bool // the logger takes a line of each
	routes       *router
	grants       atomic.Pointer[grants]
	granting     sync.Mutex // held while grants are replaced
	cors         cors
	ids          requestIDs
	meters       *meters
	registry     *metrics.Registry
	tracer       trace.Tracer // nil: nothing is traced
	http         *fasthttp.Server
	requests     sync.Pool // of *request

	streams   context.Context // of all streams; done when they are cut
	cut       context.CancelCauseFunc
	streaming atomic.Int64 // streams under way

	gate        *gate
	connections *connections
	limits      limitCounts
	draining    atomic.Bool // about to stop

	document func() (document, error) // of the API

	// smsFacts tells how a text travels as SMS, as a value to marshal; nil leaves it out.
	smsFacts func(text string) any
}

// New makes a server. It reads nothing from the store yet.
func New(options Options) (*Server, error) {
	ownClock := options.Clock != nil
	options = options.WithDefaults()
	if options.Engine == nil || options.Store == nil {
		return nil, errors.New("server: got no engine or no store, want both")
	}
	if strings.HasPrefix(options.Workspace, ReservedPrefix) {
		return nil, fmt.Errorf("server: the workspace %q is flowexpr's own", options.Workspace)
	}
	var tracer trace.Tracer
	if options.Tracing != nil {
		tracer = options.Tracing.Tracer(tracerName)
	}
	s := &Server{
		options: options, ownClock: ownClock, engine: options.Engine, store: traced(options.Store, tracer), logger: options.Logger,
		routes: newRouter(append(routes(), pageRoutes()...)), ids: newRequestIDs(options.NewUUID()),
		gate: newGate(options.MaxRequests, options.RequestWait), meters: newMeters(), tracer: tracer,
	}
	s.logsRequests = s.logger.Enabled(context.Background(), options.requestLevel())
	s.connections = newConnections(options.MaxConnections, options.MaxConnectionsPerAddress, &s.limits)
	if err := s.SetTokens(options.Tokens); err != nil {
		return nil, err
	}
	var err error
	if s.cors, err = newCORS(options.CORSOrigins, s.grants.Load().needed); err != nil {
		return nil, err
	}
	s.document = newDocument()
	s.smsFacts = func(text string) any { return sms.Count(text) }
	if s.registry, err = metrics.NewRegistry(options.Version, append(s.sources(), options.Metrics...)...); err != nil {
		return nil, err
	}
	var made atomic.Uint32 // requests of a pool stay with their processors, so that these count in stripes of their own
	s.requests.New = func() any { return &request{server: s, kept: kept{stripe: made.Add(1)}} }
	s.streams, s.cut = context.WithCancelCause(context.Background())
	s.http = s.newHTTP()
	return s, nil
}

// newHTTP configures the HTTP library. Its own messages may quote requests, so that only their kind is logged.
func (s *Server) newHTTP() *fasthttp.Server {
	o := s.options
	return &fasthttp.Server{
		Handler: s.serve, ErrorHandler: s.refuse,
		MaxRequestBodySize: o.MaxBody, ReadBufferSize: o.MaxHeader,
		Concurrency: o.MaxConnections + 1, // the listener refuses before the library does
		ReadTimeout: o.ReadTimeout, WriteTimeout: o.WriteTimeout, IdleTimeout: o.IdleTimeout,
		CloseOnShutdown: true, DisablePreParseMultipartForm: true, SecureErrorLogMessage: true,
		NoDefaultServerHeader: true, NoDefaultContentType: true,
		Logger: libraryLogger{s.logger},
	}
}

// Handler gives the handler alone, for tests and for clients in this process.
func (s *Server) Handler() fasthttp.RequestHandler { return s.serve }

// Serve answers the connections of a listener until ctx is done. Then it is not ready any more, and after ShutdownDelay
// stops accepting, closes idle connections, finishes the requests it took, for at most ShutdownTimeout, and returns nil.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	limited := s.newListener(listener)
	served := make(chan error, 1)
	go func() { served <- s.http.Serve(limited) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	s.draining.Store(true)
	if s.options.ShutdownDelay > 0 {
		select {
		case err := <-served:
			return err
		case <-time.After(s.options.ShutdownDelay):
		}
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.options.ShutdownTimeout)
	defer cancel()
	defer s.cutStreams(s.options.ShutdownTimeout / 2)()
	_ = limited.Close() // Shutdown does so too, but knows the listener only once the library began to serve it
	if err := s.http.ShutdownWithContext(patience); err != nil {
		return errors.Join(fmt.Errorf("server: requests were cut off at shutdown: %w", err), <-served)
	}
	return <-served
}

// libraryLogger keeps what requests hold out of the log: it writes the library's formats without their arguments.
type libraryLogger struct{ logger *slog.Logger }

func (l libraryLogger) Printf(format string, _ ...any) {
	l.logger.Debug("http library", "message", format)
}
