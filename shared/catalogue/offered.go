package catalogue

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
)

// Around is what the objects of a catalogue may refer to.
type Around struct {
	// Area tells whether an area of this code is known.
	Area func(code string) bool
	// Organization tells whether there is an organization of this id.
	Organization func(id string) bool
}

// MaxResponseDays is the longest that an authority may take to answer, in working days: beyond it, a reminder is no help
// to anybody.
const MaxResponseDays = 30

// CheckID wants a UUID, the only kind of id that our own objects have.
func CheckID(id string, wrong Report) {
	if !smallUUID.MatchString(id) {
		wrong("id", "%q is not a UUID in small letters", id)
	}
}

// CheckOrganization looks at an organization that gets mail.
func CheckOrganization(o *hsds.Organization, around Around, wrong Report) {
	required(wrong, "name", o.Name, "description", o.Description)
	if o.Website != "" && !webAddress(o.Website) {
		wrong("website", "%q is not a web address", o.Website)
	}
	if o.ParentOrganizationID != "" && !around.Organization(o.ParentOrganizationID) {
		wrong("parent_organization_id", "no organization %q", o.ParentOrganizationID)
	}
	if o.Immerse != nil {
		checkOrganizationExtension(o.Immerse, wrong.under("immerse"))
	}
}

func checkOrganizationExtension(x *hsds.OrganizationExtension, wrong Report) {
	if !address(x.Inbox) {
		wrong("inbox", "%q is not a bare e-mail address", x.Inbox)
	}
	if x.Fallback != "" && !address(x.Fallback) {
		wrong("fallback", "%q is not a bare e-mail address", x.Fallback)
	}
	checkLanguage(x.Language, "language", wrong)
	if !slices.Contains(hsds.Deliveries, x.Delivery) {
		wrong("delivery", "%q is none of %s", x.Delivery, strings.Join(hsds.Deliveries, ", "))
	}
	if x.ResponseDays < 0 || x.ResponseDays > MaxResponseDays {
		wrong("response_days", "%d is not from 0 to %d", x.ResponseDays, MaxResponseDays)
	}
}

// CheckService looks at a service that is offered to people: whatever is wrong here, matching would do something else
// than its author meant.
func CheckService(s *hsds.Service, around Around, wrong Report) {
	required(wrong, "name", s.Name)
	if !around.Organization(s.OrganizationID) {
		wrong("organization_id", "no organization %q", s.OrganizationID)
	}
	if !slices.Contains(hsds.Statuses, s.Status) {
		wrong("status", "%q is none of %s", s.Status, strings.Join(hsds.Statuses, ", "))
	}
	if s.URL != "" && !webAddress(s.URL) {
		wrong("url", "%q is not a web address", s.URL)
	}
	if _, ok := s.Assured(); s.AssuredDate != "" && !ok {
		wrong("assured_date", "%q is not a date", s.AssuredDate)
	}
	for i, language := range s.Languages {
		checkLanguage(language.Code, indexed("languages", i)+".code", wrong)
	}
	for i, capacity := range s.Capacities {
		available, maximum := capacity.Available, capacity.Maximum
		if available != nil && *available < 0 || maximum != nil && *maximum < 0 ||
			available != nil && maximum != nil && *available > *maximum {
			wrong(indexed("capacities", i), "available must be from 0 to maximum")
		}
	}
	if s.Immerse != nil {
		checkServiceExtension(s.Immerse, around, wrong.under("immerse"))
		checkNeeds(s, wrong.under("immerse"))
	}
	if s.Event() != nil {
		checkEvent(s, wrong)
	}
}

func checkServiceExtension(x *hsds.ServiceExtension, around Around, wrong Report) {
	for i, need := range x.Needs {
		if !slices.Contains(codes.Needs, need) {
			wrong(indexed("needs", i), "unknown need %q", need)
		}
		if slices.Contains(x.Needs[:i], need) {
			wrong(indexed("needs", i), "%q stands twice", need)
		}
	}
	if len(x.Areas) == 0 && !x.Online {
		wrong("areas", "is empty, and the service is not online")
	}
	for i, area := range x.Areas {
		if !around.Area(area) {
			wrong(indexed("areas", i), "unknown area %q", area)
		}
		if slices.Contains(x.Areas[:i], area) {
			wrong(indexed("areas", i), "%q stands twice", area)
		}
	}
	if !around.Organization(x.Authority) {
		wrong("authority", "no organization %q", x.Authority)
	}
	if math.IsNaN(x.Priority) || x.Priority < 0 || x.Priority > 1 {
		wrong("priority", "%v is not from 0 to 1", x.Priority)
	}
	for i := range x.Eligibility {
		checkClause(&x.Eligibility[i], wrong.under(indexed("eligibility", i)))
	}
}

// checkClause looks at a clause again: one that was made in Go has not been through the strict reader, which does not know
// which languages there are either.
func checkClause(clause *eligibility.Clause, wrong Report) {
	for _, problem := range eligibility.Problems(clause.Validate()) {
		wrong(problem.Path, "%s", problem.Text)
	}
	for _, code := range slices.Sorted(maps.Keys(clause.Languages)) {
		if languageCode.MatchString(code) { // else Validate has said so
			checkLanguage(code, "languages."+code, wrong)
		}
	}
	for i, code := range clause.Speaks {
		if languageCode.MatchString(code) {
			checkLanguage(code, indexed("speaks", i), wrong)
		}
	}
}

var languageCode = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// checkLanguage wants a code under which matching finds the language: people say "es", so that "spa" would be a language
// that nobody speaks.
func checkLanguage(code, path string, wrong Report) {
	if !languageCode.MatchString(code) {
		wrong(path, "%q is not a language code", code)
		return
	}
	main, _, _ := strings.Cut(code, "-")
	base, err := language.ParseBase(main)
	switch {
	case err != nil:
		wrong(path, "%q is not the code of a language", code)
	case base.String() != main && len(base.String()) < len(main):
		wrong(path, "%q is written %q: nobody would be found to speak it", code, base.String()+code[len(main):])
	}
}

// required wants a text in each of the fields given by name and value.
func required(wrong Report, namesAndValues ...string) {
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		if strings.TrimSpace(namesAndValues[i+1]) == "" {
			wrong(namesAndValues[i], "is empty")
		}
	}
}

func webAddress(text string) bool { return text != "" && hsds.WebAddress(text) == text }

// report makes problems of what is wrong with one record.
func (c *check) report(index int, refused bool) Report {
	r := &c.records[index]
	return func(path, format string, arguments ...any) {
		if c.said[place{index, path}] {
			return // the first thing said of a place is the gravest
		}
		c.said[place{index, path}] = true
		c.problems = append(c.problems, Problem{
			Record: index, Kind: r.Kind, Place: r.Place, ID: r.ID(), Path: path, Text: fmt.Sprintf(format, arguments...), Refused: refused,
		})
	}
}
