package feedback

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/mailtag"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
)

// A Handler consumes the feedback queue. Every field is required; Handle does without Source.
type Handler struct {
	Source  Source
	Country string // ISO 3166-1 alpha-2
	Store   Store
	Queue   Sender // the notification queue
	Now     func() time.Time
	NewID   func() string
	Log     *slog.Logger
}

// Handle works through a batch. Events about one application are written down together, as the mails of one come back
// together, and so do their messages if that fails.
func (h *Handler) Handle(ctx context.Context, batch lambdaevents.SQSEvent) (lambdaevents.SQSEventResponse, error) {
	heard := map[string][]news{} // by what it is about
	of := map[string]news{}      // by message
	answer := queue.Each(ctx, h.Log, batch, func(_ context.Context, message lambdaevents.SQSMessage) error {
		n, ok, err := read([]byte(message.Body))
		if err != nil {
			h.Log.Error("event not understood: left for the dead-letter queue", "outcome", "unknown_event",
				"message_id", message.MessageId, "ses_message_id", n.messageID, "error", err.Error())
			return err
		}
		if ok {
			heard[n.about()] = append(heard[n.about()], n)
			of[message.MessageId] = n
		}
		return nil
	})
	failed := h.recordAll(ctx, heard)
	for _, message := range batch.Records {
		if n, ok := of[message.MessageId]; ok && failed[n.about()].has(n) {
			answer.BatchItemFailures = append(answer.BatchItemFailures, lambdaevents.SQSBatchItemFailure{ItemIdentifier: message.MessageId})
		}
	}
	return answer, nil
}

// atOnce is how many applications are written to at a time: a write is mostly waiting.
const atOnce = 8

var errNoTime = errors.New("too little time left to write it down")

// back is what must come back of the events about one application: all of them, or those of some mails.
type back struct {
	all  bool
	tags []string
}

func (b back) has(n news) bool { return b.all || slices.Contains(b.tags, n.tag) }

// early is the error of mails that no entry is known of: their events come back alone.
type early struct{ tags []string }

func (e early) Error() string { return "no entry of " + strings.Join(e.tags, ", ") }

// recordAll adds what was heard of several applications, and gives the events of which must come back.
func (h *Handler) recordAll(ctx context.Context, heard map[string][]news) map[string]back {
	var mu sync.Mutex
	var writers sync.WaitGroup
	failed, free := map[string]back{}, make(chan struct{}, atOnce)
	for _, reference := range slices.Sorted(maps.Keys(heard)) {
		free <- struct{}{}
		writers.Go(func() {
			defer func() { <-free }()
			err := errNoTime
			if h.timeFor(ctx, toEnd) {
				err = h.record(ctx, reference, heard[reference])
			}
			if err == nil {
				return
			}
			h.Log.Warn("events come back", "outcome", "retry", "reference", reference, "error", err.Error(),
				telemetry.Metrics(h.Now(), telemetry.One(telemetry.Retried)))
			some := early{}
			only := errors.As(err, &some)
			mu.Lock()
			defer mu.Unlock()
			failed[reference] = back{all: !only, tags: some.tags}
		})
	}
	writers.Wait()
	return failed
}

// record adds what was heard of one application's mails. What is known of is written down, whatever else is not.
func (h *Handler) record(ctx context.Context, reference string, heard []news) error {
	if heard[0].reference == mailtag.Digest {
		return h.recordDigest(ctx, heard[0].tag, heard)
	}
	found, err := h.Store.Application(ctx, reference)
	if errors.Is(err, store.ErrNotFound) {
		h.Log.Info("nothing to record it with", "outcome", "gone", "reference", reference)
		return nil
	}
	if err != nil {
		return err
	}
	var reports []store.Report
	var unknown early
	asked := map[string]bool{} // referrals
	for _, n := range heard {
		mail, ok := mailOf(found.Ledger, n.tag)
		if !ok {
			unknown.tags = append(unknown.tags, n.tag)
			continue
		}
		// Before it is recorded: what is recorded is not looked at again.
		if about, ok := mail.Asks(); ok {
			organization, _, _ := about.Authority()
			if err := h.bury(ctx, reference, organization, n); err != nil {
				return err
			}
		}
		if !mail.Facts().Has(n.fact) {
			if err := h.elsewhere(ctx, reference, mail, n.fact, asked); err != nil {
				return err
			}
			h.say(reference, mail, n)
			reports = append(reports, store.Report{Mail: mail.ID, Fact: n.fact, At: n.at})
		}
	}
	if err := h.Store.Hear(ctx, reference, reports); err != nil || len(unknown.tags) == 0 {
		return err
	}
	return unknown
}

// say writes down what went wrong with a mail, and SES's id of it, which SES's support asks for. What went well is not worth
// a line.
func (h *Handler) say(reference string, mail store.Mail, n news) {
	if n.fact != referral.Arrived {
		h.Log.Warn("a mail is not where it should be", "outcome", "undelivered", "reference", reference, "mail_id", mail.ID,
			"fact", n.fact, "ses_message_id", n.messageID)
	}
}

// mailOf finds the entry of a mail by its tag, in which some characters are written otherwise.
func mailOf(ledger store.Ledger, tag string) (store.Mail, bool) {
	i := slices.IndexFunc(ledger.Mails, func(m store.Mail) bool { return mailtag.Value(m.ID) == tag })
	if i < 0 {
		return store.Mail{}, false
	}
	return ledger.Mails[i], true
}

// bury takes note of an authority's inbox that nothing should be sent to any more. The first report of one is an alert, the
// others are not.
func (h *Handler) bury(ctx context.Context, reference, organization string, n news) error {
	if !deadly(n.fact) {
		return nil
	}
	began, err := h.Store.Bury(ctx, h.Country, store.DeadInbox{
		Organization: organization, Address: strings.ToLower(n.to), Since: n.at.UTC(), Fact: n.fact, Report: n.messageID,
	})
	if err != nil || !began {
		return err
	}
	h.Log.Error("an authority's inbox is dead: nothing more is sent to it", "outcome", "dead_inbox", "organization", organization,
		"reference", reference, "fact", n.fact, "action", "find out its address, publish it with the catalogue; see 'immersectl status'",
		telemetry.Metrics(h.Now(), telemetry.One(telemetry.DeadInboxes)))
	return nil
}

// elsewhere has whoever is behind an authority asked, if a mail to the authority came back for good, or SES refused it after it took
// it: either way the authority doesn't have it. Doing so again is the same for notification, which looks whether it still should.
func (h *Handler) elsewhere(ctx context.Context, reference string, mail store.Mail, fact referral.Fact, asked map[string]bool) error {
	began, ok := mail.Asks()
	own := mail.ID == began.ID || mail.ID == began.Follow(events.Remind) // of what went behind it nobody is left to ask
	lost := fact == referral.PermanentBounce || fact == referral.NotTaken
	known := mail.PermanentBounce != nil || mail.Refused != nil // and they were asked then
	if !ok || !own || !lost || known || asked[began.ID] {
		return nil
	}
	asked[began.ID] = true
	authority, round, _ := began.Authority()
	event, err := events.New(events.Origin{
		ID: h.NewID(), Source: events.Source(h.Country, "feedback"), Subject: reference, Time: h.Now(),
	}, &events.ReferralDueV1{Country: h.Country, Authority: authority, Round: round, What: events.Fallback})
	if err != nil {
		return err
	}
	return h.Queue.Send(ctx, event)
}
