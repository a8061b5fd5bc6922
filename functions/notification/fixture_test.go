package notification

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/application"
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
	"github.com/miict/immerse/shared/ticket"
	"github.com/miict/immerse/shared/vault"
	"github.com/miict/immerse/shared/vault/vaulttest"
	"github.com/miict/immerse/shared/workdays"
)

const (
	reference = "ES-7K3M-9QXT-40AB"
	secret    = "7K3M-9QXT-40AB-CDEF-0123"
	trace     = "4bf92f3577b34da6a3ce929d0e0e4736"
)

var start = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

// A world is the function with everything around it: a real store over an in-memory DynamoDB, a real vault, an SES and
// a clock of our own.
type world struct {
	store   *store.Store
	places  *places.Places
	vault   *vaulttest.Vault
	book    *ticket.Book
	ses     *mailbox
	reopens *reopenings
	log     *bytes.Buffer
	handler *Handler
	budget  time.Duration // of an invocation
	mu      *sync.Mutex
	now     time.Time
}

// catalogue has facts by the digest of a release.
type catalogue map[string]published.Facts

// Current is the release with the digest "current", or else the pack, or else the one there is.
func (c catalogue) Current(context.Context) (published.Current, error) {
	for _, digest := range append([]string{"current", ""}, slices.Collect(maps.Keys(c))...) {
		switch facts := c[digest].(type) {
		case published.Current:
			return facts, nil
		case instead:
			return facts.Facts.(published.Current), nil
		}
	}
	return nil, errors.New("the catalogue can't be reached")
}

func (c catalogue) Facts(_ context.Context, digest string) (published.Facts, error) {
	if facts, ok := c[digest]; ok {
		return facts, nil
	}
	return nil, errors.New("the catalogue can't be reached")
}

func newWorld(t testing.TB) *world {
	w := &world{store: storetest.New(t), places: placestest.New(t), vault: vaulttest.New(t, "ES"), ses: &mailbox{}, reopens: &reopenings{}, log: &bytes.Buffer{}, mu: &sync.Mutex{}, now: start.Add(2 * time.Second), budget: 30 * time.Second}
	w.store.Now, w.places.Now = w.clock, w.clock
	w.vault.Sealer(t)
	w.handler = &Handler{
		Applications: w.store, Outbox: w.store, Ring: w.vault.Ring(t, vault.Notification),
		Catalogue: catalogue{"": published.OfPack(testPack("es"))},
		Places:    w.places,
		Planner:   planner(testPack("es")), Percolation: w.reopens,
		Releases: w.store, Inboxes: w.store, Agenda: w.store, Waits: w.store, Digests: w.store, Most: 3,
		Receiver: func(ctx context.Context) (*vault.Receiver, error) {
			return vault.LoadReceiver(ctx, vault.Referral, w.vault)
		},
		Queues:      []Queue{&putter{arn: "arn:n"}, &putter{arn: "arn:n-urgent"}},
		Pause:       func(_ context.Context, d time.Duration) { w.wait(d) },
		Postbox:     Postbox{SES: w.ses, From: "Immerse <no-reply@immerse.example>", ConfigurationSet: "immerse", Timeout: sendTimeout},
		LeaseMargin: LeaseMargin, Group: 2, Now: w.clock, NewID: rand.Text, Log: telemetry.Logger(&locked{w: w}, "notification", "ES"),
	}
	book, err := ticket.Load(t.Context(), "ES", w.vault, w.vault.Master(), w.clock)
	check(t, err)
	w.book, w.handler.Planner.Links = book, book
	return w
}

// planner plans for a pack, with links that are the same each time.
func planner(pack *country.Pack) Planner {
	calendar, err := workdays.New(pack)
	if err != nil {
		panic(err)
	}
	return Planner{Pack: pack, BaseURL: "https://es.immerse.example", Links: plainLinks{}, Calendar: calendar}
}

// plainLinks are links that say whose they are, for golden files.
type plainLinks struct{}

func (plainLinks) Issue(t ticket.Ticket) (string, error) {
	return fmt.Sprintf("link-of-%s-until-%s", t.Authority, t.Expires.Format(time.DateOnly)), nil
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// locked lets goroutines share the log.
type locked struct{ w *world }

func (l *locked) Write(line []byte) (int, error) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	return l.w.log.Write(line)
}

