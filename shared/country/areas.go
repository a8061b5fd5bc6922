package country

// Area is a country or one of its subdivisions.
type Area struct {
	// Code is an ISO 3166-2 code, or for the country itself its ISO 3166-1 code.
	Code string `json:"code"`
	// Name is the official name, in the area's own language.
	Name string `json:"name"`
	// Names are other names, by BCP 47 language, for languages that call the area otherwise or write other letters.
	Names map[string]string `json:"names,omitempty"`
	// Parent is the code of the area that this one lies in; empty for the country.
	Parent string `json:"parent,omitempty"`
}

// NameIn is the area's name in a language: the official name where the language has none of its own.
func (a Area) NameIn(lang string) string {
	if name := a.Names[lang]; name != "" {
		return name
	}
	return a.Name
}

// Areas are a country's areas as a tree, read-only once made.
type Areas struct {
	list   []Area
	byCode map[string]int
}

// NewAreas makes the tree. It accepts any list; what is wrong with one is for Validate to say. Of areas with the same
// code the first counts.
func NewAreas(list []Area) *Areas {
	areas := &Areas{list: list, byCode: make(map[string]int, len(list))}
	for i, area := range list {
		if _, again := areas.byCode[area.Code]; !again {
			areas.byCode[area.Code] = i
		}
	}
	return areas
}

// All gives every area, in the order of areas.json. The caller must not change it.
func (a *Areas) All() []Area { return a.list }

// Lookup finds an area by its code; ok is false for an unknown code.
func (a *Areas) Lookup(code string) (area Area, ok bool) {
	i, ok := a.byCode[code]
	if !ok {
		return Area{}, false
	}
	return a.list[i], true
}

// Name gives the official name of an area, "" for an unknown code.
func (a *Areas) Name(code string) string {
	area, _ := a.Lookup(code)
	return area.Name
}

// NameIn gives the name of an area in a language, "" for an unknown code.
func (a *Areas) NameIn(code, lang string) string {
	area, _ := a.Lookup(code)
	return area.NameIn(lang)
}

// Ancestors gives the area itself and then every area that it lies in, the nearest first: ES-GR, ES-AN, ES. It is
// empty for an unknown code.
func (a *Areas) Ancestors(code string) []string {
	var line []string
	for area, ok := a.Lookup(code); ok && len(line) < len(a.list); area, ok = a.Lookup(area.Parent) {
		line = append(line, area.Code) // the bound ends a cycle, which Validate refuses
	}
	return line
}

// Contains tells whether region equals or lies under area: Contains("ES-GR", "ES-AN") is true. Unknown codes lie
// nowhere.
func (a *Areas) Contains(region, area string) bool {
	steps := 0
	for at, ok := a.Lookup(region); ok && steps < len(a.list); at, ok = a.Lookup(at.Parent) {
		if at.Code == area {
			return true
		}
		steps++
	}
	return false
}
