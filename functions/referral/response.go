package referral

import (
	"io"
	"maps"
	"net/http"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/web"
)

// A response is an answer, with what the log says about it.
type response struct {
	status  int
	headers map[string]string
	body    []byte
	note    note
}

// A note is what the log says about an answer: codes and ids only.
type note struct {
	outcome   string
	reference string
	authority string
	event     string
	err       error // only of our own side
}

// event puts the headers on that every answer has. Nothing may be indexed either.
func (a response) event(r request) lambdaevents.APIGatewayV2HTTPResponse {
	headers := map[string]string{"Content-Security-Policy": page.Policy, "X-Robots-Tag": "noindex, nofollow"}
	maps.Copy(headers, a.headers)
	return r.Answer(a.status, headers, a.body)
}

// html answers with a page that render writes.
func html(lang string, status int, n note, render func(io.Writer) error) response {
	headers, body := web.Page(lang, render)
	return response{status: status, headers: headers, body: body, note: n}
}

func (h *Handler) shell(lang string) page.Shell { return web.Shell(h.Pack, lang) }

// problem answers with a page that says what went wrong.
func (h *Handler) problem(r request, status int, code string) response {
	return h.problemWith(r, status, code, nil)
}

// problemWith also offers what can be done about it.
func (h *Handler) problemWith(r request, status int, code string, offer *page.LinkOffer) response {
	if r.lang == "" {
		r.lang = locale.Default // it went wrong before the request was read
	}
	view := page.ProblemView{Shell: h.shell(r.lang), Code: code, Params: map[string]any{"max": maxBody}, Offer: offer}
	answer := html(r.lang, status, note{outcome: "refused: " + code}, func(w io.Writer) error { return page.Problem(w, view) })
	if status >= http.StatusInternalServerError {
		answer.headers["Retry-After"] = "30"
	}
	return answer
}

// failed answers that something on our side failed, with the reason in the log alone.
func (h *Handler) failed(r request, c *referred, err error) response {
	if c != nil {
		r.lang = c.speaker.Lang()
	}
	answer := h.problem(r, http.StatusServiceUnavailable, "unavailable")
	answer.note = c.note("failed")
	answer.note.err = err
	return answer
}
