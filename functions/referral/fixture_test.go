package referral_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/events/eventstest"
	"github.com/miict/immerse/functions/referral"
	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/store/storetest"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/ticket"
	"github.com/miict/immerse/shared/vault"
	"github.com/miict/immerse/shared/vault/vaulttest"
)

const (
	base      = "https://immerse.example"
	reference = "ES-7K3M-9QXT-40AB"
	secret    = "7K3M-9QXT-40AB-CDEF-0123"
	canary    = "Amal Canary"
)

var at = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

// A world is the function with everything around it: a real store in an embedded DynamoDB, real cryptography, a queue that
// remembers, and one application that was referred to one authority.
type world struct {
	t         testing.TB
	handler   *referral.Handler
	store     *store.Store
	vault     *vaulttest.Vault
	book      *ticket.Book
	queue     *memory
	first     *memory // for the urgent
	urgency   string  // of the case
	log       *safeBuffer
	now       time.Time
	pack      *country.Pack
	authority string
	path      string // of the authority's link
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldOf(t, "soon")
}

// newWorldOf is the world of a case of some urgency.
func newWorldOf(t testing.TB, urgency string) *world {
	t.Helper()
	pack, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	zone, _ := pack.Location()
	w := &world{t: t, store: storetest.New(t), vault: vaulttest.New(t, "ES"), queue: &memory{}, first: &memory{}, urgency: urgency, log: &safeBuffer{}, now: at, pack: pack}
	clock := func() time.Time { return w.now }
	w.store.Now = clock
	if w.book, err = ticket.Load(context.Background(), "ES", w.vault, w.vault.Master(), clock); err != nil {
		t.Fatal(err)
	}
	w.handler = &referral.Handler{
		Pack: pack, Zone: zone, BaseURL: base, Applications: w.store, Referrals: w.store, Ring: w.vault.Ring(t, vault.Referral),
		Links: w.book, Catalogue: library{pack}, Queue: w.queue, Urgent: w.first, Now: clock, NewID: rand.Text, Log: telemetry.Logger(w.log, "referral", "ES"),
	}
	w.refer(true)
	return w
}

// refer does what intake, matching and notification do: an application with matches, sealed, and a mail that was sent.
func (w *world) refer(sharing bool) {
	w.t.Helper()
	ctx := context.Background()
	person, keys, err := w.vault.Sealer(w.t).NewPerson(reference, secret)
	w.must(err)
	assessed := w.assessed()
	shares, _ := briefing.Shares(published.OfPack(w.pack), assessed.Result.Matches)
	w.authority = shares[0].Organization.ID
	packed, err := assessed.Encode()
	w.must(err)
	result, err := person.Seal(vault.Result, packed)
	w.must(err)
	contact, err := person.SealJSON(vault.Contact, application.ContactPart{
		Contact: application.Contact{Name: canary, Email: "amal@canary.example", Phone: "+34600111222"}, Language: "ar", Message: "canary message", Sharing: sharing,
	})
	w.must(err)
	w.must(w.store.Create(ctx, store.Application{
		Reference: reference, Country: "ES", State: store.Received, Needs: []string{"language"}, SubmittedAt: at, KeysID: keys.ID,
		Contact: contact, Audit: []store.Audit{{At: at, Actor: "intake", Action: "received"}},
	}, keys))
	w.must(w.store.Matched(ctx, w.found(), result, store.Versions{Catalogue: "v1"}, at, false))
	due := at.Add(7 * 24 * time.Hour)
	mail := store.Mail{ID: store.ReferralID(w.authority, 0), State: store.MailSending, At: at, Attempts: 1, Due: &due}
	claim := store.Claim{Reference: reference, Holder: "h", Until: at.Add(time.Minute)}
	w.must(w.store.Claim(ctx, store.Ledger{}, claim, at, store.Posting{Mails: []store.Mail{mail}}))
	mail.State = store.MailSent
	w.must(w.store.Post(ctx, claim, store.Posting{Mails: []store.Mail{mail}, Over: true}))
	w.path = "/referral/" + w.link(0)
}

func (w *world) assessed() assessment.Assessment {
	a := assessment.Assessment{
		Kind: "support", Region: "ES-GR", Urgency: w.urgency, Languages: []eligibility.LanguageSkill{{Code: "ar", Level: "native"}},
	}
	for _, service := range w.pack.Services {
		if slices.Contains(service.Immerse.Needs, "language") && len(a.Result.Matches) < 3 {
			a.Result.Matches = append(a.Result.Matches, match.Match{Service: service.ID, Need: "language", Verdict: eligibility.True})
		}
	}
	return a
}

