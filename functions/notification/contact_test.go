package notification

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/events/eventstest"
	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/ticket"
	"github.com/miict/immerse/shared/vault"
)

// notified is an application whose authorities were written to.
func (w *world) notified(t *testing.T, sharing bool) {
	t.Helper()
	contact := amira("ar")
	contact.Sharing = sharing
	w.submit(t, contact, found())
	if back := w.run(t, matched(t, reference)); len(back) != 0 {
		t.Fatalf("%v came back", back)
	}
}

// decided is the message that the referral function sends before it writes.
func (w *world) decided(t *testing.T, step string, at time.Time) string {
	t.Helper()
	event, err := events.New(events.Origin{ID: "e-1", Source: "/es/referral", Subject: reference, Time: at},
		&events.ReferralDecidedV1{Country: "ES", Authority: "ayto", Step: step, Act: "form-1"})
	check(t, err)
	return string(eventstest.Encode(t, event))
}

// answers writes what an authority answered.
func (w *world) answers(t *testing.T, state referral.State, reason string) {
	t.Helper()
	check(t, w.store.Answer(context.Background(), store.Step{Reference: reference, Authority: "ayto", Found: w.application(t).Ledger,
		Audit: store.Audit{At: w.clock(), Actor: "authority", Action: string(state)},
	}, store.Answer{State: state, Reason: reason, At: w.clock(), Act: "form-1"}))
}

func (w *world) contactOf(t *testing.T) string {
	t.Helper()
	return w.application(t).Ledger.Mail(store.ReferralID("ayto", 0)).Contact
}

// opens is what the referral function can open of the contact, for an organization.
func (w *world) opens(t *testing.T, organization string) error {
	t.Helper()
	found := w.application(t)
	keys, err := w.store.Keys(t.Context(), found.KeysID)
	check(t, err)
	person, err := w.vault.Ring(t, vault.Referral).OpenReleased(reference, keys, vault.Contact, organization)
	if err != nil {
		return err
	}
	var part application.ContactPart
	if err := person.OpenJSON(vault.Contact, found.Contact, &part); err != nil || part.Contact.Name != canary("name") {
		t.Errorf("opened %+v, %v", part, err)
	}
	return nil
}

func TestTheMailHasALinkThatIsTheAuthoritysAlone(t *testing.T) {
	w := newWorld(t)
	w.notified(t, true)
	link := regexp.MustCompile(`https://es\.immerse\.example/referral/([A-Za-z0-9_-]+)\s`)
	seen := map[string]bool{}
	for _, mail := range w.ses.taken {
		found := link.FindAllStringSubmatch(*mail.Content.Simple.Body.Text.Data, -1)
		to := strings.Join(mail.Destination.ToAddresses, " ")
		if receipt := strings.Contains(to, "person.example"); receipt != (len(found) == 0) || len(found) > 1 {
			t.Errorf("%d links in the mail to %s", len(found), to)
			continue
		}
		for _, match := range found {
			got, err := w.book.Read(t.Context(), match[1])
			want := ticket.Ticket{Reference: reference, Authority: strings.TrimSuffix(to, "@immerse.example"), Expires: start.Add(time.Second + linkLife)}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("the link to %s (-want +got), %v:\n%s", to, err, diff)
			}
			seen[to] = true
		}
		if html := *mail.Content.Simple.Body.Html.Data; len(found) > 0 && !strings.Contains(html, `href="https://es.immerse.example/referral/`+found[0][1]+`"`) {
			t.Errorf("no link in the HTML to %s", to)
		}
	}
	if len(seen) != 2 {
		t.Errorf("links to %v", seen)
	}
	// 22 November 2026 is a Sunday: five working days are over at the end of Friday, the 27th.
	zone, _ := testPack("es").Location()
	want := time.Date(2026, 11, 28, 0, 0, 0, 0, zone)
	for _, entry := range w.application(t).Ledger.Referrals() {
		if entry.Due == nil || !entry.Due.Equal(want) {
			t.Errorf("%s is due %v, want %s", entry.ID, entry.Due, want)
		}
	}
	if receipt := w.application(t).Ledger.Mail(kindReceipt); receipt.Due != nil {
		t.Error("the receipt is due for an answer")
	}
	for _, token := range link.FindAllString(w.log.String(), -1) {
		t.Errorf("a link is in the log: %s", token)
	}
}

func TestAnAcceptanceReleasesTheContactToThatOrganization(t *testing.T) {
	w := newWorld(t)
	w.notified(t, true)
	if err := w.opens(t, "ayto"); !errors.Is(err, vault.ErrSealed) {
		t.Fatalf("before the acceptance: %v", err)
	}
	w.answers(t, referral.Accepted, "")
	for range 2 { // a message may come twice
		if back := w.run(t, w.decided(t, "accepted", w.clock())); len(back) != 0 {
			t.Fatalf("came back: %v", back)
		}
	}
	check(t, w.opens(t, "ayto"))
	if err := w.opens(t, "junta"); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("the other organization: %v", err)
	}
	if got := w.contactOf(t); got != store.ContactReleased {
		t.Errorf("contact %q", got)
	}
	trail := 0
	for _, line := range w.application(t).Audit {
		if line.Action == "contact_released:ayto" && line.Actor == "notification" {
			trail++
		}
	}
	if trail != 1 {
		t.Errorf("%d times on the trail", trail)
	}
}

