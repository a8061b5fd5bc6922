package hsds

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"strings"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/problem"
	"github.com/miict/immerse/shared/telemetry"
)

// A response is an answer, with what the log says about it.
type response struct {
	status  int
	headers map[string]string
	body    []byte
	refused string // a problem's code
	err     error  // only of our own side
}

// kept is how long an answer may be kept: a new catalogue is out within a minute of being told here, too.
const kept = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"

// Lambda's answers have at most 6 MB, in base64 a third less.
const (
	largest       = 5_500_000
	largestZipped = largest * 3 / 4
	worthZipping  = 64 << 10
)

// answered is an answer that may be kept until the catalogue changes.
func answered(body []byte, format string, more map[string]string) response {
	headers := map[string]string{"Content-Type": mediaOf(format), "Cache-Control": kept}
	maps.Copy(headers, more)
	return response{status: http.StatusOK, headers: headers, body: body}
}

// event puts on the headers that every answer has, and gives it to API Gateway.
func (a response) event(r request) lambdaevents.APIGatewayV2HTTPResponse {
	headers := map[string]string{
		"Access-Control-Allow-Origin":   "*",
		"Access-Control-Expose-Headers": "ETag, Link",
		"Content-Security-Policy":       "default-src 'none'; frame-ancestors 'none'",
		"Cross-Origin-Resource-Policy":  "cross-origin",
		"Referrer-Policy":               "no-referrer",
		"Vary":                          "Accept, Accept-Encoding",
		"X-Content-Type-Options":        "nosniff",
	}
	maps.Copy(headers, a.headers)
	answer := lambdaevents.APIGatewayV2HTTPResponse{StatusCode: a.status, Headers: headers, Body: string(a.body)}
	if a.status == http.StatusOK {
		headers["ETag"] = tag(a.body)
		if unchanged(r.headers["if-none-match"], headers["ETag"]) {
			delete(headers, "Content-Type")
			answer.StatusCode, answer.Body = http.StatusNotModified, ""
			return answer
		}
	}
	if len(a.body) > worthZipping && strings.Contains(r.headers["accept-encoding"], "gzip") {
		headers["Content-Encoding"] = "gzip"
		answer.Body, answer.IsBase64Encoded = base64.StdEncoding.EncodeToString(zipped(a.body)), true
	}
	if r.method == http.MethodHead {
		answer.Body, answer.IsBase64Encoded = "", false
	}
	return answer
}

// tag names an answer by what is in it. It is weak, as the same answer travels zipped and not.
func tag(body []byte) string {
	sum := sha256.Sum256(body)
	return `W/"` + hex.EncodeToString(sum[:12]) + `"`
}

// unchanged compares weakly (RFC 9110, 13.1.2).
func unchanged(header, tag string) bool {
	return slices.ContainsFunc(strings.Split(header, ","), func(entry string) bool {
		entry = strings.TrimSpace(entry)
		return entry == "*" || strings.TrimPrefix(entry, "W/") == strings.TrimPrefix(tag, "W/")
	})
}

func zipped(body []byte) []byte {
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	_, _ = writer.Write(body) // into memory
	_ = writer.Close()
	return out.Bytes()
}

// tooLarge tells whether an answer can't be sent, zipped if the client takes that.
func tooLarge(body []byte, r request) bool {
	if len(body) <= largestZipped {
		return false
	}
	if strings.Contains(r.headers["accept-encoding"], "gzip") {
		return len(body) > 20*largest || len(zipped(body)) > largestZipped
	}
	return len(body) > largest
}

// preflight tells a browser that any page may ask.
func preflight() response {
	return response{status: http.StatusNoContent, headers: map[string]string{
		"Access-Control-Allow-Methods": methods, "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
		"Access-Control-Max-Age": "86400", "Allow": methods, "Cache-Control": "public, max-age=86400",
	}}
}

// refuse answers that something can't be done, with all that is wrong.
func (h *Handler) refuse(r request, status int, code string, problems ...application.Problem) response {
	say := locale.For(r.lang)
	document := problem.New(say, status, code, telemetry.TraceID(r.trace), nil)
	document.Errors = problem.FieldErrors(say, problems)
	headers := document.Headers()
	headers["Cache-Control"] = "no-store"
	return response{status: status, headers: headers, body: document.JSON(), refused: code}
}

// unavailable answers that something on our side failed: that it did, not what did.
func (h *Handler) unavailable(r request, err error) response {
	answer := h.refuse(r, http.StatusServiceUnavailable, "unavailable")
	answer.headers["Retry-After"] = "30"
	answer.err = err
	return answer
}
