package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	otel "go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// TestSpansAreSent holds what a collector gets to the JSON form of OTLP: ids in hex,
// instants and whole numbers as texts, a child under its parent.
func TestSpansAreSent(t *testing.T) {
	var got struct {
		ResourceSpans []struct {
			Resource   struct{ Attributes []map[string]any }
			ScopeSpans []struct {
				Scope struct{ Name string }
				Spans []map[string]any
			}
		}
	}
	status, kind := http.StatusOK, ""
	c := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind = r.Method + " " + r.URL.Path + " " + r.Header.Get("Content-Type")
		b, _ := io.ReadAll(r.Body)
		if err := json.Unmarshal(b, &got); err != nil {
			t.Errorf("%v: %s", err, b)
		}
		w.WriteHeader(status)
	}))
	defer c.Close()
	log := &lockedBuffer{}
	p := sdk.NewTracerProvider(sdk.WithSyncer(spanSender{c.URL + "/v1/traces", slog.New(slog.NewTextHandler(log, nil))}))
	tracer := p.Tracer("article41")
	ctx, parent := tracer.Start(t.Context(), "GET /x/{id}")
	_, child := tracer.Start(ctx, "screen")
	child.SetAttributes(attribute.Int("n", 3), attribute.Bool("b", true), attribute.String("s", "t"))
	child.SetStatus(otel.Error, "")
	child.End()
	if kind != "POST /v1/traces application/json" || len(got.ResourceSpans) != 1 || len(got.ResourceSpans[0].ScopeSpans) != 1 {
		t.Fatalf("%q %+v", kind, got)
	}
	scope := got.ResourceSpans[0].ScopeSpans[0]
	s := scope.Spans[0]
	if scope.Scope.Name != "article41" || s["name"] != "screen" || s["parentSpanId"] != parent.SpanContext().SpanID().String() || s["traceId"] != parent.SpanContext().TraceID().String() || s["kind"] != 1.0 {
		t.Errorf("%+v", scope)
	}
	text, _ := json.Marshal(s)
	for _, want := range []string{`{"key":"n","value":{"intValue":"3"}}`, `{"key":"b","value":{"boolValue":true}}`, `{"key":"s","value":{"stringValue":"t"}}`, `"status":{"code":2}`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
	if _, ok := s["startTimeUnixNano"].(string); !ok {
		t.Errorf("an instant that is no text: %s", text)
	}
	// A collector that refuses loses spans, and that is said.
	status = http.StatusServiceUnavailable
	parent.End()
	if !strings.Contains(log.text(), "spans are lost") || !strings.Contains(log.text(), "503") {
		t.Errorf("%q", log.text())
	}
}
