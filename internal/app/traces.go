package app

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"lectern/models"
)

// queries makes spans of the queries of what is being traced, and lets another watcher hear of all.
type queries struct {
	tracer trace.Tracer
	system string // as OpenTelemetry names the database
	next   models.Watcher
}

// watched prepares it.
func (a *App) watched() models.Watcher {
	if !a.tracer.On() {
		return a.metrics
	}
	system := "sqlite"
	if a.store.Postgres() {
		system = "postgresql"
	}
	return queries{a.tracer, system, a.metrics}
}

// Begin implements models.Watcher.
func (q queries) Begin(ctx context.Context, operation, table string) (context.Context, func(string, error)) {
	ctx, counted := q.next.Begin(ctx, operation, table)
	if !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, counted
	}
	name := operation
	if table != "" {
		name += " " + table
	}
	ctx, span := q.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient))
	return ctx, func(sql string, err error) {
		span.SetAttributes(attribute.String("db.system.name", q.system), attribute.String("db.operation.name", operation))
		if table != "" {
			span.SetAttributes(attribute.String("db.collection.name", table))
		}
		if sql != "" {
			span.SetAttributes(attribute.String("db.query.text", sql))
		}
		if err != nil {
			span.SetStatus(codes.Error, err.Error())
		}
		span.End()
		counted(sql, err)
	}
}
