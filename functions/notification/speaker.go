package notification

import (
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/match"
)

// A speaker says the words of a mail in its reader's language.
type speaker struct{ *locale.Printer }

// sayToPerson speaks the language that the person asked for. If there are no words in it, English is said: who writes
// in Turkish is more likely to read it than the country's language (decision 0402). Who asked for none is written to in
// the country's first.
func sayToPerson(language string, official []string) speaker {
	if language != "" {
		return speaker{locale.For(locale.Negotiate(language, "", locale.Default))}
	}
	return sayToAuthority("", official)
}

// sayToAuthority speaks the organization's language, else the first of the country's that there are words in, else
// English.
func sayToAuthority(language string, official []string) speaker {
	for _, wanted := range append([]string{language}, official...) {
		if locale.Known(wanted) {
			return speaker{locale.For(wanted)}
		}
	}
	return speaker{locale.For(locale.Default)}
}

// kindOf is what the person wants to do. A result of an earlier release doesn't say, and there was support only.
func kindOf(a assessment.Assessment) string {
	if slices.Contains(codes.Kinds, a.Kind) {
		return a.Kind
	}
	return codes.Kinds[0]
}

// toAuthority says a code of a list as somebody says it who speaks about the person, where that is another word.
func (s speaker) toAuthority(list, code string) string {
	if key := "mail.authority." + list + "." + code; s.Has(key) {
		return s.T(key)
	}
	return s.Code(list, code)
}

// needs says several needs to an authority, in the order given.
func (s speaker) needs(needs []string) string {
	words := make([]string, 0, len(needs))
	for _, need := range needs {
		words = append(words, s.toAuthority("need", need))
	}
	return strings.Join(words, s.T("list.comma"))
}

// languages says what a person speaks and how well: "Arabic (own language), Spanish (A1)".
func (s speaker) languages(spoken []application.Language) string {
	if len(spoken) == 0 {
		return s.T("mail.authority.languages.unknown")
	}
	words := make([]string, 0, len(spoken))
	for _, one := range spoken {
		words = append(words, s.T("mail.authority.language", "language", s.Language(one.Code), "level", s.Level(one.Level)))
	}
	return strings.Join(words, s.T("list.comma"))
}

func (s speaker) urgency(code string) string {
	if code == "" {
		return s.T("mail.authority.urgency.unknown")
	}
	return s.Code("urgency", code)
}

// verdictForPerson says how a match stands. Anything but eligible is to be checked.
func (s speaker) verdictForPerson(m match.Match) string {
	if m.Verdict == eligibility.True {
		return s.T("mail.receipt.eligible")
	}
	return s.T("mail.receipt.check", "fields", s.Fields(m.Missing))
}

// verdictForAuthority says the same to somebody who reads about the person.
func (s speaker) verdictForAuthority(m match.Match) string {
	if m.Verdict == eligibility.True {
		return s.T("mail.authority.eligible")
	}
	fields := make([]string, 0, len(m.Missing))
	for _, field := range m.Missing {
		fields = append(fields, s.toAuthority("field", field))
	}
	return s.T("mail.authority.check", "fields", s.List(fields, "list.and"))
}

// reason says a reason; the names of areas are the pack's to give.
func (p Planner) reason(say speaker, reason eligibility.Reason) string {
	return say.Reason(reason.Code, p.Pack.NameAreas(reason.Params, say.Lang()))
}

// reasonForAuthority says a reason to the organization that it is about.
func (p Planner) reasonForAuthority(say speaker, reason eligibility.Reason) string {
	if key := "mail.authority.reason." + reason.Code; say.Has(key) {
		return say.ReasonAs(key, reason.Code, p.Pack.NameAreas(reason.Params, say.Lang()))
	}
	return p.reason(say, reason)
}

// aboutEntry tells the reasons that say how far an entry can be relied on from those that say why it fits.
func aboutEntry(reason eligibility.Reason) bool {
	switch reason.Code {
	case eligibility.ReasonLastChecked, eligibility.ReasonLastCheckedLongAgo, eligibility.ReasonNoPlaces:
		return true
	}
	return false
}

// day is a date as people in the country had it.
func (p Planner) day(say speaker, at time.Time) string {
	if zone, err := p.Pack.Location(); err == nil {
		at = at.In(zone)
	}
	return say.Date(at)
}
