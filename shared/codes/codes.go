// Package codes holds the closed code lists that every part of Immerse agrees on: what an application may say
// (design §7) and what a service may ask for (design §8). A code is what travels and is stored; the words that people
// read for it are in the locale files, under "<list>.<code>".
package codes

import "slices"

// The kinds of application.
const (
	Support           = "support"
	ExpertQuestion    = "expert_question"
	Volunteer         = "volunteer"
	EventRegistration = "event_registration"
)

// Kinds are the kinds of application, in the order in which they are offered.
var Kinds = []string{Support, ExpertQuestion, Volunteer, EventRegistration}

// Seeking are the kinds of application for which another authority is asked when one can't help: who registers for an event or
// offers help meant that one, or is told of what else there is.
var Seeking = []string{Support, ExpertQuestion}

// Participation is the need that events, consultations and councils serve.
const Participation = "participation"

// Needs are the eleven fields of need, in the order in which a form offers them.
var Needs = []string{
	"accommodation", "health", "legal", "language", "employment", "training", "education",
	"social_security", "mobility", "social_integration", Participation,
}

// Legal statuses that say nothing about entitlement: a constraint on the status is then unknown, never false.
const (
	Undisclosed = "undisclosed"
	Other       = "other"
)

// LegalStatuses are the legal statuses a person can give.
var LegalStatuses = []string{
	"asylum_seeker", "refugee", "subsidiary_protection", "temporary_protection", "resident", "family_member",
	"undocumented", "eu_citizen", Other, Undisclosed,
}

// Genders are the genders a person can give; Undisclosed counts as not said.
var Genders = []string{"female", "male", "non_binary", Undisclosed}

// Urgencies say how soon help is needed, the most urgent first.
var Urgencies = []string{"no_shelter", "child_alone", "urgent", "soon", "normal"}

// today are the urgencies that can't wait for tomorrow: nowhere to sleep tonight, a child without care, or "now" (decision 2001).
var today = []string{"no_shelter", "child_alone", "urgent"}

// Urgent tells whether an urgency can't wait: such a case is worked on before all others.
func Urgent(urgency string) bool { return slices.Contains(today, urgency) }

// Of which turns of their case people are told by e-mail: of each; when somebody decides or asks them something, which is
// meant when nothing is said; of none after the receipt.
const (
	UpdatesEvery     = "every"
	UpdatesDecisions = "decisions"
	UpdatesNone      = "none"
)

// Updates are all of them.
var Updates = []string{UpdatesEvery, UpdatesDecisions, UpdatesNone}

// None is the registration that says "I have none of these", so that a form can tell that from no answer.
const None = "none"

// Registrations are the public registers a person can be in.
var Registrations = []string{
	"municipal_register", "public_employment_service", "health_card", "tax_number", "social_security_number",
	"asylum_office", "school_enrolment", None,
}

// Levels are the CEFR levels of a language with A0 (none) below and native above, in ascending order.
var Levels = []string{"A0", "A1", "A2", "B1", "B2", "C1", "C2", "native"}

// Level gives the rank of a language level, 0 for A0 up to 7 for native; ok is false for an unknown one.
func Level(level string) (rank int, ok bool) {
	rank = slices.Index(Levels, level)
	return rank, rank >= 0
}

// Bounds of the numeric answers, inclusive.
const (
	EducationMin = 0 // ISCED 2011
	EducationMax = 8
)

// Occupation tells whether code is an ISCO-08 code of 1 to 4 digits (ESCO's own hierarchy). The first digit is one of
// ISCO's ten major groups, 0 to 9, so every digit string of that length names a possible group.
func Occupation(code string) bool {
	if len(code) < 1 || len(code) > 4 {
		return false
	}
	for _, digit := range code {
		if digit < '0' || digit > '9' {
			return false
		}
	}
	return true
}
