// Package application holds what a person says when they ask for help: its shape (design §7), the definitions of its
// fields, and their reading from JSON or from a form with every problem named. The form pages are generated from the
// same definitions that the API validates with.
package application

import "github.com/miict/immerse/shared/eligibility"

// An Application is one filled-in form. Everything but kind, language, consent, region and needs may be left out; what
// is left out is absent, never a zero that could be taken for an answer.
type Application struct {
	Kind          string     `json:"kind"`
	Language      string     `json:"language"`
	Consent       Consent    `json:"consent"`
	Contact       Contact    `json:"contact,omitzero"`
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
	Updates       string     `json:"updates,omitempty"` // of codes.Updates
	Event         string     `json:"event,omitempty"`   // of a registration: the id of the service that takes place
	Message       string     `json:"message,omitempty"`
}

// Consent is what the person agreed to: Processing is required, Sharing lets an authority that accepts the case see the
// contact, Version names the text that was shown.
type Consent struct {
	Processing bool   `json:"processing"`
	Sharing    bool   `json:"sharing,omitempty"`
	Version    string `json:"version,omitempty"`
}

// Contact is how to reach the person, all of it optional.
type Contact struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// What matching reads is as package eligibility has it.
type (
	// Residence is where the person lives now. Region is an ISO 3166-2 code of the country's areas.
	Residence = eligibility.Residence
	// Household counts the people the person lives with, the person included among the adults.
	Household = eligibility.Household
	// Language is a language the person speaks, by ISO 639 code and CEFR level.
	Language = eligibility.LanguageSkill
)
