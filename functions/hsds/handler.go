package hsds

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/telemetry"
)

// A Handler answers requests. Every field is required.
type Handler struct {
	Source  Source
	Pack    *country.Pack
	BaseURL string // of the site, without a slash at the end
	Log     *slog.Logger
}

// Handle answers a request. It never returns an error: whatever fails is an answer too.
func (h *Handler) Handle(ctx context.Context, event lambdaevents.APIGatewayV2HTTPRequest) (answer lambdaevents.APIGatewayV2HTTPResponse, err error) {
	r := read(event)
	defer func() {
		if cause := recover(); cause != nil {
			h.Log.ErrorContext(ctx, "panic", "route", r.route, "trace_id", telemetry.TraceID(r.trace),
				"type", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
			answer, err = h.unavailable(r, nil).event(r), nil
		}
	}()
	response := h.answer(ctx, &r)
	h.log(ctx, r, response)
	return response.event(r), nil
}

func (h *Handler) answer(ctx context.Context, r *request) response {
	handle, allowed := route(r)
	switch {
	case handle == nil:
		return h.refuse(*r, http.StatusNotFound, "not_found")
	case r.method == http.MethodOptions:
		return preflight()
	case !allowed:
		answer := h.refuse(*r, http.StatusMethodNotAllowed, "method_not_allowed")
		answer.headers["Allow"] = methods
		return answer
	}
	directory, err := h.Source.Directory(ctx)
	if err != nil {
		return h.unavailable(*r, fmt.Errorf("loading the catalogue: %w", err))
	}
	return handle(h, directory, *r)
}

// log writes the one line of a request: nothing of what somebody looked for.
func (h *Handler) log(ctx context.Context, r request, response response) {
	level, outcome := slog.LevelInfo, "answered"
	attrs := []slog.Attr{
		slog.String("route", r.route), slog.Int("status", response.status), slog.Int("bytes", len(response.body)),
		slog.String("trace_id", telemetry.TraceID(r.trace)),
	}
	if response.refused != "" {
		outcome = "refused: " + response.refused
	}
	if response.err != nil {
		level, outcome = slog.LevelError, "failed"
		attrs = append(attrs, slog.String("error", response.err.Error()))
	}
	h.Log.LogAttrs(ctx, level, outcome, attrs...)
}
