package notification

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/events/eventstest"
	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// morning is eight o'clock in Madrid on the Monday after the world begins.
var morning = time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)

// daily is a world in which the town wants one mail a day, and the region each at once.
func daily(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	w.handler.Planner.Pack.Organizations[1].Immerse.Delivery = hsds.DeliveryDaily
	w.handler.Catalogue = catalogue{"": published.OfPack(w.handler.Planner.Pack)}
	return w
}

// digestMessage is what followup sends on a morning.
func digestMessage(t testing.TB, at time.Time, part int) string {
	t.Helper()
	event, err := events.New(events.Origin{ID: "digest", Source: "/es/followup", Subject: "ES", Time: at},
		&events.DigestDueV1{Country: "ES", Authority: "ayto", Day: at.Format(time.DateOnly), Part: part, Before: at})
	check(t, err)
	return string(eventstest.Encode(t, event))
}

func person(n int) string { return fmt.Sprintf("ES-0000-0000-%04d", n) }

// refer hands in for somebody without an address, and notifies.
func (w *world) refer(t testing.TB, reference, urgency string) {
	t.Helper()
	a := found()
	a.Urgency = urgency
	w.submitAs(t, reference, application.ContactPart{}, a)
	if back := w.run(t, matched(t, reference)); len(back) > 0 {
		t.Fatalf("%v came back\n%s", back, w.log)
	}
}

// toTown are the mails that the town got.
func (w *world) toTown() (mails []*sesv2.SendEmailInput) {
	for _, in := range w.ses.taken {
		if in.Destination.ToAddresses[0] == "ayto@immerse.example" {
			mails = append(mails, in)
		}
	}
	return mails
}

func textOf(in *sesv2.SendEmailInput) string { return *in.Content.Simple.Body.Text.Data }

func (w *world) ledgerOf(t testing.TB, reference string) store.Ledger {
	t.Helper()
	found, err := w.store.Application(t.Context(), reference)
	check(t, err)
	return found.Ledger
}

var digestLinks = regexp.MustCompile(`https://es\.immerse\.example/referral/([A-Za-z0-9_-]+)`)

func TestADigestAuthorityGetsOneMailADayAndAnUrgentOneAtOnce(t *testing.T) {
	const referrals = 50
	w := daily(t)
	w.handler.Most = MostInDigest
	for n := range referrals {
		w.refer(t, person(n), []string{"soon", "normal", ""}[n%3])
	}
	if got := w.toTown(); len(got) != 0 {
		t.Fatalf("%d mails before the morning", len(got))
	}
	urgent := slices.DeleteFunc(slices.Clone(codes.Urgencies), func(code string) bool { return !codes.Urgent(code) })
	for n, code := range urgent {
		w.refer(t, person(referrals+n), code)
		if got := w.toTown(); len(got) != n+1 || mailID(got[n]) != "authority-ayto" || header(got[n], "X-Immerse-Reference") != person(referrals+n) {
			t.Fatalf("%s: %v", code, w.ses.sent())
		}
	}
	w.at(morning.Add(time.Minute))
	w.runs(t, digestMessage(t, morning, 1), digestMessage(t, morning, 1))
	w.runs(t, digestMessage(t, morning, 1))
	mails := w.toTown()
	if len(mails) != len(urgent)+1 {
		t.Fatalf("%d mails to the town", len(mails))
	}
	digest := mails[len(urgent)].Content.Simple
	text, html := *digest.Body.Text.Data, *digest.Body.Html.Data
	t.Logf("%d referrals: %d bytes of text, %d of HTML", referrals, len(text), len(html))
	links := digestLinks.FindAllStringSubmatch(text, -1)
	if len(links) != referrals || !strings.HasPrefix(*digest.Subject.Data, "50 solicitudes nuevas") {
		t.Fatalf("%d links under %s", len(links), *digest.Subject.Data)
	}
	whose := map[string]bool{}
	for _, link := range links {
		read, err := w.book.Read(t.Context(), link[1])
		check(t, err)
		if whose[read.Reference] || read.Authority != "ayto" || !strings.Contains(html, link[0]) {
			t.Errorf("a link of %+v", read)
		}
		whose[read.Reference] = true
	}
	due := time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC) // five working days after Monday
	for n := range referrals {
		mail := w.ledgerOf(t, person(n)).Mail("authority-ayto")
		if mail.State != store.MailSent || mail.Due == nil || !mail.Due.Equal(due) || !whose[person(n)] || !strings.Contains(text, person(n)) {
			t.Errorf("%s: %+v", person(n), mail)
		}
	}
}

