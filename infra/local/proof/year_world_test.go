package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	minidyn "github.com/truora/minidyn/server"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/functions/feedback"
	"github.com/miict/immerse/functions/followup"
	"github.com/miict/immerse/functions/matching"
	"github.com/miict/immerse/functions/notification"
	refer "github.com/miict/immerse/functions/referral"
	said "github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/mailtag"
	"github.com/miict/immerse/shared/places/placestest"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/store/storetest"
	"github.com/miict/immerse/shared/ticket"
	"github.com/miict/immerse/shared/vault"
	"github.com/miict/immerse/shared/vault/vaulttest"
	"github.com/miict/immerse/shared/workdays"
)

// A year is one country's system with its own handlers, tables and vault, in simulated time. SES, the queues, the officers and
// the people are this test's.
type year struct {
	t        *testing.T
	pack     *country.Pack
	calendar *workdays.Calendar
	zone     *time.Location
	now      time.Time
	dice     *rand.Rand

	store    *store.Store
	vault    *vaulttest.Vault
	matching *matching.Handler
	told     *notification.Handler
	followup *followup.Handler
	counter  *followup.Counter
	releases []figures.Release // what the counter published
	feedback *feedback.Handler
	referral *refer.Handler

	queues map[string][]string // messages that wait, by who reads them
	mails  []posted
	plans  []plan // what officers will do
	cases  []*simulated
	dead   string // an inbox that nothing reaches
	ids    atomic.Int64
	ends   map[string]int // how referrals ended
	lock   sync.Mutex     // mails of a group are handed over at once
	// filling guards the queues: feedback works on several applications at once.
	filling sync.Mutex
}

// posted is a mail that SES took.
type posted struct {
	at                time.Time
	reference, id, to string
	tickets           []string
}

// kind is the first word of its id.
func (p posted) kind() string {
	if p.reference == mailtag.Digest {
		return p.reference
	}
	kind, _, _ := strings.Cut(p.id, "-")
	return kind
}

// begins tells whether it begins referrals.
func (p posted) begins() bool { return p.kind() == "authority" || p.kind() == mailtag.Digest }

// plan is what an officer will do with a link, and when.
type plan struct {
	at   time.Time
	link string
	form url.Values
}

// simulated is a person's case.
type simulated struct {
	reference, region string
	submitted         time.Time
	checked           bool
}

type nothingPublished struct{}

func (nothingPublished) Get(context.Context, string, string, int64) (bucket.Object, error) {
	return bucket.Object{}, bucket.ErrAbsent
}

func (nothingPublished) Range(context.Context, string, int64, int64) ([]byte, error) {
	return nil, bucket.ErrAbsent
}

func newYear(t *testing.T, code string) *year {
	t.Helper()
	pack, err := country.Load(code)
	ok(t, err)
	server := httptest.NewServer(minidyn.NewServer())
	t.Cleanup(server.Close)
	client := storetest.Client(server.URL)
	y := &year{
		t: t, pack: pack, now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), dice: rand.New(rand.NewPCG(7, 11)),
		store: storetest.NewAt(t, client), vault: vaulttest.New(t, pack.Code), queues: map[string][]string{}, ends: map[string]int{},
	}
	y.calendar, err = workdays.New(pack)
	ok(t, err)
	y.zone, err = pack.Location()
	ok(t, err)
	clock := func() time.Time { return y.now }
	y.store.Now, y.store.Retention = clock, pack.Retention()
	free := placestest.NewAt(t, client)
	free.Now = clock
	y.vault.Sealer(t)
	links, err := ticket.Load(t.Context(), pack.Code, y.vault, y.vault.Master(), clock)
	ok(t, err)
	quiet := slog.New(slog.DiscardHandler)
	facts := published.NewLibrary(nothingPublished{}, pack, time.Hour, clock, quiet)
	id := func() string { return fmt.Sprint("id-", y.ids.Add(1)) }
	y.matching = &matching.Handler{
		Country: pack.Code, Store: y.store, Ring: y.vault.Ring(t, vault.Matching), Catalogue: matching.Follow(nothingPublished{}, pack, time.Hour, clock, quiet),
		Next: sender{y, "notification"}, Now: clock, NewID: id, Pause: func(context.Context, time.Duration) {}, Log: quiet,
	}
	y.told = &notification.Handler{
		Applications: y.store, Outbox: y.store, Ring: y.vault.Ring(t, vault.Notification), Catalogue: facts, Places: free,
		Percolation: sender{y, "percolation"}, Inboxes: y.store, Agenda: y.store, Waits: y.store, Digests: y.store, Releases: y.store, Pause: func(context.Context, time.Duration) {},
		Receiver: func(ctx context.Context) (*vault.Receiver, error) {
			return vault.LoadReceiver(ctx, vault.Referral, y.vault)
		},
		Planner: notification.Planner{Pack: pack, BaseURL: "https://immerse.example", Links: links, Calendar: y.calendar},
		Postbox: notification.Postbox{SES: y, From: "Immerse <no-reply@immerse.example>", ConfigurationSet: "immerse", Timeout: time.Second},
		Group:   notification.GroupSize, Most: notification.MostInDigest, LeaseMargin: time.Second, Now: clock, NewID: id, Log: quiet,
	}
	y.followup = &followup.Handler{
		Country: pack.Code, Zone: y.zone, Calendar: y.calendar, Store: y.store, Agenda: y.store, Digests: y.store, DigestHour: pack.DigestAt(), Queue: sender{y, "notification"}, Freed: sender{y, "percolation"}, Now: clock, NewID: id, Log: quiet,
	}
	y.counter = &followup.Counter{
		Country: pack.Code, Zone: y.zone, Calendar: y.calendar, Retention: pack.Retention(), Least: leastShown, Applications: y.store, Book: y.store, Shelf: y,
		Around: followup.Around(nothingPublished{}, pack, time.Hour, clock, quiet), Now: clock, Log: quiet,
	}
	y.feedback = &feedback.Handler{Country: pack.Code, Store: y.store, Queue: sender{y, "notification"}, Now: clock, NewID: id, Log: quiet}
	y.referral = &refer.Handler{
		Pack: pack, Zone: y.zone, BaseURL: "https://immerse.example", Applications: y.store, Referrals: y.store, Ring: y.vault.Ring(t, vault.Referral),
		Links: links, Catalogue: facts, Queue: sender{y, "notification"}, Now: clock, NewID: id, Log: quiet,
	}
	return y
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// sender is a queue, of which one in five messages comes twice.
type sender struct {
	y    *year
	name string
}

