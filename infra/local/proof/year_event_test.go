package proof

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/store"
)

const (
	// eventOn is a Monday: the day before is one on which nobody else is written to.
	eventOn    = "2026-06-15"
	registerOn = "2026-06-08"
)

// announce puts the example of an event into the country's catalogue, organized by somebody who gets each mail at once.
func (y *year) announce() {
	text, err := os.ReadFile("../../immersectl/testdata/event.json")
	ok(y.t, err)
	day, err := time.ParseInLocation(time.DateOnly, eventOn, y.zone)
	ok(y.t, err)
	var event hsds.Service
	ok(y.t, json.Unmarshal([]byte(strings.NewReplacer(
		"2027-06-16", eventOn, "2027-06-15", day.AddDate(0, 0, -2).Format(time.DateOnly), "2026-11-20", "2026-01-01", "+02:00", day.Format("-07:00"),
	).Replace(string(text))), &event))
	for i, o := range y.pack.Organizations {
		if i%9 == 1 && o.Immerse != nil && o.Immerse.Inbox != "" && o.Immerse.Delivery != hsds.DeliveryDaily {
			own := *event.Immerse
			own.Authority, own.Areas = o.ID, []string{y.somewhere()}
			event.Immerse, event.OrganizationID = &own, o.ID
			y.pack.Services = append(y.pack.Services, event)
			y.event = event.ID
			return
		}
	}
	y.t.Fatalf("%s: nobody organizes the event", y.pack.Code)
}

// somewhere is a region of the country.
func (y *year) somewhere() string {
	areas := y.pack.Areas.All()
	return areas[len(areas)-1].Code
}

// register is four people who register for the event, of whom one wants no news.
func (y *year) register() {
	for n, updates := range []string{"", "", codes.UpdatesNone, ""} {
		c := &simulated{submitted: y.now, region: y.somewhere(), updates: updates, registered: true}
		form := map[string]any{
			"kind": codes.EventRegistration, "event": y.event, "language": "en", "consent": map[string]any{"processing": true, "sharing": true},
			"contact": map[string]any{"email": fmt.Sprintf("guest-%d@person.example", n)}, "residence": map[string]any{"region": c.region},
		}
		if updates != "" {
			form["updates"] = updates
		}
		y.hand(c, form, fmt.Sprint("registration ", n))
	}
}

// eve promises a reminder on the day before to who registered, unless they wanted none or it was over by then.
func (y *year) eve(c *simulated, mail store.Mail, final bool) {
	day, err := time.ParseInLocation(time.DateOnly, eventOn, y.zone)
	ok(y.t, err)
	eve := day.AddDate(0, 0, -1)
	id := mail.Follow(events.EventDay)
	if !c.tells() || final && !mail.Answer.At.After(eve.Add(9*time.Hour)) {
		y.promiseOn(c.reference, id, "never")
		return
	}
	y.promise(c.reference, id)
	y.promiseOn(c.reference, id, eve.Format(time.DateOnly))
}
