package percolation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/events/eventstest"
	"github.com/miict/immerse/functions/percolation"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/store"
)

func wantServices(t *testing.T, w *world, reference string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, w.services(t, reference)); diff != "" {
		t.Errorf("%s has (-want +got):\n%s", reference, diff)
	}
}

// told counts the events to notification, by reference.
func (w *world) told() map[string]int {
	count := map[string]int{}
	for _, m := range w.next.sent {
		count[m.event.Subject]++
	}
	return count
}

func TestWhoWasToldNothingYetIsToldOnce(t *testing.T) {
	w := newWorld(t)
	w.apply(t, ada, 1990, "language")
	w.apply(t, bob, 2015, "language") // a child
	w.notify(t, ada)
	w.notify(t, bob)
	wantServices(t, w, ada)
	w.catalogue.add("v2", service("course", "language"))
	if !w.handle(t, w.changed(t, "course")) {
		t.Fatalf("failed\n%s", w.log)
	}
	wantServices(t, w, ada, "course")
	wantServices(t, w, bob)
	application := w.read(t, ada)
	if application.State != store.Matched || application.Round != 1 || application.Catalogue != "v2" || application.OpenSince == "" {
		t.Errorf("application: %+v", application)
	}
	if round := w.assessment(t, ada).Round(1); len(round) != 1 || len(round[0].Reasons) == 0 {
		t.Errorf("round 1: %+v", round)
	}
	if len(w.next.sent) != 1 {
		t.Fatalf("sent: %+v", w.next.sent)
	}
	eventstest.RequireValid(t, eventstest.Encode(t, w.next.sent[0].event))
	w.notify(t, ada)
	w.drain(t)
	w.handle(t, w.changed(t, "course"))
	w.drain(t)
	if diff := cmp.Diff(map[string]int{ada: 1}, w.told()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestWhoeverWaitsIsFoundPageByPage(t *testing.T) {
	w := newWorld(t)
	want := map[string]int{}
	for i := range 7 { // pages are of two
		reference := fmt.Sprintf("ES-0000-0000-000%d", i)
		w.apply(t, reference, 1990, []string{"language", "legal"}[i%2])
		w.notify(t, reference)
		if i%2 == 0 {
			want[reference] = 1
		}
	}
	w.catalogue.add("v2", service("course", "language"))
	w.handle(t, w.changed(t, "course"))
	for len(w.own.sent) > 0 && w.own.sent[0].after == 0 {
		next := w.own.sent[0].event
		w.own.sent = w.own.sent[1:]
		w.handle(t, next)
	}
	if diff := cmp.Diff(want, w.told()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestANeedThatHasItsMatchesIsLeftAlone(t *testing.T) {
	w := newWorld(t)
	w.catalogue.add("v1", service("one", "language"), service("two", "language"))
	w.apply(t, ada, 1990, "language", "legal") // two is the limit
	w.apply(t, bob, 1990, "language")          // everything was found: not open
	w.notify(t, ada)
	w.notify(t, bob)
	w.catalogue.add("v2", service("three", "language"), service("law", "legal"), service("laws", "legal"), service("lawyers", "legal"))
	w.handle(t, w.changed(t, "three", "law", "laws", "lawyers"))
	w.drain(t)
	wantServices(t, w, ada, "one", "two", "law", "laws")
	wantServices(t, w, bob, "one", "two")
	if page, _, err := w.store.Open(t.Context(), "ES", "", 10); err != nil || len(page) != 0 || w.read(t, ada).OpenSince != "" {
		t.Errorf("still listed as open: %v, %v", page, err)
	}
}

func TestMailsThatAreOnTheirWayAreWaitedFor(t *testing.T) {
	w := newWorld(t)
	w.apply(t, ada, 1990, "language")
	w.catalogue.add("v2", service("course", "language"))
	w.handle(t, w.changed(t, "course"))
	wantServices(t, w, ada)
	var pending message
	for _, m := range w.own.sent {
		var data events.CatalogueChangedV1
		_, payload, err := events.Decode(eventstest.Encode(t, m.event))
		must(t, err)
		if data = *payload.(*events.CatalogueChangedV1); data.Pending != nil {
			pending = m
		}
	}
	if pending.after != percolation.Pause {
		t.Fatalf("nobody is looked at again: %+v", w.own.sent)
	}
	w.notify(t, ada)
	w.drain(t)
	wantServices(t, w, ada, "course")
	if w.told()[ada] == 0 {
		t.Error("notification isn't told")
	}
}

func TestWhoIsMatchedMeanwhileWithTheFormerCatalogueIsFoundByTheSecondLook(t *testing.T) {
	w := newWorld(t)
	former := w.catalogue.release
	w.catalogue.add("v2", service("course", "language"))
	w.handle(t, w.changed(t, "course"))
	newer := w.catalogue.release
	w.catalogue.release = former
	w.apply(t, ada, 1990, "language")
	w.catalogue.release = newer
	w.notify(t, ada)
	w.drain(t)
	if diff := cmp.Diff(map[string]int{ada: 1}, w.told()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestTheErasedAreLeftAloneAndTakenOffTheList(t *testing.T) {
	w := newWorld(t)
	w.apply(t, ada, 1990, "language")
	w.notify(t, ada)
	must(t, w.store.Erase(t.Context(), w.read(t, ada), "person", w.now))
	before := w.read(t, ada)
	w.catalogue.add("v2", service("course", "language"))
	w.handle(t, w.changed(t, "course"))
	w.drain(t)
	if diff := cmp.Diff(before, w.read(t, ada)); diff != "" || len(w.next.sent) != 0 {
		t.Errorf("an erased application was touched, %d events:\n%s", len(w.next.sent), diff)
	}
	if page, _, err := w.store.Open(t.Context(), "ES", "", 10); err != nil || len(page) != 0 {
		t.Errorf("listed: %v, %v", page, err)
	}
}

func TestAFreePlaceIsToldToWhoWaitsForIt(t *testing.T) {
	w := newWorld(t)
	w.catalogue.add("v1", service("course", "language", withPlaces(1)), service("other", "language"))
	w.apply(t, ada, 1990, "language")
	found := w.read(t, ada)
	a := w.assessment(t, ada)
	a.Waiting = []string{"course"} // as notification found
	must(t, w.store.Waits(t.Context(), found, w.seal(t, ada, a), w.now))
	w.notify(t, ada)
	claim := places.Claim{Service: "course", Reference: bob, Offered: 1, Until: w.now.Add(time.Hour)}
	_, err := w.places.Reserve(t.Context(), claim)
	must(t, err)
	claim.Reference = ada
	if _, err := w.places.Reserve(t.Context(), claim); err == nil {
		t.Fatal("two on one place")
	}
	w.handle(t, w.changed(t, "course")) // of no use: it is full
	if len(w.next.sent) != 0 {
		t.Errorf("told of a place that isn't free: %+v", w.next.sent)
	}
	after, err := w.places.Release(t.Context(), "course", bob, 1)
	must(t, err)
	if !after.Reopened() {
		t.Fatalf("nobody would be told: %+v", after)
	}
	w.handle(t, w.changed(t, "course"))
	if got := w.assessment(t, ada); len(got.Round(1)) != 1 || got.Round(1)[0].Service != "course" || len(got.Waiting) != 0 || len(got.Round(0)) != 1 {
		t.Errorf("assessment: %+v", got)
	}
	if diff := cmp.Diff(map[string]int{ada: 1}, w.told()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if standing, err := w.places.Standing(t.Context(), "course", 1); err != nil || standing.Waiting {
		t.Errorf("standing: %+v, %v", standing, err)
	}
}

func TestACatalogueThatIsNotHereYetIsWaitedFor(t *testing.T) {
	w := newWorld(t)
	w.apply(t, ada, 1990, "language")
	w.notify(t, ada)
	event := w.changed(t, "course")
	ahead := event
	ahead.Data = []byte(strings.Replace(string(event.Data), `"v1"`, `"v2"`, 1))
	if w.handle(t, ahead) {
		t.Error("services that the catalogue doesn't have yet are taken for gone")
	}
	if !w.handle(t, event) {
		t.Error("a service that this catalogue doesn't have any more is waited for")
	}
	w.now = w.now.Add(time.Hour)
	if !w.handle(t, ahead) {
		t.Error("a service is waited for without end")
	}
}

func TestWhatIsNotUnderstoodFails(t *testing.T) {
	w := newWorld(t)
	other, err := events.New(events.Origin{ID: "1", Source: "/es/x", Subject: ada, Time: at}, events.ApplicationSubmittedV1{Country: "ES"})
	must(t, err)
	for _, body := range []string{"rubbish", string(eventstest.Encode(t, other))} {
		if w.handleBody(t, body) {
			t.Errorf("%s is taken for done", body)
		}
	}
}

func TestNothingPersonalIsLoggedOrSent(t *testing.T) {
	w := newWorld(t)
	w.apply(t, ada, 1990, "language")
	w.notify(t, ada)
	w.catalogue.add("v2", service("course", "language"))
	w.handle(t, w.changed(t, "course"))
	seen := w.log.String()
	for _, m := range append(w.next.sent, w.own.sent...) {
		seen += string(eventstest.Encode(t, m.event))
	}
	for _, personal := range []string{canary, "1990", "ES-GR"} {
		if strings.Contains(seen, personal) {
			t.Errorf("%q is in %s", personal, seen)
		}
	}
	if !strings.Contains(seen, `"told":1`) {
		t.Errorf("log: %s", w.log)
	}
}
