package laptop

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"github.com/miict/immerse/infra/local/protocol"
	"github.com/miict/immerse/infra/local/s3"
)

const (
	runtimePath = "/_runtime"
	// maxCall is more than the largest AWS request here: the snapshot of a large catalogue.
	maxCall = 256 << 20
)

// ServeHTTP tells the kinds of request apart: AWS services by their protocol, the rest by path.
func (s *System) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	switch {
	case strings.HasPrefix(path, runtimePath+"/"):
		http.StripPrefix(runtimePath, &s.runtime).ServeHTTP(w, r)
	case r.Header.Get("X-Amz-Target") != "" || strings.HasPrefix(path, "/v2/email/") || protocol.IsS3(r):
		s.serveAWS(w, r)
	case path == "/_local":
		http.Redirect(w, r, "/_local/", http.StatusMovedPermanently)
	case strings.HasPrefix(path, "/_local/"):
		s.pages.ServeHTTP(w, r)
	case s.gateway.Handles(path):
		s.serveAPI(w, r)
	case s.options.Site != nil:
		s.options.Site.ServeHTTP(w, r)
	default:
		placeholder(w, r)
	}
}

// serveAWS runs a call to an AWS service between the two hooks.
func (s *System) serveAWS(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCall))
	if err != nil {
		protocol.Fail(w, &protocol.Error{Type: "SerializationException", Message: "the request could not be read"})
		return
	}
	call, ok := protocol.Describe(r, body)
	if !ok {
		protocol.Fail(w, &protocol.Error{Type: "UnknownOperationException", Message: "no such AWS service here"})
		return
	}
	call.Caller = s.callers[call.AccessKey]
	fail := protocol.Fail
	if call.Service == "s3" {
		fail = s3.Fail
	}
	if err := s.permit(call); err != nil {
		fail(w, err)
		return
	}
	if s.options.Before != nil {
		if err := s.options.Before(call); err != nil {
			fail(w, err)
			return
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if s.options.After == nil && s.options.Meter == nil {
		s.service(call.Service).ServeHTTP(w, r)
		return
	}
	held := newRecorder()
	if s.options.Meter != nil {
		held = s.metered(call, r)
	} else {
		s.service(call.Service).ServeHTTP(held, r)
	}
	if s.options.After != nil {
		s.options.After(call)
	}
	held.replay(w)
}

// serveAPI answers a request to the HTTP API.
func (s *System) serveAPI(w http.ResponseWriter, r *http.Request) {
	if s.options.Meter == nil {
		s.gateway.ServeHTTP(w, r)
		return
	}
	held := newRecorder()
	s.gateway.ServeHTTP(held, r)
	s.options.Meter.Requested(held.body.Len())
	held.replay(w)
}

func (s *System) service(name string) http.Handler {
	switch name {
	case "sqs":
		return s.Queues.Operations()
	case "kms":
		return s.keys.Operations()
	case "ses":
		return &s.mail
	case "s3":
		return &s.objects
	default:
		return s.dynamodb
	}
}

// recorder holds a response back.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newRecorder() *recorder { return &recorder{header: http.Header{}, status: http.StatusOK} }

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

func (r *recorder) replay(w http.ResponseWriter) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	w.WriteHeader(r.status)
	_, _ = r.body.WriteTo(w) // a caller that has died cannot be told
}

func placeholder(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, `<!doctype html><html lang="en"><meta charset="utf-8"><title>Immerse</title>`+
		`<h1>Immerse</h1><p>The site is not built yet. <a href="/_local/">What is here</a></p></html>`)
}
