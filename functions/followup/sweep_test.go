package followup_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	minidyn "github.com/truora/minidyn/server"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/functions/followup"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/store/storetest"
	"github.com/miict/immerse/shared/workdays"
)

const (
	ref       = "ES-7K3M-9QXT-40AB"
	authority = "54afe180-8da6-5747-bd00-7f1ea2c01c89"
	town      = "9d0a2d55-0000-4000-8000-000000000001"
)

// world is a handler on a real store, with a clock that tests turn.
type world struct {
	*followup.Handler
	store *store.Store
	zone  *time.Location
	now   time.Time
	told  []string
	freed []string // subjects of what percolation was told
	log   *bytes.Buffer
	fails func(what string) error // before each call that writes
}

func (w *world) Send(_ context.Context, event events.Envelope) error {
	if err := w.fail("send"); err != nil {
		return err
	}
	_, payload, err := events.Decode(encode(event))
	if err != nil {
		return err
	}
	at := w.now.In(w.zone).Format("Mon 2 Jan 15:04")
	switch due := payload.(type) {
	case *events.ReferralDueV1:
		w.told = append(w.told, fmt.Sprintf("%s %s %s", at, due.What, event.Subject))
	case *events.PlacesOverV1:
		w.freed = append(w.freed, w.now.In(w.zone).Format("2 Jan ")+event.Subject)
	case *events.DigestDueV1:
		line := fmt.Sprintf("%s digest %d of %s to %s", at, due.Part, due.Day, due.Authority)
		if due.AtOnce {
			line += " at once"
		}
		w.told = append(w.told, line)
	}
	return nil
}

func (w *world) fail(what string) error {
	if w.fails == nil {
		return nil
	}
	return w.fails(what)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	server := httptest.NewServer(minidyn.NewServer())
	t.Cleanup(server.Close)
	pack, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	calendar, err := workdays.New(pack)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{log: new(bytes.Buffer)}
	w.zone, _ = pack.Location()
	w.store = storetest.NewAt(t, storetest.Client(server.URL))
	w.store.Retention = 365 * 24 * time.Hour
	w.store.Now = func() time.Time { return w.now }
	w.Handler = &followup.Handler{
		Country: "ES", Zone: w.zone, Calendar: calendar, Store: &halting{w.store, w}, Agenda: &halting{w.store, w}, Digests: &halting{w.store, w}, DigestHour: pack.DigestAt(), Queue: w, Urgent: w, Freed: w,
		Now: w.store.Now, NewID: func() string { return "event" }, Log: slog.New(slog.NewJSONHandler(w.log, nil)),
	}
	return w
}

// halting stops before or after a write, as a crash would.
type halting struct {
	*store.Store
	w *world
}

func (h *halting) Answer(ctx context.Context, step store.Step, answer store.Answer) error {
	return h.around("answer", func() error { return h.Store.Answer(ctx, step, answer) })
}

func (h *halting) Erase(ctx context.Context, a store.Application, actor string, at time.Time) error {
	return h.around("erase", func() error { return h.Store.Erase(ctx, a, actor, at) })
}

func (h *halting) Attest(ctx context.Context, country, reference string, at time.Time) error {
	return h.around("attest", func() error { return h.Store.Attest(ctx, country, reference, at) })
}

func (h *halting) Appoint(ctx context.Context, country string, a store.Appointment) error {
	return h.around("appoint", func() error { return h.Store.Appoint(ctx, country, a) })
}

func (h *halting) Cancel(ctx context.Context, country string, a store.Appointment) error {
	return h.around("cancel", func() error { return h.Store.Cancel(ctx, country, a) })
}

func (h *halting) around(what string, do func() error) error {
	if err := h.w.fail(what); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return h.w.fail(what + " done")
}

var (
	monday   = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) // when the mails went
	remind   = time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC) // nine o'clock in Madrid
	escalate = time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	lapse    = time.Date(2026, 12, 9, 8, 0, 0, 0, time.UTC) // after the long weekend
)

