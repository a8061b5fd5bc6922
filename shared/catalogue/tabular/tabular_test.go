package tabular_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/catalogue/catalogtest"
	"github.com/miict/immerse/shared/catalogue/tabular"
)

// lines gives each record's kind and JSON, sorted.
func lines(records []catalogue.Record) []string {
	all := make([]string, len(records))
	for i, r := range records {
		all[i] = string(r.Kind) + " " + string(r.Object.Bytes())
		if r.Err != nil {
			all[i] += " " + r.Err.Error()
		}
	}
	slices.Sort(all)
	return all
}

func TestAForeignPackageIsReadWhole(t *testing.T) {
	records, err := tabular.Read(os.DirFS("testdata/package"))
	if err != nil {
		t.Fatal(err)
	}
	const id = `"7f1c0b8e-0000-4000-8000-0000000000`
	want := []string{
		`location {"id":` + id + `b1","location_type":"physical","latitude":37.1770,"longitude":-3.59860000000000000001}`,
		`organization {"id":` + id + `a1","name":"Ponte","description":"Una asociación","year_incorporated":1987,"unknown_flag":true,` +
			`"contacts":[{"id":` + id + `e1","organization_id":` + id + `a1","name":"Reception",` +
			`"phones":[{"id":` + id + `d2","organization_id":` + id + `a1","contact_id":` + id + `e1","number":"012"}]}]}`,
		`phone {"id":` + id + `d3","service_id":` + id + `ff","number":"orphan"}`,
		`service {"id":` + id + `01","organization_id":` + id + `a1","name":"Café \"Babel\", niveau A1","status":"active","minimum_age":12.50,` +
			`"x_region":"007","description":"line one\nline two","assured_date":"2026-01-01",` +
			`"phones":[{"id":` + id + `d1","service_id":` + id + `01","number":"+34 000","extension":0,"languages":[{"id":` + id + `f1","phone_id":` + id + `d1","code":"ar"}]}],` +
			`"languages":[{"id":` + id + `f2","service_id":` + id + `01","code":"es"}],` +
			`"attributes":[{"id":` + id + `71","link_id":` + id + `01","link_entity":"service","taxonomy_term_id":` + id + `81"}]}`,
		`service {"id":` + id + `02","organization_id":` + id + `a1","name":"Δωρεάν μαθήματα","status":"inactive","minimum_age":"twelve"}`,
		`service_at_location {"id":` + id + `c1","service_id":` + id + `01","location_id":` + id + `b1"}`,
		`taxonomy_term {"id":` + id + `81","code":"BD-1800","name":"Language","description":"Courses","taxonomy":"211"}`,
	}
	if diff := cmp.Diff(want, lines(records)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var found []string
	for _, p := range catalogue.Check(records, catalogue.Around{}) {
		found = append(found, p.Error())
	}
	for _, want := range []string{
		"services.csv: line 4: 7f1c0b8e-0000-4000-8000-000000000002: minimum_age: is not a number",
		`phones.csv: line 4: 7f1c0b8e-0000-4000-8000-0000000000d3: service_id: no service "7f1c0b8e-0000-4000-8000-0000000000ff"`,
	} {
		if !slices.Contains(found, want) {
			t.Errorf("%q is not among\n%s", want, strings.Join(found, "\n"))
		}
	}
}

// again writes a package and reads it.
func again(t interface{ Fatal(...any) }, records []catalogue.Record) ([]catalogue.Record, map[string]*bytes.Buffer) {
	files := map[string]*bytes.Buffer{}
	leftOut, err := tabular.Write(records, func(name string) (io.Writer, error) {
		files[name] = &bytes.Buffer{}
		return files[name], nil
	})
	if err != nil || leftOut != 0 {
		t.Fatal(err, leftOut)
	}
	folder := fstest.MapFS{}
	for name, data := range files {
		folder[name] = &fstest.MapFile{Data: data.Bytes()}
	}
	back, err := tabular.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	return back, files
}

func TestAForeignPackageComesOutEqual(t *testing.T) {
	records, err := tabular.Read(os.DirFS("testdata/package"))
	if err != nil {
		t.Fatal(err)
	}
	back, files := again(t, records)
	if diff := cmp.Diff(members(t, records), members(t, back)); diff != "" {
		t.Errorf("(-came +went):\n%s", diff)
	}
	for name, file := range files {
		if name == "datapackage.json" {
			continue
		}
		came, err := os.ReadFile("testdata/package/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(cells(t, came), cells(t, file.Bytes())); diff != "" {
			t.Errorf("%s (-came +went):\n%s", name, diff)
		}
	}
}

// cells gives what is in a table, as sorted "id column=cell", leaving empty ones and the word for missing out.
func cells(t *testing.T, data []byte) (all []string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			if cell != "" && cell != "NA" {
				all = append(all, row[0]+" "+rows[0][i]+"="+cell)
			}
		}
	}
	slices.Sort(all)
	return all
}

// members gives the records as values in which the order of members doesn't count.
func members(t interface{ Fatal(...any) }, records []catalogue.Record) map[string]any {
	all := map[string]any{}
	for _, r := range records {
		decoder := json.NewDecoder(bytes.NewReader(r.Object.Bytes()))
		decoder.UseNumber()
		var value any
		if err := decoder.Decode(&value); err != nil {
			t.Fatal(err)
		}
		all[string(r.Kind)+" "+r.ID()] = value
	}
	return all
}

