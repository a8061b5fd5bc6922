package intake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/problem"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/web"
)

// A response is an answer, with what the log says about it.
type response struct {
	status  int
	headers map[string]string
	cookie  string
	body    []byte
	note    note
}

// A note is what the log says about an answer: codes and ids only.
type note struct {
	outcome   string
	reference string
	event     string
	service   string
	metric    string // of package telemetry; empty for none
	err       error  // only of our own side
}

// event gives the answer to API Gateway.
func (a response) event(r request) lambdaevents.APIGatewayV2HTTPResponse {
	answer := r.Answer(a.status, a.headers, a.body)
	if a.cookie != "" {
		answer.Cookies = []string{a.cookie}
	}
	return answer
}

// data answers with JSON.
func data(status int, value any, n note) response {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false) // it is no HTML, and URLs in it are copied by hand
	if err := encoder.Encode(value); err != nil {
		panic(fmt.Errorf("marshalling %T: %w", value, err)) // ours, and always the same shape
	}
	return response{status, map[string]string{"Content-Type": web.JSON}, "", body.Bytes(), n}
}

// html answers with a page that render writes.
func (h *Handler) html(r request, status int, n note, render func(io.Writer) error) response {
	headers, body := web.Page(r.lang, render)
	return response{status, headers, "", body, n}
}

func (h *Handler) shell(r request) page.Shell { return web.Shell(h.Pack, r.lang) }

// refuse answers that something can't be done: a page to a browser, a problem document to a program.
func (h *Handler) refuse(r request, status int, code string, params ...any) response {
	n := note{outcome: "refused: " + code}
	filled := map[string]any{}
	for i := 0; i+1 < len(params); i += 2 {
		filled[params[i].(string)] = params[i+1]
	}
	if r.forPeople() {
		view := page.ProblemView{Shell: h.shell(r), Code: code, Params: filled}
		return h.html(r, status, n, func(w io.Writer) error { return page.Problem(w, view) })
	}
	document := problem.New(locale.For(r.lang), status, code, telemetry.TraceID(r.Trace), filled)
	return response{status, document.Headers(), "", document.JSON(), n}
}

// unavailable answers that something on our side failed: that it did, not what did.
func (h *Handler) unavailable(r request, status int) response {
	answer := h.refuse(r, status, "unavailable")
	answer.headers["Retry-After"] = "30"
	return answer
}

// failed is unavailable with the reason in the log.
func (h *Handler) failed(r request, reference string, err error) response {
	answer := h.unavailable(r, http.StatusServiceUnavailable)
	answer.note = note{outcome: "failed", reference: reference, err: err}
	return answer
}
