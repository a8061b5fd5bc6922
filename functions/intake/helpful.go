package intake

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/web"
)

// mostHelpful bounds an answer's body, in bytes: it is an id and two words.
const mostHelpful = 1 << 10

// helpful takes the answer to "Was this page helpful?" of a service's page. What is kept is one line of the log with the
// service's id and its metric: no table to fill, nothing about who answered (decision 1802).
func (h *Handler) helpful(_ context.Context, r request) response {
	switch {
	case r.CrossSite(h.BaseURL):
		return h.refuse(r, http.StatusForbidden, "cross_site")
	case r.media() != web.Form:
		return h.refuse(r, http.StatusUnsupportedMediaType, "unsupported_media_type")
	case len(r.Body) > mostHelpful:
		return h.refuse(r, http.StatusRequestEntityTooLarge, "too_large", "max", mostHelpful)
	}
	form, _ := url.ParseQuery(string(r.Body)) // what can't be read is left out, and then missing
	if asked := form.Get("language"); asked != "" {
		r = r.in(h.language(asked, r))
	}
	metric, said := map[string]string{"yes": telemetry.Helpful, "no": telemetry.NotHelpful}[form.Get("helpful")]
	service, known := h.Pack.Service(form.Get("service"))
	if !said || !known {
		return h.refuse(r, http.StatusNotFound, "not_found")
	}
	n := note{outcome: "page rated", service: service.ID, metric: metric}
	if !r.forPeople() {
		return response{status: http.StatusNoContent, note: n}
	}
	back := "/" + r.lang + "/services/" + service.ID + "/"
	return h.html(r, http.StatusOK, n, func(w io.Writer) error { return page.Thanks(w, page.ThanksView{Shell: h.shell(r), Back: back}) })
}
