package intake

import (
	"context"
	"net/url"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/occasion"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/vault"
)

// checkEvent names what is wrong with the event that somebody registers for: a form stays open for days, and a program may
// send anything. When the catalogue can't be read, the form is taken: matching looks at the same again, and nobody's form
// is lost for it.
func (h *Handler) checkEvent(ctx context.Context, a application.Application, say *locale.Printer) []application.Problem {
	if a.Event == "" {
		return nil
	}
	o, _, ok, err := h.findEvent(ctx, a.Event)
	if err != nil {
		h.Log.WarnContext(ctx, "an event is not checked", "error", err.Error())
		return nil
	}
	wrong := func(code string, params map[string]any) []application.Problem {
		return []application.Problem{{Field: application.FieldEvent, Code: code, Params: params}}
	}
	switch {
	case !ok || o.Closes.IsZero():
		return wrong(application.CodeUnknownEvent, nil)
	case o.Over(h.Now()):
		return wrong(application.CodeEventOver, nil)
	case !o.Open(h.Now()):
		return wrong(application.CodeEventClosed, map[string]any{"date": occasion.Day(say, o.Closes) + " " + occasion.Hour(o.Closes)})
	case !h.isFor(o.Service, a.Residence.Region):
		return wrong(application.CodeEventElsewhere, map[string]any{"areas": h.areaNames(o.Service, say)})
	}
	return nil
}

// chosen says which event a form registers for; empty if it is none that is known.
func (h *Handler) chosen(ctx context.Context, r request, answers url.Values) string {
	id := answers.Get(application.FieldEvent)
	if id == "" {
		return ""
	}
	o, _, ok, err := h.findEvent(ctx, id)
	if err != nil || !ok || !o.Dated {
		return ""
	}
	say := locale.For(r.lang)
	return say.T("event.chosen", "event", o.Service.Name, "when", o.When(say))
}

// taken tells whether a registration was taken before: its answer stays the same, though registration may be closed now.
func (h *Handler) taken(ctx context.Context, key string, a application.Application) bool {
	if a.Event == "" {
		return true
	}
	_, err := h.Applications.Application(ctx, vault.Reference(h.Pack.Code, key))
	return err == nil
}

// registeredFor is the event of a registration as the receipt shows it: the case, opened with the secret, says which, so no
// address has to. It is nil when there is none, or when it is not known now: the codes are shown all the same.
func (h *Handler) registeredFor(ctx context.Context, r request, id string) *page.ChosenEvent {
	if id == "" {
		return nil
	}
	o, facts, ok, err := h.findEvent(ctx, id)
	if err != nil {
		h.Log.WarnContext(ctx, "an event is not shown with its receipt", "error", err.Error())
		return nil
	}
	if !ok || !o.Dated {
		return nil
	}
	return &page.ChosenEvent{EventLine: h.eventLine(r, facts, o), Calendar: eventURL(id, "calendar", r.lang)}
}
