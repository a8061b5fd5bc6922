package application

// A ProfilePart is what matching reads: everything that decides about a match, under the names of design §7, and nothing
// to reach the person by. It is sealed by itself.
type ProfilePart struct {
	Kind          string     `json:"kind"`
	Residence     Residence  `json:"residence"`
	LegalStatus   string     `json:"legal_status,omitempty"`
	BirthYear     *int       `json:"birth_year,omitempty"`
	Gender        string     `json:"gender,omitempty"`
	Household     Household  `json:"household,omitzero"`
	Languages     []Language `json:"languages,omitempty"`
	Education     *int       `json:"education,omitempty"`
	Occupation    string     `json:"occupation,omitempty"`
	Registrations []string   `json:"registrations,omitzero"`
	Needs         []string   `json:"needs"`
	Urgency       string     `json:"urgency,omitempty"`
}

// A ContactPart is what notification reads to write to the person, and what an authority sees that accepts the case,
// when Sharing says so. It is sealed by itself.
type ContactPart struct {
	Contact  Contact `json:"contact,omitzero"`
	Language string  `json:"language"`
	Message  string  `json:"message,omitempty"`
	Sharing  bool    `json:"sharing,omitempty"`
}

// Parts takes an application apart for sealing. Join puts it together again.
func (a Application) Parts() (ProfilePart, ContactPart) {
	profile := ProfilePart{
		Kind: a.Kind, Residence: a.Residence, LegalStatus: a.LegalStatus, BirthYear: a.BirthYear, Gender: a.Gender,
		Household: a.Household, Languages: a.Languages, Education: a.Education, Occupation: a.Occupation,
		Registrations: a.Registrations, Needs: a.Needs, Urgency: a.Urgency,
	}
	return profile, ContactPart{Contact: a.Contact, Language: a.Language, Message: a.Message, Sharing: a.Consent.Sharing}
}

// Join makes an application of its parts and of the version of consent, which is kept in the clear. There is no
// application without consent to its processing.
func Join(profile ProfilePart, contact ContactPart, consentVersion string) Application {
	return Application{
		Kind: profile.Kind, Residence: profile.Residence, LegalStatus: profile.LegalStatus, BirthYear: profile.BirthYear,
		Gender: profile.Gender, Household: profile.Household, Languages: profile.Languages, Education: profile.Education,
		Occupation: profile.Occupation, Registrations: profile.Registrations, Needs: profile.Needs, Urgency: profile.Urgency,
		Contact: contact.Contact, Language: contact.Language, Message: contact.Message,
		Consent: Consent{Processing: true, Sharing: contact.Sharing, Version: consentVersion},
	}
}
