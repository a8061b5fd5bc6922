package feedback_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	minidyn "github.com/truora/minidyn/server"
	"pgregory.net/rapid"

	envelopes "github.com/miict/immerse/events"
	"github.com/miict/immerse/functions/feedback"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/store/storetest"
)

const (
	ref   = "ES-7K3M-9QXT-40AB"
	other = "ES-0000-1111-2222"
)

// system is a handler on a real store, in which two applications have mails under way.
type system struct {
	*feedback.Handler
	store *store.Store
	log   *bytes.Buffer
	mu    sync.Mutex // applications are recorded at the same time
	sent  []string   // what notification is to do
	full  int        // which Send fails, after it has taken effect; 0 none
}

// Send is the notification queue.
func (s *system) Send(_ context.Context, event envelopes.Envelope) error {
	body, err := json.Marshal(event)
	if err != nil {
		return err
	}
	_, payload, err := envelopes.Decode(body)
	if err != nil {
		return err
	}
	due := payload.(*envelopes.ReferralDueV1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, fmt.Sprintf("%s %s %s+%d", event.Subject, due.What, due.Authority, due.Round))
	if s.full--; s.full == 0 {
		return errAway
	}
	return nil
}

func newSystem(t *testing.T) *system {
	t.Helper()
	server := httptest.NewServer(minidyn.NewServer())
	t.Cleanup(server.Close)
	s := storetest.NewAt(t, storetest.Client(server.URL))
	s.Now = func() time.Time { return storetest.At.Add(time.Hour) }
	made := &system{store: s, log: new(bytes.Buffer)}
	made.Handler = &feedback.Handler{Country: "ES", Store: s, Queue: made, Now: s.Now, NewID: func() string { return "event" }, Log: slog.New(slog.NewJSONHandler(made.log, nil))}
	for _, reference := range []string{ref, other} {
		made.apply(t, reference)
	}
	return made
}

func (s *system) apply(t *testing.T, reference string) {
	t.Helper()
	application, keys := storetest.Sample(reference)
	if err := s.store.Create(t.Context(), application, keys); err != nil {
		t.Fatal(err)
	}
	claim := store.Claim{Reference: reference, Holder: reference, Until: storetest.At.Add(time.Minute)}
	var posting store.Posting
	for _, id := range []string{"authority-a", "authority-b+2", "receipt", "remind-b+2", "escalate-b+2"} {
		posting.Mails = append(posting.Mails, store.Mail{ID: id, State: store.MailSending, At: storetest.At, Attempts: 1})
	}
	if err := s.store.Claim(t.Context(), store.Ledger{}, claim, storetest.At, posting); err != nil {
		t.Fatal(err)
	}
}

// told is an event, as SES words it.
type told struct{ reference, mail, what string }

func (e told) message(id string) events.SQSMessage {
	kind, detail, _ := strings.Cut(e.what, "/")
	body, _ := json.Marshal(map[string]any{
		"eventType": kind,
		"mail": map[string]any{
			"timestamp": storetest.At, "messageId": "ses-" + e.reference + e.mail, "destination": []string{"Office@" + strings.NewReplacer("+", "-").Replace(e.mail) + ".example"},
			"tags": map[string]any{"reference": []string{e.reference}, "mail": []string{strings.ReplaceAll(e.mail, "+", "_")}},
		},
		"bounce": map[string]any{"bounceType": detail, "timestamp": storetest.At},
	})
	return events.SQSMessage{MessageId: id, Body: string(body)}
}

func batch(all ...told) (b events.SQSEvent) {
	for i, e := range all {
		b.Records = append(b.Records, e.message(fmt.Sprint("message ", i)))
	}
	return b
}

func (s *system) handle(t interface{ Fatalf(string, ...any) }, all ...told) []events.SQSBatchItemFailure {
	answer, err := s.Handle(context.Background(), batch(all...))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return answer.BatchItemFailures
}

// facts is what is known of every mail, in words.
func (s *system) facts(t interface{ Fatalf(string, ...any) }) string {
	var out strings.Builder
	for _, reference := range []string{ref, other} {
		found, err := s.store.Application(context.Background(), reference)
		if err != nil {
			t.Fatalf("%v", err)
		}
		for _, mail := range found.Ledger.Mails {
			fmt.Fprintln(&out, reference, mail.ID, mail.Facts().Codes())
		}
	}
	return out.String()
}

func (s *system) alerts() int { return strings.Count(s.log.String(), `"DeadInboxes":1`) }

var whats = []string{"Delivery", "DeliveryDelay", "Bounce/Transient", "Bounce/Permanent", "Complaint", "Reject", "Open"}