// slowly takes a while for each application that it reads.
type slowly struct {
	Applications
	w *world
}

func (s slowly) Application(ctx context.Context, reference string) (store.Application, error) {
	s.w.wait(time.Second)
	return s.Applications.Application(ctx, reference)
}

// TestADigestThatTakesLongTellsOfWhatItHasTimeFor: and of the rest in another mail of the day, of nobody twice.
func TestADigestThatTakesLongTellsOfWhatItHasTimeFor(t *testing.T) {
	w := daily(t)
	w.handler.Most, w.budget = MostInDigest, 12*time.Second
	const referrals = 7
	for n := range referrals {
		w.refer(t, person(n), "soon")
	}
	w.handler.Applications = slowly{w.handler.Applications, w}
	w.at(morning.Add(time.Minute))
	told := map[string]int{}
	for part, want := range []int{6, 1} {
		w.runs(t, digestMessage(t, morning, part+1))
		mails := w.toTown()
		if len(mails) != part+1 {
			t.Fatalf("%d mails after part %d\n%s", len(mails), part+1, w.log)
		}
		links := digestLinks.FindAllStringSubmatch(textOf(mails[part]), -1)
		if len(links) != want {
			t.Errorf("part %d tells of %d", part+1, len(links))
		}
		latest, err := w.store.LatestDigest(t.Context(), "ES", "ayto")
		check(t, err)
		for _, took := range latest.Took() { // as followup does before it asks for the next
			told[took.Reference]++
			check(t, w.store.Strike(t.Context(), "ES", took))
		}
	}
	for n := range referrals {
		if entry := w.ledgerOf(t, person(n)).Mail("authority-ayto"); entry.State != store.MailSent || told[person(n)] != 1 {
			t.Errorf("%s: %+v, told %d times", person(n), entry, told[person(n)])
		}
	}
}

// TestTheClockBeginsWithTheDigest: and the reminder of it goes with another.
func TestTheClockBeginsWithTheDigest(t *testing.T) {
	w := daily(t)
	w.refer(t, reference, "soon")
	if entry := w.application(t).Ledger.Mail("authority-ayto"); entry.State != store.MailWaiting || entry.Due != nil || entry.Facts().State() != referral.Created {
		t.Errorf("while it waits: %+v", entry)
	}
	w.wantState(t, store.Notified)
	w.at(morning)
	w.runs(t, digestMessage(t, morning, 1))
	remind := time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC) // put on the list the day before the last but one
	page := w.appointments(t, "2026-11-26")
	i := slices.IndexFunc(page, func(a store.Appointment) bool { return a.Of == "ayto" })
	if i < 0 || len(page[i].Clocks) != 1 || !page[i].Clocks[0].Remind.Equal(remind) || page[i].Clocks[0].Mail != "authority-ayto" {
		t.Fatalf("appointments %+v", page)
	}
	w.at(remind)
	w.runs(t, dueMessage(t, events.Remind), dueMessage(t, events.Remind))
	if got := len(w.toTown()); got != 1 {
		t.Fatalf("%d mails, the reminder was to wait", got)
	}
	w.refer(t, person(1), "soon")
	friday := morning.AddDate(0, 0, 4)
	w.at(friday)
	w.runs(t, digestMessage(t, friday, 1))
	mails := w.toTown()
	if len(mails) != 2 {
		t.Fatalf("%d mails to the town", len(mails))
	}
	text := textOf(mails[1])
	first, second := strings.Index(text, reference), strings.Index(text, person(1))
	if heading := strings.Index(text, "Todavía esperan su respuesta"); heading < 0 || heading > first || first > second || !strings.Contains(*mails[1].Content.Simple.Subject.Data, "1 solicitud nueva") {
		t.Errorf("the reminder is not where it belongs:\n%s", text)
	}
	if ledger := w.application(t).Ledger; ledger.Mail("remind-ayto").State != store.MailSent || len(ledger.Referrals()) != 2 {
		t.Errorf("ledger %+v", ledger.Mails)
	}
}

func (w *world) appointments(t *testing.T, day string) (all []store.Appointment) {
	t.Helper()
	for shard := range store.DueShards {
		page, _, err := w.store.Appointments(t.Context(), "ES", day, shard, "", 10)
		check(t, err)
		all = append(all, page...)
	}
	return all
}

