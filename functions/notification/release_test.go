package notification

import (
	"strings"
	"testing"

	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
)

// A release can have services and authorities that the program's pack never heard of: the mails say what the release
// says with which the application was matched.
func TestMailsSpeakFromTheReleaseOfTheMatch(t *testing.T) {
	w := newWorld(t)
	later := testPack("es")
	later.Services[0].ID, later.Services[0].Name, later.Services[0].Immerse.Authority = "brand-new", "Clases nuevas", "founded-today"
	later.Organizations[0].ID, later.Organizations[0].Immerse.Inbox = "founded-today", "today@immerse.example"
	a := found()
	a.Snapshot = "release-2"
	a.Result.Matches = a.Result.Matches[:1]
	a.Result.Matches[0].Service = "brand-new"
	w.submit(t, amira("en"), a)
	if back := w.run(t, matched(t, reference)); len(back) != 1 || len(w.ses.sent()) != 0 {
		t.Fatalf("while the release can't be reached: %v came back, %d mails", back, len(w.ses.sent()))
	}
	w.handler.Catalogue = catalogue{"release-2": published.OfPack(later)}
	if back := w.run(t, matched(t, reference)); len(back) != 0 {
		t.Fatalf("%v came back\n%s", back, w.log)
	}
	var to, words []string
	for _, mail := range w.ses.taken {
		to = append(to, mail.Destination.ToAddresses...)
		words = append(words, *mail.Content.Simple.Body.Text.Data)
	}
	if !strings.Contains(strings.Join(to, " "), "today@immerse.example") || strings.Count(strings.Join(words, "\n"), "Clases nuevas") < 2 {
		t.Errorf("mails to %v say\n%s", to, words)
	}
	w.wantState(t, store.Notified)
	// Nobody gets a receipt at an authority's inbox, of whichever release.
	p := Planner{Pack: testPack("es"), Facts: published.OfPack(later)}
	if !p.isInbox("Today@immerse.example") {
		t.Error("a receipt could go to an authority that the release alone knows")
	}
}

// instead are facts that stand in for a release that can't be had.
type instead struct{ published.Facts }

func (instead) Instead() bool { return true }

// Facts older than the match know nothing of its service: that is no reason to leave its authority out.
func TestAMatchThatOlderFactsDoNotKnowComesBack(t *testing.T) {
	w := newWorld(t)
	a := found()
	a.Snapshot = "release-2"
	a.Result.Matches[0].Service = "brand-new"
	w.submit(t, amira("en"), a)
	w.handler.Catalogue = catalogue{"release-2": instead{published.OfPack(testPack("es"))}}
	if back := w.run(t, matched(t, reference)); len(back) != 1 || len(w.ses.sent()) != 0 {
		t.Fatalf("%v came back, sent: %v", back, w.ses.sent())
	}
	w.wantState(t, store.Matched)
	newer := testPack("es")
	newer.Services[0].ID = "brand-new"
	w.handler.Catalogue = catalogue{"release-2": published.OfPack(newer)}
	if back := w.run(t, matched(t, reference)); len(back) != 0 {
		t.Fatalf("%v came back\n%s", back, w.log)
	}
	wantSent(t, w, each)
}

// An inbox may be in the wrong hands: what is said of a case is of the release of its match, and goes where the one of now says.
func TestACorrectedInboxIsWrittenToAlsoAboutOlderCases(t *testing.T) {
	w := newWorld(t)
	then, now := testPack("es"), testPack("es")
	for i, o := range now.Organizations {
		if o.ID == "ayto" {
			now.Organizations[i].Immerse.Inbox, now.Organizations[i].Name = "corrected@immerse.example", "Ayuntamiento, renamed"
		}
	}
	for i := range now.Services {
		now.Services[i].Name = "renamed since"
	}
	a := found()
	a.Snapshot = "release-1"
	w.submit(t, amira("en"), a)
	w.handler.Catalogue = catalogue{"release-1": published.OfPack(then), "current": published.OfPack(now)}
	if back := w.run(t, matched(t, reference)); len(back) != 0 {
		t.Fatalf("%v came back\n%s", back, w.log)
	}
	corrected := false
	for _, mail := range w.ses.taken {
		to, text := mail.Destination.ToAddresses[0], textOf(mail)
		corrected = corrected || to == "corrected@immerse.example"
		if to == "ayto@immerse.example" || strings.Contains(text, "renamed since") {
			t.Errorf("to %s:\n%s", to, text)
		}
	}
	if !corrected {
		t.Errorf("mails went to %v", w.ses.sent())
	}
	p := Planner{Pack: then, Facts: reached{published.OfPack(then), published.OfPack(now)}}
	if !p.isInbox("ayto@immerse.example") || !p.isInbox("corrected@immerse.example") {
		t.Error("a receipt could go to an authority")
	}
}

// Each round is written about from the release that it was matched with.
func TestALaterRoundSpeaksFromItsOwnRelease(t *testing.T) {
	w := newWorld(t)
	first := found()
	first.Result.Matches = first.Result.Matches[:1]
	w.submit(t, amira("en"), first)
	w.run(t, matched(t, reference))
	newer := testPack("es")
	newer.Services[1].ID = "brand-new"
	w.handler.Catalogue = catalogue{"release-2": published.OfPack(newer)}
	w.later(t, func(a *assessment.Assessment) {
		m := found().Result.Matches[1]
		m.Service = "brand-new"
		a.Add(m, []string{"language", "employment"}, 1)
		a.Record(assessment.Made{Round: 1, Catalogue: "v2", Rules: "2", Snapshot: "release-2"})
	})
	if back := w.run(t, matched(t, reference)); len(back) != 0 {
		t.Fatalf("%v came back\n%s", back, w.log)
	}
	wantSent(t, w, map[string]int{"authority-ayto": 1, "receipt": 1, "authority-junta+1": 1, "news+1": 1})
}
