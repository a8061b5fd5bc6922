package eligibility

// Profile is what matching sees of a person: the part of an application (design §7) without contact, consent and
// free text. Its JSON is exactly those fields of the application. A field that is absent was not said, and whatever
// depends on it is unknown; that is why numbers are pointers.
//
// A Profile is not validated here: values outside the code lists count as not said, and never cause a panic.
type Profile struct {
	// Kind is one of codes.Kinds.
	Kind string `json:"kind,omitempty"`
	// Language is the BCP 47 code of the language in which the form was filled in.
	Language string `json:"language,omitempty"`
	// Residence is where the person lives.
	Residence Residence `json:"residence"`
	// LegalStatus is one of codes.LegalStatuses; "", "undisclosed" and "other" make a constraint on it unknown.
	LegalStatus string `json:"legal_status,omitempty"`
	// BirthYear is a calendar year. Age is the year of submission less this one.
	BirthYear *int `json:"birth_year,omitempty"`
	// Gender is one of codes.Genders; "" and "undisclosed" make a constraint on it unknown.
	Gender string `json:"gender,omitempty"`
	// Household is who lives with the person; nil when nothing was said.
	Household *Household `json:"household,omitempty"`
	// Languages are the languages that the person speaks. An empty list is the same as none given: unknown. Once one
	// is given, a language that is not listed counts as A0.
	Languages []LanguageSkill `json:"languages,omitempty"`
	// Education is the highest ISCED 2011 level reached, 0 to 8.
	Education *int `json:"education,omitempty"`
	// Occupation is an ISCO-08 code of 1 to 4 digits; fewer digits are a less specific answer.
	Occupation string `json:"occupation,omitempty"`
	// Registrations are the public registers that the person is in. nil is not said; an empty list, or "none" alone,
	// says that there are none.
	Registrations []string `json:"registrations,omitzero"`
	// Needs are of codes.Needs, in the person's own order.
	Needs []string `json:"needs,omitempty"`
	// Urgency is one of codes.Urgencies.
	Urgency string `json:"urgency,omitempty"`
	// Event is the id of the service, with a date, that the person registers for; no rule looks at it.
	Event string `json:"event,omitempty"`
}

// Residence is where a person lives, and for how long in the country.
type Residence struct {
	// Region is an ISO 3166-2 code, at any depth ("ES-AN" or "ES-GR"), or the country's own code.
	Region string `json:"region"`
	// Municipality is free text; no rule looks at it.
	Municipality string `json:"municipality,omitempty"`
	// MonthsInCountry is in full months.
	MonthsInCountry *int `json:"months_in_country,omitempty"`
}

// Household counts people who live together, the person included among the adults.
type Household struct {
	Adults   *int `json:"adults,omitempty"`
	Children *int `json:"children,omitempty"`
}

// LanguageSkill is a language that a person speaks, and how well.
type LanguageSkill struct {
	// Code is a BCP 47 or ISO 639 code; only its primary subtag counts ("pt-BR" speaks "pt").
	Code string `json:"code"`
	// Level is one of codes.Levels; any other value makes what depends on it unknown.
	Level string `json:"level"`
}

// The names of a profile's fields as Missing and the reason "to_check" give them (design §7).
const (
	FieldLegalStatus     = "legal_status"
	FieldGender          = "gender"
	FieldBirthYear       = "birth_year"
	FieldChildren        = "household.children"
	FieldMonthsInCountry = "residence.months_in_country"
	FieldEducation       = "education"
	FieldLanguages       = "languages"
	FieldOccupation      = "occupation"
	FieldRegistrations   = "registrations"
)

// Fields are all the names that Missing can hold, sorted.
var Fields = []string{
	FieldBirthYear, FieldEducation, FieldGender, FieldChildren, FieldLanguages, FieldLegalStatus, FieldOccupation,
	FieldRegistrations, FieldMonthsInCountry,
}
