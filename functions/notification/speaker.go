package notification

import (
	"time"

	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/match"
)

// A speaker says the words of a mail to the person in their language.
type speaker struct{ *locale.Printer }

// sayToPerson speaks the language that the person asked for. If there are no words in it, English is said: who writes
// in Turkish is more likely to read it than the country's language (decision 0402). Who asked for none is written to in
// the country's first.
func sayToPerson(language string, official []string) speaker {
	if language != "" {
		return speaker{locale.For(locale.Negotiate(language, "", locale.Default))}
	}
	return speaker{briefing.Speak("", official).Printer}
}

// verdictForPerson says how a match stands. Anything but eligible is to be checked.
func (s speaker) verdictForPerson(m match.Match) string {
	if m.Verdict == eligibility.True {
		return s.T("mail.receipt.eligible")
	}
	return s.T("mail.receipt.check", "fields", s.Fields(m.Missing))
}

// reason says a reason; the names of areas are the pack's to give.
func (p Planner) reason(say speaker, reason eligibility.Reason) string {
	return say.Reason(reason.Code, p.Pack.NameAreas(reason.Params, say.Lang()))
}

// day is a date as people in the country had it.
func (p Planner) day(say *locale.Printer, at time.Time) string {
	if zone, err := p.Pack.Location(); err == nil {
		at = at.In(zone)
	}
	return say.Date(at)
}
