package matching_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/events/eventstest"
	"github.com/miict/immerse/functions/matching"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/store/storetest"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/vault"
	"github.com/miict/immerse/shared/vault/vaulttest"
)

const (
	reference = "ES-7K3M-9QXT-40AB"
	secret    = "7K3M-9QXT-40AB-CDEF-0123"
	canary    = "CANARY-4711"
)

var at = storetest.At

// outbox keeps what was sent.
type outbox struct {
	mu   sync.Mutex
	sent []events.Envelope
}

func (o *outbox) Send(_ context.Context, event events.Envelope) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent = append(o.sent, event)
	return nil
}

// engine finds one service for whoever lives in Granada.
type engine struct{ seen chan eligibility.Profile }

func (e engine) Match(p eligibility.Profile, _ time.Time) match.Result {
	select {
	case e.seen <- p:
	default:
	}
	return match.Result{Catalogue: "v1", Matches: []match.Match{{Service: "s1", Need: "language", Verdict: eligibility.True}}, Misses: []match.Miss{}}
}

// edition is the only release of the catalogue that there is.
type edition struct{ engine }

func (e edition) Current(context.Context) (published.Edition[matching.Matcher], error) {
	return published.Edition[matching.Matcher]{Digest: "d1", Made: matching.Matcher{Engine: e.engine, PerNeed: 5, Rules: "1-r"}}, nil
}

// world is a matching function over a real store and a real vault.
type world struct {
	*matching.Handler
	store *store.Store
	vault *vaulttest.Vault
	next  *outbox
	first *outbox // for the urgent
	log   *bytes.Buffer
	seen  chan eligibility.Profile
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{store: storetest.New(t), vault: vaulttest.New(t, "ES"), next: &outbox{}, first: &outbox{}, log: &bytes.Buffer{}, seen: make(chan eligibility.Profile, 1)}
	now := func() time.Time { return at.Add(time.Second) }
	w.store.Now = now
	w.Handler = &matching.Handler{
		Country: "ES", Store: w.store, Ring: w.vault.Ring(t, vault.Matching), Catalogue: edition{engine{w.seen}}, Next: w.next, Urgent: w.first,
		Now: now, NewID: func() string { return "01JD8Z0000000000000000000B" }, Pause: func(context.Context, time.Duration) {},
		Log: telemetry.Logger(w.log, "matching", "ES"),
	}
	return w
}

const profile = `{"kind":"support","residence":{"region":"ES-GR","municipality":"` + canary + `"},"languages":[{"code":"ar","level":"native"}],"needs":["language"],"urgency":"soon"}`

// submit writes an application as intake would.
func (w *world) submit(t *testing.T) store.Application {
	t.Helper()
	return w.submitAs(t, profile)
}

