package intake_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

func bearer(taken accepted) headers { return headers{"authorization": "Bearer " + taken.Secret} }

// matched does what matching does: it writes a sealed result, of one service that the pack has and one miss.
func (w *world) matched(taken accepted) {
	w.t.Helper()
	services := w.handler.Pack.Services
	w.settled(taken, assessment.Assessment{Region: "ES-GR", Result: match.Result{
		Matches: []match.Match{{
			Service: services[0].ID, Need: "health", Verdict: eligibility.Unknown, Missing: []string{"birth_year"},
			Reasons: []eligibility.Reason{{Code: "age_in_range", Params: eligibility.Params{"min": 18, "max": 65}}, {Code: "unchecked"}},
		}},
		Catalogue: "v1",
		Misses:    []match.Miss{{Service: services[1].ID, Need: "legal", Reasons: []eligibility.Reason{{Code: "age_out_of_range", Params: eligibility.Params{"min": 16}}}}},
	}}, store.Posting{Over: true, Mails: []store.Mail{
		{ID: "authority-" + services[0].Immerse.Authority, State: store.MailSent, At: at, Attempts: 1},
	}})
}

// settled seals a result as matching does and posts what notification did with it.
func (w *world) settled(taken accepted, found assessment.Assessment, posted store.Posting) {
	w.t.Helper()
	ctx := w.t.Context()
	stored, err := w.store.Application(ctx, taken.Reference)
	if err != nil {
		w.t.Fatal(err)
	}
	keys, err := w.store.Keys(ctx, stored.KeysID)
	if err != nil {
		w.t.Fatal(err)
	}
	person, err := w.vault.Ring(w.t, vault.Matching).Person(taken.Reference, keys)
	if err != nil {
		w.t.Fatal(err)
	}
	plain, err := found.Encode()
	if err != nil {
		w.t.Fatal(err)
	}
	sealed, err := person.Seal(vault.Result, plain)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.store.Matched(ctx, stored, sealed, store.Versions{Catalogue: "v1", Rules: "1-0"}, at, false); err != nil {
		w.t.Fatal(err)
	}
	claim := store.Claim{Reference: taken.Reference, Holder: "one", Until: at}
	if err := w.store.Claim(ctx, store.Ledger{}, claim, at, posted); err != nil {
		w.t.Fatal(err)
	}
}

func TestAPersonSeesWhatWasFoundAndWhy(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, strings.Replace(personal, `"ar", "consent"`, `"en", "consent"`, 1))
	w.matched(taken)
	answer := w.do("GET", path+"/"+strings.ToLower(taken.Reference), headers{"authorization": "bearer " + strings.ToLower(taken.Secret)}, "")
	got := decode[struct {
		State, Language string
		Needs           []string
		Matches, Misses []struct {
			Need, Service, Organization, URL, Verdict string
			Missing                                   []string
			Reasons                                   []struct {
				Code, Message string
				Params        map[string]any
			}
		}
	}](t, answer.Body)
	if answer.StatusCode != 200 || got.State != "matched" || got.Language != "en" || len(got.Matches) != 1 || len(got.Misses) != 1 {
		t.Fatalf("status %d: %s", answer.StatusCode, answer.Body)
	}
	found, service := got.Matches[0], w.handler.Pack.Services[0]
	if found.Service != service.Name || found.Organization == "" || found.URL == "" || found.Verdict != "check" || found.Missing[0] != "birth_year" {
		t.Errorf("match %+v", found)
	}
	if reason := found.Reasons[0]; reason.Code != "age_in_range" || !strings.Contains(reason.Message, "18") {
		t.Errorf("reason %+v", reason)
	}
	if got.Misses[0].Verdict != "no" || len(got.Misses[0].Reasons) != 1 {
		t.Errorf("miss %+v", got.Misses[0])
	}
}

// Whoever does not hold the secret learns nothing, not even whether there is such an application.
func TestUnknownReferenceAndWrongSecretAreAnsweredAlike(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, personal)
	trace := headers{"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
	for _, call := range []struct{ method, suffix string }{{"GET", ""}, {"DELETE", ""}, {"GET", "/export"}} {
		var answers []lambdaevents.APIGatewayV2HTTPResponse
		for _, reference := range []string{taken.Reference, "ES-0000-0000-0000", "nonsense"} {
			for _, secret := range []string{"0000-0000-0000-0000-0000", "short"} {
				given := trace.and(headers{"authorization": "Bearer " + secret})
				answers = append(answers, w.do(call.method, path+"/"+reference+call.suffix, given, ""))
			}
		}
		for _, answer := range answers {
			if answer.StatusCode != 404 || answer.Body != answers[0].Body || len(answer.Headers) != len(answers[0].Headers) {
				t.Errorf("%s %s: %d %s", call.method, call.suffix, answer.StatusCode, answer.Body)
			}
		}
		for _, header := range []string{"", "Basic eDp5", "Bearer", taken.Secret} {
			answer := w.do(call.method, path+"/"+taken.Reference+call.suffix, headers{"authorization": header}, "")
			if answer.StatusCode != 401 || answer.Headers["WWW-Authenticate"] != "Bearer" {
				t.Errorf("%s with %q: %d", call.method, header, answer.StatusCode)
			}
		}
	}
	w.mustOpen(taken)
}

