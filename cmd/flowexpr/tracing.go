package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// tracesWanted reports whether the environment names a place for traces, as OpenTelemetry's variables do.
func tracesWanted(getenv func(string) string) (bool, error) {
	endpoint := getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") + getenv("OTEL_EXPORTER_OTLP_ENDPOINT")
	if endpoint == "" || getenv("OTEL_SDK_DISABLED") == "true" || getenv("OTEL_TRACES_EXPORTER") == "none" {
		return false, nil
	}
	for _, name := range []string{"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"} {
		if protocol := getenv(name); protocol != "" && protocol != "http/protobuf" {
			return false, fmt.Errorf("%s is %s: traces are sent as http/protobuf only, mostly to port 4318", name, protocol)
		}
	}
	return true, nil
}

// startTracing makes what sends spans, or nil where none are wanted. OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES,
// OTEL_TRACES_SAMPLER and OTEL_EXPORTER_OTLP_… say the rest; the library reads them.
func startTracing(ctx context.Context, logger *slog.Logger) (*sdktrace.TracerProvider, error) {
	if wanted, err := tracesWanted(os.Getenv); !wanted {
		return nil, err
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, errors.New("traces: OTEL_EXPORTER_OTLP_… cannot be used") // the error may quote a password
	}
	about, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "flowexpr"), attribute.String("service.version", buildVersion())),
		resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("traces: OTEL_RESOURCE_ATTRIBUTES: want KEY=VALUE parted by commas")
	}
	return sdktrace.NewTracerProvider(sdktrace.WithBatcher(&toldExporter{SpanExporter: exporter, logger: logger}), sdktrace.WithResource(about)), nil
}

// tracesPatience bounds the sending of the last spans.
const tracesPatience = 5 * time.Second

// stopTracing sends the last spans.
func stopTracing(provider *sdktrace.TracerProvider) {
	ctx, cancel := context.WithTimeout(context.Background(), tracesPatience)
	defer cancel()
	_ = provider.Shutdown(ctx) // a failure to send is in the log
}

// toldExporter logs when spans begin not to be sent, and when they are again: the library's own way out is a global.
type toldExporter struct {
	sdktrace.SpanExporter
	logger *slog.Logger
	failed atomic.Bool
}

// ExportSpans sends spans.
func (e *toldExporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := e.SpanExporter.ExportSpans(ctx, spans)
	if failed := err != nil; e.failed.Swap(failed) != failed {
		if failed {
			e.logger.Warn("traces are not sent: nothing takes them at OTEL_EXPORTER_OTLP_ENDPOINT", "spans", len(spans))
		} else {
			e.logger.Info("traces are sent again")
		}
	}
	return nil
}