// TestWhatIsOverIsLeftOut: taken back, erased, gone, told before. If nothing is left there is no mail, and what is left out is
// taken off the list.
func TestWhatIsOverIsLeftOut(t *testing.T) {
	cases := map[string]func(*testing.T, *world){
		"taken back": func(t *testing.T, w *world) {
			check(t, w.store.Withdraw(t.Context(), w.application(t), referral.NotSaid, w.clock()))
		},
		"erased": func(t *testing.T, w *world) {
			check(t, w.store.Erase(t.Context(), w.application(t), "person", w.clock()))
		},
		"keys gone": func(t *testing.T, w *world) {
			erased := w.application(t)
			erased.Reference = "ES-none"
			_ = w.store.Erase(t.Context(), erased, "person", w.clock())
		},
		"gone": func(t *testing.T, w *world) {
			w.store.Retention = time.Hour
			w.wait(w.handler.Planner.Pack.Retention() * 3)
		},
	}
	for name, prepare := range cases {
		t.Run(name, func(t *testing.T) {
			w := daily(t)
			w.refer(t, reference, "soon")
			prepare(t, w)
			day := morning
			if w.clock().After(day) {
				day = w.clock().Truncate(time.Hour)
			}
			w.at(day)
			event, err := events.New(events.Origin{ID: "digest", Source: "/es/followup", Subject: "ES", Time: day},
				&events.DigestDueV1{Country: "ES", Authority: "ayto", Day: "2026-11-23", Part: 1, Before: day, AtOnce: true})
			check(t, err)
			message := string(eventstest.Encode(t, event))
			w.runs(t, message)
			if got := w.toTown(); len(got) != 0 {
				t.Errorf("told:\n%s", textOf(got[0]))
			}
			d, err := w.store.Digest(t.Context(), "ES", store.Digest{Organization: "ayto", Day: "2026-11-23", Part: 1}.Key())
			check(t, err)
			if !d.Closed || len(d.Told) != 0 || len(d.Void) != 1 || d.State != "" {
				t.Errorf("the digest: %+v", d)
			}
		})
	}
}

func TestNobodyIsToldOnADayOffWhereThePersonLives(t *testing.T) {
	w := daily(t)
	w.handler.Planner.Pack.Holidays = []country.Holiday{{Name: "Toma", Date: "11-23", Areas: []string{"ES-GR"}}}
	w.handler.Planner.Calendar = planner(w.handler.Planner.Pack).Calendar
	w.refer(t, reference, "soon")
	w.at(morning)
	w.runs(t, digestMessage(t, morning, 1))
	if len(w.toTown()) != 0 {
		t.Fatal("told on a day off")
	}
	tuesday := morning.AddDate(0, 0, 1)
	w.at(tuesday)
	w.runs(t, digestMessage(t, tuesday, 1))
	if len(w.toTown()) != 1 {
		t.Error("not told the day after")
	}
}

// TestMoreThanOneMailHolds follows in another, and what came too late on the next day.
func TestMoreThanOneMailHolds(t *testing.T) {
	w := daily(t)
	w.handler.Most = 2
	for n := range 3 {
		w.refer(t, person(n), "soon")
	}
	w.at(morning)
	w.refer(t, person(3), "soon") // at eight sharp: it is for tomorrow
	w.runs(t, digestMessage(t, morning, 1))
	w.runs(t, digestMessage(t, morning, 2))
	mails := w.toTown()
	if len(mails) != 2 || len(digestLinks.FindAllString(textOf(mails[0]), -1)) != 2 || len(digestLinks.FindAllString(textOf(mails[1]), -1)) != 1 {
		t.Fatalf("%v\n%s", w.ses.sent(), w.log)
	}
	more := locale.For("es").T("mail.digest.more")
	if !strings.Contains(textOf(mails[0]), more) || strings.Contains(textOf(mails[1]), more) {
		t.Error("the first mail alone is to say that another follows")
	}
	if got := w.ledgerOf(t, person(3)).Mail("authority-ayto").State; got != store.MailWaiting {
		t.Errorf("what came late is %s", got)
	}
}

func TestADigestToADeadInboxReachesNobody(t *testing.T) {
	w := daily(t)
	_, err := w.store.Bury(t.Context(), "ES", store.DeadInbox{Address: "ayto@immerse.example", Organization: "ayto", Since: start, Fact: referral.PermanentBounce, Report: "1"})
	check(t, err)
	w.refer(t, reference, "soon")
	w.at(morning)
	w.runs(t, digestMessage(t, morning, 1))
	entry := w.application(t).Ledger.Mail("authority-ayto")
	if len(w.toTown()) != 0 || entry.State != store.MailFailed || entry.Reason != "dead_inbox" || entry.Facts().State() != referral.Bounced || entry.Due == nil {
		t.Errorf("entry %+v", entry)
	}
	if len(w.appointments(t, "2026-11-26")) == 0 {
		t.Error("nobody follows it up")
	}
}

