package api

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// traced makes a span of a request, a child of the caller's (W3C Trace Context). It
// tells the route's pattern and the status, as a metric does: no address, no query
// string, no name, and of the caller no more than the ids of its trace.
func (s *server) traced(pattern string, h http.Handler) http.Handler {
	if s.Tracer == nil {
		return h
	}
	route := trace.WithAttributes(attribute.String("http.route", pattern))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx, span := s.Tracer.Start(ctx, pattern, trace.WithSpanKind(trace.SpanKindServer), route)
		defer span.End()
		o := &observation{ResponseWriter: w, status: http.StatusOK}
		h.ServeHTTP(o, r.WithContext(ctx))
		span.SetAttributes(attribute.Int("http.response.status_code", o.status), attribute.Int("http.response.body.size", o.bytes))
		if o.status >= 500 {
			span.SetStatus(codes.Error, "")
		}
	})
}

// step makes a span of a part of a request; what it answers ends it.
func (s *server) step(ctx context.Context, name string) (context.Context, func()) {
	if s.Tracer == nil {
		return ctx, func() {}
	}
	ctx, span := s.Tracer.Start(ctx, name)
	return ctx, func() { span.End() }
}
