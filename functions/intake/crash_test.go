package intake_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/functions/intake"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// mortal ends the goroutine that runs the function when it comes to boundary dieAt. Each call to the outside has one
// before it, when nothing has happened yet, and one after it, when the caller does not know what has.
type mortal struct{ dieAt, met int }

func (m *mortal) boundary() {
	if m.met == m.dieAt {
		runtime.Goexit() // unlike a panic, nothing recovers from this: it is as sudden as kill -9
	}
	m.met++
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

// mortalTables is DynamoDB with a boundary on both sides of each call that intake makes.
type mortalTables struct {
	store.DynamoDB
	*mortal
}

func (m mortalTables) GetItem(ctx context.Context, in *dynamodb.GetItemInput, options ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	m.boundary()
	out, err := m.DynamoDB.GetItem(ctx, in, options...)
	m.boundary()
	return out, err
}

func (m mortalTables) PutItem(ctx context.Context, in *dynamodb.PutItemInput, options ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	m.boundary()
	out, err := m.DynamoDB.PutItem(ctx, in, options...)
	m.boundary()
	return out, err
}

func (m mortalTables) DeleteItem(ctx context.Context, in *dynamodb.DeleteItemInput, options ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error) {
	m.boundary()
	out, err := m.DynamoDB.DeleteItem(ctx, in, options...)
	m.boundary()
	return out, err
}

func (m mortalTables) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, options ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	m.boundary()
	out, err := m.DynamoDB.UpdateItem(ctx, in, options...)
	m.boundary()
	return out, err
}

type mortalQueue struct {
	intake.Queue
	*mortal
}

func (m mortalQueue) Send(ctx context.Context, event events.Envelope) error {
	m.boundary()
	err := m.Queue.Send(ctx, event)
	m.boundary()
	return err
}

// dying gives a handler over the same tables and queue that dies at a boundary.
func (w *world) dying(dieAt int) (*intake.Handler, *mortal) {
	m := &mortal{dieAt: dieAt}
	tables := *w.store
	tables.Client = mortalTables{w.store.Client, m}
	handler := *w.handler
	handler.Applications, handler.Records, handler.Wishes = &tables, &tables, &tables
	handler.Queue, handler.Told = mortalQueue{w.queue, m}, mortalQueue{w.told, m}
	return &handler, m
}

// After a death at any boundary, either there is no application, or there is one that can be opened and whose message
// is in the queue. Either way the same request sent again is answered as if nothing had happened.
func TestADeathAtAnyBoundaryLosesNothing(t *testing.T) {
	ended := false
	for dieAt := 0; !ended; dieAt++ {
		w := newWorld(t)
		handler, m := w.dying(dieAt)
		given := asJSON.and(headers{"idempotency-key": "one"})
		ended = !m.run(func() { _, _ = handler.Handle(context.Background(), request("POST", path, given, personal)) })

		reference := vault.Reference("ES", "one")
		if _, err := w.store.Application(t.Context(), reference); err == nil && w.queue.subjects()[reference] == 0 {
			t.Errorf("death %d: there is an application and no message", dieAt)
		}
		taken := w.take(given, personal)
		if taken.Reference != reference || w.queue.subjects()[reference] == 0 {
			t.Errorf("death %d: after sending again there are messages for %v", dieAt, w.queue.subjects())
		}
		w.mustOpen(taken)
	}
}

// mustOpen checks that the person can read their case and that matching can, too.
func (w *world) mustOpen(taken accepted) {
	w.t.Helper()
	if shown := w.do("GET", path+"/"+taken.Reference, bearer(taken), ""); shown.StatusCode != 200 {
		w.t.Errorf("the person can't see the case: %d %s", shown.StatusCode, shown.Body)
	}
	stored, err := w.store.Application(w.t.Context(), taken.Reference)
	if err != nil {
		w.t.Fatal(err)
	}
	keys, err := w.store.Keys(w.t.Context(), stored.KeysID)
	if err != nil {
		w.t.Fatal(err)
	}
	person, err := w.vault.Ring(w.t, vault.Matching).Person(taken.Reference, keys)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := person.Open(vault.Profile, stored.Profile); err != nil {
		w.t.Errorf("matching can't open the profile: %v", err)
	}
}

func TestADeathWhileErasingIsFinishedByAskingAgain(t *testing.T) {
	ended := false
	for dieAt := 0; !ended; dieAt++ {
		w := newWorld(t)
		taken := w.take(asJSON, personal)
		handler, m := w.dying(dieAt)
		target := path + "/" + taken.Reference
		ended = !m.run(func() { _, _ = handler.Handle(context.Background(), request("DELETE", target, bearer(taken), "")) })

		if answer := w.do("DELETE", target, bearer(taken), ""); answer.StatusCode != 204 {
			t.Errorf("death %d: asking again: %d %s", dieAt, answer.StatusCode, answer.Body)
		}
		w.mustBeErased(taken)
	}
}

func (w *world) mustBeErased(taken accepted) {
	w.t.Helper()
	stored, err := w.store.Application(w.t.Context(), taken.Reference)
	if err != nil {
		w.t.Fatal(err)
	}
	if stored.State != store.Erased || len(stored.Profile)+len(stored.Contact)+len(stored.Result) > 0 {
		w.t.Errorf("stored %+v", stored)
	}
	if last := stored.Audit[len(stored.Audit)-1]; last.Action != "erased" || last.Actor != "person" {
		w.t.Errorf("the audit trail ends with %+v", last)
	}
	if _, err := w.store.Keys(w.t.Context(), stored.KeysID); err == nil {
		w.t.Error("the keys are still there")
	}
	if shown := w.do("GET", path+"/"+taken.Reference, bearer(taken), ""); shown.StatusCode != 410 {
		w.t.Errorf("shown after erasure: %d", shown.StatusCode)
	}
}
