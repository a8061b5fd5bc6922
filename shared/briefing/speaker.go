package briefing

import (
	"strings"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/match"
)

// A Speaker says things as somebody says them who speaks to an authority about a person.
type Speaker struct{ *locale.Printer }

// Speak speaks the organization's language, else the first of the country's that there are words in, else English.
func Speak(language string, official []string) Speaker {
	for _, wanted := range append([]string{language}, official...) {
		if locale.Known(wanted) {
			return Speaker{locale.For(wanted)}
		}
	}
	return Speaker{locale.For(locale.Default)}
}

// code says a code of a list, where need be with another word than the person reads.
func (s Speaker) code(list, code string) string {
	if key := "mail.authority." + list + "." + code; s.Has(key) {
		return s.T(key)
	}
	return s.Code(list, code)
}

// Needs says several needs, in the order given.
func (s Speaker) Needs(needs []string) string {
	words := make([]string, 0, len(needs))
	for _, need := range needs {
		words = append(words, s.code("need", need))
	}
	return strings.Join(words, s.T("list.comma"))
}

// languages says what a person speaks and how well: "Arabic (own language), Spanish (A1)".
func (s Speaker) languages(spoken []application.Language) string {
	if len(spoken) == 0 {
		return s.T("mail.authority.languages.unknown")
	}
	words := make([]string, 0, len(spoken))
	for _, one := range spoken {
		words = append(words, s.T("mail.authority.language", "language", s.Language(one.Code), "level", s.Level(one.Level)))
	}
	return strings.Join(words, s.T("list.comma"))
}

func (s Speaker) urgency(code string) string {
	if code == "" {
		return s.T("mail.authority.urgency.unknown")
	}
	return s.Code("urgency", code)
}

// verdict says how a match stands. Anything but eligible is to be checked.
func (s Speaker) verdict(m match.Match) string {
	if m.Verdict == eligibility.True {
		return s.T("mail.authority.eligible")
	}
	fields := make([]string, 0, len(m.Missing))
	for _, field := range m.Missing {
		fields = append(fields, s.code("field", field))
	}
	return s.T("mail.authority.check", "fields", s.List(fields, "list.and"))
}

// reason says a reason to the organization that it is about.
func (s Speaker) reason(pack *country.Pack, reason eligibility.Reason) string {
	params := pack.NameAreas(reason.Params, s.Lang())
	if key := "mail.authority.reason." + reason.Code; s.Has(key) {
		return s.ReasonAs(key, reason.Code, params)
	}
	return s.Reason(reason.Code, params)
}
