package percolation_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/events/eventstest"
	"github.com/miict/immerse/functions/percolation"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/places/placestest"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/store/storetest"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/vault"
	"github.com/miict/immerse/shared/vault/vaulttest"
)

const (
	secret = "7K3M-9QXT-40AB-CDEF-0123"
	canary = "CANARY-4711"
	ada    = "ES-0000-0000-000A"
	bob    = "ES-0000-0000-000B"
)

var at = storetest.At

// A message in a queue, and when it is handed out.
type message struct {
	event events.Envelope
	after time.Duration
}

// outbox keeps what was sent.
type outbox struct {
	mu   sync.Mutex
	sent []message
}

func (o *outbox) Send(ctx context.Context, event events.Envelope) error {
	return o.SendLater(ctx, event, 0)
}

func (o *outbox) SendLater(_ context.Context, event events.Envelope, after time.Duration) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent = append(o.sent, message{event, after})
	return nil
}

// catalogue is one that changes.
type catalogue struct {
	release percolation.Release
	digest  string
}

func (c *catalogue) UpTo(context.Context, string) (published.Edition[percolation.Release], error) {
	return published.Edition[percolation.Release]{Digest: c.digest, Made: c.release}, nil
}

// add publishes services.
func (c *catalogue) add(version string, services ...hsds.Service) {
	c.release.Source.Version = version
	c.release.Source.Services = append(c.release.Source.Services, services...)
}

// world is a percolation function over a real store, real places and a real vault.
type world struct {
	*percolation.Handler
	store     *store.Store
	places    *places.Places
	vault     *vaulttest.Vault
	catalogue *catalogue
	next, own *outbox
	first     *outbox // for the urgent
	urgency   string  // of who applies
	log       *bytes.Buffer
	now       time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		store: storetest.New(t), places: placestest.New(t), vault: vaulttest.New(t, "ES"), next: &outbox{}, first: &outbox{}, own: &outbox{},
		log: &bytes.Buffer{}, now: at.Add(time.Hour), catalogue: &catalogue{release: percolation.Release{PerNeed: 2, Source: match.Source{
			Version: "v1", OfferUnassured: true, Weights: country.Weights{Closeness: 1},
			Areas: country.NewAreas([]country.Area{{Code: "ES", Name: "España"}, {Code: "ES-GR", Name: "Granada", Parent: "ES"}, {Code: "ES-SE", Name: "Sevilla", Parent: "ES"}}),
		}}},
	}
	clock := func() time.Time { return w.now }
	w.store.Now, w.places.Now = clock, clock
	ring := w.vault.Ring(t, vault.Matching)
	n := 0
	w.Handler = &percolation.Handler{
		Country: "ES", Store: w.store, Places: w.places, Catalogue: w.catalogue, Next: w.next, Urgent: w.first, Queue: w.own, Page: 2, Pause: percolation.Pause,
		Ring: func(context.Context) (percolation.Ring, error) { return ring, nil },
		Now:  clock, NewID: func() string { n++; return fmt.Sprintf("01JD8Z%020d", n) }, Log: telemetry.Logger(w.log, "percolation", "ES"),
	}
	return w
}

// service is one for a need in Granada, for people of full age.
func service(id, need string, change ...func(*hsds.Service)) hsds.Service {
	adult := 18
	s := hsds.Service{ID: id, Name: id, Status: hsds.StatusActive, Immerse: &hsds.ServiceExtension{
		Needs: []string{need}, Areas: []string{"ES-GR"}, Eligibility: []eligibility.Clause{{Age: &eligibility.Range{Min: &adult}}},
	}}
	for _, c := range change {
		c(&s)
	}
	return s
}

func withPlaces(n float64) func(*hsds.Service) {
	return func(s *hsds.Service) { s.Capacities = []hsds.Capacity{{Available: &n}} }
}

