package matching_test

import (
	"context"
	"runtime"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// mortal ends the goroutine that runs the function when it comes to boundary dieAt: each call to the outside has one
// before it, when nothing has happened yet, and one after it, when the caller doesn't know.
type mortal struct{ dieAt, met int }

func (m *mortal) boundary() {
	m.met++
	if m.met == m.dieAt+1 {
		runtime.Goexit() // unlike a panic, this can't be recovered: it is as sudden as kill -9
	}
}

// run tells whether the function died.
func (m *mortal) run(function func()) (died bool) {
	died = true
	done := make(chan struct{})
	go func() {
		defer close(done)
		function()
		died = false
	}()
	<-done
	return died
}

type mortalStore struct {
	*store.Store
	*mortal
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

func (m mortalStore) Matched(ctx context.Context, found store.Application, result []byte, made store.Versions, at time.Time, open bool) error {
	m.boundary()
	defer m.boundary()
	return m.Store.Matched(ctx, found, result, made, at, open)
}

type mortalSender struct {
	*outbox
	*mortal
}

func (m mortalSender) Send(ctx context.Context, event events.Envelope) error {
	m.boundary()
	defer m.boundary()
	return m.outbox.Send(ctx, event)
}