// submit stores an application as intake and matching leave it.
func (w *world) submit(t testing.TB, contact application.ContactPart, a assessment.Assessment) {
	t.Helper()
	w.submitAs(t, reference, contact, a)
}

func (w *world) submitAs(t testing.TB, reference string, contact application.ContactPart, a assessment.Assessment) {
	t.Helper()
	person, keys, err := w.vault.Sealer(t).NewPerson(reference, secret)
	check(t, err)
	seal := func(part vault.Part, value any) []byte {
		plain, err := json.Marshal(value)
		check(t, err)
		sealed, err := person.Seal(part, plain)
		check(t, err)
		return sealed
	}
	row := store.Application{
		Reference: reference, Country: "ES", State: store.Received, Needs: []string{"language", "employment", "accommodation"},
		ConsentVersion: "2026-11", SubmittedAt: start, KeysID: keys.ID, Audit: []store.Audit{{At: start, Actor: "intake", Action: "received"}},
		Profile: seal(vault.Profile, eligibility.Profile{Kind: canary("kind"), LegalStatus: canary("legal_status"), Gender: canary("gender"),
			Occupation: canary("occupation"), Residence: application.Residence{Region: "ES-GR", Municipality: canary("municipality")}}),
		Contact: seal(vault.Contact, contact),
	}
	check(t, w.store.Create(t.Context(), row, keys))
	packed, err := a.Encode()
	check(t, err)
	result, err := person.Seal(vault.Result, packed)
	check(t, err)
	check(t, w.store.Matched(t.Context(), row, result, store.Versions{Catalogue: "v1", Rules: "1-0"}, start.Add(time.Second), false))
}

// run hands messages to the function, in an invocation with the world's budget, and gives those that come back.
func (w *world) run(t testing.TB, bodies ...string) []string {
	t.Helper()
	return w.invoke(t, w.handler, bodies...)
}

func (w *world) invoke(t testing.TB, h *Handler, bodies ...string) []string {
	t.Helper()
	var batch lambdaevents.SQSEvent
	for _, body := range bodies {
		batch.Records = append(batch.Records, lambdaevents.SQSMessage{MessageId: body, Body: body})
	}
	answer, err := h.Handle(deadline{t.Context(), w.clock().Add(w.budget)}, batch)
	check(t, err)
	var back []string
	for _, failure := range answer.BatchItemFailures {
		back = append(back, failure.ItemIdentifier)
	}
	return back
}

// deadline is an invocation's context on the world's clock.
type deadline struct {
	context.Context
	at time.Time
}

func (d deadline) Deadline() (time.Time, bool) { return d.at, true }

func matched(t testing.TB, reference string) string {
	t.Helper()
	event, err := events.New(events.Origin{
		ID: "01JD8Z0000000000000000000A", Source: "/es/matching", Subject: reference, Time: start,
		TraceParent: "00-" + trace + "-00f067aa0ba902b7-01",
	}, events.ApplicationMatchedV1{Country: "ES", SubmittedAt: start, Catalogue: "v1"})
	check(t, err)
	raw, err := json.Marshal(event)
	check(t, err)
	return string(raw)
}

// A mailbox stands for SES: it keeps what it takes. Answer, if set, decides before and after a mail is taken.
type mailbox struct {
	mu     sync.Mutex
	taken  []*sesv2.SendEmailInput
	tries  int
	answer func(in *sesv2.SendEmailInput) error
}

func (m *mailbox) SendEmail(_ context.Context, in *sesv2.SendEmailInput, _ ...func(*sesv2.Options)) (*sesv2.SendEmailOutput, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tries++
	if m.answer != nil {
		if err := m.answer(in); err != nil {
			return nil, err
		}
	}
	m.taken = append(m.taken, in)
	return &sesv2.SendEmailOutput{MessageId: aws.String("ses-" + mailID(in))}, nil
}

// sent counts the mails taken, by mail id.
func (m *mailbox) sent() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	count := map[string]int{}
	for _, in := range m.taken {
		count[mailID(in)]++
	}
	return count
}

func mailID(in *sesv2.SendEmailInput) string { return header(in, "X-Immerse-Mail") }

