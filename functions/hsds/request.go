package hsds

import (
	"mime"
	"net/url"
	"slices"
	"strconv"
	"strings"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/catalogue/linked"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/telemetry"
)

// A request is an API Gateway event read once.
type request struct {
	method, path string
	route        string // the pattern that the path matched, for the log
	list         list   // that the path names
	id           string
	headers      map[string]string
	query        url.Values
	trace        string // W3C trace context
	lang         string // of what is said when something is wrong
}

func read(event lambdaevents.APIGatewayV2HTTPRequest) request {
	r := request{
		method: event.RequestContext.HTTP.Method, path: event.RawPath, headers: make(map[string]string, len(event.Headers)),
	}
	for name, value := range event.Headers {
		r.headers[strings.ToLower(name)] = value
	}
	r.query, _ = url.ParseQuery(event.RawQueryString) // what can't be read is left out
	r.trace = telemetry.TraceParent(r.headers)
	r.lang = locale.Negotiate("", r.headers["accept-language"], locale.Default)
	return r
}

// The formats of answers, by the names that ?format= takes.
const (
	formatJSON   = "json"
	formatNDJSON = "ndjson"
	formatCPSV   = "cpsv-ap"
	formatSchema = "schema.org"
)

// formats are the media types of the formats, the one first that who doesn't care gets.
var formats = []struct{ name, media, profile string }{
	{formatJSON, "application/json", ""},
	{formatNDJSON, "application/x-ndjson", ""},
	{formatCPSV, "application/ld+json", linked.ProfileCPSV},
	{formatSchema, "application/ld+json", linked.ProfileSchema},
}

// mediaOf is the content type of a format.
func mediaOf(name string) string {
	for _, format := range formats {
		if format.name == name {
			if format.profile != "" {
				return format.media + `;profile="` + format.profile + `"`
			}
			return format.media
		}
	}
	return ""
}

// acceptable is the format that an Accept header asks for most (RFC 9110, 12.5.1), JSON if it asks for none that there is.
func acceptable(header string) string {
	best, weight := formatJSON, 0.0
	for _, entry := range splitOutsideQuotes(header) {
		kind, params, err := mime.ParseMediaType(entry)
		if err != nil {
			continue
		}
		q := 1.0
		if said, err := strconv.ParseFloat(params["q"], 64); err == nil {
			q = said
		}
		at := slices.IndexFunc(formats, func(f struct{ name, media, profile string }) bool {
			return (f.media == kind || f.name == formatJSON && (kind == "*/*" || kind == "application/*")) &&
				(params["profile"] == "" || params["profile"] == f.profile)
		})
		if at >= 0 && q > weight {
			best, weight = formats[at].name, q
		}
	}
	return best
}

// splitOutsideQuotes takes a list apart; a profile between quotes may hold a comma.
func splitOutsideQuotes(header string) []string {
	quoted := false
	return strings.FieldsFunc(header, func(letter rune) bool {
		if letter == '"' {
			quoted = !quoted
		}
		return letter == ',' && !quoted
	})
}
