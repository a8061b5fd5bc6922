package notification

import (
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/ticket"
)

func (w *world) revoke(t *testing.T) {
	t.Helper()
	check(t, w.store.Revoke(t.Context(), store.Step{Reference: reference, Authority: "ayto", Found: w.application(t).Ledger,
		Audit: store.Audit{At: w.clock(), Actor: "operator", Action: "links_revoked:ayto"}}))
}

// newLinks are the links that were mailed in place of others, to whom.
func (w *world) newLinks(t *testing.T) (links []ticket.Ticket) {
	t.Helper()
	for _, in := range w.ses.taken {
		if !strings.HasPrefix(mailID(in), "link") {
			continue
		}
		if to := in.Destination.ToAddresses; len(to) != 1 || to[0] != "ayto@immerse.example" {
			t.Errorf("a link went to %v", to)
		}
		text := *in.Content.Simple.Body.Text.Data
		token := strings.Fields(text[strings.Index(text, ticket.Path)+len(ticket.Path):])[0]
		made, err := w.book.Read(t.Context(), token)
		check(t, err)
		links = append(links, made)
	}
	return links
}

func TestAnAuthorityGetsANewLinkForOneThatIsVoid(t *testing.T) {
	w := newWorld(t)
	w.asking(t, codes.UpdatesNone)
	w.revoke(t)
	due := dueMessage(t, events.NewLink)
	w.runs(t, due)
	w.runs(t, due) // again, or by somebody who presses twice
	links := w.newLinks(t)
	if len(links) != 1 || links[0].Generation != 1 || links[0].Authority != "ayto" || links[0].Reference != reference {
		t.Fatalf("links %+v", links)
	}
	w.wait(25 * time.Hour)
	w.runs(t, due)
	w.revoke(t)
	w.runs(t, due) // those before are void: it need not wait
	if links = w.newLinks(t); len(links) != 3 || links[1].Generation != 1 || links[2].Generation != 2 {
		t.Errorf("links %+v", links)
	}
	for range 10 {
		w.wait(25 * time.Hour)
		w.runs(t, due)
	}
	if links = w.newLinks(t); len(links) != 2+store.MostLinks {
		t.Errorf("%d links of two generations", len(links))
	}
}

func TestALinkThatIsTooOldIsFollowedByOneThatLasts(t *testing.T) {
	w := newWorld(t)
	w.asking(t, codes.UpdatesNone)
	w.store.Retention = 2 * linkLife
	w.wait(linkLife - time.Hour)
	w.runs(t, dueMessage(t, events.NewLink))
	if links := w.newLinks(t); len(links) != 1 || links[0].Expires.Before(w.clock().Add(referral.OutcomeTime-time.Second)) {
		t.Errorf("links %+v", links)
	}
}

func TestNobodyGetsALinkToWhatIsOver(t *testing.T) {
	for name, end := range map[string]func(w *world){
		"declined":  func(w *world) { w.answers(t, referral.Declined, "other") },
		"withdrawn": func(w *world) { w.answers(t, referral.Withdrawn, "not_said") },
		"erased":    func(w *world) { check(t, w.store.Erase(t.Context(), w.application(t), "person", w.clock())) },
		"dead inbox": func(w *world) {
			_, err := w.store.Bury(t.Context(), "ES", store.DeadInbox{Address: "ayto@immerse.example", Organization: "ayto", Since: start, Fact: referral.PermanentBounce, Report: "1"})
			check(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.asking(t, codes.UpdatesNone)
			end(w)
			w.runs(t, dueMessage(t, events.NewLink))
			if links := w.newLinks(t); len(links) != 0 {
				t.Errorf("links %+v", links)
			}
		})
	}
}
