package intake

import (
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/web"
)

// maxBody is the most that is read of a body, in bytes.
const maxBody = 64 << 10

// A request is read once, with what the handlers ask for.
type request struct {
	web.Request
	path      string
	route     string // the pattern that the path matched, for the log
	reference string // as it stands in the path
	lang      string // of the answer: ?lang=, else what the browser asks for, else the country's first
}

func (h *Handler) read(event lambdaevents.APIGatewayV2HTTPRequest) request {
	r := request{Request: web.Read(event), path: event.RawPath}
	if path, err := url.PathUnescape(event.RawPath); err == nil {
		r.path = path
	}
	r.lang = h.language(r.Query.Get("lang"), r)
	return r
}

// language is the one to answer in: what was asked for, else the browser's, else the country's. Who asked for one that
// the site doesn't speak more likely reads English than the country's.
func (h *Handler) language(asked string, r request) string {
	otherwise := h.Pack.Languages[0]
	if asked != "" {
		otherwise = locale.Default
	}
	return locale.Negotiate(asked, r.Headers["accept-language"], otherwise)
}

// in gives the request with another language for its answer.
func (r request) in(lang string) request {
	r.lang = lang
	return r
}

// media is the body's kind, or empty if it is none that can be read.
func (r request) media() string {
	kind, params := r.Media()
	if kind != web.JSON && kind != web.Form {
		return ""
	}
	charset := strings.ToLower(params["charset"])
	if charset != "" && charset != "utf-8" && charset != "us-ascii" {
		return ""
	}
	if encoding := r.Headers["content-encoding"]; encoding != "" && !strings.EqualFold(encoding, "identity") {
		return ""
	}
	return kind
}

// cookie gives the value of a cookie, or empty.
func (r request) cookie(name string) string {
	for _, line := range r.Cookies {
		cookies, err := http.ParseCookie(line)
		if err != nil {
			continue
		}
		for _, cookie := range cookies {
			if cookie.Name == name {
				return cookie.Value
			}
		}
	}
	return ""
}

// bearer gives the secret of the Authorization header.
func (r request) bearer() (secret string, ok bool) {
	scheme, secret, ok := strings.Cut(strings.TrimSpace(r.Headers["authorization"]), " ")
	return strings.TrimSpace(secret), ok && strings.EqualFold(scheme, "Bearer")
}

// forPeople tells a browser that shows pages from a program: only browsers name text/html.
func (r request) forPeople() bool { return accepts(r.Headers["accept"], "text/html", false) > 0 }

// prefersJSON tells a script's form post, which is answered as a program's, from a browser's, which is sent on to a
// page. "*/*" prefers nothing.
func (r request) prefersJSON() bool {
	accept := r.Headers["accept"]
	return accepts(accept, web.JSON, true) > accepts(accept, "text/html", true)
}

// accepts gives the weight of a media type in an Accept header (RFC 9110, 12.5.1); with wildcards, if those count.
func accepts(header, media string, wildcards bool) float64 {
	main, _, _ := strings.Cut(media, "/")
	weight, precision := 0.0, 0
	for _, entry := range strings.Split(header, ",") {
		kind, params, err := mime.ParseMediaType(entry)
		if err != nil {
			continue
		}
		near := map[string]int{"*/*": 1, main + "/*": 2, media: 3}[kind]
		if near <= precision || near < 3 && !wildcards {
			continue
		}
		weight, precision = 1, near
		if q, err := strconv.ParseFloat(params["q"], 64); err == nil {
			weight = q
		}
	}
	return weight
}
