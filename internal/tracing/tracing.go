// Package tracing sends spans of what the program does to a collector, by OTLP over HTTP, if there is one.
package tracing

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	api "go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Config says where spans go.
type Config struct {
	URL     string  // of the collector, such as http://localhost:4318/v1/traces; empty: nowhere
	Ratio   float64 // of all traces, 0 to 1
	Version string  // of this program
	Log     *slog.Logger
}

// sendWithin limits one batch; what a collector does not take in that time is lost, and nobody waits for it.
const sendWithin = 5 * time.Second

// Tracer makes spans, and sends what they say until it is closed.
type Tracer struct {
	api.Tracer
	provider *trace.TracerProvider // nil: nothing is sent
}

// Open prepares it. The collector need not be there.
func Open(ctx context.Context, cfg Config) (*Tracer, error) {
	if cfg.URL == "" {
		return &Tracer{Tracer: noop.NewTracerProvider().Tracer("")}, nil
	}
	exporter, err := otlptrace.New(ctx, &client{cfg.URL, &http.Client{Timeout: sendWithin}})
	if err != nil {
		return nil, err
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { cfg.Log.Warn("traces not sent", "error", err) }))
	about, err := resource.New(ctx, resource.WithHost(), resource.WithAttributes(
		attribute.String("service.name", "lectern"), attribute.String("service.version", cfg.Version)))
	if err != nil {
		return nil, err
	}
	// What a browser says of sampling is not believed: it could have everything traced.
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(about),
		trace.WithSampler(trace.TraceIDRatioBased(cfg.Ratio)))
	return &Tracer{provider.Tracer("lectern"), provider}, nil
}

// On tells whether spans go anywhere.
func (t *Tracer) On() bool { return t.provider != nil }

// closeWithin is how long Close waits for a collector.
const closeWithin = 2 * time.Second

// Close sends what is left. It may be called twice.
func (t *Tracer) Close(ctx context.Context) error {
	if t.provider == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, closeWithin)
	defer cancel()
	return t.provider.Shutdown(ctx)
}