// TestEventsInAnyOrder: shuffled, repeated and cut into batches anyhow, the same events come to the same states.
func TestEventsInAnyOrder(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: much work, one thing after the other; make test runs it")
	}
	rapid.Check(t, func(rt *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) told {
			return told{
				rapid.SampledFrom([]string{ref, other}).Draw(t, "reference"),
				rapid.SampledFrom([]string{"authority-a", "authority-b+2", "receipt"}).Draw(t, "mail"), rapid.SampledFrom(whats).Draw(t, "what"),
			}
		}), 1, 12).Draw(rt, "events")
		one, again := newSystem(t), newSystem(t)
		if failed := one.handle(rt, all...); len(failed) > 0 {
			rt.Fatalf("came back: %v", failed)
		}
		shuffled := rapid.Permutation(append(slices.Clone(all), rapid.SliceOf(rapid.SampledFrom(all)).Draw(rt, "repeated")...)).Draw(rt, "shuffled")
		for len(shuffled) > 0 {
			n := rapid.IntRange(1, len(shuffled)).Draw(rt, "batch")
			if failed := again.handle(rt, shuffled[:n]...); len(failed) > 0 {
				rt.Fatalf("came back: %v", failed)
			}
			shuffled = shuffled[n:]
		}
		if a, b := one.facts(rt), again.facts(rt); a != b {
			rt.Fatalf("in one order\n%sin another\n%s", a, b)
		}
	})
}

// TestADeadInboxIsOneIncident: however many mails to it come back, of however many people.
func TestADeadInboxIsOneIncident(t *testing.T) {
	s := newSystem(t)
	for _, e := range []told{{ref, "authority-a", "Bounce/Permanent"}, {other, "authority-a", "Bounce/Permanent"}, {other, "authority-a", "Complaint"}} {
		if failed := s.handle(t, e, e); len(failed) > 0 {
			t.Fatalf("came back: %v", failed)
		}
	}
	dead, err := s.store.DeadInboxes(t.Context(), "ES")
	if err != nil || len(dead) != 1 || dead[0].Organization != "a" || dead[0].Address != "office@authority-a.example" || dead[0].Fact != referral.PermanentBounce {
		t.Fatalf("%+v, %v", dead, err)
	}
	// The first report came twice in a batch: nobody knows whether the first line was written, so there may be two of it.
	if n := s.alerts(); n < 1 || n > 2 {
		t.Errorf("%d alerts:\n%s", n, s.log)
	}
	s.handle(t, told{ref, "authority-b+2", "Complaint"})
	if dead, err = s.store.DeadInboxes(t.Context(), "ES"); err != nil || len(dead) != 2 {
		t.Errorf("%+v, %v", dead, err)
	}
	if strings.Contains(s.log.String(), "@") {
		t.Errorf("an address is in the log:\n%s", s.log)
	}
}

// TestWhatBuriesNothing: people's own addresses, passing troubles, automatic replies, what SES itself refused.
func TestWhatBuriesNothing(t *testing.T) {
	s := newSystem(t)
	s.handle(t, told{ref, "receipt", "Bounce/Permanent"}, told{ref, "receipt", "Complaint"}, told{ref, "authority-a", "Bounce/Transient"},
		told{ref, "authority-a", "Delivery"}, told{ref, "authority-a", "Reject"}, told{ref, "authority-a", "DeliveryDelay"})
	if dead, err := s.store.DeadInboxes(t.Context(), "ES"); err != nil || len(dead) != 0 || s.alerts() != 0 {
		t.Errorf("%+v, %v, %d alerts", dead, err, s.alerts())
	}
}

// TestWhatCannotBeRecorded: only what has no home comes back, what has none any more doesn't.
func TestWhatCannotBeRecorded(t *testing.T) {
	s := newSystem(t)
	failed := s.handle(t, told{ref, "authority-a", "Delivery"}, told{other, "authority-nobody", "Delivery"}, told{"ES-AAAA-AAAA-AAAA", "receipt", "Delivery"},
		told{ref, "receipt", "Delivery"}, told{other, "receipt", "Unheard"}, told{other, "receipt", "Delivery"})
	var ids []string
	for _, f := range failed {
		ids = append(ids, f.ItemIdentifier)
	}
	slices.Sort(ids)
	if !slices.Equal(ids, []string{"message 1", "message 4"}) {
		t.Errorf("came back: %v", ids)
	}
	want := ref + " authority-a [delivered]\n" + ref + " authority-b+2 []\n" + ref + " escalate-b+2 []\n" + ref + " receipt [delivered]\n"
	if got := s.facts(t); !strings.HasPrefix(got, want) || !strings.Contains(got, other+" receipt [delivered]") {
		t.Errorf("facts:\n%s", got)
	}
}

