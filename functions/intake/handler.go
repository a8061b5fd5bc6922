package intake

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
	BaseURL      string // of the site, without a slash at the end
	Applications Applications
	Records      Records
	Wishes       Wishes
	Catalogue    Catalogue
	Sealer       Sealer
	Queue        Queue
	Urgent       Queue // for whom it can't wait: decision 2002
	Told         Queue // the way to notification
	Now          func() time.Time
	NewID        func() string // unique ids, of events and of requests without an idempotency key: hard to guess
	Log          *slog.Logger
}

// Handle answers a request. It never returns an error: whatever fails is an answer too.
func (h *Handler) Handle(ctx context.Context, event lambdaevents.APIGatewayV2HTTPRequest) (answer lambdaevents.APIGatewayV2HTTPResponse, err error) {
	var r request
	defer func() {
		if cause := recover(); cause != nil {
			h.panicked(ctx, r, cause)
			answer, err = h.unavailable(r, http.StatusInternalServerError).event(r), nil
		}
	}()
	r = h.read(event)
	response := route(&r)(h, ctx, r)
	h.log(ctx, r, response)
	return response.event(r), nil
}

// log writes the one line of a request: ids, codes and counts, never what a person wrote. A path is not logged as it
// came, since anything can be in it.
func (h *Handler) log(ctx context.Context, r request, response response) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("method", web.KnownMethod(r.Method)), slog.String("route", r.route), slog.Int("status", response.status), slog.String("trace_id", telemetry.TraceID(r.Trace)),
	}
	note := response.note
	for name, value := range map[string]string{"reference": note.reference, "event_id": note.event, "service": note.service} {
		if value != "" {
			attrs = append(attrs, slog.String(name, value))
		}
	}
	if note.err != nil {
		level = slog.LevelError
		attrs = append(attrs, slog.String("error", note.err.Error()))
	}
	if note.metric != "" {
		attrs = append(attrs, telemetry.Metrics(h.Now(), telemetry.One(note.metric)))
	}
	h.Log.LogAttrs(ctx, level, note.outcome, attrs...)
}

// panicked logs where it happened and not what the panic said: that can hold what a person wrote.
func (h *Handler) panicked(ctx context.Context, r request, cause any) {
	h.Log.ErrorContext(ctx, "panic", "route", r.route, "trace_id", telemetry.TraceID(r.Trace),
		"type", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
}