// refer is an application with two referrals, and its appointment.
func (w *world) refer(t *testing.T, reference string) {
	t.Helper()
	w.now = monday
	application, keys := storetest.Sample(reference)
	application.SubmittedAt = monday
	must(t, w.store.Create(t.Context(), application, keys))
	a := store.Appointment{Reference: reference, Day: store.Day(remind, w.zone)}
	var posting store.Posting
	for _, id := range []string{authority, town} {
		mail := store.ReferralID(id, 0)
		a.Clocks = append(a.Clocks, store.Clock{Mail: mail, Remind: remind, Escalate: escalate, Lapse: lapse})
		posting.Mails = append(posting.Mails, store.Mail{ID: mail, State: store.MailSending, At: monday, Attempts: 1, Due: &escalate})
	}
	must(t, w.store.Appoint(t.Context(), "ES", a))
	must(t, w.store.Claim(t.Context(), store.Ledger{}, store.Claim{Reference: reference, Holder: "one", Until: monday}, monday, posting))
	for i := range posting.Mails {
		posting.Mails[i].State = store.MailSent
	}
	must(t, w.store.Post(t.Context(), store.Claim{Reference: reference, Holder: "one"}, posting))
}

// notify does what notification would: it remembers that it wrote.
func (w *world) notify(t *testing.T, reference, what, authority string) {
	t.Helper()
	found, err := w.store.Application(t.Context(), reference)
	must(t, err)
	mail := store.Mail{ID: store.Mail{ID: store.ReferralID(authority, 0)}.Follow(what), State: store.MailSending, At: w.now, Attempts: 1}
	must(t, w.store.Claim(t.Context(), found.Ledger, store.Claim{Reference: reference, Holder: what + authority, Until: w.now}, w.now.Add(time.Hour), store.Posting{Mails: []store.Mail{mail}}))
}

func (w *world) sweepAt(t *testing.T, at time.Time) followup.Report {
	t.Helper()
	w.now = at
	report, err := w.Handle(t.Context(), followup.Order{})
	if err != nil {
		t.Fatalf("%s: %v", at, err)
	}
	return report
}

func (w *world) answer(t *testing.T, authority string, state referral.State, reason string) {
	t.Helper()
	found, err := w.store.Application(t.Context(), ref)
	must(t, err)
	must(t, w.store.Answer(t.Context(), store.Step{
		Reference: ref, Authority: authority, Found: found.Ledger, Audit: store.Audit{At: w.now, Actor: "authority", Action: string(state)},
	}, store.Answer{State: state, Reason: reason, At: w.now, Act: "form"}))
}

