package hsds

// Organization is an HSDS 3.1 organization. HSDS requires id, name and description.
type Organization struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	AlternateName string `json:"alternate_name,omitempty"`
	Description   string `json:"description"`
	Email         string `json:"email,omitempty"`
	Website       string `json:"website,omitempty"`
	// ParentOrganizationID is the id of the organization that this one is part of.
	ParentOrganizationID string `json:"parent_organization_id,omitempty"`
	// Immerse is our extension; nil on a foreign organization, which then gets no mail.
	Immerse *OrganizationExtension `json:"immerse,omitempty"`

	rest
}

// How an organization wants its mail.
const (
	DeliveryInstant = "instant" // one e-mail for each referral
	DeliveryDaily   = "daily"   // one digest a day
)

// Deliveries are the values of OrganizationExtension.Delivery.
var Deliveries = []string{DeliveryInstant, DeliveryDaily}

// OrganizationExtension is what Immerse adds to an organization, under "immerse". It is read strictly.
type OrganizationExtension struct {
	// Inbox is the e-mail address that referrals go to.
	Inbox string `json:"inbox"`
	// Fallback is the address that is written to when nobody answers at the inbox, or it is dead; empty: the parent
	// organization's inbox, if it has one.
	Fallback string `json:"fallback,omitempty"`
	// Language is the BCP 47 code of the language that mail to it is written in.
	Language string `json:"language"`
	// Delivery is one of Deliveries.
	Delivery string `json:"delivery"`
	// ResponseDays is how many working days it has to answer; 0 takes the country's.
	ResponseDays int `json:"response_days,omitempty"`
}
