// Package figures shows everybody what is published of what referrals come to (API Gateway, payload format 2.0):
//
//	GET /figures                        a page: charts that are tables
//	GET /api/v1/figures                 the same as JSON
//	GET /api/v1/figures?format=csv      … as CSV
//	GET /api/v1/figures?format=schema   what the JSON is, as a JSON Schema
//
// It can read what is published and nothing else: what was counted of small groups is elsewhere (package shared/figures says how one
// becomes the other). It answers everybody alike, so that answers may be kept.
package figures

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/telemetry"
)

// The paths that the function answers.
const (
	pagePath = page.FiguresPath
	dataPath = "/api/v1/figures"
)

const methods = "GET, HEAD, OPTIONS"

// Shelf has what is published. *shelf.Shelf is the real one.
type Shelf interface {
	// Releases gives what is published, the latest first.
	Releases(ctx context.Context) ([]figures.Release, error)
}

// A Handler answers requests. Every field is required.
type Handler struct {
	Shelf   Shelf
	Pack    *country.Pack
	BaseURL string // of the site, without a slash at the end
	Log     *slog.Logger
}

// A request is an API Gateway event read once.
type request struct {
	method, path string
	query        url.Values
	headers      map[string]string
	lang         string // of the page
	trace        string
}

func (h *Handler) read(event lambdaevents.APIGatewayV2HTTPRequest) request {
	r := request{method: event.RequestContext.HTTP.Method, path: strings.TrimSuffix(event.RawPath, "/"), headers: map[string]string{}}
	for name, value := range event.Headers {
		r.headers[strings.ToLower(name)] = value
	}
	r.query, _ = url.ParseQuery(event.RawQueryString) // what can't be read is left out
	// Not by what the browser prefers: the content network keeps pages by their address.
	r.lang = locale.Negotiate(r.query.Get("lang"), "", h.Pack.Languages[0])
	r.trace = telemetry.TraceParent(r.headers)
	return r
}

// Handle answers a request. It never returns an error: whatever fails is an answer too.
func (h *Handler) Handle(ctx context.Context, event lambdaevents.APIGatewayV2HTTPRequest) (answer lambdaevents.APIGatewayV2HTTPResponse, err error) {
	r := h.read(event)
	defer func() {
		if cause := recover(); cause != nil {
			h.Log.ErrorContext(ctx, "panic", "trace_id", telemetry.TraceID(r.trace), "type", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
			answer, err = h.unavailable(r, nil).event(r), nil
		}
	}()
	response := h.answer(ctx, r)
	level, attrs := slog.LevelInfo, []any{"status", response.status, "trace_id", telemetry.TraceID(r.trace)}
	if response.err != nil {
		level, attrs = slog.LevelError, append(attrs, "error", response.err.Error())
	}
	h.Log.Log(ctx, level, "answered", attrs...)
	return response.event(r), nil
}

func (h *Handler) answer(ctx context.Context, r request) response {
	switch {
	case r.path != pagePath && r.path != dataPath:
		return h.refuse(r, http.StatusNotFound, "not_found")
	case r.method == http.MethodOptions:
		return response{status: http.StatusNoContent, headers: map[string]string{
			"Access-Control-Allow-Methods": methods, "Access-Control-Max-Age": "86400", "Allow": methods, "Cache-Control": kept,
		}}
	case r.method != http.MethodGet && r.method != http.MethodHead:
		answer := h.refuse(r, http.StatusMethodNotAllowed, "method_not_allowed")
		answer.headers["Allow"] = methods
		return answer
	}
	format := r.query.Get("format")
	if r.path == dataPath && !slices.Contains([]string{"", "json", "csv", "schema"}, format) {
		return h.refuse(r, http.StatusBadRequest, "bad_parameters", application.Problem{Field: "format", Code: application.CodeUnknownCode})
	}
	if r.path == dataPath && format == "schema" {
		return data("application/schema+json", schema)
	}
	releases, err := h.Shelf.Releases(ctx)
	if err != nil {
		return h.unavailable(r, err)
	}
	switch {
	case r.path == pagePath:
		return h.page(r, releases)
	case format == "csv":
		return h.csv(releases)
	}
	return h.json(releases)
}
