package matching_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

// example is the event that operators can publish to try.
func example(t *testing.T) *hsds.Service {
	t.Helper()
	text, err := os.ReadFile("../../infra/immersectl/testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	event := new(hsds.Service)
	if err := json.Unmarshal(text, event); err != nil {
		t.Fatal(err)
	}
	return event
}

// Who registers is matched with that event alone, as any service is matched; nobody else is matched with it.
func TestARegistrationIsMatchedWithItsEventAlone(t *testing.T) {
	pack, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	event := example(t)
	changed := *pack
	changed.Services = append(append([]hsds.Service{}, pack.Services...), *event)
	source, err := match.SourceOf(&changed)
	if err != nil {
		t.Fatal(err)
	}
	inTime, closed := time.Date(2027, 6, 15, 9, 59, 0, 0, time.UTC), time.Date(2027, 6, 15, 10, 0, 0, 0, time.UTC)
	person := eligibility.Profile{
		Kind: codes.EventRegistration, Event: event.ID, Needs: []string{codes.Participation, "health"}, Residence: eligibility.Residence{Region: "ES-GR"},
	}
	found := match.Registration(source, event, person, inTime)
	if len(found.Matches) != 1 || found.Matches[0].Service != event.ID || found.Matches[0].Need != codes.Participation || found.Matches[0].Verdict != eligibility.True {
		t.Errorf("found %+v", found.Matches)
	}
	if found := match.Registration(source, event, person, closed); len(found.Matches)+len(found.Misses) > 0 {
		t.Errorf("after it closed: %+v", found)
	}
	away := person
	away.Residence.Region = "ES-B"
	if found := match.Registration(source, event, away, inTime); len(found.Matches) > 0 {
		t.Errorf("for people who live elsewhere: %+v", found)
	}
	if found := match.Registration(source, new(hsds.Service), person, inTime); len(found.Matches) > 0 {
		t.Errorf("with an event that nobody knows: %+v", found)
	}
	catalogue, err := match.New(source)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range match.NewLinear(catalogue).Match(person, inTime).Matches {
		if m.Service == event.ID {
			t.Error("who only says that they want to take part is signed up for a day")
		}
	}
}
