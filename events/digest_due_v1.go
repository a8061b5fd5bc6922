package events

import "time"

const typeDigestDueV1 = typePrefix + "digest.due.v1"

// DigestDueV1 says that an authority that wants one mail a day is to get it: followup to notification. Whoever reads it looks what
// waits for it, and whether it went already.
type DigestDueV1 struct {
	Country   string    `json:"country"`           // ISO 3166-1 alpha-2
	Authority string    `json:"authority"`         // id of the organization
	Day       string    `json:"day"`               // "2026-11-23", in the country
	Part      int       `json:"part"`              // 1, or more when one mail could not hold all of a day
	Before    time.Time `json:"before"`            // what waits since then or later is for the next day
	AtOnce    bool      `json:"at_once,omitempty"` // whatever day it is: an operator catches up
}

// EventType implements Payload.
func (DigestDueV1) EventType() string { return typeDigestDueV1 }
