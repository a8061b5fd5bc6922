package events

import "time"

const typeApplicationMatchedV1 = typePrefix + "application.matched.v1"

// ApplicationMatchedV1 says that the matches of an application are written: matching to notification. What they are is
// personal data and stays sealed in the table.
type ApplicationMatchedV1 struct {
	Country     string    `json:"country"`      // ISO 3166-1 alpha-2
	SubmittedAt time.Time `json:"submitted_at"` // when the application was accepted: the clock of the delivery objective starts
	Catalogue   string    `json:"catalogue"`    // version of the catalogue and rules that the matches were made with
}

// EventType implements Payload.
func (ApplicationMatchedV1) EventType() string { return typeApplicationMatchedV1 }
