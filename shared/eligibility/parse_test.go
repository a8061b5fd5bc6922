package eligibility_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/eligibility"
)

func TestParseClausesNamesEveryProblem(t *testing.T) {
	tests := []struct {
		name, clauses string
		want          []string
	}{
		{"unknown constraint", `[{"ages":{"min":18}}]`, []string{"[0].ages: is not a constraint"}},
		{"other case", `[{"Age":{"min":18}}]`, []string{"[0].Age: is not a constraint"}},
		{"twice", `[{"age":{"min":18},"age":{"min":1}}]`, []string{"[0].age: stands twice"}},
		{"unknown status", `[{"legal_status":["refuge"]}]`, []string{`[0].legal_status[0]: unknown code "refuge"`}},
		{"status that says nothing", `[{"legal_status":["other"]}]`, []string{`[0].legal_status[0]: unknown code "other"`}},
		{"status twice", `[{"not_legal_status":["refugee","refugee"]}]`, []string{`[0].not_legal_status[1]: "refugee" stands twice`}},
		{"unknown gender", `[{"gender":["f"]}]`, []string{`[0].gender[0]: unknown code "f"`}},
		{"unknown registration", `[{"registrations":["none"]}]`, []string{`[0].registrations[0]: unknown code "none"`}},
		{"bad occupation", `[{"occupation":["22211"]}]`, []string{`[0].occupation[0]: unknown code "22211"`}},
		{"bad spoken language", `[{"speaks":["Arabic"]}]`, []string{`[0].speaks[0]: unknown code "Arabic"`}},
		{"min above max", `[{"age":{"min":65,"max":18}}]`, []string{"[0].age: min 65 is more than max 18"}},
		{"negative", `[{"household_children":{"min":-1}}]`, []string{"[0].household_children.min: -1 is not from 0 to 50"}},
		{"education out of bounds", `[{"education":{"max":9}}]`, []string{"[0].education.max: 9 is not from 0 to 8"}},
		{"not whole", `[{"age":{"min":18.5}}]`, []string{"[0].age.min: is not a whole number"}},
		{"unknown bound", `[{"age":{"from":18}}]`, []string{"[0].age.from: is neither min nor max"}},
		{"no bound", `[{"age":{}}]`, []string{"[0].age: has neither min nor max"}},
		{"not a range", `[{"age":18}]`, []string{"[0].age: is not a JSON object"}},
		{"null", `[{"gender":null}]`, []string{"[0].gender: is not a list of codes"}},
		{"empty list", `[{"gender":[]}]`, []string{"[0].gender: is an empty list"}},
		{"level", `[{"languages":{"es":{"max":"A3"}}}]`, []string{`[0].languages.es.max: unknown level "A3"`}},
		{"levels the wrong way round", `[{"languages":{"es":{"min":"B1","max":"A1"}}}]`, []string{"[0].languages.es: min B1 is more than max A1"}},
		{"language", `[{"languages":{"Spanish":{"max":"A2"}}}]`, []string{"[0].languages.Spanish: is not an ISO 639 code"}},
		{"no language", `[{"languages":{}}]`, []string{"[0].languages: is an empty object"}},
		{"no levels", `[{"languages":{"es":{}}}]`, []string{"[0].languages.es: has neither min nor max"}},
		{"empty clause", `[{}]`, []string{"[0]: has no constraint; a service for everyone has no eligibility at all"}},
		{"not a list", `{}`, []string{"is not a list of clauses"}},
		{"null for a list", `null`, []string{"is not a list of clauses"}},
		{"not a clause", `["x"]`, []string{"[0]: is not a JSON object"}},
		{"many at once", `[{"ages":1,"age":{"min":9,"max":1}},{"gender":["x"],"speaks":1}]`, []string{
			"[0].ages: is not a constraint", "[0].age: min 9 is more than max 1",
			"[1].speaks: is not a list of codes", `[1].gender[0]: unknown code "x"`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			clauses, err := eligibility.ParseClauses([]byte(test.clauses))
			var got []string
			for _, problem := range eligibility.Problems(err) {
				got = append(got, problem.Error())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if clauses != nil {
				t.Errorf("clauses in spite of problems: %v", clauses)
			}
		})
	}
}

const everyConstraint = `[{"legal_status":["asylum_seeker"],"not_legal_status":["refugee"],"gender":["female"],` +
	`"age":{"min":18,"max":65},"household_children":{"min":1},"months_in_country":{"max":12},"education":{"min":0},` +
	`"languages":{"es":{"min":"A1","max":"native"}},"speaks":["ar"],"occupation":["2221"],` +
	`"registrations":["municipal_register"]}]`

func TestClausesSurviveJSON(t *testing.T) {
	clauses, err := eligibility.ParseClauses([]byte(everyConstraint))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(clauses)
	if err != nil || string(data) != everyConstraint {
		t.Errorf("%s, %v", data, err)
	}
}

// The reader of a single clause is as strict.
func TestUnmarshalClauseIsStrict(t *testing.T) {
	var clauses []eligibility.Clause
	err := json.Unmarshal([]byte(`[{"ages":{"min":1}}]`), &clauses)
	if err == nil || !strings.Contains(err.Error(), "ages: is not a constraint") {
		t.Errorf("%v", err)
	}
}

// Whatever bytes come, nothing panics; what is accepted is valid and says the same after a round trip.
func FuzzParseClauses(f *testing.F) {
	f.Add(everyConstraint)
	f.Add(`[]`)
	f.Add(`[{"age":{"min":1,"max":`)
	f.Add(`[{"age":{"min":1e2}},{"languages":{"":{"min":""}}}]`)
	f.Add("[{\"gender\":[\"female\"]\x00}]")
	f.Fuzz(func(t *testing.T, text string) {
		clauses, err := eligibility.ParseClauses([]byte(text))
		if err != nil {
			if len(eligibility.Problems(err)) == 0 {
				t.Fatal("an error without a problem")
			}
			return
		}
		for i := range clauses {
			if err := clauses[i].Validate(); err != nil {
				t.Fatalf("accepted but not valid: %v", err)
			}
		}
		data, err := json.Marshal(clauses)
		if err != nil {
			t.Fatal(err)
		}
		again, err := eligibility.ParseClauses(data)
		if err != nil {
			t.Fatalf("%s is not read again: %v", data, err)
		}
		if diff := cmp.Diff(clauses, again); diff != "" {
			t.Fatal(diff)
		}
	})
}