// TestADigestToWhoIsBehindSaysSo in the ledger, so that nobody takes it for the authority's.
func TestADigestToWhoIsBehindSaysSo(t *testing.T) {
	w := daily(t)
	w.handler.Planner.Pack.Organizations[1].Immerse.Fallback = "chief@immerse.example"
	_, err := w.store.Bury(t.Context(), "ES", store.DeadInbox{Address: "ayto@immerse.example", Organization: "ayto", Since: start, Fact: referral.PermanentBounce, Report: "1"})
	check(t, err)
	w.refer(t, reference, "soon")
	w.at(morning)
	w.runs(t, digestMessage(t, morning, 1))
	ledger := w.application(t).Ledger
	entry := ledger.Mail("authority-ayto")
	if instead, lost := ledger.Unreached(entry); entry.State != store.MailSent || !entry.Behind || !lost || instead.ID != entry.ID {
		t.Errorf("entry %+v", entry)
	}
}

// TestAnApplicationThatCannotBeOpenedIsNoTroubleOfOthers, and waits on.
func TestAnApplicationThatCannotBeOpenedIsNoTroubleOfOthers(t *testing.T) {
	w := daily(t)
	for n := range 2 {
		w.refer(t, person(n), "soon")
	}
	stranger, err := w.store.Application(t.Context(), person(0))
	check(t, err)
	other, err := w.store.Application(t.Context(), person(1))
	check(t, err)
	keys, err := w.store.Keys(t.Context(), other.KeysID)
	check(t, err)
	swapped, err := w.store.Keys(t.Context(), stranger.KeysID)
	check(t, err)
	for name := range swapped.Wraps { // keys that are not for it
		check(t, w.store.AddWrap(t.Context(), swapped, name, keys.Wraps[name]))
	}
	w.at(morning)
	w.runs(t, digestMessage(t, morning, 1))
	if got := w.toTown(); len(got) != 1 || !strings.Contains(textOf(got[0]), person(1)) || strings.Contains(textOf(got[0]), person(0)) {
		t.Fatalf("told %v\n%s", w.ses.sent(), w.log)
	}
	if got := w.ledgerOf(t, person(0)).Mail("authority-ayto").State; got != store.MailWaiting {
		t.Errorf("it is %s", got)
	}
	w.wantLogged(t, `"outcome":"left_out"`)
}

// TestABlowAtAnyCallOfADigest: whatever call dies or fails, before or after it takes effect, every referral is told and begins,
// and only in the window the digest goes twice.
func TestABlowAtAnyCallOfADigest(t *testing.T) {
	const people = 2
	const callsOfACleanRun = 1 + 1 + 1 + people*2 + 1 + 1 + 1 + people*2 + 1 // record, dead, list, reads, claim, mail, record, appointments and ledgers, record
	for at := 1; ; at++ {
		struck := ""
		for _, fall := range []blow{dieBefore, dieAfter, failBefore, failAfter} {
			w := daily(t)
			for n := range people {
				w.refer(t, person(n), "soon")
			}
			w.at(morning)
			b := &brittle{w: w, blow: func(call int, _ string) blow {
				if call == at {
					return fall
				}
				return none
			}}
			b.process(t, digestMessage(t, morning, 1))
			w.wait(6 * w.budget)
			w.runs(t, digestMessage(t, morning, 1))
			sent := len(w.toTown())
			twice := sent == 2 && len(b.struck) == 1 && digestWindow(b.struck[0])
			if sent != 1 && !twice {
				t.Errorf("%v: %d mails", b.struck, sent)
			}
			for n := range people {
				if mail := w.ledgerOf(t, person(n)).Mail("authority-ayto"); mail.State != store.MailSent || mail.Due == nil {
					t.Errorf("%v: %s is %+v", b.struck, person(n), mail)
				}
			}
			if got := len(w.appointments(t, "2026-11-26")); got < people {
				t.Errorf("%v: %d appointments", b.struck, got)
			}
			struck = strings.Join(b.struck, "")
		}
		if struck == "" {
			if at <= callsOfACleanRun {
				t.Errorf("%d calls, at least %d are made", at-1, callsOfACleanRun)
			}
			return
		}
	}
}

// digestWindow is that of decision 0401, with the digest's record in the place of a ledger.
func digestWindow(struck string) bool {
	return window(struck) || struck == fmt.Sprintf("PostDigest/%d", dieBefore) || struck == fmt.Sprintf("PostDigest/%d", failBefore)
}

