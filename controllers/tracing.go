package controllers

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"lectern/internal/wire"
)

// traceRequests makes a span of each request of the API, as part of the caller's trace if it names one. It tells the route and not the
// path, which may hold the code of an invitation.
func traceRequests(tracer trace.Tracer) gin.HandlerFunc {
	return func(c *gin.Context) {
		if !strings.HasPrefix(c.Request.URL.Path, "/api/") {
			return
		}
		ctx := propagation.TraceContext{}.Extract(c.Request.Context(), propagation.HeaderCarrier(c.Request.Header))
		ctx, span := tracer.Start(ctx, c.Request.Method+" "+c.FullPath(), trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		if !span.IsRecording() {
			return
		}
		c.Request = c.Request.WithContext(ctx)
		c.Set(keyLogger, logger(c).With("trace_id", span.SpanContext().TraceID().String()))
		c.Next()
		status := c.Writer.Status()
		span.SetAttributes(attribute.String("http.request.method", c.Request.Method), attribute.String("http.route", c.FullPath()),
			attribute.Int("http.response.status_code", status), attribute.String("lectern.request_id", c.GetString(keyRequestID)))
		if status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
	}
}

// traced carries a command out within a span of its own: a socket lasts a lesson, so that no trace could be of all its commands.
// clock.ping is not traced: it says nothing, again and again.
func (s *socket) traced(command string, do func()) {
	if command == "clock.ping" {
		do()
		return
	}
	before := s.ctx
	ctx, span := s.tracer.Start(before, command, trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindServer))
	defer span.End()
	s.ctx = ctx
	defer func() { s.ctx = before }()
	do()
}

// traceRefusal notes in a command's span what it was answered.
func (s *socket) traceRefusal(frame wire.ErrorFrame) {
	span := trace.SpanFromContext(s.ctx)
	span.SetAttributes(attribute.String("error.type", frame.Code))
	if frame.Status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
}