func TestWithoutConsentTheContactIsWithheld(t *testing.T) {
	w := newWorld(t)
	w.notified(t, false)
	w.answers(t, referral.Accepted, "")
	if back := w.run(t, w.decided(t, "accepted", w.clock())); len(back) != 0 {
		t.Fatalf("came back: %v", back)
	}
	if err := w.opens(t, "ayto"); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("it opens: %v", err)
	}
	if got := w.contactOf(t); got != store.ContactWithheld {
		t.Errorf("contact %q", got)
	}
}

// TestNothingIsReleasedWithoutAnAcceptanceOnRecord: a message alone, made up or left behind by a request that came to
// nothing, opens nothing.
func TestNothingIsReleasedWithoutAnAcceptanceOnRecord(t *testing.T) {
	for name, c := range map[string]struct {
		ready func(*testing.T, *world)
		step  string
		back  int
	}{
		"declined":          {func(t *testing.T, w *world) { w.answers(t, referral.Declined, "no_capacity") }, "accepted", 0},
		"withdrawn":         {func(t *testing.T, w *world) { w.answers(t, referral.Withdrawn, "not_said") }, "accepted", 0},
		"another step":      {func(t *testing.T, w *world) { w.answers(t, referral.Accepted, ""); w.asks(t, "form-1") }, "asked", 0},
		"not written":       {func(*testing.T, *world) {}, "accepted", 1},
		"never written":     {func(_ *testing.T, w *world) { w.wait(2 * orphanAge) }, "accepted", 0},
		"of no application": {func(t *testing.T, w *world) { w.store.Now = func() time.Time { return start.Add(w.store.Retention) } }, "accepted", 0},
		"of an erased person": {func(t *testing.T, w *world) {
			w.answers(t, referral.Accepted, "")
			check(t, w.store.Erase(t.Context(), w.application(t), "person", w.clock()))
		}, "accepted", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.notified(t, true)
			sent := w.clock()
			c.ready(t, w)
			if back := w.run(t, w.decided(t, c.step, sent)); len(back) != c.back {
				t.Errorf("%d messages came back, want %d", len(back), c.back)
			}
			w.store.Now = w.clock
			if w.contactOf(t) != "" {
				t.Error("something is recorded of the contact")
			}
			if name == "of an erased person" {
				return
			}
			if err := w.opens(t, "ayto"); !errors.Is(err, vault.ErrSealed) {
				t.Errorf("it opens: %v", err)
			}
		})
	}
}

// TestAMessageThatIsQuickerThanItsAnswer waits for it a little, or comes back.
func TestAMessageThatIsQuickerThanItsAnswer(t *testing.T) {
	w := newWorld(t)
	w.notified(t, true)
	message := w.decided(t, "accepted", w.clock())
	waits := 0
	w.handler.Pause = func(_ context.Context, d time.Duration) {
		w.wait(d)
		if waits++; waits == 3 {
			w.answers(t, referral.Accepted, "")
		}
	}
	if back := w.run(t, message); len(back) != 0 || waits != 3 {
		t.Errorf("%d came back after %d waits", len(back), waits)
	}
	check(t, w.opens(t, "ayto"))
}

// TestKilledWhileReleasing: after a failure at either write the message comes back, and all is well.
func TestKilledWhileReleasing(t *testing.T) {
	for _, at := range []int{1, 2} {
		for _, after := range []bool{false, true} {
			w := newWorld(t)
			w.notified(t, true)
			w.answers(t, referral.Accepted, "")
			w.handler.Releases = &lostAnswer{Releases: w.store, at: at, after: after}
			if back := w.run(t, w.decided(t, "accepted", w.clock())); len(back) != 1 {
				t.Errorf("at %d: %d came back", at, len(back))
			}
			w.handler.Releases = w.store
			if back := w.run(t, w.decided(t, "accepted", w.clock())); len(back) != 0 {
				t.Errorf("at %d: it came back again", at)
			}
			check(t, w.opens(t, "ayto"))
			if got := w.contactOf(t); got != store.ContactReleased {
				t.Errorf("at %d: contact %q", at, got)
			}
		}
	}
}

// lostAnswer fails one of its calls, before or after it took effect.
type lostAnswer struct {
	Releases
	calls, at int
	after     bool
}

func (l *lostAnswer) call(do func() error) error {
	if l.calls++; l.calls != l.at {
		return do()
	}
	if l.after {
		if err := do(); err != nil {
			return err
		}
	}
	return errors.New("the answer is lost")
}

func (l *lostAnswer) AddWrap(ctx context.Context, keys vault.Keys, name string, wrapped []byte) error {
	return l.call(func() error { return l.Releases.AddWrap(ctx, keys, name, wrapped) })
}

func (l *lostAnswer) Contact(ctx context.Context, step store.Step, state string) error {
	return l.call(func() error { return l.Releases.Contact(ctx, step, state) })
}
