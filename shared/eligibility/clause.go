package eligibility

// Clause is one set of constraints that must all hold (design §8). An absent constraint (nil, or an empty list) asks
// for nothing. Its JSON is read strictly: see ParseClauses.
type Clause struct {
	// LegalStatus: the person's status is one of these.
	LegalStatus []string `json:"legal_status,omitempty"`
	// NotLegalStatus: the person's status is none of these.
	NotLegalStatus []string `json:"not_legal_status,omitempty"`
	// Gender: the person's gender is one of these.
	Gender []string `json:"gender,omitempty"`
	// Age in full years, taken as the year of submission less the year of birth.
	Age *Range `json:"age,omitempty"`
	// HouseholdChildren is the number of children in the household.
	HouseholdChildren *Range `json:"household_children,omitempty"`
	// MonthsInCountry in full months.
	MonthsInCountry *Range `json:"months_in_country,omitempty"`
	// Education as ISCED 2011 levels, 0 to 8.
	Education *Range `json:"education,omitempty"`
	// Languages asks for a level in each language named, by ISO 639 code.
	Languages map[string]LevelRange `json:"languages,omitempty"`
	// Speaks: the person speaks one of these at B1 or better.
	Speaks []string `json:"speaks,omitempty"`
	// Occupation: the person's occupation lies under one of these ISCO-08 codes.
	Occupation []string `json:"occupation,omitempty"`
	// Registrations: the person is in all of these registers.
	Registrations []string `json:"registrations,omitempty"`
}

// Range is a range of whole numbers, both ends included. A nil end is open.
type Range struct {
	Min *int `json:"min,omitempty"`
	Max *int `json:"max,omitempty"`
}

// LevelRange is a range of language levels (codes.Levels), both ends included. An empty end is open.
type LevelRange struct {
	Min string `json:"min,omitempty"`
	Max string `json:"max,omitempty"`
}