func (s sender) Send(_ context.Context, event events.Envelope) error {
	body, err := json.Marshal(event)
	s.y.put(s.name, string(body))
	return err
}

func (y *year) put(name, body string) {
	y.filling.Lock()
	defer y.filling.Unlock()
	y.queues[name] = append(y.queues[name], body)
	if y.dice.IntN(5) == 0 {
		y.queues[name] = append(y.queues[name], body)
	}
}

// submit is a person who hands in, as intake would leave it.
func (y *year) submit(p eligibility.Profile, n int) {
	seal := func(person *vault.Person, part vault.Part, value any) []byte {
		plain, err := json.Marshal(value)
		ok(y.t, err)
		sealed, err := person.Seal(part, plain)
		ok(y.t, err)
		return sealed
	}
	reference := vault.Reference(y.pack.Code, fmt.Sprint("case ", n))
	person, keys, err := y.vault.Sealer(y.t).NewPerson(reference, fmt.Sprint("secret ", n))
	ok(y.t, err)
	contact := said.ContactPart{Language: p.Language, Sharing: true, Contact: said.Contact{Email: fmt.Sprintf("person-%d@person.example", n)}}
	ok(y.t, y.store.Create(y.t.Context(), store.Application{
		Reference: reference, Country: y.pack.Code, State: store.Received, Needs: p.Needs, ConsentVersion: "2026-11", SubmittedAt: y.now, KeysID: keys.ID,
		Profile: seal(person, vault.Profile, p), Contact: seal(person, vault.Contact, contact), Audit: []store.Audit{{At: y.now, Actor: "intake", Action: "received"}},
	}, keys))
	y.cases = append(y.cases, &simulated{reference: reference, region: p.Residence.Region, submitted: y.now})
	event, err := events.New(events.Origin{ID: reference, Source: "/x/intake", Subject: reference, Time: y.now}, events.ApplicationSubmittedV1{Country: y.pack.Code})
	ok(y.t, err)
	body, err := json.Marshal(event)
	ok(y.t, err)
	y.put("matching", string(body))
}

// work lets the functions work on what waits, in any order, until nothing does.
func (y *year) work() {
	for tries := 0; ; tries++ {
		messages := 0
		for _, name := range []string{"matching", "notification", "feedback"} {
			waiting := y.queues[name]
			y.queues[name] = nil
			messages += len(waiting)
			y.dice.Shuffle(len(waiting), func(i, j int) { waiting[i], waiting[j] = waiting[j], waiting[i] })
			for batch := range slices.Chunk(waiting, 10) {
				y.queues[name] = append(y.queues[name], y.handle(name, batch)...)
			}
		}
		if messages == 0 {
			return
		}
		if tries > 50 {
			y.t.Fatalf("%s: %s: messages come back for ever: %v", y.pack.Code, y.now, y.queues)
		}
	}
}