func header(in *sesv2.SendEmailInput, name string) string {
	for _, header := range in.Content.Simple.Headers {
		if *header.Name == name {
			return *header.Value
		}
	}
	return ""
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// canary is a string that must turn up nowhere but where its field belongs.
func canary(field string) string { return "canary" + field + "canary" }

func amira(language string) application.ContactPart {
	return application.ContactPart{
		Contact:  application.Contact{Name: canary("name"), Email: "canary.email@person.example", Phone: "+34" + canary("phone")},
		Language: language, Message: canary("message"), Sharing: true,
	}
}

func testPack(language string) *country.Pack {
	organization := func(id, name, inbox, language string) hsds.Organization {
		return hsds.Organization{ID: id, Name: name, Description: name, Website: "https://" + id + ".example/", Immerse: &hsds.OrganizationExtension{
			Inbox: inbox, Language: language, Delivery: hsds.DeliveryInstant,
		}}
	}
	service := func(id, name, organization, authority, url string, needs ...string) hsds.Service {
		return hsds.Service{ID: id, Name: name, OrganizationID: organization, URL: url, Status: hsds.StatusActive,
			Immerse: &hsds.ServiceExtension{Needs: needs, Areas: []string{"ES-AN"}, Authority: authority}}
	}
	return &country.Pack{
		Settings: country.Settings{
			Code: "ES", Name: "España", TimeZone: "Europe/Madrid", Languages: []string{"es", "ca"}, MailFrom: "no-reply@immerse.example", ResponseDays: 5, RetentionDays: 180,
			HelpLines: []country.HelpLine{{Purpose: "emergency", Phone: "112"}, {Purpose: "gender_violence", Phone: "016"}},
		},
		Areas: country.NewAreas([]country.Area{
			{Code: "ES", Name: "España"}, {Code: "ES-AN", Name: "Andalucía", Parent: "ES"}, {Code: "ES-GR", Name: "Granada", Parent: "ES-AN"},
		}),
		Organizations: []hsds.Organization{
			organization("junta", "Junta de Andalucía", "junta@immerse.example", language),
			organization("ayto", "Ayuntamiento de Granada", "ayto@immerse.example", language),
			{ID: "mute", Name: "Without an inbox", Description: "…"},
		},
		Services: []hsds.Service{
			service("classes", "Clases de español <básico> & más", "ayto", "ayto", "https://ayto.example/clases?a=1&b=2", "language"),
			service("jobs", "Orientación laboral", "junta", "junta", "", "employment", "training"),
			service("flat", "Alquiler social", "ayto", "junta", "javascript:alert(1)", "accommodation"),
			service("silent", "Nobody answers for it", "mute", "mute", "", "language"),
		},
	}
}

// found is a result with three matches for two authorities.
func found() assessment.Assessment {
	return assessment.Assessment{
		Region: "ES-GR", Urgency: "soon",
		Languages: []application.Language{{Code: "ar", Level: "native"}, {Code: "es", Level: "A1"}},
		Result: match.Result{Catalogue: "v1", Misses: []match.Miss{}, Matches: []match.Match{
			{Service: "classes", Need: "language", Verdict: eligibility.True, Score: 0.9, Reasons: []eligibility.Reason{
				{Code: "legal_status_is", Params: eligibility.Params{"status": []string{"asylum_seeker", "refugee"}}},
				{Code: "age_in_range", Params: eligibility.Params{"min": 18, "max": 65}},
				{Code: "language_at_most", Params: eligibility.Params{"language": "es", "level": "A2"}},
				{Code: "in_area", Params: eligibility.Params{"area": "ES-AN"}},
				{Code: "unchecked"},
			}},
			{Service: "jobs", Need: "employment", Verdict: eligibility.Unknown, Missing: []string{"birth_year", "registrations"}, Score: 0.5,
				Reasons: []eligibility.Reason{
					{Code: "in_area", Params: eligibility.Params{"area": "ES-AN"}},
					{Code: "to_check", Params: eligibility.Params{"field": "birth_year"}},
					{Code: "to_check", Params: eligibility.Params{"field": "registrations"}},
					{Code: "last_checked_long_ago", Params: eligibility.Params{"date": "2026-03-01"}},
				}},
			{Service: "jobs", Need: "training", Verdict: eligibility.True, Score: 0.5, Reasons: []eligibility.Reason{{Code: "open_to_all"}}},
		}},
	}
}