func TestManyDigestsAtOnceAreOne(t *testing.T) {
	w := daily(t)
	w.refer(t, reference, "soon")
	w.at(morning)
	var running sync.WaitGroup
	for range 10 {
		running.Go(func() { w.run(t, digestMessage(t, morning, 1)) })
	}
	running.Wait()
	w.runs(t, digestMessage(t, morning, 1))
	if got := len(w.toTown()); got != 1 {
		t.Errorf("%d mails", got)
	}
}

// TestWhatSESSaysOfADigest: put off, it is tried again; refused, its referrals reach nobody.
func TestWhatSESSaysOfADigest(t *testing.T) {
	w := daily(t)
	w.refer(t, reference, "soon")
	w.at(morning)
	w.ses.answer = func(*sesv2.SendEmailInput) error { return &types.TooManyRequestsException{Message: aws.String("slow")} }
	if back := w.run(t, digestMessage(t, morning, 1)); len(back) != 1 {
		t.Fatal("what was put off is taken for done")
	}
	w.ses.answer = func(*sesv2.SendEmailInput) error { return &types.MessageRejected{Message: aws.String("virus")} }
	w.runs(t, digestMessage(t, morning, 1))
	if entry := w.application(t).Ledger.Mail("authority-ayto"); entry.State != store.MailFailed || entry.Reason != "message_rejected" {
		t.Errorf("entry %+v", entry)
	}
}

// TestThePersonIsToldTheTruth: who is told now, who later and by which day.
func TestThePersonIsToldTheTruth(t *testing.T) {
	w := daily(t)
	w.submit(t, amira("en"), found())
	w.runs(t, matched(t, reference))
	for _, in := range w.ses.taken {
		if mailID(in) != kindReceipt {
			continue
		}
		say := locale.For("en")
		later := say.T("mail.receipt.daily", "date", "23/11/2026", "organizations", "Ayuntamiento de Granada")
		if text := textOf(in); !strings.Contains(text, later) || !strings.Contains(text, say.T("mail.receipt.notified")) {
			t.Errorf("the receipt:\n%s", text)
		}
	}
	wantSent(t, w, map[string]int{"receipt": 1, "authority-junta": 1})
}

// edition is a digest in a language, with a reminder and two kinds of requests.
func edition(t *testing.T, language string) Mail {
	t.Helper()
	p := planner(testPack(language))
	g := &gathering{Handler: &Handler{Planner: p}, due: &events.DigestDueV1{}, at: morning, full: true}
	for n, urgency := range []string{"normal", "soon", ""} {
		a := found()
		a.Urgency, a.Kind = urgency, []string{"support", "volunteer", "support"}[n]
		h := hearing{reference: person(n), submitted: start, matched: morning, assessment: a, contact: amira(language)}
		made, err := p.plan(h)
		check(t, err)
		shares, _ := briefing.Shares(p.facts(), a.Told(0))
		g.told = append(g.told, gathered{
			waits: store.WaitingMail{Organization: "junta", Reference: h.reference, Mail: made.mails[0].ID}, remind: n == 2, planner: p, heard: h, share: shares[1],
		}, gathered{waits: store.WaitingMail{Organization: "ayto", Reference: h.reference}, planner: p, heard: h, share: shares[0]})
	}
	mail, err := g.write()
	check(t, err)
	return mail
}

func TestDigestsReadAsTheyShould(t *testing.T) {
	for _, language := range locale.Languages() {
		m := edition(t, language)
		if slices.Contains([]string{"es", "en", "ar", "it", "el"}, language) {
			golden(t, filepath.Join("testdata", language, "digest.txt"), "Subject: "+m.Subject+"\n\n"+m.Text)
			golden(t, filepath.Join("testdata", language, "digest.html"), m.HTML)
		}
		if missing := unsaidWords(m); missing != nil {
			t.Errorf("in %s: not said: %v", language, missing)
		}
		for _, banned := range []string{bird, "<img", "<script", locale.For(language).Code("legal_status", "asylum_seeker")} {
			if strings.Contains(m.HTML+m.Text, banned) {
				t.Errorf("in %s: holds %s", language, banned)
			}
		}
		if strings.Contains(m.HTML, "<básico>") || !strings.Contains(m.Text, "<básico>") {
			t.Errorf("in %s: words of the catalogue are not as they should be", language)
		}
		if m.Language != language || !strings.Contains(m.HTML, `dir="`+locale.For(language).Dir()+`"`) {
			t.Errorf("in %s: it is in %s", language, m.Language)
		}
		if diff := cmp.Diff(m, edition(t, language)); diff != "" {
			t.Errorf("in %s: not the same again:\n%s", language, diff)
		}
	}
}
