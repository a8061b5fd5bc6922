package notification

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// counting lets the language classes of the test pack count their places.
func (w *world) counting(free float64) {
	for i := range w.handler.Planner.Pack.Services {
		if s := &w.handler.Planner.Pack.Services[i]; s.ID == "classes" {
			s.Capacities = []hsds.Capacity{{Available: &free}}
		}
	}
	w.handler.Catalogue = catalogue{"": published.OfPack(w.handler.Planner.Pack)}
}

// taken lets somebody else hold a place of the language classes.
func (w *world) taken(t *testing.T, other string) {
	t.Helper()
	_, err := w.places.Reserve(t.Context(), places.Claim{Service: "classes", Reference: other, Offered: 1, Until: w.clock().Add(time.Hour)})
	check(t, err)
}

// result opens what the application has.
func (w *world) result(t *testing.T) assessment.Assessment {
	t.Helper()
	found := w.application(t)
	keys, err := w.store.Keys(t.Context(), found.KeysID)
	check(t, err)
	person, err := w.vault.Ring(t, vault.Notification).Person(reference, keys)
	check(t, err)
	a, err := assessment.Open(person, found.Result)
	check(t, err)
	return a
}

func TestAPlaceIsHeldBeforeTheAuthorityIsWrittenTo(t *testing.T) {
	w := newWorld(t)
	w.counting(1)
	w.submit(t, amira("en"), found())
	if back := w.run(t, matched(t, reference)); back != nil {
		t.Fatalf("came back\n%s", w.log)
	}
	wantSent(t, w, each)
	standing, err := w.places.Standing(t.Context(), "classes", 1)
	check(t, err)
	if standing.Held != 1 || standing.Free != 0 || standing.Waiting {
		t.Errorf("standing: %+v", standing)
	}
	if got := w.result(t); len(got.Waiting) != 0 {
		t.Errorf("waiting: %v", got.Waiting)
	}
}

func TestWithoutAPlaceNobodyIsWrittenToAboutItAndThePersonIsTold(t *testing.T) {
	w := newWorld(t)
	w.counting(1)
	w.taken(t, "ES-0000-0000-0001")
	all := found()
	all.Result.Matches[0].Reasons = append(all.Result.Matches[0].Reasons, eligibility.Reason{Code: eligibility.ReasonPlacesAvailable})
	w.submit(t, amira("en"), all)
	if back := w.run(t, matched(t, reference)); back != nil {
		t.Fatalf("came back\n%s", w.log)
	}
	wantSent(t, w, map[string]int{"authority-junta": 1, "receipt": 1})
	if diff := cmp.Diff([]string{"classes"}, w.result(t).Waiting); diff != "" {
		t.Errorf("waiting (-want +got):\n%s", diff)
	}
	if w.application(t).OpenSince == "" {
		t.Error("nobody will look again")
	}
	for _, in := range w.ses.taken {
		text := *in.Content.Simple.Body.Text.Data
		if mailID(in) == "receipt" && !strings.Contains(text, "There is no free place now.") {
			t.Errorf("the receipt says nothing of it:\n%s", text)
		}
		if mailID(in) == "receipt" && strings.Contains(text, "They have free places.") {
			t.Errorf("the receipt says the opposite too:\n%s", text)
		}
	}
	standing, err := w.places.Standing(t.Context(), "classes", 1)
	check(t, err)
	if !standing.Waiting {
		t.Error("a release would tell nobody")
	}
}

// later is what percolation makes of an application: one more round.
func (w *world) later(t *testing.T, change func(*assessment.Assessment)) {
	t.Helper()
	a := w.result(t)
	change(&a)
	found := w.application(t)
	keys, err := w.store.Keys(t.Context(), found.KeysID)
	check(t, err)
	person, err := w.vault.Ring(t, vault.Notification).Person(reference, keys)
	check(t, err)
	packed, err := a.Encode()
	check(t, err)
	sealed, err := person.Seal(vault.Result, packed)
	check(t, err)
	check(t, w.store.MatchedAgain(t.Context(), found, store.Addition{Result: sealed, Made: store.Versions{Catalogue: "v2", Rules: "2"}, At: w.clock(), Open: true}))
}

func TestAFreedPlaceIsToldOnceToTheAuthorityAndThePerson(t *testing.T) {
	w := newWorld(t)
	w.counting(1)
	w.taken(t, "ES-0000-0000-0001")
	w.submit(t, amira("en"), found())
	w.run(t, matched(t, reference))
	_, err := w.places.Release(t.Context(), "classes", "ES-0000-0000-0001", 1)
	check(t, err)
	w.wait(48 * time.Hour)
	w.later(t, func(a *assessment.Assessment) {
		a.Add(a.Result.Matches[0], []string{"language"}, 1)
		a.Arrived([]string{"classes"})
	})
	for range 2 {
		if back := w.run(t, matched(t, reference)); back != nil {
			t.Fatalf("came back\n%s", w.log)
		}
	}
	wantSent(t, w, map[string]int{"authority-junta": 1, "receipt": 1, "authority-ayto+1": 1, "news+1": 1})
	w.wantState(t, store.Notified)
	if log := w.log.String(); !strings.Contains(log, `"TimeToHandOver":0`) {
		t.Errorf("the clock of the objective runs from the first matching: %s", log)
	}
}

