package country

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/hsds"
)

// maxResponseDays is the longest that an authority may take to answer, in working days: beyond it, a reminder is no
// help to anybody.
const maxResponseDays = 30

// idOf names an object in a problem.
func idOf(id string, index int) string {
	if id == "" {
		return fmt.Sprintf("[%d]", index)
	}
	return id
}

func (p *Pack) checkOrganizations(problems *Problems) {
	seen := make(map[string]bool, len(p.Organizations))
	for i := range p.Organizations {
		o := &p.Organizations[i]
		wrong := func(path, format string, arguments ...any) {
			problems.add(organizationsFile, idOf(o.ID, i), path, format, arguments...)
		}
		checkID(o.ID, seen, wrong)
		required(wrong, "name", o.Name, "description", o.Description)
		if o.Website != "" && !webAddress(o.Website) {
			wrong("website", "%q is not a web address", o.Website)
		}
		if _, ok := p.Organization(o.ParentOrganizationID); o.ParentOrganizationID != "" && !ok {
			wrong("parent_organization_id", "no organization %q", o.ParentOrganizationID)
		}
		if o.Immerse == nil {
			wrong("immerse", "is missing")
			continue
		}
		checkOrganizationExtension(o.Immerse, wrong)
	}
}

func checkOrganizationExtension(x *hsds.OrganizationExtension, wrong func(string, string, ...any)) {
	if !address(x.Inbox) {
		wrong("immerse.inbox", "%q is not a bare e-mail address", x.Inbox)
	}
	if !languageCode.MatchString(x.Language) {
		wrong("immerse.language", "%q is not a language code", x.Language)
	}
	if !slices.Contains(hsds.Deliveries, x.Delivery) {
		wrong("immerse.delivery", "%q is none of %s", x.Delivery, strings.Join(hsds.Deliveries, ", "))
	}
	if x.ResponseDays < 0 || x.ResponseDays > maxResponseDays {
		wrong("immerse.response_days", "%d is not from 0 to %d", x.ResponseDays, maxResponseDays)
	}
}

func (p *Pack) checkServices(problems *Problems) {
	seen := make(map[string]bool, len(p.Services))
	for i := range p.Services {
		s := &p.Services[i]
		file := servicesFolder
		if i < len(p.files) {
			file = p.files[i]
		}
		wrong := func(path, format string, arguments ...any) {
			problems.add(file, idOf(s.ID, i), path, format, arguments...)
		}
		checkID(s.ID, seen, wrong)
		p.checkService(s, wrong)
		if s.Immerse == nil {
			wrong("immerse", "is missing")
			continue
		}
		p.checkServiceExtension(s.Immerse, wrong)
		if need := strings.TrimSuffix(path.Base(file), ".json"); i < len(p.files) && len(s.Immerse.Needs) > 0 &&
			s.Immerse.Needs[0] != need {
			wrong("immerse.needs", "the first is %q, but the file is named after %q", s.Immerse.Needs[0], need)
		}
	}
}

func (p *Pack) checkService(s *hsds.Service, wrong func(string, string, ...any)) {
	required(wrong, "name", s.Name, "description", s.Description)
	if _, ok := p.Organization(s.OrganizationID); !ok {
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
	for _, language := range s.Languages {
		if !languageCode.MatchString(language.Code) {
			wrong("languages", "%q is not a language code", language.Code)
		}
	}
	for i, capacity := range s.Capacities {
		available, maximum := capacity.Available, capacity.Maximum
		if available != nil && *available < 0 || maximum != nil && *maximum < 0 ||
			available != nil && maximum != nil && *available > *maximum {
			wrong(fmt.Sprintf("capacities[%d]", i), "available must be from 0 to maximum")
		}
	}
}

func (p *Pack) checkServiceExtension(x *hsds.ServiceExtension, wrong func(string, string, ...any)) {
	if len(x.Needs) == 0 {
		wrong("immerse.needs", "is empty")
	}
	for i, need := range x.Needs {
		if !slices.Contains(codes.Needs, need) {
			wrong("immerse.needs", "unknown need %q", need)
		}
		if slices.Contains(x.Needs[:i], need) {
			wrong("immerse.needs", "%q stands twice", need)
		}
	}
	if len(x.Areas) == 0 && !x.Online {
		wrong("immerse.areas", "is empty, and the service is not online")
	}
	for i, area := range x.Areas {
		if _, ok := p.Areas.Lookup(area); !ok {
			wrong("immerse.areas", "unknown area %q", area)
		}
		if slices.Contains(x.Areas[:i], area) {
			wrong("immerse.areas", "%q stands twice", area)
		}
	}
	if _, ok := p.Organization(x.Authority); !ok {
		wrong("immerse.authority", "no organization %q", x.Authority)
	}
	if math.IsNaN(x.Priority) || x.Priority < 0 || x.Priority > 1 {
		wrong("immerse.priority", "%v is not from 0 to 1", x.Priority)
	}
	for i := range x.Eligibility {
		for _, problem := range clauseProblems(&x.Eligibility[i], i) {
			wrong("immerse."+problem.Path, "%s", problem.Text)
		}
	}
}

// checkNeeds wants an active service for each need, so that no choice on the form leads nowhere by design.
func (p *Pack) checkNeeds(problems *Problems) {
	served := map[string]bool{}
	for i := range p.Services {
		if s := &p.Services[i]; s.Immerse != nil && s.Status == hsds.StatusActive {
			for _, need := range s.Immerse.Needs {
				served[need] = true
			}
		}
	}
	for _, need := range codes.Needs {
		if !served[need] {
			problems.add(servicesFolder, "", "", "no active service for the need %q", need)
		}
	}
}
