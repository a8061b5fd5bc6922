package referral

import (
	"encoding/base64"
	"mime"
	"net/url"
	"strings"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/ticket"
)

// maxBody is the most that is read of a form, in bytes: a question of 500 letters takes 6,000 at the most.
const maxBody = 16 << 10

// A request is an API Gateway event read once.
type request struct {
	method  string
	token   string // of the path; empty if the path is none of ours
	headers map[string]string
	asked   string // the language that was asked for, or empty
	lang    string // of an answer before the authority is known
	body    []byte
	trace   string // W3C trace context
}

func (h *Handler) read(event lambdaevents.APIGatewayV2HTTPRequest) request {
	r := request{method: event.RequestContext.HTTP.Method, body: []byte(event.Body), headers: make(map[string]string, len(event.Headers))}
	for name, value := range event.Headers {
		r.headers[strings.ToLower(name)] = value
	}
	if token, ok := strings.CutPrefix(event.RawPath, ticket.Path); ok && !strings.Contains(token, "/") {
		r.token = token // as it stands there: what had to be escaped is no token
	}
	query, _ := url.ParseQuery(event.RawQueryString) // what can't be read is left out
	if locale.Known(query.Get("lang")) {
		r.asked = query.Get("lang")
	}
	r.lang = locale.Negotiate(r.asked, r.headers["accept-language"], h.Pack.Languages[0])
	if event.IsBase64Encoded {
		// What is no base64 can't come from API Gateway; what was read of it then fails as a form.
		r.body, _ = base64.StdEncoding.DecodeString(event.Body)
	}
	r.trace = telemetry.TraceParent(r.headers)
	return r
}

// isForm tells whether the body is a form's.
func (r request) isForm() bool {
	kind, _, err := mime.ParseMediaType(r.headers["content-type"])
	return err == nil && kind == "application/x-www-form-urlencoded"
}

// crossSite tells a post from another site's page. Browsers say so in Sec-Fetch-Site; older ones in Origin, which is
// "null" from our own pages, as they send no referrer.
func (h *Handler) crossSite(r request) bool {
	if site := r.headers["sec-fetch-site"]; site != "" {
		return site != "same-origin" && site != "none"
	}
	given := r.headers["origin"]
	return given != "" && given != "null" && !strings.EqualFold(given, origin(h.BaseURL))
}

func origin(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return parsed.Scheme + "://" + parsed.Host
}