// link makes the authority's link, of a generation.
func (w *world) link(generation int) string {
	w.t.Helper()
	token, err := w.book.Issue(ticket.Ticket{Reference: reference, Authority: w.authority, Generation: generation, Expires: at.Add(90 * 24 * time.Hour)})
	w.must(err)
	return token
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// release does what notification does once an acceptance is on record.
func (w *world) release() {
	w.t.Helper()
	ctx := context.Background()
	found := w.found()
	keys, err := w.store.Keys(ctx, found.KeysID)
	w.must(err)
	to, err := vault.LoadReceiver(ctx, vault.Referral, w.vault)
	w.must(err)
	wrapped, err := w.vault.Ring(w.t, vault.Notification).Release(reference, keys, vault.Contact, to, w.authority)
	w.must(err)
	w.must(w.store.AddWrap(ctx, keys, vault.WrapName(vault.Contact, vault.Referral, w.authority), wrapped))
	w.must(w.store.Contact(ctx, store.Step{
		Reference: reference, Authority: w.authority, Found: found.Ledger, Audit: store.Audit{At: w.now, Actor: "notification", Action: "contact_released"},
	}, store.ContactReleased))
}

func (w *world) found() store.Application {
	w.t.Helper()
	found, err := w.store.Application(context.Background(), reference)
	w.must(err)
	return found
}

func (w *world) entry() store.Mail {
	w.t.Helper()
	return w.found().Ledger.Mail(store.ReferralID(w.authority, 0))
}

// trail are the actions that the person reads, of authorities.
func (w *world) trail() []string {
	w.t.Helper()
	var actions []string
	for _, line := range w.found().Audit {
		if line.Actor == "authority" {
			actions = append(actions, strings.TrimSuffix(line.Action, ":"+w.authority))
		}
	}
	return actions
}

type headers map[string]string

func (h headers) and(more headers) headers {
	all := maps.Clone(h)
	maps.Copy(all, more)
	return all
}

var browser = headers{"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin", "accept-language": "fr"}

func (w *world) ask(method, target string, given headers, body string) lambdaevents.APIGatewayV2HTTPResponse {
	w.t.Helper()
	path, query, _ := strings.Cut(target, "?")
	event := lambdaevents.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path, RawQueryString: query, Headers: given, Body: body}
	event.RequestContext.HTTP.Method = method
	answer, err := w.handler.Handle(context.Background(), event)
	w.must(err)
	return answer
}

func (w *world) get(target string) lambdaevents.APIGatewayV2HTTPResponse {
	w.t.Helper()
	return w.ask("GET", target, headers{"accept-language": "fr"}, "")
}

var formField = regexp.MustCompile(`name="form" value="([^"]+)"`)

// form opens the page and gives the token of its forms.
func (w *world) form() string {
	w.t.Helper()
	found := formField.FindStringSubmatch(w.get(w.path).Body)
	if found == nil {
		w.t.Fatal("the page has no form")
	}
	return found[1]
}

// post sends a form as the page would: "action=accept", …
func (w *world) post(form string, fields ...string) lambdaevents.APIGatewayV2HTTPResponse {
	w.t.Helper()
	values := url.Values{"form": {form}}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, "=")
		values.Set(name, value)
	}
	return w.ask("POST", w.path, browser, values.Encode())
}

// do opens the page and sends a form of it.
func (w *world) do(fields ...string) lambdaevents.APIGatewayV2HTTPResponse {
	w.t.Helper()
	return w.post(w.form(), fields...)
}

func (w *world) want(answer lambdaevents.APIGatewayV2HTTPResponse, status int, texts ...string) {
	w.t.Helper()
	if answer.StatusCode != status {
		w.t.Errorf("status %d, want %d: %s", answer.StatusCode, status, answer.Body)
	}
	for _, text := range texts {
		if !strings.Contains(answer.Body, text) {
			w.t.Errorf("the page does not say %q:\n%s", text, answer.Body)
		}
	}
}

// snapshot is all that is stored, to see that nothing changed.
func (w *world) snapshot() string {
	w.t.Helper()
	found := w.found()
	keys, err := w.store.Keys(context.Background(), found.KeysID)
	w.must(err)
	text, err := json.Marshal([]any{found, keys, w.queue.all()})
	w.must(err)
	return string(text)
}

// library has the pack's facts only: following what is published is package published's own.
type library struct{ pack *country.Pack }

func (l library) Facts(context.Context, string) (published.Facts, error) {
	return published.OfPack(l.pack), nil
}

// memory is a queue that remembers.
type memory struct {
	mu   sync.Mutex
	sent []events.Envelope
	fail error
}

func (m *memory) Send(_ context.Context, event events.Envelope) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail == nil {
		m.sent = append(m.sent, event)
	}
	return m.fail
}

func (m *memory) all() []events.Envelope {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.sent)
}

// safeBuffer lets goroutines share the log.
type safeBuffer struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.String()
}

// referralApplications names the interface for tests that put something of their own in its place.
type referralApplications = referral.Applications

func deleteKeys(table, id string) *dynamodb.DeleteItemInput {
	return &dynamodb.DeleteItemInput{TableName: aws.String(table), Key: map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}}}
}

func encode(t *testing.T, event events.Envelope) []byte {
	t.Helper()
	return eventstest.Encode(t, event)
}
