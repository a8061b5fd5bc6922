package events

const typeApplicationWithdrawnV1 = typePrefix + "application.withdrawn.v1"

// ApplicationWithdrawnV1 says that a person takes an application back, or that it is erased: intake or the operator to notification. It is sent before that is
// written, so whoever reads it may find that it isn't there yet, or never came to be: the application says
// (docs/decisions/0501).
type ApplicationWithdrawnV1 struct {
	Country string `json:"country"` // ISO 3166-1 alpha-2
}

// EventType implements Payload.
func (ApplicationWithdrawnV1) EventType() string { return typeApplicationWithdrawnV1 }
