package country

import (
	"fmt"
	"path"
	"strings"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/hsds"
)

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
		catalogue.CheckOrganization(o, p.around(), wrong)
		p.checkBehind(o, wrong)
		if o.Immerse == nil {
			wrong("immerse", "is missing")
		}
	}
}

// around is what the catalogue's objects may refer to.
func (p *Pack) around() catalogue.Around {
	return catalogue.Around{
		Area:         func(code string) bool { _, ok := p.Areas.Lookup(code); return ok },
		Organization: func(id string) bool { _, ok := p.Organization(id); return ok },
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
		catalogue.CheckService(s, p.around(), wrong)
		if strings.TrimSpace(s.Description) == "" {
			wrong("description", "is empty")
		}
		if s.Immerse == nil {
			wrong("immerse", "is missing")
			continue
		}
		if need := strings.TrimSuffix(path.Base(file), ".json"); i < len(p.files) && len(s.Immerse.Needs) > 0 &&
			s.Immerse.Needs[0] != need {
			wrong("immerse.needs", "the first is %q, but the file is named after %q", s.Immerse.Needs[0], need)
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
