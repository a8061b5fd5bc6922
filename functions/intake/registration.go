package intake

import (
	"context"
	"net/url"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/occasion"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/published"
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
	case !ok || !stands(o) || o.Closes.IsZero():
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

// A questionnaire is what the form asks: of everybody, or of who registers for one event.
type questionnaire struct {
	fields  []application.Field
	regions []page.RegionGroup
	event   *page.ChosenEvent // nil for what registers for none that is known
}

// questions are those of a form with answers. That of an event asks where people live among the places that it is for, and of
// them only what the organizer needs or what it is open to depends on.
func (h *Handler) questions(ctx context.Context, r request, answers url.Values) questionnaire {
	asked := questionnaire{fields: h.fields(), regions: page.Regions(h.Pack.Areas.All(), r.lang)}
	id := answers.Get(application.FieldEvent)
	if id == "" {
		return asked
	}
	o, facts, ok, err := h.findEvent(ctx, id)
	if err != nil || !ok || !o.Dated || !stands(o) {
		return asked
	}
	needed := eligibility.Asked(o.Service.Immerse.Eligibility)
	if o.Service.InterpretationServices != "" {
		needed = append(needed, eligibility.FieldLanguages)
	}
	asked.fields = application.ForEvent(asked.fields, needed)
	asked.regions = page.Within(asked.regions, func(region string) bool { return h.isFor(o.Service, region) })
	asked.event = h.chosenEvent(r, facts, o)
	return asked
}

func (h *Handler) chosenEvent(r request, facts published.Facts, o occasion.Occasion) *page.ChosenEvent {
	return &page.ChosenEvent{EventLine: h.eventLine(r, facts, o), Areas: h.areaNames(o.Service, locale.For(r.lang))}
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
	if !ok || !o.Dated || !stands(o) {
		return nil
	}
	chosen := h.chosenEvent(r, facts, o)
	chosen.Calendar = eventURL(id, "calendar", r.lang)
	return chosen
}
