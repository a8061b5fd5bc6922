package notification

import (
	"strings"
	"testing"

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
