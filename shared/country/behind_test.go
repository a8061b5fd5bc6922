package country_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/hsds"
)

// TestSomebodyIsBehindEachAuthority of a pack, or testdata/alone.json says why not: governments, who is independent by law,
// and associations, behind which no state authority is put (decision 3001).
func TestSomebodyIsBehindEachAuthority(t *testing.T) {
	data, err := os.ReadFile("testdata/alone.json")
	if err != nil {
		t.Fatal(err)
	}
	var alone map[string]map[string]string // by country and organization
	if err := json.Unmarshal(data, &alone); err != nil {
		t.Fatal(err)
	}
	for _, code := range country.Codes() {
		pack, err := country.Load(code)
		if err != nil {
			t.Fatal(err)
		}
		asked := authorities(pack)
		behind := 0
		for id := range asked {
			o, _ := pack.Organization(id)
			_, isAlone := alone[code][id]
			switch has := o.Immerse.Fallback != "" || o.ParentOrganizationID != ""; {
			case has && isAlone:
				t.Errorf("%s: somebody is behind %s: take it out of testdata/alone.json", code, o.Name)
			case has:
				behind++
			case !isAlone:
				t.Errorf("%s: nobody is behind %s (%s), and testdata/alone.json doesn't say why", code, o.Name, id)
			}
		}
		for id, why := range alone[code] {
			if !asked[id] {
				t.Errorf("%s: %s is no authority: %s", code, id, why)
			}
		}
		t.Logf("%s: somebody is behind %d of %d authorities", code, behind, len(asked))
	}
}

// TestNobodyIsHandedToThePolice: what somebody asked of a town hall, an association or a school never goes to a ministry of
// police, whoever doesn't answer: only what its own offices were asked.
func TestNobodyIsHandedToThePolice(t *testing.T) {
	own := map[string][]string{
		"Ministerio del Interior": {"Oficina de Asilo y Refugio", "Policía Nacional: Comisaría General de Extranjería y Fronteras", "Dirección General de Tráfico"},
		"Policía Nacional: Comisaría General de Extranjería y Fronteras": {"Policía Nacional: Extranjería en Granada"},
		"Ministero dell'Interno": {
			"Questure – Uffici immigrazione", "Prefetture – Uffici territoriali del Governo",
			"Ministero dell'Interno – Dipartimento per le libertà civili e l'immigrazione",
			"Ministero dell'Interno – Dipartimento per gli affari interni e territoriali",
		},
		"Υφυπουργείο Μετανάστευσης και Διεθνούς Προστασίας": {"Υπηρεσία Ασύλου", "Τμήμα Μετανάστευσης"},
	}
	found := 0
	for _, code := range country.Codes() {
		pack, err := country.Load(code)
		if err != nil {
			t.Fatal(err)
		}
		for i := range pack.Organizations {
			o := &pack.Organizations[i]
			for _, name := range behind(pack, o) {
				offices, police := own[name]
				if !police && !strings.Contains(name, "Polic") && !strings.Contains(name, "Questur") {
					continue
				}
				found++
				if !strings.Contains(strings.Join(offices, "\n")+"\n", o.Name+"\n") {
					t.Errorf("%s: behind %s is %s", code, o.Name, name)
				}
			}
		}
	}
	if found != 10 {
		t.Errorf("%d offices of the police and the interior were looked at; 10 are in the packs", found)
	}
}

// behind names the organizations whose inboxes are behind an organization's own.
func behind(pack *country.Pack, o *hsds.Organization) (names []string) {
	for i := range pack.Organizations {
		other := &pack.Organizations[i]
		if other.ID == o.ParentOrganizationID || other.Immerse.Inbox == o.Immerse.Fallback {
			names = append(names, other.Name)
		}
	}
	return names
}

// authorities are the organizations that get mail about a service.
func authorities(pack *country.Pack) map[string]bool {
	ids := map[string]bool{}
	for i := range pack.Services {
		ids[pack.Services[i].Immerse.Authority] = true
	}
	return ids
}
