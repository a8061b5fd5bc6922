package country

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/text/language"
)

var areaCode = regexp.MustCompile(`^[A-Z]{2}(-[A-Z0-9]{1,3})?$`)

// checkAreas wants one tree whose root is the country.
func (p *Pack) checkAreas(problems *Problems) {
	seen := make(map[string]bool, len(p.Areas.All()))
	roots := 0
	for i, area := range p.Areas.All() {
		id := area.Code
		if id == "" {
			id = fmt.Sprintf("[%d]", i)
		}
		wrong := func(path, format string, arguments ...any) {
			problems.add(areasFile, id, path, format, arguments...)
		}
		if seen[area.Code] {
			wrong("code", "stands twice")
			continue
		}
		seen[area.Code] = true
		if !areaCode.MatchString(area.Code) || !strings.HasPrefix(area.Code, p.Code) {
			wrong("code", "is not an ISO 3166-2 code of %s", p.Code)
		}
		if strings.TrimSpace(area.Name) == "" {
			wrong("name", "is empty")
		}
		for lang, name := range area.Names {
			if !knownLanguage(lang) {
				wrong("names", "%q is not the code of a language", lang)
			}
			if strings.TrimSpace(name) == "" {
				wrong("names."+lang, "is empty")
			}
		}
		if area.Parent == "" {
			roots++
			if area.Code != p.Code {
				wrong("parent", "is empty; only the country itself, %s, has none", p.Code)
			}
			continue
		}
		p.checkParent(area, wrong)
	}
	if roots != 1 {
		problems.add(areasFile, "", "", "%d areas have no parent; exactly one must, the country itself", roots)
	}
}

func (p *Pack) checkParent(area Area, wrong func(string, string, ...any)) {
	if _, ok := p.Areas.Lookup(area.Parent); !ok {
		wrong("parent", "unknown area %q", area.Parent)
		return
	}
	line := p.Areas.Ancestors(area.Code)
	top, _ := p.Areas.Lookup(line[len(line)-1])
	if _, ok := p.Areas.Lookup(top.Parent); ok {
		wrong("parent", "lies in a circle: %s", strings.Join(append(line, top.Parent), " < "))
	}
}

// knownLanguage tells whether a code is a language's that is registered, written the one way that names are looked up by.
func knownLanguage(code string) bool {
	tag, err := language.Parse(code)
	return err == nil && tag != language.Und && tag.String() == code
}
