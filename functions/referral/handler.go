package referral

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/web"
)

// A Handler answers requests. Every field is required.
type Handler struct {
	Pack         *country.Pack
	Zone         *time.Location // the country's
	BaseURL      string         // of the site, without a slash at the end
	Applications Applications
	Referrals    Referrals
	Ring         Ring
	Links        Links
	Catalogue    Catalogue
	Queue        Queue
	Urgent       Queue // of the cases that can't wait: decision 2002
	Now          func() time.Time
	NewID        func() string // ids of events
	Log          *slog.Logger
}

// Handle answers a request. It never returns an error: whatever fails is an answer too.
func (h *Handler) Handle(ctx context.Context, event lambdaevents.APIGatewayV2HTTPRequest) (answer lambdaevents.APIGatewayV2HTTPResponse, err error) {
	var r request
	defer func() {
		if cause := recover(); cause != nil {
			// Not what the panic said: that can hold what a person wrote.
			h.Log.ErrorContext(ctx, "panic", "trace_id", telemetry.TraceID(r.Trace), "type", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
			answer, err = h.problem(r, http.StatusInternalServerError, "unavailable").event(r), nil
		}
	}()
	r = h.read(event)
	response := h.route(ctx, r)
	h.log(ctx, r, response)
	return response.event(r), nil
}

func (h *Handler) route(ctx context.Context, r request) response {
	switch {
	case r.token == "":
		return h.problem(r, http.StatusNotFound, "not_found")
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return h.show(ctx, r)
	case r.Method == http.MethodPost:
		return h.act(ctx, r)
	}
	answer := h.problem(r, http.StatusMethodNotAllowed, "method_not_allowed")
	answer.headers["Allow"] = "GET, HEAD, POST"
	return answer
}

// log writes the one line of a request: ids and codes. Never the path, as the link in it is the key to the page.
func (h *Handler) log(ctx context.Context, r request, response response) {
	level, note := slog.LevelInfo, response.note
	attrs := []slog.Attr{
		slog.String("method", web.KnownMethod(r.Method)), slog.Int("status", response.status), slog.String("trace_id", telemetry.TraceID(r.Trace)),
	}
	for name, value := range map[string]string{"reference": note.reference, "authority": note.authority, "event_id": note.event} {
		if value != "" {
			attrs = append(attrs, slog.String(name, value))
		}
	}
	if note.err != nil {
		level = slog.LevelError
		attrs = append(attrs, slog.String("error", note.err.Error()))
	}
	h.Log.LogAttrs(ctx, level, note.outcome, attrs...)
}
