package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
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

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/functions/feedback"
	"github.com/miict/immerse/functions/followup"
	"github.com/miict/immerse/functions/intake"
	"github.com/miict/immerse/functions/matching"
	"github.com/miict/immerse/functions/notification"
	"github.com/miict/immerse/functions/percolation"
	refer "github.com/miict/immerse/functions/referral"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/country"
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
	t    *testing.T
	pack *country.Pack
	zone *time.Location
	now  time.Time

	store    *store.Store
	vault    *vaulttest.Vault
	links    *ticket.Book
	intake   *intake.Handler
	matching *matching.Handler
	told     *notification.Handler
	again    *percolation.Handler
	followup *followup.Handler
	counter  *followup.Counter
	releases []figures.Release // what the counter published
	feedback *feedback.Handler
	referral *refer.Handler

	queues     map[string][]letter // messages that wait, by who reads them
	later      map[string][]letter // those that are hidden until the next round
	mails      []posted
	plans      []plan // what officers and people will do
	cases      []*simulated
	event      string               // what people register for
	dead       map[string]bool      // inboxes that nothing reaches
	complained map[string]bool      // those that called a mail unwanted: nothing more may go there
	promised   map[string]bool      // mails that follow from what somebody did, by reference and id
	promisedOn map[string]string    // the day of some of them
	spam       map[string]time.Time // when a person called a mail unwanted, by reference
	rated      map[string]string    // how people rated referrals, by reference and id
	calendar   *workdays.Calendar
	digested   map[string]int // digests that told of a referral, by reference and id
	deeds      map[string]int // what was done
	ids        atomic.Int64
	ends       map[string]int // how referrals ended
	lock       sync.Mutex     // mails of a group are handed over at once
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

// plan is what somebody will do, and when: an officer with a link, or a person with their case.
type plan struct {
	at   time.Time
	link string     // an officer's
	who  *simulated // or else who
	form url.Values
}

// letter is a message, with a key that is the same in each run: ids are not, as mails are handed over at once.
type letter struct{ key, body string }

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
	client := partitioned()
	y := &year{
		t: t, pack: pack, now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		store: storetest.NewAt(t, client), vault: vaulttest.New(t, pack.Code), queues: map[string][]letter{}, later: map[string][]letter{},
		ends: map[string]int{}, dead: map[string]bool{}, complained: map[string]bool{}, promised: map[string]bool{}, promisedOn: map[string]string{}, spam: map[string]time.Time{}, rated: map[string]string{}, digested: map[string]int{}, deeds: map[string]int{},
	}
	y.staff()
	calendar, err := workdays.New(pack)
	ok(t, err)
	y.calendar = calendar
	y.zone, err = time.LoadLocation(clocks[pack.Code])
	ok(t, err)
	y.announce()
	clock := func() time.Time { return y.now }
	y.store.Now, y.store.Retention = clock, pack.Retention()
	free := placestest.NewAt(t, client)
	free.Now = clock
	sealer := y.vault.Sealer(t)
	y.links, err = ticket.Load(t.Context(), pack.Code, y.vault, y.vault.Master(), clock)
	ok(t, err)
	quiet := slog.New(slog.DiscardHandler)
	facts := published.NewLibrary(nothingPublished{}, pack, time.Hour, clock, quiet)
	id := func() string { return fmt.Sprint("id-", y.ids.Add(1)) }
	y.intake = &intake.Handler{
		Pack: pack, BaseURL: "https://immerse.example", Applications: y.store, Records: y.store, Wishes: y.store, Sealer: sealer, Catalogue: facts,
		Queue: sender{y, "matching"}, Urgent: sender{y, "urgent matching"}, Told: sender{y, "notification"}, Now: clock, NewID: id, Log: quiet,
	}
	y.matching = &matching.Handler{
		Country: pack.Code, Store: y.store, Ring: y.vault.Ring(t, vault.Matching), Catalogue: matching.Follow(nothingPublished{}, pack, time.Hour, clock, quiet),
		Next: sender{y, "notification"}, Urgent: sender{y, "urgent notification"}, Now: clock, NewID: id, Pause: func(context.Context, time.Duration) {}, Log: quiet,
	}
	ring := y.vault.Ring(t, vault.Matching)
	y.again = &percolation.Handler{
		Country: pack.Code, Store: y.store, Places: free, Catalogue: percolation.Follow(nothingPublished{}, pack, time.Hour, clock, quiet),
		Ring: func(context.Context) (percolation.Ring, error) { return ring, nil },
		Next: sender{y, "notification"}, Urgent: sender{y, "urgent notification"}, Queue: sender{y, "percolation"},
		Page: percolation.PageSize, Pause: percolation.Pause, Now: clock, NewID: id, Log: quiet,
	}
	y.told = &notification.Handler{
		Applications: y.store, Outbox: y.store, Ring: y.vault.Ring(t, vault.Notification), Catalogue: facts, Places: free,
		Percolation: sender{y, "percolation"}, Inboxes: y.store, Agenda: y.store, Waits: y.store, Digests: y.store, Releases: y.store, Pause: func(context.Context, time.Duration) {},
		Receiver: func(ctx context.Context) (*vault.Receiver, error) {
			return vault.LoadReceiver(ctx, vault.Referral, y.vault)
		},
		Planner: notification.Planner{Pack: pack, BaseURL: "https://immerse.example", Links: y.links, Calendar: calendar},
		Postbox: notification.Postbox{SES: y, From: "Immerse <no-reply@immerse.example>", ConfigurationSet: "immerse", Timeout: time.Second},
		Group:   notification.GroupSize, Most: notification.MostInDigest, LeaseMargin: time.Second, Now: clock, NewID: id, Log: quiet,
	}
	y.followup = &followup.Handler{
		Country: pack.Code, Zone: y.zone, Calendar: calendar, Store: y.store, Agenda: y.store, Digests: y.store, DigestHour: pack.DigestAt(), Queue: sender{y, "notification"},
		Urgent: sender{y, "urgent notification"}, Freed: sender{y, "percolation"}, Now: clock, NewID: id, Log: quiet,
	}
	y.counter = &followup.Counter{
		Country: pack.Code, Zone: y.zone, Calendar: calendar, Retention: pack.Retention(), Least: leastShown, Applications: y.store, Book: y.store, Shelf: y,
		Around: followup.Around(nothingPublished{}, pack, time.Hour, clock, quiet), Now: clock, Log: quiet,
	}
	y.feedback = &feedback.Handler{Country: pack.Code, Store: y.store, Queue: sender{y, "notification"}, Now: clock, NewID: id, Log: quiet}
	y.referral = &refer.Handler{
		Pack: pack, Zone: y.zone, BaseURL: "https://immerse.example", Applications: y.store, Referrals: y.store, Ring: y.vault.Ring(t, vault.Referral),
		Links: y.links, Catalogue: facts, Queue: sender{y, "notification"}, Urgent: sender{y, "urgent notification"}, Now: clock, NewID: id, Log: quiet,
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
	return s.send(s.y.queues, event)
}