func TestAPlaceThatIsGoneAgainIsWaitedForInSilence(t *testing.T) {
	w := newWorld(t)
	w.counting(1)
	w.taken(t, "ES-0000-0000-0001")
	w.submit(t, amira("en"), found())
	w.run(t, matched(t, reference))
	w.later(t, func(a *assessment.Assessment) {
		a.Add(a.Result.Matches[0], []string{"language"}, 1)
		a.Arrived([]string{"classes"})
	})
	if back := w.run(t, matched(t, reference)); back != nil {
		t.Fatalf("came back\n%s", w.log)
	}
	wantSent(t, w, map[string]int{"authority-junta": 1, "receipt": 1})
	if diff := cmp.Diff([]string{"classes"}, w.result(t).Waiting); diff != "" {
		t.Errorf("waiting (-want +got):\n%s", diff)
	}
	w.wantState(t, store.Notified)
}

// A place is reserved and what is waited for recorded before the mails; a blow at any of these calls loses nothing.
func TestABlowAtAnyCallHoldsOnePlace(t *testing.T) {
	for at := 1; at <= 8; at++ {
		for _, fall := range []blow{dieBefore, dieAfter, failBefore, failAfter} {
			t.Run(fmt.Sprintf("call %d, blow %d", at, fall), func(t *testing.T) {
				w := newWorld(t)
				w.counting(1)
				a := found()
				a.Waiting = []string{"classes"} // of a try that found none: so both calls are made
				w.submit(t, application.ContactPart{Language: "en"}, a)
				message := matched(t, reference)
				b := &brittle{w: w, blow: func(call int, _ string) blow {
					if call == at {
						return fall
					}
					return none
				}}
				b.process(t, message)
				w.wait(6 * w.budget)
				w.finish(t, message)
				standing, err := w.places.Standing(t.Context(), "classes", 1)
				check(t, err)
				if standing.Held != 1 || len(w.result(t).Waiting) != 0 || w.ses.sent()["authority-ayto"] == 0 {
					t.Errorf("%v: standing %+v, waiting %v, sent %v", b.struck, standing, w.result(t).Waiting, w.ses.sent())
				}
			})
		}
	}
}

// TestNewsReadAsTheyShould holds the mail of a later round to the files in testdata.
func TestNewsReadAsTheyShould(t *testing.T) {
	for _, language := range []string{"es", "en", "ar", "it", "el", "fr", "uk"} {
		h := hearing{reference: reference, needs: []string{"language", "employment"}, submitted: start, contact: amira(language), assessment: found(), round: 1}
		h.assessment.Later = []assessment.Later{{Service: "classes", Need: "language", Round: 1}}
		made, err := planner(testPack("es")).plan(h)
		check(t, err)
		var ids []string
		for _, m := range made.mails {
			ids = append(ids, m.ID)
			if missing := unsaidWords(m); missing != nil {
				t.Errorf("%s in %s: not said: %v", m.ID, language, missing)
			}
			if m.Kind == kindNews {
				golden(t, filepath.Join("testdata", language, "news")+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
			}
		}
		if diff := cmp.Diff([]string{"authority-ayto+1", "news+1"}, ids); diff != "" {
			t.Errorf("mails (-want +got):\n%s", diff)
		}
	}
}

func TestWhomAServiceIsForInWordsIsToldInsteadOfOpenToEveryone(t *testing.T) {
	w := newWorld(t)
	for i := range w.handler.Planner.Pack.Services {
		if s := &w.handler.Planner.Pack.Services[i]; s.ID == "jobs" {
			s.Immerse.Eligibility, s.EligibilityDescription = nil, "Solo <b>mujeres</b>\n! sin papeles"
		}
	}
	w.handler.Catalogue = catalogue{"": published.OfPack(w.handler.Planner.Pack)}
	all := found()
	open := &all.Result.Matches[1]
	open.Verdict, open.Missing, open.Reasons = eligibility.True, nil, []eligibility.Reason{{Code: eligibility.ReasonOpenToAll}}
	w.submit(t, amira("en"), all)
	if back := w.run(t, matched(t, reference)); back != nil {
		t.Fatalf("came back\n%s", w.log)
	}
	for _, in := range w.ses.taken {
		text, html := *in.Content.Simple.Body.Text.Data, *in.Content.Simple.Body.Html.Data
		if strings.Contains(text, "Open to everyone.") || strings.Contains(text, "Abierto a todo el mundo.") {
			t.Errorf("%s says that it is open to everyone:\n%s", mailID(in), text)
		}
		if mailID(in) == "authority-junta" && !strings.Contains(text, "Su ficha dice con palabras para quién es.") {
			t.Errorf("the authority is told otherwise:\n%s", text)
		}
		if mailID(in) != "receipt" {
			continue
		}
		if !strings.Contains(text, "The organization says who it is for: Solo <b>mujeres</b> ! sin papeles\n") ||
			!strings.Contains(html, `lang="es">Solo &lt;b&gt;mujeres&lt;/b&gt;`) {
			t.Errorf("the person is not told whom it is for:\n%s\n%s", text, html)
		}
	}
}

// TestAPlaceIsHeldForLongerThanItsAuthorityMayTake, whatever time it has.
func TestAPlaceIsHeldForLongerThanItsAuthorityMayTake(t *testing.T) {
	for _, days := range []int{0, 40} {
		w := newWorld(t)
		w.counting(1)
		w.handler.Planner.Pack.Organizations[1].Immerse.ResponseDays = days
		w.notified(t, true)
		held := func(at time.Time) int {
			w.at(at)
			standing, err := w.places.Standing(t.Context(), "classes", 1)
			check(t, err)
			return standing.Held
		}
		due := *w.application(t).Ledger.Mail("authority-ayto").Due
		lapse := w.handler.Planner.lapse(hearing{assessment: found()}, due, "ayto")
		if held(lapse.AddDate(0, 0, 13)) != 1 || held(lapse.AddDate(0, 0, 15)) != 0 {
			t.Errorf("%d days to answer: the place isn't held until two weeks after %s", days, lapse)
		}
	}
}
