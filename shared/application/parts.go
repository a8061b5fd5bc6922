package application

import "github.com/miict/immerse/shared/eligibility"

// A ContactPart is what notification reads to write to the person, and what an authority sees that accepts the case,
// when Sharing says so. It is sealed by itself.
type ContactPart struct {
	Contact  Contact `json:"contact,omitzero"`
	Language string  `json:"language"`
	Message  string  `json:"message,omitempty"`
	Sharing  bool    `json:"sharing,omitempty"`
	Updates  string  `json:"updates,omitempty"` // of codes.Updates; empty: codes.UpdatesDecisions
}

// Parts takes an application apart for sealing: what matching reads, which holds nothing to reach the person by, and the
// rest. Join puts it together again.
func (a Application) Parts() (eligibility.Profile, ContactPart) {
	profile := eligibility.Profile{
		Kind: a.Kind, Language: a.Language, Residence: a.Residence, LegalStatus: a.LegalStatus, BirthYear: a.BirthYear,
		Gender: a.Gender, Languages: a.Languages, Education: a.Education, Occupation: a.Occupation,
		Registrations: a.Registrations, Needs: a.Needs, Urgency: a.Urgency, Event: a.Event,
	}
	if a.Household != (Household{}) {
		profile.Household = &a.Household
	}
	return profile, ContactPart{Contact: a.Contact, Language: a.Language, Message: a.Message, Sharing: a.Consent.Sharing, Updates: a.Updates}
}

// Join makes an application of its parts and of the version of consent, which is kept in the clear. There is no
// application without consent to its processing.
func Join(profile eligibility.Profile, contact ContactPart, consentVersion string) Application {
	a := Application{
		Kind: profile.Kind, Residence: profile.Residence, LegalStatus: profile.LegalStatus, BirthYear: profile.BirthYear,
		Gender: profile.Gender, Languages: profile.Languages, Education: profile.Education, Occupation: profile.Occupation,
		Registrations: profile.Registrations, Needs: profile.Needs, Urgency: profile.Urgency, Event: profile.Event,
		Contact: contact.Contact, Language: contact.Language, Message: contact.Message, Updates: contact.Updates,
		Consent: Consent{Processing: true, Sharing: contact.Sharing, Version: consentVersion},
	}
	if profile.Household != nil {
		a.Household = *profile.Household
	}
	return a
}
