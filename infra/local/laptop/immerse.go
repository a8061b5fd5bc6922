package laptop

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/miict/immerse/infra/local/template"
	"github.com/miict/immerse/infra/testdata"
	"github.com/miict/immerse/shared/country"
)

// Immerse describes the system of one country, by its code, as its golden templates say: what runs here is what is
// deployed. Which countries there are is the packs' matter.
func Immerse(code string) (Definition, error) {
	stacks, err := Templates(code)
	if err != nil {
		return Definition{}, err
	}
	definition, err := Read(strings.ToLower(code), stacks)
	if err != nil {
		return Definition{}, err
	}
	pack, err := country.Load(code)
	if err != nil {
		return Definition{}, fmt.Errorf("loading the country pack %q: %w", code, err)
	}
	definition.Zone, err = pack.Location()
	return definition, err
}

// Stacks are the templates of one country: of its region, and of its mail region.
type Stacks struct{ Main, Mail *template.Template }

// Templates reads the golden templates of one country, by its code.
func Templates(code string) (Stacks, error) {
	pack, err := country.Load(code)
	if errors.Is(err, country.ErrUnknown) {
		return Stacks{}, fmt.Errorf("there is no country %q; there are: %s", code, strings.Join(country.Codes(), ", "))
	}
	if err != nil {
		return Stacks{}, fmt.Errorf("loading the country pack %q: %w", code, err)
	}
	name := "Immerse-" + strings.ToUpper(code)
	main, err := golden(name, pack.Region)
	if err != nil {
		return Stacks{}, err
	}
	mail, err := golden(name+"-Mail", pack.MailRegion)
	return Stacks{main, mail}, err
}

func golden(stack, region string) (*template.Template, error) {
	text, err := testdata.Templates.ReadFile(stack + ".template.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no golden template of %s; `go test ./infra -update` writes it (with Node)", stack)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the golden template of %s: %w", stack, err)
	}
	return template.Parse(stack, region, text)
}
