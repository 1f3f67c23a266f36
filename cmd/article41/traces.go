package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// spanSender sends spans to an OpenTelemetry collector as OTLP over HTTP in its JSON
// form (https://opentelemetry.io/docs/specs/otlp/#otlphttp). The SDK gathers them,
// at most 2,048, and drops what a collector that does not answer leaves over.
type spanSender struct {
	to  string
	log *slog.Logger
}

// spanTime bounds how long one sending takes.
const spanTime = 10 * time.Second

// tracesTo checks the address of a collector: the whole one, such as
// http://127.0.0.1:4318/v1/traces.
func tracesTo(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path == "" || u.User != nil {
		return errUse{fmt.Errorf("--traces-to %q: want the whole address, such as http://127.0.0.1:4318/v1/traces", address)}
	}
	return nil
}

// tracer makes spans and sends them until the context ends; nil without an address.
func (o *operation) tracer(ctx context.Context, log *slog.Logger) trace.Tracer {
	if o.tracesTo == "" {
		return nil
	}
	about := resource.NewSchemaless(attribute.String("service.name", "article41"), attribute.String("service.version", programVersion()))
	p := sdk.NewTracerProvider(sdk.WithResource(about), sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(o.traced))), sdk.WithBatcher(spanSender{o.tracesTo, log}, sdk.WithBatchTimeout(time.Second)))
	context.AfterFunc(ctx, func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), spanTime)
		defer cancel()
		p.Shutdown(last)
	})
	return p.Tracer("article41")
}

// The JSON form of OTLP: ids in hex, instants and whole numbers as texts.
type (
	otlpValue struct {
		String *string  `json:"stringValue,omitempty"`
		Int    *string  `json:"intValue,omitempty"`
		Bool   *bool    `json:"boolValue,omitempty"`
		Double *float64 `json:"doubleValue,omitempty"`
	}
	otlpAttribute struct {
		Key   string    `json:"key"`
		Value otlpValue `json:"value"`
	}
	otlpStatus struct {
		Code int `json:"code,omitempty"`
	}
	otlpSpan struct {
		TraceID    string          `json:"traceId"`
		SpanID     string          `json:"spanId"`
		ParentID   string          `json:"parentSpanId,omitempty"`
		Name       string          `json:"name"`
		Kind       int             `json:"kind"`
		Start      string          `json:"startTimeUnixNano"`
		End        string          `json:"endTimeUnixNano"`
		Attributes []otlpAttribute `json:"attributes,omitempty"`
		Status     otlpStatus      `json:"status"`
	}
	otlpScope struct {
		Name string `json:"name"`
	}
	otlpScopeSpans struct {
		Scope otlpScope  `json:"scope"`
		Spans []otlpSpan `json:"spans"`
	}
	otlpResource struct {
		Attributes []otlpAttribute `json:"attributes"`
	}
	otlpResourceSpans struct {
		Resource otlpResource     `json:"resource"`
		Scopes   []otlpScopeSpans `json:"scopeSpans"`
	}
	otlpRequest struct {
		Resources []otlpResourceSpans `json:"resourceSpans"`
	}
)

func otlpAttributes(kvs []attribute.KeyValue) (out []otlpAttribute) {
	for _, kv := range kvs {
		var v otlpValue
		switch kv.Value.Type() {
		case attribute.INT64:
			n := strconv.FormatInt(kv.Value.AsInt64(), 10)
			v.Int = &n
		case attribute.BOOL:
			b := kv.Value.AsBool()
			v.Bool = &b
		case attribute.FLOAT64:
			f := kv.Value.AsFloat64()
			v.Double = &f
		default:
			s := kv.Value.String()
			v.String = &s
		}
		out = append(out, otlpAttribute{string(kv.Key), v})
	}
	return out
}

// otlpOf is a request with the spans, which are of one program and one scope.
func otlpOf(spans []sdk.ReadOnlySpan) otlpRequest {
	var out otlpScopeSpans
	var from []otlpAttribute
	for _, s := range spans {
		out.Scope.Name, from = s.InstrumentationScope().Name, otlpAttributes(s.Resource().Attributes())
		x := otlpSpan{TraceID: s.SpanContext().TraceID().String(), SpanID: s.SpanContext().SpanID().String(), Name: s.Name(), Kind: int(s.SpanKind()),
			Start: strconv.FormatInt(s.StartTime().UnixNano(), 10), End: strconv.FormatInt(s.EndTime().UnixNano(), 10), Attributes: otlpAttributes(s.Attributes())}
		if s.Parent().SpanID().IsValid() {
			x.ParentID = s.Parent().SpanID().String()
		}
		x.Status.Code = otlpCodes[s.Status().Code.String()]
		out.Spans = append(out.Spans, x)
	}
	return otlpRequest{[]otlpResourceSpans{{otlpResource{from}, []otlpScopeSpans{out}}}}
}

// otlpCodes are the statuses by the SDK's words, whose numbers are other ones.
var otlpCodes = map[string]int{"Ok": 1, "Error": 2}

// ExportSpans sends spans; what a collector does not take is lost and said.
func (s spanSender) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	if len(spans) == 0 {
		return nil
	}
	b, err := json.Marshal(otlpOf(spans))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, spanTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.to, bytes.NewReader(b))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	w, err := spanClient.Do(r)
	if err == nil {
		_, _ = io.Copy(io.Discard, io.LimitReader(w.Body, 64<<10)) // so that the connection is used again
		w.Body.Close()
		if w.StatusCode/100 != 2 {
			err = fmt.Errorf("the collector answered %d", w.StatusCode)
		}
	}
	if err != nil {
		s.log.Warn("spans are lost", "spans", len(spans), "error", err)
	}
	return nil // it is said; the SDK's own handler would say it anew on standard error
}

// spanClient follows no redirect: spans go where they were told to go.
var spanClient = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Shutdown has nothing to let go.
func (spanSender) Shutdown(context.Context) error { return nil }
