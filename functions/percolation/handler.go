package percolation

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"

	immerse "github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/vault"
)

const (
	// PageSize is how many applications a message looks at: they are read and opened in a second or two.
	PageSize = 200
	// Pause is the wait before a second look, and before applications are looked at again that were not ready: longer than
	// a function takes to hear of a new catalogue. SQS waits for a quarter of an hour at the most.
	Pause = 10 * time.Minute
	// mostTries is how often the pending are looked at: for longer than a notification waits in its queue.
	mostTries = 700
	// overlap is how long before a catalogue changed an application may have met the former one all the same: longer than
	// a function takes to hear of a new one, and than the clocks of two machines differ.
	overlap = 5 * time.Minute
	// patience is how long a message waits for a catalogue that has its services. Later they may be gone again.
	patience = 10 * time.Minute
)

var (
	// errNotYet is for services that this function's catalogue doesn't have yet.
	errNotYet = errors.New("the catalogue that has these services isn't known here yet")
	// errStuck is for applications that never became ready: the operator must look.
	errStuck = errors.New("applications are still not notified of their first matches")
)

// A Handler consumes the percolation queue. Every field is required.
type Handler struct {
	Country   string // ISO 3166-1 alpha-2
	Store     Store
	Places    Places
	Catalogue Catalogue
	// Ring opens the keyset. The error wraps vault.ErrNoRoot if nobody has applied yet.
	Ring   func(context.Context) (Ring, error)
	Next   Sender        // the notification queue
	Urgent Sender        // the one for whom it can't wait: decision 2002
	Queue  Sender        // this function's own
	Page   int32         // how many applications a message looks at: see PageSize
	Pause  time.Duration // see the constant
	Now    func() time.Time
	NewID  func() string
	Log    *slog.Logger
}

// Handle takes a batch of messages and reports those to be tried again.
func (h *Handler) Handle(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
	return queue.Each(ctx, h.Log, batch, h.message), nil
}

// message handles one message and writes one line about it.
func (h *Handler) message(ctx context.Context, message events.SQSMessage) error {
	event, payload, err := immerse.Decode([]byte(message.Body))
	log := h.Log.With("event_id", event.ID, "trace_id", telemetry.TraceID(event.TraceParent))
	var done outcome
	switch what := payload.(type) {
	case *immerse.CatalogueChangedV1:
		log = log.With("services", len(what.Services))
		done, err = h.percolate(ctx, event, *what)
	case *immerse.ReferralUnmetV1:
		log = log.With("reference", event.Subject)
		done, err = h.unmet(ctx, event, *what)
	case *immerse.PlacesOverV1:
		return h.lookAtPlaces(ctx, log, event, *what)
	default:
		if err == nil {
			err = fmt.Errorf("%w: %s is not for percolation", immerse.ErrUnknown, event.Type)
		}
		log.Error("unknown event: it goes to the dead-letter queue", "message_id", message.MessageId, "error", err)
		return err
	}
	metrics := done.metrics()
	if err != nil {
		log.Warn("not percolated, will be tried again", "error", err, telemetry.Metrics(h.Now(), append(metrics, telemetry.One(telemetry.Retried))...))
		return err
	}
	log.Info("percolated", "looked_at", done.lookedAt, "told", done.told, "pending", len(done.pending),
		"more", done.more, telemetry.Metrics(h.Now(), metrics...))
	return nil
}

// lookAtPlaces is a message about places that nobody gave back.
func (h *Handler) lookAtPlaces(ctx context.Context, log *slog.Logger, event immerse.Envelope, over immerse.PlacesOverV1) error {
	reopened, err := h.over(ctx, event, over)
	if err != nil {
		log.Warn("places not looked at, will be tried again", "error", err, telemetry.Metrics(h.Now(), telemetry.One(telemetry.Retried)))
		return err
	}
	log.Info("places looked at", "outcome", "places_over", "reopened", len(reopened))
	return nil
}

