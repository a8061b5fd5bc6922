package gateway_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/infra/local/gateway"
)

// function keeps the last event and answers with what it was given.
type function struct {
	event    events.APIGatewayV2HTTPRequest
	response string
	err      error
}

func (f *function) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	if err := json.Unmarshal(payload, &f.event); err != nil {
		return nil, err
	}
	return []byte(f.response), f.err
}

func serve(f *function, r *http.Request) *httptest.ResponseRecorder {
	g := gateway.Gateway{
		Routes: []gateway.Route{{Key: "ANY /api/{proxy+}", Function: f}, {Key: "GET /status", Function: f}, {Key: "ANY /link/{token}", Function: f}},
		Log:    slog.New(slog.DiscardHandler),
	}
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	return w
}

const created = `{"statusCode":201,"headers":{"content-type":"application/json"},"body":"{}"}`

func TestTheEventHasPayloadFormat2(t *testing.T) {
	t.Parallel()
	f := &function{response: created}
	r := httptest.NewRequest(http.MethodPost, "/api/v1/applications?lang=ar&need=a&need=b", strings.NewReader(`{"a":"ñ"}`))
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Add("Accept-Language", "ar")
	r.Header.Add("Accept-Language", "es;q=0.5")
	r.Header.Set("Cookie", "a=1; b=2")
	if w := serve(f, r); w.Code != 201 || w.Body.String() != "{}" {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	e := f.event
	if e.Version != "2.0" || e.RouteKey != "ANY /api/{proxy+}" || e.RawPath != "/api/v1/applications" || e.RawQueryString != "lang=ar&need=a&need=b" {
		t.Errorf("got %+v", e)
	}
	if e.QueryStringParameters["need"] != "a,b" || e.PathParameters["proxy"] != "v1/applications" {
		t.Errorf("got %v %v", e.QueryStringParameters, e.PathParameters)
	}
	if e.Headers["accept-language"] != "ar,es;q=0.5" || e.Headers["cookie"] != "" || len(e.Cookies) != 2 || e.Cookies[1] != "b=2" {
		t.Errorf("got %v %v", e.Headers, e.Cookies)
	}
	if e.Body != `{"a":"ñ"}` || e.IsBase64Encoded {
		t.Errorf("got body %q, base64 %v", e.Body, e.IsBase64Encoded)
	}
	if h := e.RequestContext.HTTP; h.Method != "POST" || h.Path != "/api/v1/applications" || h.SourceIP != "192.0.2.1" {
		t.Errorf("got %+v", h)
	}
}

func TestBodiesThatAreNotTextComeAsBase64(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]bool{
		"application/json": false, "text/plain": false, "text/csv; charset=utf-8": false, "application/xml": false,
		"application/x-www-form-urlencoded": true, "application/octet-stream": true, "": true,
	} {
		f := &function{response: created}
		r := httptest.NewRequest(http.MethodPost, "/api/x", strings.NewReader("a=1&b=\xff"))
		r.Header.Set("Content-Type", kind)
		serve(f, r)
		if f.event.IsBase64Encoded != want {
			t.Errorf("%q: base64 is %v, want %v", kind, f.event.IsBase64Encoded, want)
		}
		if raw, err := base64.StdEncoding.DecodeString(f.event.Body); want && (err != nil || string(raw) != "a=1&b=\xff") {
			t.Errorf("%q: body %q", kind, f.event.Body)
		}
	}
}

func TestResponses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		response string
		err      error
		status   int
		body     string
	}{
		"binary":          {response: `{"statusCode":200,"isBase64Encoded":true,"body":"AAH/"}`, status: 200, body: "\x00\x01\xff"},
		"no status":       {response: `{"hello":"world"}`, status: 200, body: `{"hello":"world"}`},
		"no body":         {response: `{"statusCode":303,"headers":{"location":"/done"}}`, status: 303},
		"not JSON":        {response: `oops`, status: 500, body: `{"message":"Internal Server Error"}`},
		"bad base64":      {response: `{"statusCode":200,"isBase64Encoded":true,"body":"%"}`, status: 500, body: `{"message":"Internal Server Error"}`},
		"absurd status":   {response: `{"statusCode":42}`, status: 500, body: `{"message":"Internal Server Error"}`},
		"function failed": {err: errors.New("crashed"), status: 500, body: `{"message":"Internal Server Error"}`},
		"too slow":        {err: context.DeadlineExceeded, status: 503, body: `{"message":"Service Unavailable"}`},
	} {
		w := serve(&function{response: c.response, err: c.err}, httptest.NewRequest(http.MethodGet, "/status", nil))
		if w.Code != c.status || w.Body.String() != c.body {
			t.Errorf("%s: got %d %q, want %d %q", name, w.Code, w.Body, c.status, c.body)
		}
	}
}

func TestWhatTheGatewayRefusesByItself(t *testing.T) {
	t.Parallel()
	f := &function{response: created}
	for name, c := range map[string]struct {
		method, path string
		size, status int
	}{
		"no such route":  {"GET", "/nowhere", 0, 404},
		"no such method": {"DELETE", "/status", 0, 404},
		"nothing under":  {"GET", "/api/", 0, 404},
		"too large":      {"POST", "/api/x", 10<<20 + 1, 413},
	} {
		if w := serve(f, httptest.NewRequest(c.method, c.path, strings.NewReader(strings.Repeat("x", c.size)))); w.Code != c.status {
			t.Errorf("%s: got %d, want %d", name, w.Code, c.status)
		}
	}
}

func TestARouteWithOneSegment(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{"/link/a-b_c": 201, "/link/a/b": 404, "/link/": 404, "/link": 404, "/link/a/": 201} {
		f := &function{response: created}
		if w := serve(f, httptest.NewRequest(http.MethodGet, path, nil)); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
		if want == 201 && f.event.PathParameters["token"] != strings.Trim(strings.TrimPrefix(path, "/link/"), "/") {
			t.Errorf("%s: parameters %v", path, f.event.PathParameters)
		}
	}
}
