package proof

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miict/immerse/infra/local/audit"
	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/ses"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/store/storetest"
	"github.com/miict/immerse/site"
)

// a system under test, with everything that its functions print.
type system struct {
	*laptop.System
	code string // of the country
	logs *recorder
	gone *atomic.Int64 // how far the clock of the queues is ahead of ours, in nanoseconds: see dies
}

// recorder keeps what is written, for several writers at once.
type recorder struct {
	mu      sync.Mutex
	written bytes.Buffer
}

func (r *recorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.written.Write(p)
}

func (r *recorder) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.written.String()
}

// patience is how long a test waits for what must happen. It is there to end a test that would never end: nothing is said of how
// fast a machine is.
const patience = 5 * time.Minute

// visibility is after how long a message comes back that a function failed with, and did not die of.
const visibility = 3 * time.Second

// waitFor waits until something is so.
func waitFor(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// start boots a country's system of its own for the test, beside those of other tests.
func start(t *testing.T, code string, change func(*laptop.Options)) *system {
	t.Helper()
	if testing.Short() {
		t.Skip("left out with -short: it is the whole system, with its programs as processes; make test runs it")
	}
	t.Parallel()
	definition, err := laptop.Immerse(code)
	if err != nil {
		t.Fatal(err)
	}
	logs := &recorder{}
	definition.Schedules = nil // what they do, tests do by hand, and none of it by the way
	for i := range definition.Functions {
		definition.Functions[i].Timeout = 2 * time.Minute // as a slow machine may take
	}
	for i := range definition.Queues {
		definition.Queues[i].MaxReceiveCount = 100 // a slow machine has messages come back that are being worked on
	}
	gone := &atomic.Int64{}
	options := laptop.Options{
		Definition: definition, Logs: logs, Site: pages(code), Visibility: visibility,
		Now: func() time.Time { return time.Now().Add(time.Duration(gone.Load())) },
		Env: map[string]string{"MAIL_SEND_TIMEOUT": "1m"}, // or a mail that went may be taken for one of which nobody knows
	}
	if change != nil {
		change(&options)
	}
	running, err := laptop.Start(t.Context(), options)
	if err != nil {
		t.Fatalf("starting: %v\n%s", err, logs)
	}
	t.Cleanup(func() {
		if err := running.Stop(); err != nil {
			t.Errorf("stopping: %v", err)
		}
		for _, refused := range audit.Refused(definition, running.Uses()) {
			t.Errorf("the template of %s lacks a permission: %s", code, refused)
		}
		if t.Failed() {
			t.Logf("the functions said:\n%s", logs)
		}
	})
	return &system{running, code, logs, gone}
}

// built are the sites, each made once: by country, func() (site.Files, error).
var built sync.Map

// pages is the site of a country, made when somebody opens a page: most tests don't.
func pages(code string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		build, _ := built.LoadOrStore(code, sync.OnceValues(func() (site.Files, error) {
			pack, err := country.Load(code)
			if err != nil {
				return nil, err
			}
			return site.Build(pack, time.Now())
		}))
		files, err := build.(func() (site.Files, error))()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		site.Handler(files).ServeHTTP(w, r)
	})
}

// application is the one of design §7, with a canary in every personal field.
func application(language string) map[string]any {
	return map[string]any{
		"kind": "support", "language": language,
		"consent":      map[string]any{"processing": true, "sharing": true, "version": "2026-11"},
		"contact":      map[string]any{"name": "Layla " + canary, "email": canary + "@example.org", "phone": canaryPhone},
		"residence":    map[string]any{"region": "ES-GR", "municipality": "Granada " + canary, "months_in_country": 7},
		"legal_status": "asylum_seeker", "birth_year": 1994, "gender": "female",
		"household": map[string]any{"adults": 1, "children": 2},
		"languages": []any{map[string]any{"code": "ar", "level": "native"}, map[string]any{"code": "es", "level": "A1"}},
		"education": 5, "occupation": "2221", "registrations": []any{"municipal_register"},
		"needs": []any{"employment", "language", "accommodation"}, "urgency": "soon", "message": "Please help " + canary,
	}
}

const (
	canary      = "canary4711"
	canaryPhone = "+34600471147"
)

// answer is what the API says.
type answer struct {
	status int
	header http.Header
	body   string
}

// receipt is the body of a 201.
type receipt struct {
	Reference string `json:"reference"`
	Secret    string `json:"secret"`
	StatusURL string `json:"status_url"`
}

func (a answer) receipt(t *testing.T) receipt {
	t.Helper()
	var r receipt
	if err := json.Unmarshal([]byte(a.body), &r); err != nil || a.status != http.StatusCreated || r.Reference == "" || r.Secret == "" {
		t.Fatalf("no receipt: %d %s", a.status, a.body)
	}
	return r
}

// client never follows redirects: where they lead is part of what is tested.
var client = &http.Client{
	Timeout:       patience,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// call makes a request; headers are in pairs of name and value.
func (s *system) call(method, path, body string, headers ...string) (answer, error) {
	request, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(read)}, err
}

func (s *system) must(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	got, err := s.call(method, path, body, headers...)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return got
}

// submit posts an application as JSON.
func (s *system) submit(t *testing.T, application map[string]any, key string) answer {
	t.Helper()
	return s.must(t, http.MethodPost, "/api/v1/applications", encode(t, application), "Content-Type", "application/json", "Idempotency-Key", key)
}

func encode(t *testing.T, value any) string {
	t.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

// state asks for the state of an application, with its secret.
func (s *system) state(t *testing.T, r receipt) string {
	t.Helper()
	var status struct {
		State string `json:"state"`
	}
	got := s.must(t, http.MethodGet, "/api/v1/applications/"+r.Reference, "", "Authorization", "Bearer "+r.Secret)
	if err := json.Unmarshal([]byte(got.body), &status); err != nil {
		t.Fatalf("status %d: %s", got.status, got.body)
	}
	return status.State
}

// notified waits until everything about an application is handed over, looking into the table so as not to make intake work.
func (s *system) notified(t *testing.T, r receipt) {
	t.Helper()
	tables := s.tables()
	waitFor(t, r.Reference+" to be notified", func() bool {
		found, err := tables.Application(t.Context(), r.Reference)
		return err == nil && found.State == store.Notified
	})
}

// tables is what the functions keep, as they keep it.
func (s *system) tables() *store.Store {
	return &store.Store{
		Client: storetest.Client(s.URL), Applications: "immerse-" + s.code + "-applications", KeysTable: "immerse-" + s.code + "-keys",
		Now: time.Now, Retention: time.Hour,
	}
}

// mails gives the mails about a reference, by their id header.
func (s *system) mails(t *testing.T, r receipt) map[string][]ses.Mail {
	t.Helper()
	byID := map[string][]ses.Mail{}
	for _, mail := range s.Mailbox.All() {
		if mail.Headers["X-Immerse-Reference"] == r.Reference {
			id := mail.Headers["X-Immerse-Mail"]
			byID[id] = append(byID[id], mail)
		}
	}
	return byID
}

func describe(mails map[string][]ses.Mail) string {
	var out strings.Builder
	for id, list := range mails {
		fmt.Fprintf(&out, "%s: %d\n", id, len(list))
	}
	return out.String()
}
