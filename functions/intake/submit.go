package intake

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/problem"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/web"
)

// submit takes an application in. What another site's page makes a browser post is refused.
func (h *Handler) submit(ctx context.Context, r request) response {
	if r.CrossSite(h.BaseURL) {
		return h.refuse(r, http.StatusForbidden, "cross_site")
	}
	media := r.media()
	if media == "" {
		return h.refuse(r, http.StatusUnsupportedMediaType, "unsupported_media_type")
	}
	if len(r.Body) > maxBody {
		return h.refuse(r, http.StatusRequestEntityTooLarge, "too_large", "max", maxBody)
	}
	a, controls, problems := h.readApplication(media, r.Body)
	r = r.in(h.language(a.Language, r))
	key, badKey := h.idempotencyKey(r, controls)
	problems = slices.Concat(problems, badKey, checkTrap(controls), checkPace(controls, h.Now()))
	if len(problems) == 0 && !h.taken(ctx, key, a) {
		problems = h.checkEvent(ctx, a, locale.For(r.lang))
	}
	if len(problems) > 0 {
		return h.invalid(ctx, r, media, problems)
	}
	if answer, ok := h.review(ctx, r, media, controls.Review); ok {
		return answer
	}
	taken, err := h.accept(ctx, key, a, r.Trace)
	switch {
	case errors.Is(err, errKeyReused):
		answer := h.refuse(r, http.StatusConflict, "key_reused")
		answer.note = note{outcome: "refused: key_reused", reference: taken.reference, metric: telemetry.Refused}
		return answer
	case errors.Is(err, errErased):
		answer := h.refuse(r, http.StatusGone, "erased")
		answer.note = note{outcome: "refused: erased", reference: taken.reference, metric: telemetry.Refused}
		return answer
	case err != nil:
		return h.failed(r, taken.reference, err)
	}
	return h.accepted(r, a, taken)
}

func (h *Handler) readApplication(media string, body []byte) (application.Application, application.Controls, []application.Problem) {
	reader := application.Reader{Fields: h.fields(), ConsentVersion: locale.ConsentVersion}
	if media == web.Form {
		return reader.Form(body)
	}
	return reader.JSON(body)
}

// fields are the form's, as of today and for this country.
func (h *Handler) fields() []application.Field {
	var regions []string
	for _, area := range h.Pack.Areas.All() {
		if area.Code != h.Pack.Code {
			regions = append(regions, area.Code)
		}
	}
	return application.Fields(regions, locale.Languages(), h.Now().Year())
}

// maxKey is the most characters of an idempotency key.
const maxKey = 255

// idempotencyKey gives the key of the header, else of the form's hidden field, else one that nobody else has.
func (h *Handler) idempotencyKey(r request, controls application.Controls) (string, []application.Problem) {
	key := strings.TrimSpace(r.Headers["idempotency-key"])
	if key == "" {
		key = strings.TrimSpace(controls.IdempotencyKey)
	}
	switch {
	case key == "":
		return h.NewID(), nil
	case len(key) > maxKey:
		return "", []application.Problem{{
			Field: application.FieldIdempotencyKey, Code: application.CodeTooLong, Params: map[string]any{"max": maxKey},
		}}
	case strings.ContainsFunc(key, func(c rune) bool { return c < ' ' || c > '~' }):
		return "", []application.Problem{{Field: application.FieldIdempotencyKey, Code: application.CodeControlCharacters}}
	}
	return key, nil
}

// invalid answers with all problems at once: a browser gets its form back, with the answers it gave.
func (h *Handler) invalid(ctx context.Context, r request, media string, problems []application.Problem) response {
	say := locale.For(r.lang)
	n := note{outcome: "refused: invalid", metric: telemetry.Refused}
	if media == web.Form && r.forPeople() {
		view := h.formView(ctx, r, problem.FieldErrors(say, problems))
		return h.html(r, http.StatusUnprocessableEntity, n, func(w io.Writer) error { return page.Form(w, view) })
	}
	document := problem.Invalid(say, telemetry.TraceID(r.Trace), problems)
	return response{document.Status, document.Headers(), "", document.JSON(), n}
}
