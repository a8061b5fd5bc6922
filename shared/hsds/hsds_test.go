package hsds_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
)

// value reads JSON with its numbers' digits, so that two texts can be compared as JSON values.
func value(t *testing.T, data []byte) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return v
}

func roundTrip[T any](t *testing.T, data []byte) T {
	t.Helper()
	var object T
	if err := json.Unmarshal(data, &object); err != nil {
		t.Fatal(err)
	}
	back, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(value(t, data), value(t, back)); diff != "" {
		t.Errorf("a round trip changed it (-came +went):\n%s", diff)
	}
	return object
}

func TestTheSpecificationsExamplesSurvive(t *testing.T) {
	data, err := os.ReadFile("testdata/service_full.json")
	if err != nil {
		t.Fatal(err)
	}
	service := roundTrip[hsds.Service](t, data)
	if service.Name != "Community Counselling" || service.Status != hsds.StatusActive || service.Immerse != nil {
		t.Errorf("read as %+v", service)
	}
	data, err = os.ReadFile("testdata/organization_full.json")
	if err != nil {
		t.Fatal(err)
	}
	if o := roundTrip[hsds.Organization](t, data); o.Name != "Example Organization Inc." {
		t.Errorf("read as %+v", o)
	}
}

const foreign = `{"id":"1","name":"","status":"active","url":null,"languages":[{"id":"2","code":"ur","attributes":[{"x":1}]}],
	"capacities":[{"id":"3","available":3.50,"unit":{"id":"4","name":"beds"}}],
	"required_documents":[{"id":"5","document":"NIE","metadata":[]}],
	"minimum_age":12345678901234567890,"x_other":{"deep":[null,true]},"fees":"<b>&amp;</b>"}`

func TestUnknownFieldsSurvive(t *testing.T) {
	s := roundTrip[hsds.Service](t, []byte(foreign))
	if *s.Capacities[0].Available != 3.5 || s.Languages[0].Code != "ur" || s.RequiredDocuments[0].Document != "NIE" {
		t.Errorf("read as %+v", s)
	}
	if raw, ok := s.Field("x_other"); !ok || string(raw) != `{"deep":[null,true]}` {
		t.Errorf("x_other is %s, %v", raw, ok)
	}
	if _, ok := s.Field("nothing"); ok {
		t.Error("a field that is not there is found")
	}
}

// What is changed in Go is changed in JSON, and nothing else, at every depth.
func TestChangesAreWritten(t *testing.T) {
	var s hsds.Service
	if err := json.Unmarshal([]byte(foreign), &s); err != nil {
		t.Fatal(err)
	}
	none := 0.0
	s.Name = "New name"
	s.Capacities[0].Available = &none
	s.Languages = nil
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer(`"name":""`, `"name":"New name"`, `"available":3.50`, `"available":0`,
		`"languages":[{"id":"2","code":"ur","attributes":[{"x":1}]}],`, "").Replace(foreign)
	if diff := cmp.Diff(value(t, []byte(want)), value(t, data)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestObjectsMadeInGo(t *testing.T) {
	data, err := json.Marshal(hsds.Organization{ID: "1", Name: "n", Description: "d",
		Immerse: &hsds.OrganizationExtension{Inbox: "a@b.example", Language: "es", Delivery: hsds.DeliveryDaily}})
	want := `{"id":"1","name":"n","description":"d","immerse":{"inbox":"a@b.example","language":"es","delivery":"daily"}}`
	if err != nil || string(data) != want {
		t.Errorf("%s, %v", data, err)
	}
}

func TestExtensionIsRead(t *testing.T) {
	s := roundTrip[hsds.Service](t, []byte(`{"id":"1","name":"n","status":"active","immerse":{"needs":["legal"],
		"areas":["ES-AN"],"online":false,"authority":"2","priority":0.4,
		"eligibility":[{"age":{"min":18},"speaks":["ar"]},{"gender":["female"]}]}}`))
	min := 18
	want := &hsds.ServiceExtension{Needs: []string{"legal"}, Areas: []string{"ES-AN"}, Authority: "2", Priority: 0.4,
		Eligibility: []eligibility.Clause{
			{Age: &eligibility.Range{Min: &min}, Speaks: []string{"ar"}}, {Gender: []string{"female"}},
		}}
	if diff := cmp.Diff(want, s.Immerse); diff != "" {
		t.Error(diff)
	}
}

func TestExtensionsAreStrict(t *testing.T) {
	for text, want := range map[string]string{
		`{"immerse":{"eligibilty":[]}}`:                          `unknown field "eligibilty"`,
		`{"immerse":{"eligibility":null}}`:                       `eligibility: is not a list of clauses`,
		`{"immerse":{"eligibility":[{"x":1},{"gender":["x"]}]}}`: "eligibility[0].x: is not a constraint\neligibility[1].gender[0]: unknown code \"x\"",
		`{"immerse":{"needs":"legal"}}`:                          `cannot unmarshal string`,
		`{"languages":[null]}`:                                   `null in the place of an object`,
		`null`:                                                   `null in the place of an object`,
	} {
		var s hsds.Service
		if err := s.UnmarshalJSON([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %s", text, err, want)
		}
	}
	var o hsds.Organization
	if err := json.Unmarshal([]byte(`{"immerse":{"inbx":"a@b"}}`), &o); err == nil {
		t.Error("an unknown field in an organization's extension is accepted")
	}
}

func TestAssured(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-01": "2026-11-01", "2026-11-01T23:30:00-05:00": "2026-11-02", "": "", "2026-02-30": "", "soon": "",
		"once upon a time in 2026": "",
	} {
		s := hsds.Service{AssuredDate: text}
		day, ok := s.Assured()
		if ok != (want != "") || ok && day.Format("2006-01-02T15:04:05Z07:00") != want+"T00:00:00Z" {
			t.Errorf("%q: %v, %v; want %q", text, day, ok, want)
		}
	}
}
