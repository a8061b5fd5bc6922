package referral

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
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

// event puts the headers on that every answer has. Nothing may be kept, indexed, framed or told to another site.
func (a response) event(r request) lambdaevents.APIGatewayV2HTTPResponse {
	headers := map[string]string{
		"Cache-Control":                "no-store",
		"Content-Security-Policy":      page.Policy,
		"Cross-Origin-Resource-Policy": "same-origin",
		"Referrer-Policy":              "no-referrer",
		"X-Content-Type-Options":       "nosniff",
		"X-Robots-Tag":                 "noindex, nofollow",
	}
	maps.Copy(headers, a.headers)
	answer := lambdaevents.APIGatewayV2HTTPResponse{StatusCode: a.status, Headers: headers, Body: string(a.body)}
	if r.method == http.MethodHead {
		answer.Body = ""
	}
	return answer
}

// html answers with a page that render writes.
func html(lang string, status int, n note, render func(io.Writer) error) response {
	var body bytes.Buffer
	if err := render(&body); err != nil {
		panic(fmt.Errorf("rendering a page: %w", err)) // a template that does not fit its view
	}
	headers := map[string]string{"Content-Type": "text/html; charset=utf-8", "Content-Language": locale.For(lang).Lang()}
	return response{status: status, headers: headers, body: body.Bytes(), note: n}
}

func (h *Handler) shell(lang string) page.Shell {
	return page.Shell{Lang: lang, Country: h.Pack.NameIn(lang), Home: "/" + lang + "/", HelpLine: h.Pack.Emergency(), NoIndex: true}
}

// problem answers with a page that says what went wrong.
func (h *Handler) problem(r request, status int, code string) response {
	if r.lang == "" {
		r.lang = locale.Default // it went wrong before the request was read
	}
	view := page.ProblemView{Shell: h.shell(r.lang), Code: code, Params: map[string]any{"max": maxBody}}
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
