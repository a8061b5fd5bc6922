package hsds_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/miict/immerse/functions/hsds"
	"github.com/miict/immerse/shared/country"
)

// Every answer is what HSDS 3.1 says that it is: by the excerpt of its schemas here, and by the schemas themselves if they
// are on this machine (HSDS_SCHEMAS names their folder).
func TestEveryAnswerIsAsHSDSSays(t *testing.T) {
	t.Parallel()
	schemas := []schema{excerpt(t)}
	if whole, ok := specification(t); ok {
		schemas = append(schemas, whole)
	} else {
		t.Log("SKIPPED the specification's own schemas: they are not here")
	}
	handlers := map[string]*hsds.Handler{"foreign": foreign(t)}
	for _, code := range country.Codes() {
		handlers[code] = packs(t, code)
	}
	for name, h := range handlers {
		for list, kind := range map[string]string{
			"services": "service", "organizations": "organization", "taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term",
			"service_at_locations": "service_at_location",
		} {
			for _, query := range []string{"", "full=true", "full_service=true", "minimal=true"} {
				got := ask(t, h, "GET", "/hsds/"+list+"?per_page=1000&"+query)
				if got.status != 200 || got.headers["Content-Type"] != "application/json" {
					t.Fatalf("%s %s %s: %d %s", name, list, query, got.status, got.body)
				}
				p := got.page(t)
				if list != "service_at_locations" && len(p.Contents) == 0 {
					t.Errorf("%s %s: nothing", name, list)
				}
				for _, schema := range schemas {
					schema.check(t, "page", []byte(got.body), name+" "+list)
					if query == "minimal=true" && list == "services" {
						continue // less than the schema requires, as the specification promises it
					}
					for _, object := range p.Contents {
						data, _ := json.Marshal(object)
						schema.check(t, kind, data, fmt.Sprintf("%s %s?%s %s", name, list, query, object["id"]))
					}
				}
				if query == "" {
					briefOnly(t, p, list)
				}
			}
			for _, object := range ask(t, h, "GET", "/hsds/"+list+"?per_page=5").page(t).Contents { // all were seen in full above
				one := ask(t, h, "GET", fmt.Sprintf("/hsds/%s/%s", list, object["id"]))
				for _, schema := range schemas {
					schema.check(t, kind, []byte(one.body), fmt.Sprintf("%s %s/%s", name, list, object["id"]))
				}
			}
		}
	}
}

// briefOnly holds a list to what its entries have one of.
func briefOnly(t *testing.T, p page, list string) {
	t.Helper()
	for _, object := range p.Contents {
		for name, value := range object {
			if _, many := value.([]any); many {
				t.Errorf("%s: %s has a list in %s", list, object["id"], name)
			}
		}
	}
}

// schema validates by kind.
type schema struct {
	compiled map[string]*jsonschema.Schema
}

func (s schema) check(t *testing.T, kind string, data []byte, what string) {
	t.Helper()
	if s.compiled[kind] == nil {
		return // the specification's file has services' parts only
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.compiled[kind].Validate(value); err != nil {
		t.Errorf("%s is no %s: %v", what, kind, err)
	}
}

func excerpt(t *testing.T) schema { return load(t, "testdata/hsds-3.1.schema.json", "$defs") }

// specification loads the compiled schema of the specification itself.
func specification(t *testing.T) (schema, bool) {
	folder := os.Getenv("HSDS_SCHEMAS")
	if folder == "" {
		folder = "../../../shared/data/hsds"
	}
	file := filepath.Join(folder, "schema.service_with_definitions.json")
	if _, err := os.Stat(file); err != nil {
		return schema{}, false
	}
	return load(t, file, "definitions"), true
}

// load compiles every kind of object in a file.
func load(t *testing.T, file, member string) schema {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("mem:///hsds.json", value); err != nil {
		t.Fatal(err)
	}
	s := map[string]*jsonschema.Schema{}
	compile := func(kind, pointer string) {
		if s[kind], err = compiler.Compile("mem:///hsds.json#" + pointer); err != nil {
			t.Fatal(err)
		}
	}
	whole, _ := value.(map[string]any)
	kinds, _ := whole[member].(map[string]any)
	for kind := range kinds {
		compile(kind, "/"+member+"/"+kind)
	}
	if s["service"] == nil { // the specification's file is a service's, with the definitions of all else
		compile("service", "")
	}
	return schema{s}
}