// SendLater hides a message until the functions work again, hours later.
func (s sender) SendLater(_ context.Context, event events.Envelope, _ time.Duration) error {
	return s.send(s.y.later, event)
}

func (s sender) send(queues map[string][]letter, event events.Envelope) error {
	body, err := json.Marshal(event)
	s.y.put(queues, s.name, letter{event.Subject + " " + event.Type, string(body)})
	return err
}

func (y *year) put(queues map[string][]letter, name string, one letter) {
	y.filling.Lock()
	defer y.filling.Unlock()
	queues[name] = append(queues[name], one)
	if y.chance(name, one.key, y.now).IntN(5) == 0 {
		queues[name] = append(queues[name], one)
	}
}

// chance is the same in each run for the same thing, whatever else happens at once.
func (y *year) chance(of ...any) *rand.Rand {
	sum := fnv.New64a()
	_, _ = fmt.Fprint(sum, of...) // a hash never fails
	return rand.New(rand.NewPCG(7, sum.Sum64()))
}

// work lets the functions work on what waits, in any order, until nothing does.
func (y *year) work() {
	for name, hidden := range y.later {
		y.queues[name] = append(y.queues[name], hidden...)
	}
	clear(y.later)
	for tries := 0; ; tries++ {
		messages := 0
		for _, name := range []string{"urgent matching", "urgent notification", "matching", "notification", "feedback", "percolation"} {
			waiting := y.queues[name]
			y.queues[name] = nil
			messages += len(waiting)
			slices.SortStableFunc(waiting, func(a, b letter) int { return strings.Compare(a.key, b.key) })
			y.chance(name, y.now, tries).Shuffle(len(waiting), func(i, j int) { waiting[i], waiting[j] = waiting[j], waiting[i] })
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
func (y *year) handle(name string, letters []letter) (back []letter) {
	var batch lambdaevents.SQSEvent
	for i, one := range letters {
		batch.Records = append(batch.Records, lambdaevents.SQSMessage{MessageId: fmt.Sprint(i), Body: one.body})
	}
	functions := map[string]func(context.Context, lambdaevents.SQSEvent) (lambdaevents.SQSEventResponse, error){
		"matching": y.matching.Handle, "notification": y.told.Handle, "feedback": y.feedback.Handle, "percolation": y.again.Handle,
		"urgent matching": y.matching.Handle, "urgent notification": y.told.Handle,
	}
	answer, err := functions[name](y.t.Context(), batch)
	ok(y.t, err)
	for _, failed := range answer.BatchItemFailures {
		var i int
		_, _ = fmt.Sscan(failed.ItemIdentifier, &i)
		back = append(back, letters[i])
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
	dice := y.chance("ses", mail.reference, mail.id)
	message := fmt.Sprint("ses-", mail.reference, mail.id)
	news := []string{"Delivery"}
	switch {
	case y.dead[to]:
		news = []string{"Bounce"}
	case dice.IntN(20) == 0:
		news = []string{"DeliveryDelay", "Delivery", "Complaint"}
		if mail.begins() {
			news = news[:2]
		}
	}
	if slices.Contains(news, "Complaint") {
		y.complained[to] = true
		if _, before := y.spam[mail.reference]; !before && strings.HasSuffix(to, "@person.example") {
			y.spam[mail.reference] = y.now
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
		y.put(y.queues, "feedback", letter{mail.reference + " " + mail.id + " " + what, string(body)})
	}
	if dice.IntN(3) == 0 { // before SES has answered, and so before the row says that it is sent
		early := y.queues["feedback"]
		y.queues["feedback"] = nil
		for batch := range slices.Chunk(early, 10) {
			y.queues["feedback"] = append(y.queues["feedback"], y.handle("feedback", batch)...)
		}
	}
	if !y.dead[to] {
		y.read(mail)
	}
	return &sesv2.SendEmailOutput{MessageId: aws.String(message)}, nil
}
