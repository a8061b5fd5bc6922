package events

const typeReferralDecidedV1 = typePrefix + "referral.decided.v1"

// What was done about a referral beside an authority's answer, whose step is its state: accepted, declined or done.
const (
	StepAsked     = "asked"     // a question to the person
	StepAnswered  = "answered"  // by the person: a question
	StepWithdrawn = "withdrawn" // by the person: the referral
)

// ReferralDecidedV1 says that an authority (by referral) or the person (by intake) did something about a referral, to notification. It is sent before that
// is written, so whoever reads it may find that it isn't there yet, or never came to be: the ledger's entry of the referral
// says (docs/decisions/0501). Reasons, outcomes and questions stay in the table.
type ReferralDecidedV1 struct {
	Country   string `json:"country"`         // ISO 3166-1 alpha-2
	Authority string `json:"authority"`       // id of the organization
	Round     int    `json:"round,omitempty"` // of matches that the referral is about
	Step      string `json:"step"`            // accepted, declined, done, or one of those above
	Act       string `json:"act"`             // id of what was done, as the entry has it; of an answered question: the question's
}

// EventType implements Payload.
func (ReferralDecidedV1) EventType() string { return typeReferralDecidedV1 }
