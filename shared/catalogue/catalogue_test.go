package catalogue_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/catalogue/catalogtest"
	"github.com/miict/immerse/shared/catalogue/feed"
)

// records reads a feed of the testdata.
func records(t *testing.T, name string) []catalogue.Record {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []catalogue.Record
	if err := feed.Each(file, func(r feed.Record) error {
		all = append(all, catalogue.NewRecord(r.Place, r.Data))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTablesAreWhole(t *testing.T) {
	if len(catalogue.Tables()) != 24 {
		t.Errorf("%d tables", len(catalogue.Tables()))
	}
	for _, table := range catalogue.Tables() {
		id, ok := table.Field("id")
		if !ok || !id.Required || id.Type != catalogue.UUID || !strings.HasSuffix(table.File, ".csv") {
			t.Errorf("%s: %+v in %s", table.Kind, id, table.File)
		}
		for _, field := range table.Fields {
			if _, ok := catalogue.TableOf(field.Of); field.Type.Nested() != ok {
				t.Errorf("%s.%s holds %q", table.Kind, field.Name, field.Of)
			}
		}
	}
	status, _ := catalogue.Tables()[2].Field("status")
	if diff := cmp.Diff([]string{"active", "inactive", "defunct", "temporarily closed"}, status.Values); diff != "" {
		t.Error(diff)
	}
}

func TestKindsAreToldApart(t *testing.T) {
	for data, want := range map[string]catalogue.Kind{
		`{"id":"s","name":"n","status":"active"}`:                                       catalogue.Service,
		`{"id":"s","name":"n","status":null,"organization":{}}`:                         catalogue.Service,
		`{"id":"s","name":"n","organization_id":"o"}`:                                   catalogue.Service,
		`{"id":"s","name":"n","organization_id":"o","description":"d","fees":"none"}`:   catalogue.Service,
		`{"id":"s","immerse":{"needs":[]}}`:                                             catalogue.Service,
		`{"id":"p","name":"n","organization_id":"o","description":"d"}`:                 catalogue.Program,
		`{"id":"o","name":"n","description":"d","immerse":{}}`:                          catalogue.Organization,
		`{"id":"o","name":"n","immerse":7}`:                                             catalogue.Organization,
		`{"id":"o","services":[{"id":"s"}],"description":"with all"}`:                   catalogue.Organization,
		`{"id":"o","name":"n","description":"d","legal_status":"e.V.","version":1}`:     catalogue.Organization,
		`{"id":"l","location_type":"physical","organization_id":"o"}`:                   catalogue.Location,
		`{"id":"t","name":"n","taxonomy":"y"}`:                                          catalogue.TaxonomyTerm,
		`{"id":"t","code":"1","name":"n","description":"d"}`:                            catalogue.TaxonomyTerm,
		`{"id":"t","name":"n","description":"d","version":"1"}`:                         catalogue.Taxonomy,
		`{"id":"a","service_id":"s","location_id":"l"}`:                                 catalogue.ServiceAtLocation,
		`{"id":"a","location":{"id":"l","location_type":"physical"}}`:                   catalogue.ServiceAtLocation,
		`{"id":"p","number":"112","service_id":"s"}`:                                    catalogue.Other,
		`{"id":"p","name":"n","email":"a@b.example","service_id":"s","contact_id":"c"}`: catalogue.Other,
		`{"id":"x"}`: catalogue.Other,
		`not JSON`:   catalogue.Service,
	} {
		if got := catalogue.NewRecord("", []byte(data)).Kind; got != want {
			t.Errorf("%s: %s, want %s", data, got, want)
		}
	}
}

// What is read is written again, member by member and digit by digit, whatever it is.
func TestForeignFeedsComeOutEqual(t *testing.T) {
	for name, want := range map[string]int{"nested.json": 2, "flat.ndjson": 7} {
		all := records(t, name)
		if len(all) != want {
			t.Errorf("%s: %d records", name, len(all))
		}
		for _, r := range all {
			if r.Err != nil {
				t.Errorf("%s: %v", r.Place, r.Err)
			}
			again := catalogue.NewRecord(r.Place, r.Object.Bytes())
			if diff := cmp.Diff(r, again, cmp.Comparer(func(a, b json.RawMessage) bool { return compact(a) == compact(b) })); diff != "" {
				t.Errorf("%s: %s", r.Place, diff)
			}
		}
		if refused := slices.DeleteFunc(catalogue.Check(all, catalogue.Around{}), func(p catalogue.Problem) bool { return !p.Refused }); len(refused) > 0 {
			t.Errorf("%s: refused: %v", name, refused)
		}
	}
}

func compact(data json.RawMessage) string {
	var out bytes.Buffer
	_ = json.Compact(&out, data)
	return out.String()
}

func TestWhatIsAgainstHSDSIsNamedByPath(t *testing.T) {
	lines := []string{
		`{"id":"0f0c1d6e-7a57-4c0e-8d1b-6f4a1f2b3c4d","name":" ","status":"open","minimum_age":"12","url":"lingue","email":"x","last_modified":"soon","assured_date":"2026-02-30",
		  "organization_id":"nobody","phones":[{"id":"1","number":null,"languages":[{"code":"en"},7]}],"schedules":{"id":"x"},"description":5,
		  "attributes":[{"id":"5c1d7b9e-0000-4000-8000-000000000007","taxonomy_term":{"id":"5c1d7b9e-0000-4000-8000-000000000008","name":"n","parent_id":"gone"}}]}`,
		`{"id":"5c1d7b9e-0000-4000-8000-00000000000c","name":"L","location_type":"tent"}`,
	}
	var got []string
	all := make([]catalogue.Record, len(lines))
	for i, line := range lines {
		all[i] = catalogue.NewRecord("line", []byte(line))
	}
	for _, p := range catalogue.Check(all, catalogue.Around{}) {
		if p.Refused || p.Kind != all[p.Record].Kind || p.ID != all[p.Record].ID() {
			t.Errorf("%+v", p)
		}
		got = append(got, p.Path+": "+p.Text)
	}
	want := []string{
		`organization_id: "nobody" is not a UUID`, `name: is empty`, `description: is not a text`, `url: "lingue" is not a web address`,
		`email: "x" is not an e-mail address`, `status: "open" is none of active, inactive, defunct, temporarily closed`,
		`minimum_age: is not a number`, `assured_date: "2026-02-30" is not a date`, `last_modified: "soon" is not a date and time`,
		`phones[0].id: "1" is not a UUID`, `phones[0].number: is missing`, `phones[0].languages[0].id: is missing`,
		`phones[0].languages[1]: is not a JSON object`, `schedules: is not a list`, `attributes[0].taxonomy_term.description: is missing`,
		`attributes[0].taxonomy_term.parent_id: "gone" is not a UUID`,
		`location_type: "tent" is none of physical, postal, virtual`,
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatRefersToNothingIsNamed(t *testing.T) {
	const gone = `"5c1d7b9e-0000-4000-8000-0000000000ff"`
	all := []catalogue.Record{
		catalogue.NewRecord("1", []byte(`{"id":"5c1d7b9e-0000-4000-8000-000000000001","name":"n","status":"active","organization_id":`+gone+`,"program_id":`+gone+`}`)),
		catalogue.NewRecord("2", []byte(`{"id":"5c1d7b9e-0000-4000-8000-000000000002","service_id":"5c1d7b9e-0000-4000-8000-000000000001","location_id":`+gone+`}`)),
		catalogue.NewRecord("3", []byte(`{"id":"5c1d7b9e-0000-4000-8000-000000000003","name":"n","status":"active","organization":{"id":"5c1d7b9e-0000-4000-8000-000000000004","name":"o","description":"d"}}`)),
		catalogue.NewRecord("4", []byte(`{"id":"5c1d7b9e-0000-4000-8000-000000000005","name":"n","status":"active","organization_id":"5c1d7b9e-0000-4000-8000-000000000004"}`)),
	}
	var got []string
	for _, p := range catalogue.Check(all, catalogue.Around{}) {
		got = append(got, p.Place+" "+p.Path+" "+p.Text)
	}
	want := []string{
		"1 organization_id no organization " + gone, "1 program_id no program " + gone, "2 location_id no location " + gone,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const ours = `{"id":"5c1d7b9e-0000-4000-8000-000000000001","name":"n","status":"active","organization_id":"o",
	"languages":[{"id":"5c1d7b9e-0000-4000-8000-000000000002","code":"es"}],
	"immerse":{"needs":["health"],"areas":["ES"],"authority":"o","eligibility":[{"languages":{"es":{"min":"A1"}},"speaks":["ar"]}]}}`

func around() catalogue.Around {
	return catalogue.Around{
		Area: func(code string) bool { return code == "ES" }, Organization: func(id string) bool { return id == "o" },
	}
}

// Each of these would be matched otherwise than its author meant.
func TestWhatMatchingWouldGetWrongIsRefused(t *testing.T) {
	if problems := catalogue.Check([]catalogue.Record{catalogue.NewRecord("", []byte(ours))}, around()); len(problems) != 1 || problems[0].Refused {
		t.Fatalf("only the id of the organization is no UUID, but: %v", problems)
	}
	for _, test := range []struct{ change, to, want string }{
		{`"code":"es"`, `"code":"spa"`, `languages[0].code: "spa" is written "es"`},
		{`"code":"es"`, `"code":"Spanish"`, `languages[0].code: "Spanish" is not a language code`},
		{`"es":{"min":"A1"}`, `"ita":{"min":"A1"}`, `immerse.eligibility[0].languages.ita: "ita" is written "it"`},
		{`"es":{"min":"A1"}`, `"es":{"min":"C7"}`, `immerse.eligibility[0].languages.es.min: unknown level "C7"`},
		{`"speaks":["ar"]`, `"speaks":["en","ara"]`, `immerse.eligibility[0].speaks[1]: "ara" is written "ar"`},
		{`"speaks":["ar"]`, `"speaks":[]`, `immerse.eligibility[0].speaks: is an empty list`},
		{`"speaks"`, `"speeks"`, `immerse.eligibility[0].speeks: is not a constraint`},
		{`"eligibility"`, `"eligiblity"`, `immerse: json: unknown field "eligiblity"`},
		{`"needs":["health"]`, `"needs":"health"`, `immerse.needs: is a string`},
		{`"needs":["health"]`, `"needs":["helth"]`, `immerse.needs[0]: unknown need "helth"`},
		{`"areas":["ES"]`, `"areas":["ES","ES-XX"]`, `immerse.areas[1]: unknown area "ES-XX"`},
		{`"areas":["ES"]`, `"areas":[]`, `immerse.areas: is empty, and the service is not online`},
		{`"authority":"o"`, `"authority":"p"`, `immerse.authority: no organization "p"`},
		{`"organization_id":"o"`, `"organization_id":"p"`, `organization_id: no organization "p"`},
		{`"name":"n"`, `"name":"n","assured_date":"01/02/2026"`, `assured_date: "01/02/2026" is not a date`},
		{`"status":"active"`, `"status":"open"`, `status: "open" is none of`},
		{`"name":"n"`, `"name":"n","name":"m"`, `"name" stands twice in the object`},
		{`"name":"n"`, `"name":"n","capacities":[{"available":3,"maximum":2}]`, `capacities[0]: available must be from 0 to maximum`},
		{`"id":"5c1d7b9e-0000-4000-8000-000000000001",`, ``, `id: is missing`},
		{`"id":"5c1d7b9e-0000-4000-8000-000000000001"`, `"id":17`, `id: is not a text`},
	} {
		text := strings.Replace(ours, test.change, test.to, 1)
		var refused []string
		for _, p := range catalogue.Check([]catalogue.Record{catalogue.NewRecord("", []byte(text))}, around()) {
			if p.Refused {
				refused = append(refused, catalogue.Problem{Path: p.Path, Text: p.Text}.Error())
			}
		}
		if len(refused) != 1 || !strings.HasPrefix(refused[0], test.want) {
			t.Errorf("%s: refused %q, want %q", test.to, refused, test.want)
		}
	}
}

func TestOfTwoWithOneIDTheSecondIsRefused(t *testing.T) {
	twice := []catalogue.Record{catalogue.NewRecord("a", []byte(ours)), catalogue.NewRecord("b", []byte(ours))}
	problems := catalogue.Check(twice, around())
	sound := catalogue.Sound(twice, problems)
	if len(sound) != 1 || sound[0].Place != "a" || !slices.ContainsFunc(problems, func(p catalogue.Problem) bool {
		return p.Refused && p.Place == "b" && p.Path == "id" && p.Text == "is that of a too"
	}) {
		t.Errorf("%v", problems)
	}
}

// Whatever object is read comes out equal, and checking it never panics.
func TestAnyObjectComesOutEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := catalogtest.Object(t, catalogue.Service)
		r := catalogue.NewRecord("drawn", data)
		if r.Err != nil {
			t.Fatalf("%s: %v", data, r.Err)
		}
		if got := string(r.Object.Bytes()); got != compact(data) {
			t.Fatalf("came %s\nwent %s", compact(data), got)
		}
		catalogue.Check([]catalogue.Record{r}, around())
	})
}

func FuzzRecord(f *testing.F) {
	for _, name := range []string{"nested.json", "flat.ndjson"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			f.Add(line)
		}
	}
	f.Add([]byte(ours))
	f.Add([]byte(`{"a":{"a":[{"a":"\ud800"}]},"":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := catalogue.NewRecord("fuzz", data)
		problems := catalogue.Check([]catalogue.Record{r, r}, around())
		if r.Err != nil {
			if !problems[0].Refused {
				t.Errorf("%v is not refused", r.Err)
			}
			return
		}
		var members map[string]json.RawMessage // the standard library's reading
		if err := json.Unmarshal(data, &members); err != nil || len(members) != len(r.Object) {
			t.Fatalf("%v: %d members, not %d", err, len(r.Object), len(members))
		}
		for _, m := range r.Object {
			if string(members[m.Name]) != string(m.Value) {
				t.Errorf("%q is %s, not %s", m.Name, m.Value, members[m.Name])
			}
		}
		if got := string(r.Object.Bytes()); !json.Valid([]byte(got)) || catalogue.NewRecord("again", []byte(got)).Err != nil {
			t.Errorf("came %s, went %s", data, got)
		}
	})
}
