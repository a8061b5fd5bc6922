package catalogue

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/hsds"
)

// whereWrong is the field that each error of hsds.Service.Span is about.
var whereWrong = []struct {
	err  error
	path string
}{
	{hsds.ErrStart, "[0].dtstart"}, {hsds.ErrUntil, "[0].until"}, {hsds.ErrFreq, "[0].freq"}, {hsds.ErrOpens, "[0].opens_at"},
	{hsds.ErrCloses, "[0].closes_at"}, {hsds.ErrSchedules, ""},
}

// checkNeeds wants needs, by which people are matched, of all but what they choose by itself.
func checkNeeds(s *hsds.Service, wrong Report) {
	switch {
	case s.Chosen() && len(s.Immerse.Needs) > 0:
		wrong("needs", "people choose this by itself, and nobody is matched with it: leave it empty")
	case s.Event() != nil && !s.Chosen() && !slices.Contains(s.Immerse.Needs, codes.Participation):
		wrong("needs", "what people take part in serves the need %q", codes.Participation)
	case !s.Chosen() && len(s.Immerse.Needs) == 0:
		wrong("needs", "is empty")
	}
}

// checkEvent looks at what people take part in: when it is must be one moment for everybody.
func checkEvent(s *hsds.Service, wrong Report) {
	event, wrongEvent := s.Event(), wrong.under("immerse").under("event")
	if !slices.Contains(hsds.EventKinds, event.Kind) {
		wrongEvent("kind", "%q is none of %s", event.Kind, strings.Join(hsds.EventKinds, ", "))
	}
	span, dated, err := s.Span(time.UTC)
	for _, one := range whereWrong {
		if errors.Is(err, one.err) {
			wrong("schedules"+one.path, "%v", one.err)
			break
		}
	}
	by, notTime := time.Parse(time.RFC3339, event.RegisterBy)
	switch {
	case !dated && event.Kind == hsds.EventKind:
		wrong("schedules", "an event takes place at a time: it needs a schedule")
	case !dated && event.Registration:
		wrongEvent("registration", "only what has a schedule is registered for; people are matched with the others")
	case event.RegisterBy == "":
	case !event.Registration:
		wrongEvent("register_by", "nobody registers here")
	case notTime != nil:
		wrongEvent("register_by", "%q is not a time such as 2026-12-17T12:00:00+01:00", event.RegisterBy)
	case err == nil && by.After(span.End):
		wrongEvent("register_by", "is after the event")
	}
}
