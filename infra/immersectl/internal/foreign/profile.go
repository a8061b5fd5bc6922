package foreign

import (
	"fmt"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
)

// Profile reads a person: the body of an application with an id beside it. An answer that can't be read counts as not
// said, so that it makes nobody eligible; what is no answer to a question of matching is passed over. Findings never quote
// an answer.
func Profile(data []byte) (id string, p eligibility.Profile, f Findings) {
	o, err := open(data, "", f.notSaid)
	if err != nil {
		f.problem("", "%v", err)
		return "", p, f
	}
	p = eligibility.Profile{
		Kind: o.text("kind"), Language: o.text("language"), LegalStatus: o.text("legal_status"), BirthYear: o.whole("birth_year"),
		Gender: o.text("gender"), Education: o.whole("education"), Occupation: o.text("occupation"),
		Registrations: o.texts("registrations"), Needs: o.texts("needs"), Languages: o.skills(), Urgency: o.text("urgency"),
	}
	if residence := o.object("residence"); residence != nil {
		p.Residence.Region = residence.text("region")
		p.Residence.MonthsInCountry = residence.whole("months_in_country")
	}
	if household := o.object("household"); household != nil {
		p.Household = &eligibility.Household{Children: household.whole("children")}
	}
	f.codes(p)
	return o.id(), p, f
}

func (f *Findings) notSaid(path, format string, arguments ...any) {
	f.note(path, format+"; it counts as not said", arguments...)
}

// id reads the name of a profile. A number is one too.
func (o *object) id() string {
	value, ok := o.members["id"]
	if ok && strings.Trim(string(value), "-0123456789") == "" {
		return string(value)
	}
	return o.text("id")
}

// skills reads the languages. If one can't be read, none count: the others would make the unread one A0.
func (o *object) skills() []eligibility.LanguageSkill {
	var skills []eligibility.LanguageSkill
	for i, entry := range o.list("languages") {
		path := fmt.Sprintf("languages[%d]", i)
		if isNull(entry) {
			continue
		}
		skill, err := open(entry, path, o.wrong)
		if err != nil {
			o.wrong("languages", "entry %d %v", i, err)
			return nil
		}
		if len(skill.names) == 0 {
			continue // an empty row of a form
		}
		code := skill.text("code")
		if code == "" {
			o.wrong("languages", "entry %d names no language", i)
			return nil
		}
		skills = append(skills, eligibility.LanguageSkill{Code: code, Level: skill.text("level")})
	}
	return skills
}

// codes notes answers outside the code lists, which decide nothing.
func (f *Findings) codes(p eligibility.Profile) {
	check := func(path, answer string, list []string) {
		if answer != "" && !slices.Contains(list, answer) {
			f.notSaid(path, "is not one of the codes")
		}
	}
	check("legal_status", p.LegalStatus, codes.LegalStatuses)
	check("gender", p.Gender, codes.Genders)
	for i, skill := range p.Languages {
		if skill.Level == "" {
			f.notSaid(fmt.Sprintf("languages[%d].level", i), "is missing")
		}
		check(fmt.Sprintf("languages[%d].level", i), skill.Level, codes.Levels)
	}
	if p.Occupation != "" && !codes.Occupation(p.Occupation) {
		f.notSaid("occupation", "is not an ISCO-08 code of 1 to 4 digits")
	}
	for i, need := range p.Needs {
		if !slices.Contains(codes.Needs, need) {
			f.note(fmt.Sprintf("needs[%d]", i), "is not one of the codes")
		}
	}
	for i, register := range p.Registrations {
		if !slices.Contains(codes.Registrations, register) {
			f.note(fmt.Sprintf("registrations[%d]", i), "is not one of the codes")
		}
	}
}
