package events

const typeReferralUnmetV1 = typePrefix + "referral.unmet.v1"

// ReferralUnmetV1 says that a referral ended in a way after which another authority may help: notification to percolation,
// which looks whether that is so and finds the next-best service. It sends it to itself for as long as the application is
// busy with another round.
type ReferralUnmetV1 struct {
	Country   string `json:"country"`         // ISO 3166-1 alpha-2
	Authority string `json:"authority"`       // id of the organization that can't help
	Round     int    `json:"round,omitempty"` // of matches that the referral was about
	Tries     int    `json:"tries,omitempty"` // how often it was put off
}

// EventType implements Payload.
func (ReferralUnmetV1) EventType() string { return typeReferralUnmetV1 }
