// Package web is what functions behind the HTTP API share that answer people's browsers: a request of API Gateway (payload
// format 2.0) read once, where a post comes from, pages, and the headers that keep an answer between us and who asked.
package web

import (
	"encoding/base64"
	"mime"
	"net/url"
	"slices"
	"strings"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/telemetry"
)

// The kinds of body that are read.
const (
	JSON = "application/json"
	Form = "application/x-www-form-urlencoded"
)

// A Request is an API Gateway event read once.
type Request struct {
	Method  string
	RawPath string            // as it came: nothing is unescaped
	Headers map[string]string // by names in small letters
	Query   url.Values
	Cookies []string
	Body    []byte
	Trace   string // W3C trace context
}

// Read reads an event. What can't be read of the query is left out.
func Read(event lambdaevents.APIGatewayV2HTTPRequest) Request {
	r := Request{
		Method: event.RequestContext.HTTP.Method, RawPath: event.RawPath, Cookies: event.Cookies, Body: []byte(event.Body),
		Headers: make(map[string]string, len(event.Headers)),
	}
	for name, value := range event.Headers {
		r.Headers[strings.ToLower(name)] = value
	}
	r.Query, _ = url.ParseQuery(event.RawQueryString)
	if event.IsBase64Encoded {
		// What is no base64 can't come from API Gateway; what was read of it then fails as a body.
		r.Body, _ = base64.StdEncoding.DecodeString(event.Body)
	}
	if r.Headers["cookie"] != "" {
		r.Cookies = append(r.Cookies, r.Headers["cookie"])
	}
	r.Trace = telemetry.TraceParent(r.Headers)
	return r
}

// Media is the body's kind with its parameters, as the request says it; empty if that can't be read.
func (r Request) Media() (kind string, params map[string]string) {
	kind, params, err := mime.ParseMediaType(r.Headers["content-type"])
	if err != nil {
		return "", nil
	}
	return kind, params
}

// CrossSite tells a post from another site's page than those below an address. Browsers say so in Sec-Fetch-Site; older
// ones in Origin, which is "null" from our own pages, as they send no referrer.
func (r Request) CrossSite(address string) bool {
	if site := r.Headers["sec-fetch-site"]; site != "" {
		return site != "same-origin" && site != "none"
	}
	given := r.Headers["origin"]
	if given == "" || given == "null" {
		return false
	}
	ours, err := url.Parse(address)
	return err != nil || !strings.EqualFold(given, ours.Scheme+"://"+ours.Host)
}

// KnownMethod keeps made-up methods out of the log.
func KnownMethod(method string) string {
	if slices.Contains([]string{"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"}, method) {
		return method
	}
	return "other"
}
