package application

import (
	"slices"

	"github.com/miict/immerse/shared/codes"
)

// A Kind of field says how it is asked, read and checked.
type Kind string

// The kinds of field.
const (
	Text      Kind = "text"      // one line
	LongText  Kind = "long_text" // may have line breaks
	Email     Kind = "email"
	Phone     Kind = "phone"
	Whole     Kind = "whole"     // a whole number from Min to Max
	Choice    Kind = "choice"    // one of Codes
	Choices   Kind = "choices"   // any of Codes
	Agreement Kind = "agreement" // yes or not
	Languages Kind = "languages" // pairs of an ISO 639 code and a CEFR level
)

// A Format is what a Text must be, where that is more than its length.
type Format string

// The formats.
const (
	ISCO08  Format = "isco-08" // an occupation, 1 to 4 digits
	Version Format = "version" // a year and a month: 2026-11
	UUID    Format = "uuid"    // in small letters, as the catalogue has ids
)

// A Field defines one question: how it is named in JSON (dotted) and in a form, what may be answered. Parts says who may read it.
// Its words are in the locale files: "field.<Name>" (label), "field.<Name>.hint", and "<List>.<code>" for each code.
type Field struct {
	Name     string
	Kind     Kind
	Format   Format   // of a Text
	Group    string   // the question group it is asked in
	Kinds    []string // the kinds of application whose form asks it; all of them when empty. The API takes it with every kind
	Required bool
	Codes    []string // the closed list of answers of a Choice or Choices
	List     string   // the code list's name in the locale files
	Open     bool     // of a Choice of language: Codes are those offered, any other BCP 47 tag is accepted too
	Min, Max int      // bounds of a Whole; Max is the most characters of a text, and the most entries of a list

	Autocomplete string // HTML autocomplete token (WCAG 1.3.5)
	InputMode    string // HTML inputmode
}

// AskedFor tells whether the form of a kind of application asks this.
func (f Field) AskedFor(kind string) bool { return len(f.Kinds) == 0 || slices.Contains(f.Kinds, kind) }

// Which kinds ask what matters to only some: nobody who offers help is asked how urgent it is, or for their papers.
var (
	helped  = []string{codes.Support}
	seeking = []string{codes.Support, codes.ExpertQuestion}
	working = []string{codes.Support, codes.Volunteer}
	ofAge   = []string{codes.Support, codes.ExpertQuestion, codes.Volunteer}
)

// Groups are the question groups, in the order in which they are asked.
var Groups = []string{"needs", "place", "you", "skills", "contact", "consent"}

// Fields defines the form for a country whose regions (ISO 3166-2 codes, in the order to offer) and site languages are
// given; year is the current one, the latest possible birth year.
func Fields(regions, languages []string, year int) []Field {
	return slices.Concat(needFields(), placeFields(regions), youFields(year), skillFields(), contactFields(languages), consentFields())
}

// FieldEvent names the field that holds the event of a registration: chosen on the event's page, and asked nowhere.
const FieldEvent = "event"

func needFields() []Field {
	return []Field{
		{Name: "kind", Kind: Choice, Group: "needs", Required: true, Codes: codes.Kinds, List: "kind"},
		{Name: FieldEvent, Kind: Text, Format: UUID, Group: "needs", Kinds: []string{codes.EventRegistration}, Max: 36},
		{Name: "needs", Kind: Choices, Group: "needs", Required: true, Codes: codes.Needs, List: "need", Max: len(codes.Needs)},
		{Name: "urgency", Kind: Choice, Group: "needs", Kinds: seeking, Codes: codes.Urgencies, List: "urgency"},
		{Name: "message", Kind: LongText, Group: "needs", Max: 2000},
	}
}

func placeFields(regions []string) []Field {
	return []Field{
		{Name: "residence.region", Kind: Choice, Group: "place", Required: true, Codes: regions, List: "region", Autocomplete: "address-level1"},
		{Name: "residence.municipality", Kind: Text, Group: "place", Max: 100, Autocomplete: "address-level2"},
		{Name: "residence.months_in_country", Kind: Whole, Group: "place", Kinds: seeking, Min: 0, Max: 1200, InputMode: "numeric"},
	}
}

func youFields(year int) []Field {
	return []Field{
		{Name: "legal_status", Kind: Choice, Group: "you", Kinds: seeking, Codes: codes.LegalStatuses, List: "legal_status"},
		{Name: "birth_year", Kind: Whole, Group: "you", Kinds: ofAge, Min: year - 120, Max: year, Autocomplete: "bday-year", InputMode: "numeric"},
		{Name: "gender", Kind: Choice, Group: "you", Kinds: helped, Codes: codes.Genders, List: "gender", Autocomplete: "sex"},
		{Name: "household.adults", Kind: Whole, Group: "you", Kinds: helped, Min: 1, Max: 30, InputMode: "numeric"},
		{Name: "household.children", Kind: Whole, Group: "you", Kinds: helped, Min: 0, Max: 30, InputMode: "numeric"},
		{Name: "registrations", Kind: Choices, Group: "you", Kinds: helped, Codes: codes.Registrations, List: "registration", Max: len(codes.Registrations)},
	}
}

func skillFields() []Field {
	return []Field{
		{Name: "languages", Kind: Languages, Group: "skills", Codes: codes.Levels, List: "level", Max: 10},
		{Name: "education", Kind: Whole, Group: "skills", Kinds: working, Min: codes.EducationMin, Max: codes.EducationMax, List: "education", InputMode: "numeric"},
		{Name: "occupation", Kind: Text, Format: ISCO08, Group: "skills", Kinds: working, Max: 4, InputMode: "numeric"},
	}
}

func contactFields(languages []string) []Field {
	return []Field{
		{Name: "language", Kind: Choice, Group: "contact", Required: true, Codes: languages, List: "language", Open: true},
		{Name: "contact.name", Kind: Text, Group: "contact", Max: 100, Autocomplete: "name"},
		{Name: "contact.email", Kind: Email, Group: "contact", Max: 254, Autocomplete: "email", InputMode: "email"},
		{Name: "contact.phone", Kind: Phone, Group: "contact", Max: 20, Autocomplete: "tel", InputMode: "tel"},
		{Name: "updates", Kind: Choice, Group: "contact", Codes: codes.Updates, List: "updates"},
	}
}

func consentFields() []Field {
	return []Field{
		{Name: "consent.processing", Kind: Agreement, Group: "consent", Required: true},
		{Name: "consent.sharing", Kind: Agreement, Group: "consent"},
		{Name: "consent.version", Kind: Text, Format: Version, Group: "consent", Max: 20},
	}
}
