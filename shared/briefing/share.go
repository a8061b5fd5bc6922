package briefing

import (
	"slices"
	"strings"

	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

// A Share is what one authority is told: the matches with services that it is responsible for.
type Share struct {
	Organization *hsds.Organization
	Matches      []match.Match

	facts Facts
}

// Facts say what is known of services and organizations: those of the catalogue that the matches were made with.
// *country.Pack and published.Facts have them.
type Facts interface {
	Service(id string) (service *hsds.Service, ok bool)
	Organization(id string) (organization *hsds.Organization, ok bool)
}

// Needs are those that the authority's own services were matched for, in the person's order. The others are none of
// its business.
func (s Share) Needs() []string {
	var needs []string
	for _, m := range s.Matches {
		if !slices.Contains(needs, m.Need) {
			needs = append(needs, m.Need)
		}
	}
	return needs
}

// Offers are the share's services, each once.
func (s Share) Offers() []Offer { return Offers(s.Matches) }

// Shares groups matches by the responsible authority, in the order of the authorities' ids. unplaced are the ids of
// services that nobody can be written to about: gone from this catalogue, or without an authority that has an inbox.
func Shares(facts Facts, matches []match.Match) (shares []Share, unplaced []string) {
	place := map[string]int{}
	for _, m := range matches {
		organization := authority(facts, m.Service)
		if organization == nil {
			unplaced = append(unplaced, m.Service)
			continue
		}
		i, ok := place[organization.ID]
		if !ok {
			i = len(shares)
			place[organization.ID] = i
			shares = append(shares, Share{Organization: organization, facts: facts})
		}
		shares[i].Matches = append(shares[i].Matches, m)
	}
	slices.SortFunc(shares, func(a, b Share) int { return strings.Compare(a.Organization.ID, b.Organization.ID) })
	slices.Sort(unplaced)
	return shares, slices.Compact(unplaced)
}

// authority is who gets the e-mail about a service, or nil.
func authority(facts Facts, serviceID string) *hsds.Organization {
	service, ok := facts.Service(serviceID)
	if !ok || service.Immerse == nil {
		return nil
	}
	organization, ok := facts.Organization(service.Immerse.Authority)
	if !ok || organization.Immerse == nil || organization.Immerse.Inbox == "" {
		return nil
	}
	return organization
}
