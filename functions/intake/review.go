package intake

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/problem"
	"github.com/miict/immerse/shared/web"
)

// review answers a browser's form that is not to be taken yet: with the answers to be checked, or with the form to be
// changed. Nothing is kept. The page has the key that the static form, without a script, could not have: however often it
// is sent from there, it is one application (decision 1602).
func (h *Handler) review(ctx context.Context, r request, media, asked string) (response, bool) {
	if media != web.Form || !r.forPeople() || r.prefersJSON() {
		return response{}, false
	}
	switch asked {
	case application.ReviewCheck:
		answers := h.posted(r)
		asked := h.questions(ctx, r, answers)
		view := page.CheckView{Shell: h.shell(r), Fields: asked.fields, Answers: answers, Regions: asked.regions, Event: asked.event}
		return h.html(r, http.StatusOK, note{outcome: "shown to be checked"}, func(w io.Writer) error { return page.Check(w, view) }), true
	case application.ReviewChange:
		view := h.formView(ctx, r, nil)
		return h.html(r, http.StatusOK, note{outcome: "shown to be changed"}, func(w io.Writer) error { return page.Form(w, view) }), true
	}
	return response{}, false
}

// formView is the form filled in with what was posted.
func (h *Handler) formView(ctx context.Context, r request, errors []problem.FieldError) page.FormView {
	view := h.emptyForm(ctx, r, h.posted(r))
	for _, one := range errors {
		view.Errors = append(view.Errors, page.FieldError{Field: one.Field, Message: one.Message})
	}
	return view
}

// emptyForm is the form with answers to begin with.
func (h *Handler) emptyForm(ctx context.Context, r request, answers url.Values) page.FormView {
	asked := h.questions(ctx, r, answers)
	view := page.FormView{Shell: h.shell(r), Fields: asked.fields, Answers: answers, Regions: asked.regions, Event: asked.event}
	view.Shell.Script = page.FormScriptURL()
	return view
}

// posted are the answers of a form post, with an idempotency key even if it came without one. What was in the honeypot
// is left out.
func (h *Handler) posted(r request) url.Values {
	answers, _ := url.ParseQuery(string(r.Body))
	delete(answers, application.FieldWebsite)
	if answers.Get(application.FieldIdempotencyKey) == "" {
		answers.Set(application.FieldIdempotencyKey, h.NewID())
	}
	return answers
}
