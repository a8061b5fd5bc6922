package gateway

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// encode writes a request as a payload of format 2.0.
func encode(r *http.Request, routeKey, proxy string, body []byte) ([]byte, error) {
	request := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: routeKey,
		RawPath: r.URL.Path, RawQueryString: r.URL.RawQuery,
		Headers: headers(r), Cookies: cookies(r), QueryStringParameters: query(r),
		RequestContext: requestContext(r, routeKey),
	}
	if proxy != "" {
		_, name, _ := strings.Cut(routeKey, "{")
		request.PathParameters = map[string]string{strings.TrimRight(name, "+}"): proxy}
	}
	if len(body) > 0 && isText(r.Header.Get("Content-Type")) {
		request.Body = string(body)
	} else if len(body) > 0 {
		request.Body, request.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	payload, err := json.Marshal(request)
	if err != nil {
		return nil, fmt.Errorf("encoding the event: %w", err)
	}
	return payload, nil
}

// isText follows AWS: these travel as they are, everything else as base64, and that includes browser forms.
func isText(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch kind {
	case "application/json", "application/xml", "application/javascript":
		return true
	}
	return strings.HasPrefix(kind, "text/")
}

func headers(r *http.Request) map[string]string {
	all := map[string]string{"host": r.Host}
	for name, values := range r.Header {
		if name != "Cookie" {
			all[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	scheme, port := "http", "80"
	if _, p, err := net.SplitHostPort(r.Host); err == nil {
		port = p
	}
	all["x-forwarded-for"] = strings.TrimPrefix(all["x-forwarded-for"]+", "+sourceIP(r), ", ")
	all["x-forwarded-proto"], all["x-forwarded-port"] = scheme, port
	if r.ContentLength > 0 {
		all["content-length"] = fmt.Sprint(r.ContentLength)
	}
	return all
}

func cookies(r *http.Request) []string {
	var all []string
	for _, line := range r.Header.Values("Cookie") {
		for pair := range strings.SplitSeq(line, ";") {
			if pair = strings.TrimSpace(pair); pair != "" {
				all = append(all, pair)
			}
		}
	}
	return all
}

func query(r *http.Request) map[string]string {
	values := r.URL.Query()
	if len(values) == 0 {
		return nil
	}
	all := map[string]string{}
	for name, v := range values {
		all[name] = strings.Join(v, ",")
	}
	return all
}

func requestContext(r *http.Request, routeKey string) events.APIGatewayV2HTTPRequestContext {
	now := time.Now().UTC()
	return events.APIGatewayV2HTTPRequestContext{
		RouteKey: routeKey, AccountID: "000000000000", Stage: "$default", APIID: "local",
		RequestID: rand.Text(), DomainName: r.Host, DomainPrefix: "local",
		Time: now.Format("02/Jan/2006:15:04:05 -0700"), TimeEpoch: now.UnixMilli(),
		HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
			Method: r.Method, Path: r.URL.Path, Protocol: r.Proto, SourceIP: sourceIP(r), UserAgent: r.UserAgent(),
		},
	}
}

func sourceIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// decode writes a function's response. Without a status code in it, AWS takes all of it for a JSON body. Format 2.0
// has no headers with several values: cookies have a list of their own, and multiValueHeaders is not read.
func decode(w http.ResponseWriter, payload []byte) error {
	var response struct {
		StatusCode *int              `json:"statusCode"`
		Headers    map[string]string `json:"headers"`
		Body       string            `json:"body"`
		Base64     bool              `json:"isBase64Encoded"`
		Cookies    []string          `json:"cookies"`
	}
	if err := json.Unmarshal(payload, &response); err != nil || response.StatusCode == nil {
		if !json.Valid(payload) {
			return fmt.Errorf("the function's response is not JSON")
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(payload) //nolint:gosec // G705: passing on what the function answers is the point
		return nil
	}
	if *response.StatusCode < 200 || *response.StatusCode > 599 {
		return fmt.Errorf("the function's response has the status %d", *response.StatusCode)
	}
	body := []byte(response.Body)
	if response.Base64 {
		var err error
		if body, err = base64.StdEncoding.DecodeString(response.Body); err != nil {
			return fmt.Errorf("the function's response is not base64: %w", err)
		}
	}
	for name, value := range response.Headers {
		w.Header().Set(name, value)
	}
	for _, cookie := range response.Cookies {
		w.Header().Add("Set-Cookie", cookie)
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "text/plain;charset=utf-8")
	}
	w.WriteHeader(*response.StatusCode)
	_, _ = w.Write(body) // a client that has left cannot be told
	return nil
}