func (w *world) submitAs(t *testing.T, profile string) store.Application {
	t.Helper()
	person, keys, err := w.vault.Sealer(t).NewPerson(reference, secret)
	must(t, err)
	application, _ := storetest.Sample(reference)
	application.KeysID = keys.ID
	application.Profile, err = person.Seal(vault.Profile, []byte(profile))
	must(t, err)
	must(t, w.store.Create(t.Context(), application, keys))
	return application
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func submitted(t *testing.T, when time.Time) lambdaevents.SQSEvent {
	t.Helper()
	event, err := events.New(events.Origin{
		ID: "01JD8Z0000000000000000000A", Source: "/es/intake", Subject: reference, Time: when,
		TraceParent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
	}, events.ApplicationSubmittedV1{Country: "ES"})
	must(t, err)
	return batch(string(eventstest.Encode(t, event)))
}

func batch(bodies ...string) lambdaevents.SQSEvent {
	var out lambdaevents.SQSEvent
	for i, body := range bodies {
		out.Records = append(out.Records, lambdaevents.SQSMessage{MessageId: string(rune('a' + i)), Body: body})
	}
	return out
}

// handle gives the ids of the messages that failed.
func (w *world) handle(t *testing.T, messages lambdaevents.SQSEvent) string {
	t.Helper()
	response, err := w.Handle(t.Context(), messages)
	must(t, err)
	var failed strings.Builder
	for _, failure := range response.BatchItemFailures {
		failed.WriteString(failure.ItemIdentifier)
	}
	return failed.String()
}

func (w *world) read(t *testing.T) store.Application {
	t.Helper()
	application, err := w.store.Application(t.Context(), reference)
	must(t, err)
	return application
}

func TestMatchesSealsAndSendsOn(t *testing.T) {
	w := newWorld(t)
	w.submit(t)
	if failed := w.handle(t, submitted(t, at)); failed != "" {
		t.Fatalf("failed: %s\n%s", failed, w.log)
	}
	application := w.read(t)
	if application.State != store.Matched || application.Catalogue != "v1" {
		t.Errorf("application: %+v", application)
	}
	keys, err := w.store.Keys(t.Context(), application.KeysID)
	must(t, err)
	person, err := w.vault.Ring(t, vault.Notification).Person(reference, keys)
	must(t, err)
	opened, err := person.Open(vault.Result, application.Result)
	must(t, err)
	got, err := assessment.Decode(opened)
	must(t, err)
	if got.Kind != "support" || got.Region != "ES-GR" || got.Urgency != "soon" || len(got.Languages) != 1 || len(got.Result.Matches) != 1 {
		t.Errorf("assessment: %+v", got)
	}
	if len(w.next.sent) != 1 {
		t.Fatalf("sent on: %+v", w.next.sent)
	}
	message := eventstest.Encode(t, w.next.sent[0])
	eventstest.RequireValid(t, message)
	if !bytes.Contains(message, []byte("4bf92f3577b34da6a3ce929d0e0e4736")) {
		t.Errorf("the trace is lost: %s", message)
	}
}

func TestOneLinePerOutcomeWithIdsOnly(t *testing.T) {
	w := newWorld(t)
	w.submit(t)
	w.handle(t, submitted(t, at))
	lines := strings.Split(strings.TrimSpace(w.log.String()), "\n")
	if len(lines) != 1 {
		t.Fatalf("log has %d lines:\n%s", len(lines), w.log)
	}
	var line map[string]any
	must(t, json.Unmarshal([]byte(lines[0]), &line))
	for name, want := range map[string]any{
		"reference": reference, "event_id": "01JD8Z0000000000000000000A", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "Matched": 1.0,
	} {
		if diff := cmp.Diff(want, line[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if strings.Contains(w.log.String(), canary) {
		t.Errorf("personal data in the log: %s", w.log)
	}
}

func TestAgainSendsOnAndRecordsOnce(t *testing.T) {
	w := newWorld(t)
	w.submit(t)
	w.handle(t, submitted(t, at))
	first := w.read(t)
	if failed := w.handle(t, submitted(t, at)); failed != "" {
		t.Fatalf("failed: %s", failed)
	}
	if diff := cmp.Diff(first, w.read(t)); diff != "" {
		t.Errorf("the second delivery changed the application (-first +second):\n%s", diff)
	}
	if len(w.next.sent) != 2 {
		t.Errorf("sent on %d times, want 2: nobody knows whether the first send happened", len(w.next.sent))
	}
	claim := store.Claim{Reference: reference, Holder: "one", Until: at}
	must(t, w.store.Claim(t.Context(), store.Ledger{}, claim, at, store.Posting{Over: true, Notified: &store.HandOver{At: at, Sent: 1}}))
	w.handle(t, submitted(t, at))
	if len(w.next.sent) != 2 {
		t.Error("an application that was notified is sent on again")
	}
}

func TestAnEarlyMessageComesBackAndAnOrphanIsDropped(t *testing.T) {
	w := newWorld(t)
	if failed := w.handle(t, submitted(t, at)); failed != "a" {
		t.Errorf("early message: failed %q, want it to come back", failed)
	}
	if failed := w.handle(t, submitted(t, at.Add(-2*time.Minute))); failed != "" {
		t.Errorf("orphan: failed %q, want it dropped", failed)
	}
	if len(w.next.sent) != 0 {
		t.Errorf("sent on: %+v", w.next.sent)
	}
}

func TestWaitsForAnApplicationThatIsBeingWritten(t *testing.T) {
	w := newWorld(t)
	looks := 0
	w.Pause = func(context.Context, time.Duration) {
		if looks++; looks == 3 {
			w.submit(t)
		}
	}
	if failed := w.handle(t, submitted(t, at)); failed != "" || len(w.next.sent) != 1 {
		t.Errorf("failed %q, sent %d, looks %d", failed, len(w.next.sent), looks)
	}
}

func TestErasedIsLeftAlone(t *testing.T) {
	w := newWorld(t)
	application := w.submit(t)
	must(t, w.store.Erase(t.Context(), application, "person", at))
	if failed := w.handle(t, submitted(t, at)); failed != "" || len(w.next.sent) != 0 {
		t.Errorf("failed %q, sent %d", failed, len(w.next.sent))
	}
}

// eraser erases the application in the middle of matching it.
type eraser struct {
	*store.Store
	application store.Application
}

func (e eraser) Keys(ctx context.Context, id string) (vault.Keys, error) {
	keys, err := e.Store.Keys(ctx, id)
	return keys, errors.Join(err, e.Erase(ctx, e.application, "person", at))
}

func TestErasureWinsARace(t *testing.T) {
	w := newWorld(t)
	w.Store = eraser{w.store, w.submit(t)}
	if failed := w.handle(t, submitted(t, at)); failed != "" || len(w.next.sent) != 0 {
		t.Errorf("failed %q, sent %d", failed, len(w.next.sent))
	}
	if application := w.read(t); application.State != store.Erased || application.Result != nil {
		t.Errorf("application: %+v", application)
	}
}

func TestWhatIsNotUnderstoodFailsAndGoesToTheDeadLetterQueue(t *testing.T) {
	w := newWorld(t)
	other, err := events.New(events.Origin{ID: "1", Source: "/es/x", Subject: reference, Time: at}, events.ApplicationMatchedV1{Country: "ES", SubmittedAt: at, Catalogue: "v1"})
	must(t, err)
	w.submit(t)
	good := submitted(t, at).Records[0].Body
	failed := w.handle(t, batch("rubbish", `{"specversion":"1.0","id":"`+canary+`"}`, string(eventstest.Encode(t, other)), good))
	if failed != "abc" {
		t.Errorf("failed %q, want the first three only", failed)
	}
	if len(w.next.sent) != 1 {
		t.Errorf("the good one beside them was not handled")
	}
}

// TestKilledAtAnyBoundary stops the function before and after each of its calls to the outside, and lets the message
// come back, as SQS does: the application is matched and sent on in the end, and its result recorded once.
func TestKilledAtAnyBoundary(t *testing.T) {
	for boundary := 0; ; boundary++ {
		w := newWorld(t)
		w.submit(t)
		died := &mortal{dieAt: boundary}
		w.Store, w.Next = mortalStore{w.store, died}, mortalSender{w.next, died}
		if !died.run(func() { w.handle(t, submitted(t, at)) }) {
			if boundary < 8 {
				t.Fatalf("only %d boundaries were met", boundary)
			}
			return
		}
		w.Store, w.Next = w.store, w.next
		if failed := w.handle(t, submitted(t, at)); failed != "" {
			t.Fatalf("boundary %d: the second delivery failed\n%s", boundary, w.log)
		}
		if application := w.read(t); application.State != store.Matched || len(application.Audit) != 2 {
			t.Errorf("boundary %d: %+v", boundary, application)
		}
		if sent := len(w.next.sent); sent < 1 || sent > 2 {
			t.Errorf("boundary %d: sent on %d times", boundary, sent)
		}
	}
}