// handle hands a batch to a function and gives what comes back.
func (y *year) handle(name string, bodies []string) (back []string) {
	var batch lambdaevents.SQSEvent
	for i, body := range bodies {
		batch.Records = append(batch.Records, lambdaevents.SQSMessage{MessageId: fmt.Sprint(i), Body: body})
	}
	functions := map[string]func(context.Context, lambdaevents.SQSEvent) (lambdaevents.SQSEventResponse, error){
		"matching": y.matching.Handle, "notification": y.told.Handle, "feedback": y.feedback.Handle,
	}
	answer, err := functions[name](y.t.Context(), batch)
	ok(y.t, err)
	for _, failed := range answer.BatchItemFailures {
		var i int
		_, _ = fmt.Sscan(failed.ItemIdentifier, &i)
		back = append(back, bodies[i])
	}
	return back
}

// SendEmail is SES: it takes the mail, and tells of it before it answers, later, twice, in any order.
func (y *year) SendEmail(_ context.Context, in *sesv2.SendEmailInput, _ ...func(*sesv2.Options)) (*sesv2.SendEmailOutput, error) {
	y.lock.Lock()
	defer y.lock.Unlock()
	tags := map[string][]string{}
	for _, tag := range in.EmailTags {
		tags[*tag.Name] = []string{*tag.Value}
	}
	to := in.Destination.ToAddresses[0]
	mail := posted{at: y.now, reference: tags["reference"][0], id: tags["mail"][0], to: to, tickets: linkIn.FindAllString(*in.Content.Simple.Body.Text.Data, -1)}
	y.mails = append(y.mails, mail)
	message := fmt.Sprint("ses-", len(y.mails))
	news := []string{"Delivery"}
	switch {
	case to == y.dead:
		news = []string{"Bounce"}
	case y.dice.IntN(20) == 0:
		news = []string{"DeliveryDelay", "Delivery", "Complaint"}
		if mail.begins() {
			news = news[:2]
		}
	}
	for _, what := range news {
		body, err := json.Marshal(map[string]any{
			"eventType": what, "bounce": map[string]any{"bounceType": "Permanent", "timestamp": y.now},
			"mail": map[string]any{"messageId": message, "timestamp": y.now, "destination": []string{to}, "tags": tags},
		})
		if err != nil {
			return nil, err
		}
		y.put("feedback", string(body))
	}
	if y.dice.IntN(3) == 0 { // before SES has answered, and so before the row says that it is sent
		early := y.queues["feedback"]
		y.queues["feedback"] = nil
		for batch := range slices.Chunk(early, 10) {
			y.queues["feedback"] = append(y.queues["feedback"], y.handle("feedback", batch)...)
		}
	}
	if mail.begins() && to != y.dead {
		for _, ticket := range mail.tickets {
			y.decide(ticket)
		}
	}
	return &sesv2.SendEmailOutput{MessageId: aws.String(message)}, nil
}

// decide rolls what an officer will make of a link: six in ten answer, at some hour of the next two weeks.
func (y *year) decide(ticket string) {
	roll, at := y.dice.IntN(10), y.now.Add(time.Duration(y.dice.IntN(14*24))*time.Hour)
	switch {
	case roll < 4:
		y.plans = append(y.plans, plan{at, ticket, url.Values{"action": {"accept"}}})
		if roll < 3 {
			done := url.Values{"action": {"finish"}, "outcome": {"helped"}}
			y.plans = append(y.plans, plan{at.Add(time.Duration(24+y.dice.IntN(60*24)) * time.Hour), ticket, done})
		}
	case roll < 6:
		y.plans = append(y.plans, plan{at, ticket, url.Values{"action": {"decline"}, "reason": {"no_capacity"}}})
	}
}

// act lets the officers do what they planned: a scanner opens the link first, then they click twice.
func (y *year) act() {
	var later []plan
	due := y.plans
	y.plans = nil
	for _, p := range due {
		if p.at.After(y.now) {
			later = append(later, p)
			continue
		}
		page := y.ask(http.MethodGet, p.link, "")
		found := formIn.FindStringSubmatch(page.Body)
		if found == nil {
			continue // it is closed: the page says what happened
		}
		p.form.Set("form", found[1])
		for range 2 {
			if got := y.ask(http.MethodPost, p.link, p.form.Encode()); got.StatusCode >= 500 || got.StatusCode == http.StatusForbidden {
				y.t.Errorf("%s: %v: %d", y.pack.Code, p.form, got.StatusCode)
			}
		}
	}
	y.plans = append(y.plans, later...)
}

func (y *year) ask(method, path, body string) lambdaevents.APIGatewayV2HTTPResponse {
	event := lambdaevents.APIGatewayV2HTTPRequest{
		Version: "2.0", RawPath: path, Body: body,
		Headers: map[string]string{"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin", "accept": "text/html"},
	}
	event.RequestContext.HTTP.Method = method
	answer, err := y.referral.Handle(y.t.Context(), event)
	ok(y.t, err)
	return answer
}
