package eligibility

// The facts as whoever looks people up by them needs them: what was said, and whether anything was.

// LegalStatus gives the legal status; "" when none that decides anything was said.
func (f *Facts) LegalStatus() string { return f.legalStatus }

// Gender gives the gender; "" when none that decides anything was said.
func (f *Facts) Gender() string { return f.gender }

// Age gives the age in full years; said is false when it is not known.
func (f *Facts) Age() (years int, said bool) { return f.age.value, f.age.said }

// Children gives the number of children in the household; said is false when it is not known.
func (f *Facts) Children() (number int, said bool) { return f.children.value, f.children.said }

// MonthsInCountry gives the full months; said is false when they are not known.
func (f *Facts) MonthsInCountry() (months int, said bool) { return f.months.value, f.months.said }

// Occupation gives the ISCO-08 code of 1 to 4 digits; "" when none was said.
func (f *Facts) Occupation() string { return f.occupation }

// Registrations gives the registers; said is false when nothing was said. The caller must not change them.
func (f *Facts) Registrations() (registers []string, said bool) {
	return f.registrations, f.registrationsSaid
}

// Languages gives the primary subtags of the languages that were named, in no order; nil when none was. Level gives the
// level of each.
func (f *Facts) Languages() []string {
	var named []string
	for i := range f.levels {
		named = append(named, f.levels[i].code)
	}
	return named
}
