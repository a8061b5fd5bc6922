package page

import (
	"slices"

	"github.com/miict/immerse/shared/country"
)

// Regions groups a country's areas for the form: second-level areas under their first-level one; first-level areas
// without children on their own, in a group without a name at the end. The order of areas is kept; the country itself
// is not offered. Names are those of the page's language.
func Regions(areas []country.Area, lang string) []RegionGroup {
	children := map[string][]Region{}
	roots := map[string]bool{}
	for _, area := range areas {
		roots[area.Code] = area.Parent == ""
		children[area.Parent] = append(children[area.Parent], Region{Code: area.Code, Name: area.NameIn(lang)})
	}
	var groups []RegionGroup
	var alone RegionGroup
	for _, area := range areas {
		switch {
		case !roots[area.Parent]: // the country, or an area below the first level
		case len(children[area.Code]) > 0:
			groups = append(groups, RegionGroup{Name: area.NameIn(lang), Regions: children[area.Code]})
		default:
			alone.Regions = append(alone.Regions, Region{Code: area.Code, Name: area.NameIn(lang)})
		}
	}
	if len(alone.Regions) > 0 {
		groups = append(groups, alone)
	}
	return groups
}

// RegionCodes are the codes of all regions that the groups offer, in their order: what application.Fields is given.
func RegionCodes(groups []RegionGroup) []string {
	var codes []string
	for _, group := range groups {
		for _, region := range group.Regions {
			codes = append(codes, region.Code)
		}
	}
	return codes
}

// Within leaves the regions that are wanted, and no group without any.
func Within(groups []RegionGroup, wanted func(code string) bool) []RegionGroup {
	var within []RegionGroup
	for _, group := range groups {
		group.Regions = slices.DeleteFunc(slices.Clone(group.Regions), func(r Region) bool { return !wanted(r.Code) })
		if len(group.Regions) > 0 {
			within = append(within, group)
		}
	}
	return within
}
