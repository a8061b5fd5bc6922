package referral_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/shared/store"
)

// sendsLink posts the button of a void link's page.
func (w *world) sendsLink(page string) (status int, says string) {
	w.t.Helper()
	form := ""
	if found := formField.FindStringSubmatch(page); found != nil {
		form = found[1]
	}
	got := w.ask("POST", w.path, browser, url.Values{"form": {form}, "action": {"link"}}.Encode())
	return got.StatusCode, got.Body
}

// linkWent records what notification sends.
func (w *world) linkWent() {
	w.t.Helper()
	found := w.found().Ledger
	what, ok := found.NewLink(w.entry(), w.now)
	if !ok {
		w.t.Fatal("no link may go")
	}
	mail := store.Mail{ID: w.entry().Follow(what), State: store.MailSending, At: w.now, Attempts: 1}
	w.must(w.store.Claim(w.t.Context(), found, store.Claim{Reference: reference, Holder: what, Until: w.now}, w.now, store.Posting{Mails: []store.Mail{mail}}))
	mail.State = store.MailSent
	w.must(w.store.Post(w.t.Context(), store.Claim{Reference: reference, Holder: what}, store.Posting{Mails: []store.Mail{mail}, Over: true}))
}

func TestWhoeverHasAVoidLinkCanHaveANewOneSentToTheInbox(t *testing.T) {
	for name, void := range map[string]func(w *world){
		"revoked": func(w *world) {
			w.must(w.store.Revoke(t.Context(), store.Step{Reference: reference, Authority: w.authority, Found: w.found().Ledger}))
		},
		"expired": func(w *world) { w.now = at.Add(91 * 24 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.must(w.store.Revoke(t.Context(), store.Step{Reference: reference, Authority: w.authority, Found: w.found().Ledger}))
			w.path = "/referral/" + w.link(1)
			void(w)
			page := w.get(w.path).Body
			if !strings.Contains(page, "Enviar un enlace nuevo") || strings.Contains(page, canary) || len(w.queue.all()) > 0 {
				t.Fatalf("a look sends a link, or the page offers none:\n%s", page)
			}
			if status, _ := w.sendsLink(""); status != 410 || len(w.queue.all()) > 0 {
				t.Errorf("without the page's form: status %d, %d messages", status, len(w.queue.all()))
			}
			status, says := w.sendsLink(page)
			sent := w.queue.all()
			if status != 202 || !strings.Contains(says, "en camino") || strings.Contains(says, canary) || len(sent) != 1 || !strings.Contains(string(sent[0].Data), `"what":"link"`) {
				t.Fatalf("status %d, %d messages\n%s", status, len(sent), says)
			}
			w.linkWent()
			if again := w.get(w.path).Body; formField.MatchString(again) || !strings.Contains(again, "enviamos un enlace nuevo") {
				t.Errorf("another is offered at once:\n%s", again)
			}
			if status, _ := w.sendsLink(page); status != 410 || len(w.queue.all()) != 1 {
				t.Errorf("another is sent at once: %d, %d messages", status, len(w.queue.all()))
			}
			if trail := w.trail(); len(trail) > 0 {
				t.Errorf("trail %v", trail)
			}
		})
	}
}

// TestAGoodLinkSendsNone: the button is on no page of a link that works.
func TestAGoodLinkSendsNone(t *testing.T) {
	w := newWorld(t)
	if got := w.do("action=link"); got.StatusCode != 422 || len(w.queue.all()) > 0 {
		t.Errorf("status %d, %d messages", got.StatusCode, len(w.queue.all()))
	}
}