func TestErasureIsCompleteAndMayBeAskedAgain(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, personal)
	w.matched(taken)
	for range 2 {
		if answer := w.do("DELETE", path+"/"+taken.Reference, bearer(taken), ""); answer.StatusCode != 204 || answer.Body != "" {
			t.Fatalf("status %d: %s", answer.StatusCode, answer.Body)
		}
	}
	w.mustBeErased(taken)
	if answer := w.do("GET", path+"/"+taken.Reference+"/export", bearer(taken), ""); answer.StatusCode != 410 {
		t.Errorf("export: %d", answer.StatusCode)
	}
	wrong := headers{"authorization": "Bearer 0000-0000-0000-0000-0000"}
	if answer := w.do("GET", path+"/"+taken.Reference, wrong, ""); answer.StatusCode != 404 {
		t.Errorf("with a wrong secret after erasure: %d", answer.StatusCode)
	}
	if got := strings.Count(w.log.String(), `"Erased":1`); got != 1 {
		t.Errorf("counted as erased %d times", got)
	}
}

func TestTheExportHoldsEverythingAndReadsBackAsTheApplication(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, personal)
	w.matched(taken)
	answer := w.do("GET", path+"/"+taken.Reference+"/export", bearer(taken), "")
	if answer.StatusCode != 200 || !strings.HasPrefix(answer.Headers["Content-Disposition"], "attachment;") {
		t.Fatalf("status %d, headers %v", answer.StatusCode, answer.Headers)
	}
	got := decode[struct {
		Application json.RawMessage
		Result      json.RawMessage
		Mails       []store.Mail
		Audit       []store.Audit
	}](t, answer.Body)
	if got.Result == nil || len(got.Mails) != 1 || len(got.Audit) != 3 {
		t.Errorf("mails %v, audit %v", got.Mails, got.Audit)
	}
	// What was exported is the application: sent again it is the same, field by field.
	again := decode[application.Application](t, string(got.Application))
	sent := decode[application.Application](t, personal)
	sent.Consent.Version = "2026-11"
	first, _ := json.Marshal(sent)
	second, _ := json.Marshal(again)
	if string(first) != string(second) {
		t.Errorf("sent     %s\nexported %s", first, second)
	}
}

func TestACaseThatIsNotMatchedYetIsShown(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, least)
	got := decode[map[string]any](t, w.do("GET", path+"/"+taken.Reference, bearer(taken), "").Body)
	if got["state"] != "received" || len(got["matches"].([]any)) != 0 || got["matched_at"] != nil {
		t.Errorf("got %v", got)
	}
}

// Names are those of the release that the match was made with; while it can't be reached, the page is shown all the same.
func TestServicesAreNamedByTheReleaseOfTheMatch(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, personal)
	w.matched(taken)
	show := func() string { return w.do("GET", path+"/"+taken.Reference, bearer(taken), "").Body }
	pack := w.handler.Pack
	renamed := *pack
	renamed.Services = slices.Clone(pack.Services)
	renamed.Services[0].Name = "Renamed since"
	w.facts[""] = published.OfPack(&renamed)
	if got := show(); !strings.Contains(got, "Renamed since") {
		t.Errorf("not of the release: %s", got)
	}
	delete(w.facts, "")
	name, err := json.Marshal(pack.Services[0].Name)
	if err != nil {
		t.Fatal(err)
	}
	if got := show(); !strings.Contains(got, string(name)) {
		t.Errorf("without the release: %s", got)
	}
}

// Each match is named by the release of its own round, whatever became of its service since; and the export says with what
// each was made.
func TestEachMatchIsNamedByTheReleaseOfItsRound(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, personal)
	w.matched(taken)
	ctx, pack := w.t.Context(), w.handler.Pack
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	stored, err := w.store.Application(ctx, taken.Reference)
	must(err)
	must(w.store.Claim(ctx, stored.Ledger, store.Claim{Reference: taken.Reference, Holder: "two", Until: at}, at.Add(time.Hour), store.Posting{Over: true, Notified: &store.HandOver{At: at}}))
	stored, err = w.store.Application(ctx, taken.Reference)
	must(err)
	keys, err := w.store.Keys(ctx, stored.KeysID)
	must(err)
	person, err := w.vault.Ring(t, vault.Matching).Person(taken.Reference, keys)
	must(err)
	a, err := assessment.Open(person, stored.Result)
	must(err)
	a.Add(match.Match{Service: "brand-new", Need: "health", Reasons: []eligibility.Reason{}}, stored.Needs, 1)
	a.Record(assessment.Made{Round: 1, Catalogue: "v2", Rules: "2", Snapshot: "release-2"})
	packed, err := a.Encode()
	must(err)
	sealed, err := person.Seal(vault.Result, packed)
	must(err)
	must(w.store.MatchedAgain(ctx, stored, store.Addition{Result: sealed, Made: store.Versions{Catalogue: "v2", Rules: "2"}, At: at}))
	newer := *pack
	newer.Services = []hsds.Service{pack.Services[0]}
	newer.Services[0].ID, newer.Services[0].Name = "brand-new", "Brand new clinic" // the first one's is gone
	w.facts["release-2"] = published.OfPack(&newer)
	shown := w.do("GET", path+"/"+taken.Reference+"/export", bearer(taken), "").Body
	got := decode[struct {
		Matches []struct{ Service string }
		Result  assessment.Assessment
		Audit   []store.Audit
	}](t, shown)
	var names []string
	for _, m := range got.Matches {
		names = append(names, m.Service)
	}
	slices.Sort(names)
	want := []string{"Brand new clinic", pack.Services[0].Name}
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("named %v, want %v", names, want)
	}
	if got.Result.MadeWith(0).Catalogue != "v1" || got.Result.MadeWith(1).Snapshot != "release-2" {
		t.Errorf("made with %+v, then %+v", got.Result.MadeWith(0), got.Result.MadeWith(1))
	}
	for _, action := range []string{"matched:catalogue=v1,rules=1-0", "matched_again:round=1,catalogue=v2,rules=2"} {
		if !slices.ContainsFunc(got.Audit, func(entry store.Audit) bool { return entry.Action == action }) {
			t.Errorf("the trail lacks %s: %+v", action, got.Audit)
		}
	}
}
