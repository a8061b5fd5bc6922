package country

import (
	"strings"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/hsds"
)

// reserved ends addresses that nobody can have (RFC 2606): the packs' own, until an operator sets an inbox.
const reserved = ".example"

// checkBehind looks at who is behind an organization (decision 2601): whoever is written to must be somebody else. That the
// parent is of the same pack, catalogue.CheckOrganization sees to.
func (p *Pack) checkBehind(o *hsds.Organization, wrong catalogue.Report) {
	if o.Immerse == nil {
		return
	}
	if parent, ok := p.Organization(o.ParentOrganizationID); ok {
		if line := p.parents(o); line[len(line)-1] == o.ID {
			wrong("parent_organization_id", "lies in a circle: %s", strings.Join(line, " < "))
		} else if parent.Immerse != nil && strings.EqualFold(parent.Immerse.Inbox, o.Immerse.Inbox) {
			wrong("parent_organization_id", "has the same inbox: nobody else is behind it")
		}
	}
	fallback := o.Immerse.Fallback
	switch {
	case fallback == "":
	case strings.EqualFold(fallback, o.Immerse.Inbox):
		wrong("immerse.fallback", "is the inbox: nobody else is behind it")
	case strings.HasSuffix(fallback, reserved) && !p.anInbox(fallback):
		wrong("immerse.fallback", "%q is in a reserved domain and is no organization's inbox; was that one set?", fallback)
	}
}

// parents are an organization's id and those above it, up to the top or to where they come round to one that was there.
func (p *Pack) parents(o *hsds.Organization) []string {
	line, seen := []string{o.ID}, map[string]bool{}
	for !seen[o.ID] {
		seen[o.ID] = true
		parent, ok := p.Organization(o.ParentOrganizationID)
		if !ok {
			break
		}
		line, o = append(line, parent.ID), parent
	}
	return line
}

func (p *Pack) anInbox(address string) bool {
	for i := range p.Organizations {
		if x := p.Organizations[i].Immerse; x != nil && strings.EqualFold(x.Inbox, address) {
			return true
		}
	}
	return false
}
