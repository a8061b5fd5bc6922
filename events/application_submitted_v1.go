package events

const (
	typePrefix                 = "eu.immerse."
	typeApplicationSubmittedV1 = typePrefix + "application.submitted.v1"
)

// ApplicationSubmittedV1 says that an application was handed in: intake to matching. It is sent before the application
// is written, so whoever reads it may find that it isn't there yet, or never came to be (docs/decisions/0501).
type ApplicationSubmittedV1 struct {
	Country string `json:"country"` // ISO 3166-1 alpha-2, such as "ES"
}

// EventType implements Payload.
func (ApplicationSubmittedV1) EventType() string { return typeApplicationSubmittedV1 }
