package intake_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/functions/intake"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/store/storetest"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/vault/vaulttest"
)

const (
	base = "https://immerse.example"
	path = "/api/v1/applications"
)

var at = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

// a world is intake with everything around it: a real store in an embedded DynamoDB, real cryptography, a queue that
// remembers.
type world struct {
	t       testing.TB
	handler *intake.Handler
	store   *store.Store
	vault   *vaulttest.Vault
	queue   *memory
	urgent  *memory
	told    *memory // notification
	facts   catalogue
	log     *safeBuffer
}

func newWorld(t testing.TB) *world {
	t.Helper()
	pack, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: storetest.New(t), vault: vaulttest.New(t, "ES"), queue: &memory{}, urgent: &memory{}, told: &memory{}, log: &safeBuffer{}}
	w.facts = catalogue{"": published.OfPack(pack)}
	w.store.Now = func() time.Time { return at }
	w.handler = &intake.Handler{
		Pack: pack, BaseURL: base, Applications: w.store, Records: w.store, Sealer: w.vault.Sealer(t), Queue: w.queue, Urgent: w.urgent, Wishes: w.store, Told: w.told, Catalogue: w.facts,
		Now: func() time.Time { return at }, NewID: rand.Text, Log: telemetry.Logger(w.log, "intake", "ES"),
	}
	return w
}

// catalogue has facts by the digest of a release.
type catalogue map[string]published.Facts

// Current is the release with the digest "current", or else the pack.
func (c catalogue) Current(context.Context) (published.Current, error) {
	if facts, ok := c["current"].(published.Current); ok {
		return facts, nil
	}
	if facts, ok := c[""].(published.Current); ok {
		return facts, nil
	}
	return nil, errors.New("the catalogue can't be reached")
}

func (c catalogue) Facts(_ context.Context, digest string) (published.Facts, error) {
	if facts, ok := c[digest]; ok {
		return facts, nil
	}
	return nil, errors.New("the catalogue can't be reached")
}

type headers map[string]string

var (
	asJSON    = headers{"content-type": "application/json", "accept": "application/json"}
	asForm    = headers{"content-type": "application/x-www-form-urlencoded", "accept": "*/*"}
	asBrowser = headers{
		"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin",
		"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
	}
)

func (h headers) and(more headers) headers {
	all := maps.Clone(h)
	maps.Copy(all, more)
	return all
}

func request(method, target string, given headers, body string) lambdaevents.APIGatewayV2HTTPRequest {
	path, query, _ := strings.Cut(target, "?")
	event := lambdaevents.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path, RawQueryString: query, Headers: given, Body: body}
	event.RequestContext.HTTP.Method = method
	return event
}

// do sends a request and checks what must hold of every answer.
func (w *world) do(method, target string, given headers, body string) lambdaevents.APIGatewayV2HTTPResponse {
	w.t.Helper()
	answer, err := w.handler.Handle(context.Background(), request(method, target, given, body))
	if err != nil {
		w.t.Errorf("%s %s: the handler returned an error: %v", method, target, err)
	}
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
	} {
		if answer.Headers[name] != want {
			w.t.Errorf("%s %s: %s is %q, want %q", method, target, name, answer.Headers[name], want)
		}
	}
	if !strings.Contains(answer.Headers["Content-Security-Policy"], "frame-ancestors 'none'") {
		w.t.Errorf("%s %s may be framed", method, target)
	}
	return answer
}

func (w *world) post(given headers, body string) lambdaevents.APIGatewayV2HTTPResponse {
	w.t.Helper()
	return w.do("POST", path, given, body)
}

type accepted struct {
	Reference string `json:"reference"`
	Secret    string `json:"secret"`
	StatusURL string `json:"status_url"`
}

// take posts an application that must be taken.
func (w *world) take(given headers, body string) accepted {
	w.t.Helper()
	answer := w.post(given, body)
	if answer.StatusCode != 201 {
		w.t.Fatalf("status %d: %s", answer.StatusCode, answer.Body)
	}
	return decode[accepted](w.t, answer.Body)
}

func decode[T any](t testing.TB, body string) (value T) {
	t.Helper()
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		t.Fatalf("not JSON: %v\n%.300s", err, body)
	}
	return value
}

// memory is a queue: what it takes it keeps.
type memory struct {
	mu     sync.Mutex
	events []events.Envelope
	broken bool
}

func (q *memory) Send(_ context.Context, event events.Envelope) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.broken {
		return errors.New("the queue is away")
	}
	q.events = append(q.events, event)
	return nil
}

func (q *memory) subjects() map[string]int {
	q.mu.Lock()
	defer q.mu.Unlock()
	subjects := map[string]int{}
	for _, event := range q.events {
		subjects[event.Subject]++
	}
	return subjects
}

type safeBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

const least = `{"kind":"support","language":"es","consent":{"processing":true},"residence":{"region":"ES-GR"},"needs":["health"]}`

const leastForm = "kind=support&language=es&consent.processing=true&residence.region=ES-GR&needs=health"

// personal is an application with a canary in every field that takes free text, and the rarest codes in the others.
const personal = `{
  "kind": "support", "language": "ar", "consent": {"processing": true, "sharing": true},
  "contact": {"name": "CANARY-name", "email": "CANARY-mail@example.org", "phone": "+34699887766"},
  "residence": {"region": "ES-GR", "municipality": "CANARY-town", "months_in_country": 7},
  "legal_status": "temporary_protection", "birth_year": 1931, "gender": "non_binary",
  "household": {"adults": 1, "children": 2}, "languages": [{"code": "ti", "level": "native"}],
  "education": 5, "occupation": "7531", "registrations": ["asylum_office"],
  "needs": ["health", "legal"], "urgency": "soon", "message": "CANARY-message"
}`

// canaries are what must be found nowhere outside of sealed parts.
var canaries = []string{"CANARY", "699887766", "temporary_protection", "non_binary", "asylum_office"}

func leaks(text string) (found []string) {
	for _, canary := range canaries {
		if strings.Contains(text, canary) {
			found = append(found, canary)
		}
	}
	return found
}