func (w *world) state(t *testing.T, authority string) string {
	t.Helper()
	found, err := w.store.Application(t.Context(), ref)
	must(t, err)
	answer, err := found.Ledger.Mail(store.ReferralID(authority, 0)).Decided()
	must(t, err)
	return answer.Code()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestTheLifeOfAReferralThatNobodyAnswers sweeps every quarter of an hour for three weeks.
func TestTheLifeOfAReferralThatNobodyAnswers(t *testing.T) {
	w := newWorld(t)
	w.refer(t, ref)
	for at := monday; at.Before(lapse.AddDate(0, 0, 3)); at = at.Add(time.Hour) {
		told := len(w.told)
		w.sweepAt(t, at)
		for _, line := range w.told[told:] {
			if what := strings.Fields(line)[4]; what != events.Lapse {
				for _, id := range []string{authority, town} {
					if found, err := w.store.Application(t.Context(), ref); err == nil && found.Ledger.Mail(what+"-"+id).State == "" {
						w.notify(t, ref, what, id)
					}
				}
			}
		}
	}
	want := strings.Repeat("Fri 27 Nov 09:00 remind "+ref+"\n", 2) + strings.Repeat("Tue 1 Dec 09:00 escalate "+ref+"\n", 2) +
		strings.Repeat("Wed 9 Dec 09:00 lapse "+ref+"\n", 2)
	if got := strings.Join(w.told, "\n") + "\n"; got != want {
		t.Errorf("told:\n%s", got)
	}
	if got := w.state(t, authority); got != "expired" {
		t.Errorf("state %s", got)
	}
}

// TestHoldsThatEndAreLookedForOnceAWorkingDay, as nobody says so.
func TestHoldsThatEndAreLookedForOnceAWorkingDay(t *testing.T) {
	w := newWorld(t)
	friday := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	for at := friday; at.Before(friday.AddDate(0, 0, 5)); at = at.Add(time.Hour) {
		w.sweepAt(t, at)
	}
	if got := strings.Join(w.freed, "; "); got != "27 Nov ES; 30 Nov ES; 1 Dec ES" {
		t.Errorf("looked for: %s", got)
	}
}

// TestWhoAnsweredIsLeftAlone: nobody is reminded of what they answered; who accepted has until the outcome is overdue.
func TestWhoAnsweredIsLeftAlone(t *testing.T) {
	w := newWorld(t)
	w.refer(t, ref)
	w.now = monday.Add(time.Hour)
	w.answer(t, authority, referral.Declined, "no_capacity")
	w.answer(t, town, referral.Accepted, "")
	for at := remind; at.Before(monday.AddDate(0, 0, 100)); at = at.Add(24 * time.Hour) {
		if w.sweepAt(t, at).Outcomes > 0 {
			w.notify(t, ref, events.Outcome, town)
		}
	}
	want := "Wed 23 Dec 09:00 outcome " + ref + "; Mon 22 Feb 09:00 close " + ref // twenty working days later, two of them holidays
	if got := strings.Join(w.told, "; "); got != want || w.state(t, authority) != "declined:no_capacity" || w.state(t, town) != "expired:no_outcome" {
		t.Errorf("told %q; %s, %s", w.told, w.state(t, authority), w.state(t, town))
	}
}

// TestAnEndWithoutAnOutcomeIsTold though a sweep died between ending the referral and telling.
func TestAnEndWithoutAnOutcomeIsTold(t *testing.T) {
	w := newWorld(t)
	w.refer(t, ref)
	w.now = monday.Add(time.Hour)
	w.answer(t, authority, referral.Declined, "no_capacity")
	w.answer(t, town, referral.Accepted, "")
	w.fails = func(what string) error {
		if what == "answer done" {
			w.fails = nil
			return errStop
		}
		return nil
	}
	for at := remind; at.Before(monday.AddDate(0, 0, 100)); at = at.Add(24 * time.Hour) {
		w.sweepAt(t, at)
	}
	// Nobody notes that the outcome was asked for, as on a day off where the person lives: it is asked for again, for ten days.
	got, left := strings.Join(w.told, "; "), ""
	for _, day := range []string{"Wed 23", "Thu 24", "Mon 28", "Tue 29", "Wed 30", "Thu 31"} {
		left += day + " Dec 09:00 outcome " + ref + "; "
	}
	if got != left+"Tue 23 Feb 09:00 close "+ref || w.state(t, town) != "expired:no_outcome" {
		t.Errorf("told %q; %s", got, w.state(t, town))
	}
}

// TestNobodyIsWrittenToOnASundayOrHolidayOrAtNight, however late something is: after an outage it waits for the next working day, and
// then is done one a day.
func TestNobodyIsWrittenToOnASundayOrHolidayOrAtNight(t *testing.T) {
	w := newWorld(t)
	w.refer(t, ref)
	for _, closed := range []time.Time{
		time.Date(2026, 11, 29, 11, 0, 0, 0, time.UTC), time.Date(2026, 12, 8, 11, 0, 0, 0, time.UTC), // Sunday, the Immaculate
		time.Date(2026, 11, 30, 6, 59, 0, 0, time.UTC), time.Date(2026, 11, 30, 17, 0, 0, 0, time.UTC), // too early, too late
	} {
		if w.sweepAt(t, closed); len(w.told) > 0 {
			t.Fatalf("%s: %q", closed, w.told)
		}
	}
	w.sweepAt(t, time.Date(2026, 12, 10, 8, 0, 0, 0, time.UTC))
	w.sweepAt(t, time.Date(2026, 12, 10, 8, 15, 0, 0, time.UTC))
	if got := strings.Join(w.told, "; "); got != "Thu 10 Dec 09:00 lapse "+ref+"; Thu 10 Dec 09:00 lapse "+ref {
		t.Errorf("after the outage: %s", got)
	}
}

// TestAStopAtEveryWrite: whatever write a sweep dies at, before or after it took effect, the next sweeps bring the referral to
// its end, and what is told again is known by the ledger.
func TestAStopAtEveryWrite(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: much work, one thing after the other; make test runs it")
	}
	for stop := range 40 {
		w := newWorld(t)
		w.refer(t, ref)
		left := stop
		w.fails = func(what string) error {
			if left--; left == -1 {
				return fmt.Errorf("stopped at %s: %w", what, errStop)
			}
			return nil
		}
		for at := remind; at.Before(lapse.AddDate(0, 0, 6)); at = at.Add(24 * time.Hour) {
			w.now = at
			_, _ = w.Handle(t.Context(), followup.Order{})
		}
		if w.state(t, authority) != "expired" || w.state(t, town) != "expired" {
			t.Errorf("stopped at %d: %s, %s", stop, w.state(t, authority), w.state(t, town))
		}
		if all := strings.Join(w.told, "\n"); strings.Count(all, events.Lapse) < 2 {
			t.Errorf("stopped at %d: the person was not told:\n%s", stop, all)
		}
		if left >= 0 {
			return // there are no more writes
		}
	}
	t.Error("more writes than thought")
}