// Whatever objects are written, nested or not, come out again: as what they are joined by ids, and then the same each
// time. Nothing that was said is missing.
func TestAnyObjectsComeOut(t *testing.T) {
	kinds := []catalogue.Kind{catalogue.Organization, catalogue.Service, catalogue.Service, catalogue.Location, catalogue.TaxonomyTerm}
	rapid.Check(t, func(t *rapid.T) {
		var records []catalogue.Record
		for i, data := range catalogtest.Objects(t, kinds...) {
			r := catalogue.NewRecord("drawn", data)
			r.Kind = kinds[i]
			records = append(records, r)
		}
		once, _ := again(t, records)
		twice, _ := again(t, once)
		if diff := cmp.Diff(members(t, once), members(t, twice)); diff != "" {
			t.Fatalf("(-once +twice):\n%s", diff)
		}
		got := members(t, once)
		for key, value := range members(t, records) {
			missing(t, key, value, got[key], got)
		}
	})
}

// missing looks whether all that an object said is still there: in it, or as an object that it refers to.
func missing(t *rapid.T, path string, came, went any, all map[string]any) {
	switch came := came.(type) {
	case map[string]any:
		now, ok := went.(map[string]any)
		if !ok {
			t.Fatalf("%s: %v has become %v", path, came, went)
		}
		for name, value := range came {
			missingMember(t, path+"."+name, name, value, now, all)
		}
	case []any:
		now, _ := went.([]any)
		if len(now) != len(came) {
			t.Fatalf("%s: %v has become %v", path, came, went)
		}
		for i := range came {
			missing(t, path, came[i], now[i], all)
		}
	default:
		if came != went {
			t.Fatalf("%s: %v has become %v", path, came, went)
		}
	}
}

func missingMember(t *rapid.T, path, name string, came any, now, all map[string]any) {
	went, there := now[name]
	if came == nil || came == "" {
		return // as good as absent
	}
	if there {
		missing(t, path, came, went, all)
		return
	}
	objects, many := came.([]any)
	if !many {
		objects = []any{came}
	}
	for _, object := range objects {
		inner, _ := object.(map[string]any)
		found := false
		for key, other := range all {
			if id, _ := inner["id"].(string); id != "" && strings.HasSuffix(key, " "+id) {
				found = true
				missing(t, path+">"+key, inner, other, all)
			}
		}
		if !found && !nestedSomewhere(inner, all) {
			t.Fatalf("%s: %v is gone from %v", path, came, now)
		}
	}
}

// nestedSomewhere finds an object by its id in another that it belongs to: a unit in the capacity of a service.
func nestedSomewhere(inner map[string]any, all map[string]any) bool {
	id, _ := json.Marshal(inner["id"])
	text, _ := json.Marshal(all)
	return inner["id"] != nil && bytes.Contains(text, append([]byte(`"id":`), id...))
}

func TestAZipWithAFolderInItIsReadToo(t *testing.T) {
	var data bytes.Buffer
	archive := zip.NewWriter(&data)
	for name, text := range map[string]string{"export/services.csv": "id;name\n1;ñ\n", "export/datapackage.json": `{"resources":[
		{"name":"services","path":"services.csv","dialect":{"delimiter":";"}}]}`} {
		file, _ := archive.Create(name)
		_, _ = io.WriteString(file, text)
	}
	_ = archive.Close()
	reader, err := zip.NewReader(bytes.NewReader(data.Bytes()), int64(data.Len()))
	if err != nil {
		t.Fatal(err)
	}
	records, err := tabular.Read(reader)
	if diff := cmp.Diff([]string{`service {"id":"1","name":"ñ"}`}, lines(records)); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestWhatIsNoPackageIsSaid(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		want  string
	}{
		"nothing":           {map[string]string{"a.txt": ""}, tabular.ErrNotPackage.Error()},
		"outside":           {map[string]string{"datapackage.json": `{"resources":[{"path":"../../etc/passwd"}]}`}, "is not a file of the package"},
		"elsewhere":         {map[string]string{"datapackage.json": `{"resources":[{"path":"https://x.example/a.csv"}]}`}, "is not a file of the package"},
		"missing file":      {map[string]string{"datapackage.json": `{"resources":[{"path":"a.csv"}]}`}, "a.csv"},
		"broken descriptor": {map[string]string{"datapackage.json": `{`}, "datapackage.json"},
		"not UTF-8":         {map[string]string{"services.csv": "id,name\n1,\xe9\n"}, "services.csv: is not UTF-8"},
		"a column twice":    {map[string]string{"services.csv": "id, id\n1,2\n"}, `services.csv: column "id" stands twice`},
		"a quote left open": {map[string]string{"services.csv": "id,name\n1,\"x\n"}, "services.csv: "},
	} {
		folder := fstest.MapFS{}
		for file, text := range test.files {
			folder[file] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := tabular.Read(folder); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := tabular.Read(fstest.MapFS{"services.csv": {Data: []byte("id\n\"x")}, "phones.csv": {Data: []byte("id\n\xe9")}})
	if err == nil || !strings.Contains(err.Error(), "services.csv: ") || !strings.Contains(err.Error(), "phones.csv: is not UTF-8") {
		t.Errorf("one table's problem hides another's: %v", err)
	}
	records, err := tabular.Read(fstest.MapFS{"services.csv": {Data: []byte("id,name\n1,a,b\n2\n")}})
	if err != nil || len(records) != 2 || records[0].Err == nil || records[1].Err != nil || errors.Is(err, io.EOF) {
		t.Errorf("%v, %+v", err, records)
	}
}