// apply writes an application as intake and matching leave it: matched with what the catalogue has.
func (w *world) apply(t *testing.T, reference string, birthYear int, needs ...string) {
	t.Helper()
	person, keys, err := w.vault.Sealer(t).NewPerson(reference, secret)
	must(t, err)
	application, _ := storetest.Sample(reference)
	application.KeysID, application.Needs = keys.ID, needs
	profile := eligibility.Profile{Kind: "support", BirthYear: &birthYear, Needs: needs, Residence: eligibility.Residence{Region: "ES-GR", Municipality: canary}}
	plain, err := json.Marshal(profile)
	must(t, err)
	application.Profile, err = person.Seal(vault.Profile, plain)
	must(t, err)
	must(t, w.store.Create(t.Context(), application, keys))
	catalogue, err := match.New(w.catalogue.release.Source)
	must(t, err)
	a := assessment.Assessment{Region: "ES-GR", Urgency: w.urgency, Result: match.Limit(match.NewLinear(catalogue).Match(profile, at), w.catalogue.release.PerNeed)}
	must(t, w.store.Matched(t.Context(), application, w.seal(t, reference, a), store.Versions{Catalogue: "v1", Rules: "1-0"}, w.now, a.Open(needs, w.catalogue.release.PerNeed)))
}

func (w *world) person(t *testing.T, reference string) *vault.Person {
	t.Helper()
	keys, err := w.store.Keys(t.Context(), w.read(t, reference).KeysID)
	must(t, err)
	person, err := w.vault.Ring(t, vault.Matching).Person(reference, keys)
	must(t, err)
	return person
}

func (w *world) seal(t *testing.T, reference string, a assessment.Assessment) []byte {
	t.Helper()
	packed, err := a.Encode()
	must(t, err)
	sealed, err := w.person(t, reference).Seal(vault.Result, packed)
	must(t, err)
	return sealed
}

// notify does what notification does: it closes the application's round.
func (w *world) notify(t *testing.T, reference string) {
	t.Helper()
	found := w.read(t, reference)
	claim := store.Claim{Reference: reference, Holder: fmt.Sprint("holder of ", found.Round), Until: w.now}
	must(t, w.store.Claim(t.Context(), found.Ledger, claim, w.now.Add(time.Minute), store.Posting{Over: true, Notified: &store.HandOver{At: w.now, Round: found.Round}}))
}

func (w *world) read(t *testing.T, reference string) store.Application {
	t.Helper()
	application, err := w.store.Application(t.Context(), reference)
	must(t, err)
	return application
}

func (w *world) assessment(t *testing.T, reference string) assessment.Assessment {
	t.Helper()
	a, err := assessment.Open(w.person(t, reference), w.read(t, reference).Result)
	must(t, err)
	return a
}

// services gives the ids of what an application was matched with.
func (w *world) services(t *testing.T, reference string) (ids []string) {
	t.Helper()
	for _, m := range w.assessment(t, reference).Result.Matches {
		ids = append(ids, m.Service)
	}
	return ids
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// changed is the event that services were added.
func (w *world) changed(t *testing.T, services ...string) events.Envelope {
	t.Helper()
	event, err := events.New(events.Origin{
		ID: "01JD8Z0000000000000000000A", Source: "/es/operator", Subject: "ES", Time: w.now,
		TraceParent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
	}, events.CatalogueChangedV1{Country: "ES", Catalogue: w.catalogue.release.Source.Version, Services: services})
	must(t, err)
	return event
}

// handle hands a message to the function and tells whether it is done.
func (w *world) handle(t *testing.T, event events.Envelope) bool {
	t.Helper()
	body := eventstest.Encode(t, event)
	eventstest.RequireValid(t, body)
	return w.handleBody(t, string(body))
}

func (w *world) handleBody(t *testing.T, body string) bool {
	t.Helper()
	response, err := w.Handle(t.Context(), lambdaevents.SQSEvent{Records: []lambdaevents.SQSMessage{{MessageId: "a", Body: body}}})
	must(t, err)
	return len(response.BatchItemFailures) == 0
}

// drain hands the function its own messages until there are none, those that wait last, and with most at the most.
func (w *world) drain(t *testing.T) {
	t.Helper()
	for range 100 {
		if len(w.own.sent) == 0 {
			return
		}
		next := 0
		for i, m := range w.own.sent {
			if m.after < w.own.sent[next].after {
				next = i
			}
		}
		m := w.own.sent[next]
		w.own.sent = append(w.own.sent[:next:next], w.own.sent[next+1:]...)
		w.now = w.now.Add(m.after)
		if !w.handle(t, m.event) {
			t.Fatalf("a message of its own failed\n%s", w.log)
		}
	}
	t.Fatalf("it never ends: %+v", w.own.sent)
}
