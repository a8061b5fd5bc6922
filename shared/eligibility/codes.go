package eligibility

// The codes of reasons. Every code has a sentence in every language, under "reason.<code>"; the comment gives the
// parameters. Where a rule has a range, min and max are whole numbers and at least one of them is there; the edge
// writes the three shapes ("18–65", "18 or more", "up to 65"). Lists are never empty.

// Why a person may use a service: what it asks for, and they meet.
const (
	ReasonOpenToAll              = "open_to_all"                // no parameters
	ReasonLegalStatusIs          = "legal_status_is"            // status: list of codes.LegalStatuses, any of them
	ReasonLegalStatusNot         = "legal_status_not"           // status: list of codes.LegalStatuses, none of them
	ReasonGenderIs               = "gender_is"                  // gender: list of codes.Genders, any of them
	ReasonAgeInRange             = "age_in_range"               // min, max: full years
	ReasonHasChildren            = "has_children"               // min: number of children, 1 or more
	ReasonChildrenInRange        = "children_in_range"          // min, max: number of children
	ReasonMonthsInCountryInRange = "months_in_country_in_range" // min, max: full months
	ReasonEducationInRange       = "education_in_range"         // min, max: ISCED level
	ReasonLanguageAtLeast        = "language_at_least"          // language: ISO 639 code; level: of codes.Levels
	ReasonLanguageAtMost         = "language_at_most"           // language: ISO 639 code; level: of codes.Levels
	ReasonSpeaks                 = "speaks"                     // language: list of ISO 639 codes, any of them
	ReasonOccupationIs           = "occupation_is"              // occupation: list of ISCO-08 codes, any of them
	ReasonRegistered             = "registered"                 // registration: list of codes.Registrations, all of them
)

// What is still to be checked.
const (
	ReasonToCheck = "to_check" // field: one of Fields
)

// Why a person may not use a service: the rule that they don't meet, with the same parameters as above.
const (
	ReasonLegalStatusNotListed      = "legal_status_not_listed"        // status
	ReasonLegalStatusExcluded       = "legal_status_excluded"          // status
	ReasonGenderNotListed           = "gender_not_listed"              // gender
	ReasonAgeOutOfRange             = "age_out_of_range"               // min, max
	ReasonChildrenOutOfRange        = "children_out_of_range"          // min, max
	ReasonMonthsInCountryOutOfRange = "months_in_country_out_of_range" // min, max
	ReasonEducationOutOfRange       = "education_out_of_range"         // min, max
	ReasonLanguageBelow             = "language_below"                 // language, level
	ReasonLanguageAbove             = "language_above"                 // language, level
	ReasonSpeaksNone                = "speaks_none"                    // language
	ReasonOccupationNotListed       = "occupation_not_listed"          // occupation
	ReasonNotRegistered             = "not_registered"                 // registration
)

// Facts about the offer that say nothing about the person's entitlement. Package match adds them, in this order.
const (
	ReasonInArea             = "in_area"               // area: ISO 3166-2 code of the service's area that holds the person's region
	ReasonOnline             = "online"                // no parameters
	ReasonSharedLanguage     = "shared_language"       // language: ISO 639 code
	ReasonPlacesAvailable    = "places_available"      // no parameters
	ReasonNoPlaces           = "no_places"             // no parameters
	ReasonLastChecked        = "last_checked"          // date: YYYY-MM-DD
	ReasonLastCheckedLongAgo = "last_checked_long_ago" // date: YYYY-MM-DD, over six months ago
	ReasonUnchecked          = "unchecked"             // no parameters
)

// ReasonCodes are all codes of reasons, in the order above. A code that is not here is never given out.
var ReasonCodes = []string{
	ReasonOpenToAll, ReasonLegalStatusIs, ReasonLegalStatusNot, ReasonGenderIs, ReasonAgeInRange, ReasonHasChildren,
	ReasonChildrenInRange, ReasonMonthsInCountryInRange, ReasonEducationInRange, ReasonLanguageAtLeast,
	ReasonLanguageAtMost, ReasonSpeaks, ReasonOccupationIs, ReasonRegistered,
	ReasonToCheck,
	ReasonLegalStatusNotListed, ReasonLegalStatusExcluded, ReasonGenderNotListed, ReasonAgeOutOfRange,
	ReasonChildrenOutOfRange, ReasonMonthsInCountryOutOfRange, ReasonEducationOutOfRange, ReasonLanguageBelow,
	ReasonLanguageAbove, ReasonSpeaksNone, ReasonOccupationNotListed, ReasonNotRegistered,
	ReasonInArea, ReasonOnline, ReasonSharedLanguage, ReasonPlacesAvailable, ReasonNoPlaces, ReasonLastChecked,
	ReasonLastCheckedLongAgo, ReasonUnchecked,
}
