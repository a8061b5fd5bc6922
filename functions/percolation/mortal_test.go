package percolation_test

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// mortal ends the function when it comes to boundary dieAt: each call to the outside has one before it, when nothing has
// happened yet, and one after it, when the caller doesn't know. Every goroutine that comes to one later ends as well.
type mortal struct {
	mu         sync.Mutex
	dieAt, met int
}

func (m *mortal) boundary() {
	m.mu.Lock()
	m.met++
	dead := m.met > m.dieAt
	m.mu.Unlock()
	if dead {
		runtime.Goexit() // unlike a panic, this can't be recovered: it is as sudden as kill -9
	}
}

func (m *mortal) run(function func()) (died bool) {
	died = true
	done := make(chan struct{})
	go func() {
		defer close(done)
		function()
		died = false
	}()
	<-done
	return died || m.met > m.dieAt
}

type mortalStore struct {
	*store.Store
	*mortal
}

func (m mortalStore) Open(ctx context.Context, country, after string, limit int32) ([]store.OpenEntry, bool, error) {
	m.boundary()
	defer m.boundary()
	return m.Store.Open(ctx, country, after, limit)
}

func (m mortalStore) Unlist(ctx context.Context, country string, entry store.OpenEntry) error {
	m.boundary()
	defer m.boundary()
	return m.Store.Unlist(ctx, country, entry)
}

func (m mortalStore) Application(ctx context.Context, reference string) (store.Application, error) {
	m.boundary()
	defer m.boundary()
	return m.Store.Application(ctx, reference)
}

func (m mortalStore) Keys(ctx context.Context, id string) (vault.Keys, error) {
	m.boundary()
	defer m.boundary()
	return m.Store.Keys(ctx, id)
}

func (m mortalStore) MatchedAgain(ctx context.Context, found store.Application, a store.Addition) error {
	m.boundary()
	defer m.boundary()
	return m.Store.MatchedAgain(ctx, found, a)
}

type mortalPlaces struct {
	*places.Places
	*mortal
}

func (m mortalPlaces) WaitingTold(ctx context.Context, service string) error {
	m.boundary()
	defer m.boundary()
	return m.Places.WaitingTold(ctx, service)
}

type mortalSender struct {
	*outbox
	*mortal
}

func (m mortalSender) Send(ctx context.Context, event events.Envelope) error {
	return m.SendLater(ctx, event, 0)
}

func (m mortalSender) SendLater(ctx context.Context, event events.Envelope, after time.Duration) error {
	m.boundary()
	defer m.boundary()
	return m.outbox.SendLater(ctx, event, after)
}

// TestKilledAtAnyBoundary stops the function before and after each of its calls to the outside, and lets the message come
// back, as SQS does: in the end each of two people has the service once, in one round, and notification was told.
func TestKilledAtAnyBoundary(t *testing.T) {
	people := []string{ada, bob}
	for boundary := 0; ; boundary++ {
		w := newWorld(t)
		for _, reference := range people {
			w.apply(t, reference, 1990, "language")
			w.notify(t, reference)
		}
		w.catalogue.add("v2", service("course", "language", withPlaces(9)), service("second", "language"))
		died := &mortal{dieAt: boundary}
		w.Store, w.Places = mortalStore{w.store, died}, mortalPlaces{w.places, died}
		w.Next, w.Queue = mortalSender{w.next, died}, mortalSender{w.own, died}
		event := w.changed(t, "course", "second")
		dead := died.run(func() { w.handle(t, event) })
		w.Store, w.Places, w.Next, w.Queue = w.store, w.places, w.next, w.own
		if dead && !w.handle(t, event) {
			t.Fatalf("boundary %d: the second delivery failed\n%s", boundary, w.log)
		}
		w.drain(t)
		for _, reference := range people {
			application := w.read(t, reference)
			if application.Round != 1 || w.told()[reference] == 0 {
				t.Errorf("boundary %d: %s is in round %d, told %d times", boundary, reference, application.Round, w.told()[reference])
			}
			if diff := cmp.Diff([]string{"course", "second"}, w.services(t, reference)); diff != "" {
				t.Errorf("boundary %d: %s (-want +got):\n%s", boundary, reference, diff)
			}
		}
		if !dead {
			if boundary < 20 {
				t.Errorf("only %d boundaries were met", boundary)
			}
			return
		}
	}
}