var errStop = errors.New("stopped")

// TestWhatIsKeptTooLongIsErased, and the evidence says so without saying of whom.
func TestWhatIsKeptTooLongIsErased(t *testing.T) {
	w := newWorld(t)
	w.refer(t, ref)
	w.answer(t, authority, referral.Declined, "no_capacity")
	w.answer(t, town, referral.Declined, "no_capacity")
	for at := remind; at.Before(monday.AddDate(1, 0, 0)); at = at.Add(24 * time.Hour) {
		w.sweepAt(t, at)
	}
	w.now = monday.AddDate(0, 0, 360)
	found, err := w.store.Application(t.Context(), ref)
	must(t, err)
	if found.State != store.Erased || len(found.Contact) > 0 {
		t.Errorf("state %s", found.State)
	}
	if _, err := w.store.Keys(t.Context(), found.KeysID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the keys: %v", err)
	}
	if !slices.ContainsFunc(w.freed, func(line string) bool { return strings.HasSuffix(line, ref) }) {
		t.Errorf("the places are not given back: %v", w.freed)
	}
	if at, err := w.store.Attested(t.Context(), "ES", ref); err != nil || at.IsZero() || at.After(found.Expires) {
		t.Errorf("attested %s, %v", at, err)
	}
	if at, err := w.store.Attested(t.Context(), "ES", "ES-0000-0000-0000"); err != nil || !at.IsZero() {
		t.Errorf("somebody else: %s, %v", at, err)
	}
}

// TestASweepIsGoneOnWith: with too little time for all, sweep after sweep does a part, each once.
func TestASweepIsGoneOnWith(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: much work, one thing after the other; make test runs it")
	}
	w := newWorld(t)
	for i := range 120 {
		w.refer(t, fmt.Sprintf("ES-7K3M-9QXT-%04d", i))
	}
	w.now = remind
	sweeps := 0
	for done := (followup.Report{}); !done.Finished; sweeps++ {
		ctx, cancel := context.WithCancel(t.Context())
		sent := len(w.told)
		w.fails = func(what string) error {
			if what == "cancel done" && len(w.told) >= sent+100 {
				cancel() // the time is over after this one
			}
			return nil
		}
		done, _ = w.Handle(ctx, followup.Order{})
		cancel()
		if sweeps > 10 {
			t.Fatal("it never ends")
		}
	}
	if len(w.told) != 240 || sweeps < 2 {
		t.Errorf("%d told in %d sweeps", len(w.told), sweeps)
	}
}

func encode(event events.Envelope) []byte {
	encoded, err := json.Marshal(event)
	if err != nil {
		panic(err)
	}
	return encoded
}
