package notification

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// eve is a Tuesday morning in Madrid; the event is on the Wednesday, before the usual time to answer is over.
var eve = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

const meeting = `{"id":"meeting","name":"Tarde de encuentro","organization_id":"ayto","status":"active",
"schedules":[{"id":"x","dtstart":"2026-11-25","opens_at":"18:00+01:00","closes_at":"20:00+01:00"}],
"service_at_locations":[{"id":"x","location":{"name":"Sala","addresses":[{"address_1":"Calle 1","city":"Granada"}]}}],
"immerse":{"needs":[],"areas":["ES-GR"],"authority":"ayto","event":{"kind":"event","registration":true}}}`

func packWith(t *testing.T, service string) *country.Pack {
	t.Helper()
	pack := testPack("es")
	var s hsds.Service
	check(t, json.Unmarshal([]byte(service), &s))
	pack.Services = append(slices.Clone(pack.Services), s)
	return pack
}

// registered is a world in which somebody registered for the meeting, and was told so.
func registered(t *testing.T, contact application.ContactPart) *world {
	t.Helper()
	w := newWorld(t)
	w.handler.Catalogue = catalogue{"": published.OfPack(packWith(t, meeting))}
	w.submit(t, contact, assessment.Assessment{
		Kind: codes.EventRegistration, Region: "ES-GR", Result: match.Result{Catalogue: "v1", Misses: []match.Miss{}, Matches: []match.Match{
			{Service: "meeting", Need: "language", Verdict: eligibility.True, Missing: []string{}, Reasons: []eligibility.Reason{}},
		}},
	})
	w.runs(t, matched(t, reference))
	return w
}

func TestARegistrationSaysWhenAndWhereAndIsRemembered(t *testing.T) {
	w := registered(t, amira("en"))
	var receipt, authority string
	for _, in := range w.ses.taken {
		if mailID(in) == "receipt" {
			receipt = *in.Content.Simple.Body.Text.Data
		} else {
			authority = *in.Content.Simple.Body.Text.Data
		}
	}
	for _, want := range []string{"When: Wednesday 25/11/2026, 18:00 to 20:00", "Where: Sala, Calle 1, Granada", "/api/v1/events/meeting?lang=en"} {
		if !strings.Contains(receipt, want) {
			t.Errorf("the receipt lacks %q:\n%s", want, receipt)
		}
	}
	if !strings.Contains(authority, "Cuándo: miércoles 25/11/2026, de 18:00 a 20:00") || !strings.Contains(authority, "/referral/") || strings.Contains(authority, "canary") {
		t.Errorf("the organizer is told:\n%s", authority)
	}
	entry := w.application(t).Ledger.Mail(store.ReferralID("ayto", 0))
	if begins := time.Date(2026, 11, 25, 17, 0, 0, 0, time.UTC); !entry.Due.Equal(begins) {
		t.Errorf("the organizer may answer until %s, after it has begun", entry.Due)
	}
	var clocks []store.Clock
	for shard := range store.DueShards {
		page, _, err := w.store.Appointments(t.Context(), "ES", "2026-11-24", shard, "", 10)
		check(t, err)
		for _, a := range page {
			clocks = append(clocks, a.Clocks...)
		}
	}
	if len(clocks) != 1 || !clocks[0].Event.Equal(eve) {
		t.Errorf("on the day before, what is due is %+v", clocks)
	}
}

func TestPeopleAreRemindedOnceOfWhatIsAnnouncedNow(t *testing.T) {
	moved := strings.NewReplacer("18:00", "19:30", "20:00", "21:00").Replace(meeting)
	for name, c := range map[string]struct {
		now   string // the catalogue's service
		state referral.State
		want  []string
	}{
		"not answered": {meeting, "", []string{"Reminder: your event on Wednesday 25/11/2026", "The organizer has not answered yet.", "18:00 to 20:00", "Sala"}},
		"accepted":     {meeting, referral.Accepted, []string{"The organizer has said yes."}},
		"moved":        {moved, referral.Accepted, []string{"19:30 to 21:00"}},
		"called off":   {strings.Replace(meeting, `"active"`, `"inactive"`, 1), referral.Accepted, []string{"This is not announced any more."}},
		"declined":     {meeting, referral.Declined, nil},
	} {
		w := registered(t, amira("en"))
		w.handler.Catalogue = catalogue{"": published.OfPack(packWith(t, meeting)), "current": published.OfPack(packWith(t, c.now))}
		if c.state != "" {
			w.answers(t, c.state, map[referral.State]string{referral.Declined: "no_capacity"}[c.state])
		}
		w.at(eve)
		w.runs(t, dueMessage(t, events.EventDay), dueMessage(t, events.EventDay))
		if c.want == nil {
			w.last(t, 2)
			continue
		}
		subject, to, text := w.last(t, 3)
		if to != "canary.email@person.example" || strings.Contains(text, "canary") {
			t.Errorf("%s: to %s:\n%s", name, to, text)
		}
		for _, want := range c.want {
			if !strings.Contains(subject+text, want) {
				t.Errorf("%s: the reminder lacks %q:\n%s\n%s", name, want, subject, text)
			}
		}
	}
}

func TestNobodyIsRemindedWhoCannotOrDoesNotWantToBe(t *testing.T) {
	quiet, mute := amira("en"), amira("en")
	quiet.Updates, mute.Contact.Email = codes.UpdatesNone, ""
	for name, contact := range map[string]application.ContactPart{"no updates": quiet, "no address": mute} {
		w := registered(t, contact)
		before := len(w.ses.taken)
		w.at(eve)
		w.runs(t, dueMessage(t, events.EventDay))
		if len(w.ses.taken) != before {
			t.Errorf("%s: %v", name, w.ses.sent())
		}
	}
	late := registered(t, amira("en"))
	late.at(time.Date(2026, 11, 25, 17, 0, 0, 0, time.UTC)) // it has begun
	late.runs(t, dueMessage(t, events.EventDay))
	late.last(t, 2)
}