// broken fails as a table does that can't be reached, before or after it has done what was asked.
type broken struct {
	feedback.Store
	at int // which call
}

var errAway = errors.New("the table can't be reached")

func (b *broken) fail() bool { b.at--; return b.at == -1 }

func (b *broken) Application(ctx context.Context, reference string) (store.Application, error) {
	if b.fail() {
		return store.Application{}, errAway
	}
	return b.Store.Application(ctx, reference)
}

func (b *broken) Hear(ctx context.Context, reference string, reports []store.Report) error {
	if b.fail() {
		return errAway
	}
	return b.Store.Hear(ctx, reference, reports)
}

func (b *broken) Bury(ctx context.Context, country string, dead store.DeadInbox) (bool, error) {
	if b.fail() {
		_, _ = b.Store.Bury(ctx, country, dead) // it was written, and the answer was lost
		return false, errAway
	}
	return b.Store.Bury(ctx, country, dead)
}

// TestWhoIsBehindIsAskedAtOnce: when a mail to an authority's own inbox comes back for good, and for nothing else but what the next test has.
func TestWhoIsBehindIsAskedAtOnce(t *testing.T) {
	s := newSystem(t)
	e := told{ref, "authority-a", "Bounce/Permanent"}
	s.handle(t, e, e) // both are of one batch
	s.handle(t, e)    // known
	s.handle(t, told{other, "remind-b+2", "Bounce/Permanent"}, told{other, "authority-b+2", "Bounce/Permanent"})
	want := []string{ref + " fallback a+0", other + " fallback b+2"}
	if !slices.Equal(s.sent, want) {
		t.Errorf("asked %q, want %q", s.sent, want)
	}
	s.handle(t, told{ref, "authority-b+2", "Complaint"}, told{ref, "authority-b+2", "Bounce/Transient"},
		told{ref, "receipt", "Bounce/Permanent"}, told{ref, "escalate-b+2", "Bounce/Permanent"})
	if len(s.sent) != len(want) {
		t.Errorf("asked %q", s.sent[len(want):])
	}
	if dead, err := s.store.DeadInboxes(t.Context(), "ES"); err != nil || len(dead) != 4 {
		t.Errorf("the inbox behind is dead, too: %+v, %v", dead, err)
	}
}

// TestWhoIsBehindIsAskedWhenSESRefuses what it took: the authority doesn't have it. Nothing is wrong with its inbox, which stays open.
func TestWhoIsBehindIsAskedWhenSESRefuses(t *testing.T) {
	s := newSystem(t)
	e := told{ref, "authority-a", "Reject"}
	s.handle(t, e, e)
	s.handle(t, e, told{ref, "authority-a", "Bounce/Permanent"}) // known
	s.handle(t, told{ref, "escalate-b+2", "Reject"}, told{ref, "receipt", "Reject"})
	if want := []string{ref + " fallback a+0"}; !slices.Equal(s.sent, want) {
		t.Errorf("asked %q, want %q", s.sent, want)
	}
	s.handle(t, told{other, "authority-a", "Reject"})
	if dead, err := s.store.DeadInboxes(t.Context(), "ES"); err != nil || len(dead) != 1 || dead[0].Fact != referral.PermanentBounce {
		t.Errorf("dead inboxes %+v, %v", dead, err)
	}
	if want := 2; len(s.sent) != want {
		t.Errorf("asked %q", s.sent)
	}
}

// TestAStopAtEachCall: whichever call fails, the message comes back, and then all is as if nothing had: with its alert.
func TestAStopAtEachCall(t *testing.T) {
	for at := range 4 {
		s := newSystem(t)
		s.Store = &broken{s.store, at}
		if at == 3 {
			s.Store, s.full = s.store, 1
		}
		e := told{ref, "authority-a", "Bounce/Permanent"}
		if failed := s.handle(t, e); len(failed) != 1 {
			t.Errorf("call %d failed, and %d came back", at, len(failed))
		}
		if failed := s.handle(t, e); len(failed) != 0 || s.alerts() < 1 {
			t.Errorf("after call %d failed: %d came back, %d alerts", at, len(failed), s.alerts())
		}
		if got := s.facts(t); !strings.Contains(got, ref+" authority-a [permanent_bounce]") {
			t.Errorf("after call %d failed:\n%s", at, got)
		}
		if len(s.sent) == 0 {
			t.Errorf("after call %d failed: nobody else was asked", at)
		}
	}
}