// percolate looks at a page of applications and sends on where to go on.
func (h *Handler) percolate(ctx context.Context, event immerse.Envelope, changed immerse.CatalogueChangedV1) (outcome, error) {
	if changed.Tries > mostTries {
		return outcome{}, errStuck
	}
	ring, err := h.Ring(ctx)
	if errors.Is(err, vault.ErrNoRoot) {
		return outcome{}, nil // nobody has ever applied
	}
	if err != nil {
		return outcome{}, err
	}
	asked, err := h.ask(ctx, event, changed)
	if err != nil || len(asked.services) == 0 {
		return outcome{}, err
	}
	done, err := h.page(ctx, ring, asked, event, changed)
	if err != nil {
		return done, err
	}
	return done, h.goOn(ctx, event, changed, done)
}

// ask finds the services of a message in the catalogue.
func (h *Handler) ask(ctx context.Context, event immerse.Envelope, changed immerse.CatalogueChangedV1) (question, error) {
	edition, err := h.Catalogue.UpTo(ctx, changed.Catalogue)
	if err != nil {
		return question{}, err
	}
	q := question{release: edition.Made, digest: edition.Digest, full: map[string]bool{}}
	source := edition.Made.Source
	source.Services = nil
	for i := range edition.Made.Source.Services {
		s := &edition.Made.Source.Services[i]
		if slices.Contains(changed.Services, s.ID) && s.Immerse != nil && s.Status == hsds.StatusActive {
			q.services = append(q.services, s)
			source.Services = append(source.Services, *s)
		}
	}
	if len(q.services) < len(changed.Services) && source.Version != changed.Catalogue && h.Now().Sub(event.Time) < patience {
		return question{}, errNotYet
	}
	if err := h.lookForPlaces(ctx, q, changed); err != nil {
		return question{}, err
	}
	catalogue, err := match.New(source)
	q.engine = match.NewLinear(catalogue)
	return q, err
}

// lookForPlaces finds out which services are full, and at the first page takes note that those who wait are being told.
func (h *Handler) lookForPlaces(ctx context.Context, q question, changed immerse.CatalogueChangedV1) error {
	first := changed.After == "" && changed.Pending == nil
	for _, s := range q.services {
		offered, counted := s.Places()
		if !counted {
			continue
		}
		standing, err := h.Places.Standing(ctx, s.ID, offered)
		if first && err == nil && standing.Free > 0 { // of a full one nobody is told: they wait on
			if err := h.Places.WaitingTold(ctx, s.ID); err != nil {
				return err
			}
			standing, err = h.Places.Standing(ctx, s.ID, offered)
		}
		if err != nil {
			return err
		}
		q.full[s.ID] = standing.Free == 0
	}
	return nil
}

// goOn sends what is left to do: the next page, after the last one a second look at those who came meanwhile, and the
// pending later. The messages have the time of the first.
func (h *Handler) goOn(ctx context.Context, event immerse.Envelope, changed immerse.CatalogueChangedV1, done outcome) error {
	base := immerse.CatalogueChangedV1{Country: changed.Country, Catalogue: changed.Catalogue, Services: changed.Services, Again: changed.Again}
	if len(done.pending) > 0 {
		later := base
		later.Pending, later.Tries = done.pending, changed.Tries+1
		if err := h.send(ctx, event, later, h.Pause); err != nil {
			return err
		}
	}
	switch {
	case changed.Pending != nil:
		return nil
	case done.more:
		next := base
		next.After = done.last
		return h.send(ctx, event, next, 0)
	case !changed.Again:
		second := base
		second.Again, second.After = true, store.OpenSince(event.Time.Add(-overlap))
		return h.send(ctx, event, second, h.Pause)
	}
	return nil
}

func (h *Handler) send(ctx context.Context, cause immerse.Envelope, changed immerse.CatalogueChangedV1, after time.Duration) error {
	event, err := immerse.New(immerse.Origin{
		ID: h.NewID(), Source: immerse.Source(h.Country, "percolation"), Subject: h.Country, Time: cause.Time, TraceParent: cause.TraceParent,
	}, changed)
	if err != nil {
		return err
	}
	return h.Queue.SendLater(ctx, event, after)
}
