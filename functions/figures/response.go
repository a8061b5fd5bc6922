package figures

import (
	"io"
	"maps"
	"net/http"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/problem"
	"github.com/miict/immerse/shared/telemetry"
)

// A response is an answer, with what the log says about it.
type response struct {
	status  int
	headers map[string]string
	body    []byte
	err     error // only of our own side
}

// kept is how long an answer may be kept. There is something new once in three months, and an operator may take something back.
const kept = "public, max-age=3600, stale-if-error=86400"

// event puts on the headers that every answer has. Everybody may read it, from any site.
func (a response) event(r request) lambdaevents.APIGatewayV2HTTPResponse {
	headers := map[string]string{
		"Access-Control-Allow-Origin":  "*",
		"Content-Security-Policy":      "default-src 'none'; frame-ancestors 'none'",
		"Cross-Origin-Resource-Policy": "cross-origin",
		"Referrer-Policy":              "no-referrer",
		"X-Content-Type-Options":       "nosniff",
	}
	maps.Copy(headers, a.headers)
	answer := lambdaevents.APIGatewayV2HTTPResponse{StatusCode: a.status, Headers: headers, Body: string(a.body)}
	if r.method == http.MethodHead {
		answer.Body = ""
	}
	return answer
}

// data is an answer for programs.
func data(media string, body []byte) response {
	return response{status: http.StatusOK, headers: map[string]string{"Content-Type": media, "Cache-Control": kept}, body: body}
}

func (h *Handler) shell(lang string) page.Shell {
	return page.Shell{Lang: lang, Country: h.Pack.NameIn(lang), Home: "/" + lang + "/", HelpLine: h.Pack.Emergency()}
}

// refuse answers that something can't be done: a page to people, a problem document to programs.
func (h *Handler) refuse(r request, status int, code string, problems ...application.Problem) response {
	if r.path == pagePath {
		return html(status, r.lang, "no-store", func(w io.Writer) error {
			return page.Problem(w, page.ProblemView{Shell: h.shell(r.lang), Code: code})
		})
	}
	say := locale.For(locale.Negotiate("", r.headers["accept-language"], locale.Default))
	document := problem.New(say, status, code, telemetry.TraceID(r.trace), nil)
	document.Errors = problem.FieldErrors(say, problems)
	headers := document.Headers()
	headers["Cache-Control"] = "no-store"
	return response{status: status, headers: headers, body: document.JSON()}
}

// unavailable answers that something on our side failed: that it did, not what did.
func (h *Handler) unavailable(r request, err error) response {
	answer := h.refuse(r, http.StatusServiceUnavailable, "unavailable")
	answer.headers["Retry-After"] = "30"
	answer.err = err
	return answer
}
