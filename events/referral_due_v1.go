package events

const typeReferralDueV1 = typePrefix + "referral.due.v1"

// What is due about a referral.
const (
	Remind   = "remind"   // the authority: the time to answer is nearly over
	Escalate = "escalate" // whoever is behind the authority: nobody has answered in time
	Lapse    = "lapse"    // the person: nobody has answered, and the referral has ended
	Close    = "close"    // the person: the authority accepted and told no outcome in time, and the referral has ended
	Fallback = "fallback" // whoever is behind the authority, at once: its mail came back for good
	Outcome  = "outcome"  // the authority: it accepted a while ago, and has not told what came of it
	EventDay = "event"    // the person: what they registered for is tomorrow
	NewLink  = "link"     // the authority: a link in place of one that is void
)

// ReferralDueV1 says that the time for something about a referral has come: followup, feedback of a fallback, or whoever voids or misses a
// link of one, to notification. Whoever reads it looks
// whether it still is: an answer may have come since.
type ReferralDueV1 struct {
	Country   string `json:"country"`         // ISO 3166-1 alpha-2
	Authority string `json:"authority"`       // id of the organization
	Round     int    `json:"round,omitempty"` // of matches that the referral is about
	What      string `json:"what"`            // remind, escalate, lapse, close, fallback, outcome, event or link
}

// EventType implements Payload.
func (ReferralDueV1) EventType() string { return typeReferralDueV1 }
