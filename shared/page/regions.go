package page

import "slices"

// An Area is a region of a country as its pack has it: Parent is the code of the area it lies in, empty or the
// country's own code at the first level.
type Area struct {
	Code, Name, Parent string
}

// Regions groups a country's areas for the form: second-level areas under their first-level one; first-level areas
// without children on their own, in a group without a name at the end. The order of areas is kept.
func Regions(areas []Area) []RegionGroup {
	var groups []RegionGroup
	var alone RegionGroup
	for _, area := range areas {
		if inside(areas, area) {
			continue
		}
		children := under(areas, area.Code)
		if len(children) == 0 {
			alone.Regions = append(alone.Regions, Region{Code: area.Code, Name: area.Name})
			continue
		}
		groups = append(groups, RegionGroup{Name: area.Name, Regions: children})
	}
	if len(alone.Regions) > 0 {
		groups = append(groups, alone)
	}
	return groups
}

func inside(areas []Area, area Area) bool {
	return slices.ContainsFunc(areas, func(other Area) bool { return other.Code == area.Parent })
}

func under(areas []Area, parent string) []Region {
	var children []Region
	for _, area := range areas {
		if area.Parent == parent {
			children = append(children, Region{Code: area.Code, Name: area.Name})
		}
	}
	return children
}
