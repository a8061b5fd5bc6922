package application

// answers gives where each field's answer is kept, by the field's name. Adding a question means a field definition, a
// line here and its words in the locale files.
func (a *Application) answers() map[string]any {
	return map[string]any{
		"kind":                        &a.Kind,
		"language":                    &a.Language,
		"consent.processing":          &a.Consent.Processing,
		"consent.sharing":             &a.Consent.Sharing,
		"consent.version":             &a.Consent.Version,
		"contact.name":                &a.Contact.Name,
		"contact.email":               &a.Contact.Email,
		"contact.phone":               &a.Contact.Phone,
		"residence.region":            &a.Residence.Region,
		"residence.municipality":      &a.Residence.Municipality,
		"residence.months_in_country": &a.Residence.MonthsInCountry,
		"legal_status":                &a.LegalStatus,
		"birth_year":                  &a.BirthYear,
		"gender":                      &a.Gender,
		"household.adults":            &a.Household.Adults,
		"household.children":          &a.Household.Children,
		"languages":                   &a.Languages,
		"education":                   &a.Education,
		"occupation":                  &a.Occupation,
		"registrations":               &a.Registrations,
		"event":                       &a.Event,
		"needs":                       &a.Needs,
		"urgency":                     &a.Urgency,
		"updates":                     &a.Updates,
		"message":                     &a.Message,
	}
}
