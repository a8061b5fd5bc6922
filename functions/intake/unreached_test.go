package intake_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
)

// TestWhatCouldNotReachAnOrganization is never said to have reached it, whatever became of the mail to whoever is behind it.
func TestWhatCouldNotReachAnOrganization(t *testing.T) {
	service := func(w *world) hsds.Service { return w.handler.Pack.Services[0] }
	began := func(w *world, mail store.Mail) store.Mail {
		mail.ID, mail.State, mail.At, mail.Attempts = store.ReferralID(service(w).Immerse.Authority, 0), store.MailSent, at, 1
		return mail
	}
	behind := func(w *world, what string) store.Mail {
		return store.Mail{ID: began(w, store.Mail{}).Follow(what), State: store.MailSent, At: at, Attempts: 1, Heard: store.Heard{Delivered: &at}}
	}
	say := locale.For("en")
	for name, c := range map[string]struct {
		mails  func(w *world) []store.Mail
		parent bool // it has one with an inbox
		late   bool
		words  []string
	}{
		"refused": {func(w *world) []store.Mail {
			return []store.Mail{began(w, store.Mail{Heard: store.Heard{Refused: &at}})}
		}, true, false, []string{say.T("status.referral.bounced")}},
		"came back, and who is behind has it": {func(w *world) []store.Mail {
			return []store.Mail{began(w, store.Mail{Heard: store.Heard{PermanentBounce: &at}}), behind(w, "fallback")}
		}, false, false, []string{say.T("status.behind"), say.T("status.behind.wrote", "date", say.Date(at)), "You should have an answer by", say.T("status.then.open")}},
		"refused, and its parent has it, late": {func(w *world) []store.Mail {
			return []store.Mail{began(w, store.Mail{Heard: store.Heard{Refused: &at}}), behind(w, "escalate")}
		}, true, true, []string{say.T("status.behind"), "Parent of all", "it does not have our e-mail", say.T("status.behind.ask")}},
		"dead from the start": {func(w *world) []store.Mail {
			return []store.Mail{began(w, store.Mail{Behind: true, Heard: store.Heard{Delivered: &at}})}
		}, true, false, []string{say.T("status.behind"), say.T("status.behind.named", "date", say.Date(at)), "Parent of all"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			pack := *w.handler.Pack
			pack.Organizations = slices.Clone(pack.Organizations)
			for i := range pack.Organizations {
				if o := &pack.Organizations[i]; o.ID == service(w).Immerse.Authority {
					extension := *o.Immerse
					extension.Fallback, o.Immerse, o.ParentOrganizationID = "", &extension, ""
					if c.parent {
						o.ParentOrganizationID = "parent"
					}
				}
			}
			pack.Organizations = append(pack.Organizations, hsds.Organization{
				ID: "parent", Name: "Parent of all", Immerse: &hsds.OrganizationExtension{Inbox: "parent@immerse.example"},
			})
			w.handler.Catalogue = catalogue{"": published.OfPack(&pack), "v1": published.OfPack(&pack)}
			taken := w.take(asJSON, personal)
			w.settled(taken, assessment.Assessment{Region: "ES-GR", Result: match.Result{Catalogue: "v1", Matches: []match.Match{{
				Service: service(w).ID, Need: "health", Verdict: eligibility.True,
			}}}}, store.Posting{Mails: c.mails(w), Over: true, Notified: &store.HandOver{At: at, Sent: 1}})
			if c.late {
				w.handler.Now = func() time.Time { return at.AddDate(0, 1, 0) }
			}
			page := w.status(asBrowser, "reference", taken.Reference, "secret", taken.Secret, "language", "en", "action", "show").Body
			for _, words := range c.words {
				if !strings.Contains(page, words) {
					t.Errorf("the page does not say %q:\n%s", words, page)
				}
			}
			for _, words := range []string{"Our e-mail has reached them", "They did not answer", "You can ask them yourself:"} {
				if strings.Contains(page, words) {
					t.Errorf("the page says %q", words)
				}
			}
		})
	}
}
