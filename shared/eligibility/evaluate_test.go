package eligibility_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/eligibility"
)

var submitted = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// evaluate reads clauses and profile from JSON, as they come in real life.
func evaluate(t *testing.T, clauses, profile string) eligibility.Result {
	t.Helper()
	parsed, err := eligibility.ParseClauses([]byte(clauses))
	if err != nil {
		t.Fatalf("clauses %s: %v", clauses, err)
	}
	var p eligibility.Profile
	if err := json.Unmarshal([]byte(profile), &p); err != nil {
		t.Fatalf("profile %s: %v", profile, err)
	}
	return eligibility.Evaluate(parsed, p, submitted)
}

// summary puts a result on one line: the verdict, what is missing, and each reason with its parameters.
func summary(t *testing.T, r eligibility.Result) string {
	t.Helper()
	parts := []string{r.Verdict.String()}
	if len(r.Missing) > 0 {
		parts = append(parts, "missing "+strings.Join(r.Missing, ","))
	}
	for _, reason := range r.Reasons {
		text := reason.Code
		if len(reason.Params) > 0 {
			data, err := json.Marshal(reason.Params)
			if err != nil {
				t.Fatal(err)
			}
			text += string(data)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

func TestConstraints(t *testing.T) {
	tests := []struct{ clauses, profile, want string }{
		{`[]`, `{}`, `eligible; open_to_all`},

		{`[{"legal_status":["refugee"]}]`, `{"legal_status":"refugee"}`, `eligible; legal_status_is{"status":["refugee"]}`},
		{`[{"legal_status":["refugee"]}]`, `{"legal_status":"resident"}`, `no; legal_status_not_listed{"status":["refugee"]}`},
		{`[{"legal_status":["refugee"]}]`, `{}`, `check; missing legal_status; to_check{"field":"legal_status"}`},
		{`[{"legal_status":["refugee"]}]`, `{"legal_status":"undisclosed"}`, `check; missing legal_status; to_check{"field":"legal_status"}`},
		{`[{"legal_status":["refugee"]}]`, `{"legal_status":"other"}`, `check; missing legal_status; to_check{"field":"legal_status"}`},
		{`[{"legal_status":["refugee"]}]`, `{"legal_status":"nonsense"}`, `check; missing legal_status; to_check{"field":"legal_status"}`},
		{`[{"not_legal_status":["refugee"]}]`, `{"legal_status":"resident"}`, `eligible; legal_status_not{"status":["refugee"]}`},
		{`[{"not_legal_status":["refugee"]}]`, `{"legal_status":"refugee"}`, `no; legal_status_excluded{"status":["refugee"]}`},
		{`[{"not_legal_status":["refugee"]}]`, `{"legal_status":"other"}`, `check; missing legal_status; to_check{"field":"legal_status"}`},

		{`[{"gender":["female"]}]`, `{"gender":"female"}`, `eligible; gender_is{"gender":["female"]}`},
		{`[{"gender":["female"]}]`, `{"gender":"male"}`, `no; gender_not_listed{"gender":["female"]}`},
		{`[{"gender":["female"]}]`, `{"gender":"undisclosed"}`, `check; missing gender; to_check{"field":"gender"}`},

		{`[{"age":{"min":18,"max":65}}]`, `{"birth_year":2008}`, `eligible; age_in_range{"max":65,"min":18}`},
		{`[{"age":{"min":18,"max":65}}]`, `{"birth_year":1961}`, `eligible; age_in_range{"max":65,"min":18}`},
		{`[{"age":{"min":18,"max":65}}]`, `{"birth_year":2009}`, `no; age_out_of_range{"max":65,"min":18}`},
		{`[{"age":{"min":18,"max":65}}]`, `{"birth_year":1960}`, `no; age_out_of_range{"max":65,"min":18}`},
		{`[{"age":{"min":18}}]`, `{}`, `check; missing birth_year; to_check{"field":"birth_year"}`},
		{`[{"age":{"max":17}}]`, `{"birth_year":2009}`, `eligible; age_in_range{"max":17}`},

		{`[{"household_children":{"min":1}}]`, `{"household":{"children":1}}`, `eligible; has_children{"min":1}`},
		{`[{"household_children":{"min":1}}]`, `{"household":{"children":0}}`, `no; children_out_of_range{"min":1}`},
		{`[{"household_children":{"min":1}}]`, `{"household":{"adults":2}}`, `check; missing household.children; to_check{"field":"household.children"}`},
		{`[{"household_children":{"max":0}}]`, `{"household":{"children":0}}`, `eligible; children_in_range{"max":0}`},

		{`[{"months_in_country":{"max":12}}]`, `{"residence":{"months_in_country":12}}`, `eligible; months_in_country_in_range{"max":12}`},
		{`[{"months_in_country":{"min":6}}]`, `{"residence":{"months_in_country":5}}`, `no; months_in_country_out_of_range{"min":6}`},
		{`[{"months_in_country":{"min":6}}]`, `{"residence":{"region":"ES"}}`, `check; missing residence.months_in_country; to_check{"field":"residence.months_in_country"}`},
		{`[{"education":{"min":5}}]`, `{"education":5}`, `eligible; education_in_range{"min":5}`},
		{`[{"education":{"max":2}}]`, `{"education":3}`, `no; education_out_of_range{"max":2}`},
		{`[{"education":{"max":2}}]`, `{"education":0}`, `eligible; education_in_range{"max":2}`},
		{`[{"education":{"min":5}}]`, `{}`, `check; missing education; to_check{"field":"education"}`},

		{`[{"languages":{"es":{"max":"A2"}}}]`, `{"languages":[{"code":"es","level":"A2"}]}`, `eligible; language_at_most{"language":"es","level":"A2"}`},
		{`[{"languages":{"es":{"max":"A2"}}}]`, `{"languages":[{"code":"ar","level":"native"}]}`, `eligible; language_at_most{"language":"es","level":"A2"}`},
		{`[{"languages":{"es":{"max":"A2"}}}]`, `{"languages":[{"code":"es","level":"B1"}]}`, `no; language_above{"language":"es","level":"A2"}`},
		{`[{"languages":{"es":{"min":"A1"}}}]`, `{"languages":[{"code":"ar","level":"native"}]}`, `no; language_below{"language":"es","level":"A1"}`},
		{`[{"languages":{"es":{"min":"B1","max":"C1"}}}]`, `{"languages":[{"code":"es","level":"A1"},{"code":"es-419","level":"C1"}]}`, `eligible; language_at_least{"language":"es","level":"B1"}; language_at_most{"language":"es","level":"C1"}`},
		{`[{"languages":{"es":{"max":"A2"}}}]`, `{}`, `check; missing languages; to_check{"field":"languages"}`},
		{`[{"languages":{"es":{"max":"A2"}}}]`, `{"languages":[]}`, `check; missing languages; to_check{"field":"languages"}`},
		{`[{"languages":{"es":{"max":"A2"}}}]`, `{"languages":[{"code":"es","level":"good"}]}`, `check; missing languages; to_check{"field":"languages"}`},

		{`[{"speaks":["ar","en"]}]`, `{"languages":[{"code":"en","level":"B1"}]}`, `eligible; speaks{"language":["ar","en"]}`},
		{`[{"speaks":["ar","en"]}]`, `{"languages":[{"code":"en","level":"A2"}]}`, `no; speaks_none{"language":["ar","en"]}`},
		{`[{"speaks":["ar"]}]`, `{}`, `check; missing languages; to_check{"field":"languages"}`},
		{`[{"languages":{"es":{"max":"A2"}},"speaks":["ar"]}]`, `{}`, `check; missing languages; to_check{"field":"languages"}`},

		{`[{"occupation":["22"]}]`, `{"occupation":"2221"}`, `eligible; occupation_is{"occupation":["22"]}`},
		{`[{"occupation":["2221"]}]`, `{"occupation":"22"}`, `check; missing occupation; to_check{"field":"occupation"}`},
		{`[{"occupation":["2221","5"]}]`, `{"occupation":"23"}`, `no; occupation_not_listed{"occupation":["2221","5"]}`},
		{`[{"occupation":["2221","22"]}]`, `{"occupation":"22"}`, `eligible; occupation_is{"occupation":["2221","22"]}`},
		{`[{"occupation":["22"]}]`, `{}`, `check; missing occupation; to_check{"field":"occupation"}`},
		{`[{"occupation":["22"]}]`, `{"occupation":"nurse"}`, `check; missing occupation; to_check{"field":"occupation"}`},

		{`[{"registrations":["health_card"]}]`, `{"registrations":["health_card","tax_number"]}`, `eligible; registered{"registration":["health_card"]}`},
		{`[{"registrations":["health_card","tax_number"]}]`, `{"registrations":["tax_number"]}`, `no; not_registered{"registration":["health_card","tax_number"]}`},
		{`[{"registrations":["health_card"]}]`, `{"registrations":[]}`, `no; not_registered{"registration":["health_card"]}`},
		{`[{"registrations":["health_card"]}]`, `{"registrations":["none"]}`, `no; not_registered{"registration":["health_card"]}`},
		{`[{"registrations":["health_card"]}]`, `{}`, `check; missing registrations; to_check{"field":"registrations"}`},
	}
	for _, test := range tests {
		t.Run(test.clauses+" "+test.profile, func(t *testing.T) {
			if got := summary(t, evaluate(t, test.clauses, test.profile)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestClauses(t *testing.T) {
	tests := []struct{ name, clauses, profile, want string }{
		{"false wins over unknown in a clause", `[{"age":{"min":18},"gender":["female"],"education":{"min":1}}]`,
			`{"gender":"male","education":3}`, `no; gender_not_listed{"gender":["female"]}`},
		{"unknown wins over true in a clause", `[{"age":{"min":18},"gender":["female"]}]`, `{"gender":"female"}`,
			`check; missing birth_year; gender_is{"gender":["female"]}; to_check{"field":"birth_year"}`},
		{"true wins over unknown among clauses", `[{"age":{"min":18}},{"gender":["female"]}]`, `{"gender":"female"}`,
			`eligible; gender_is{"gender":["female"]}`},
		{"unknown wins over false among clauses", `[{"gender":["male"]},{"age":{"min":18}}]`, `{"gender":"female"}`,
			`check; missing birth_year; to_check{"field":"birth_year"}`},
		{"the first clause that holds is told", `[{"gender":["female","male"]},{"gender":["female"]}]`, `{"gender":"female"}`,
			`eligible; gender_is{"gender":["female","male"]}`},
		{"the clause that lacks the fewest is told", `[{"age":{"min":18},"education":{"min":1}},{"occupation":["2"]}]`, `{}`,
			`check; missing occupation; to_check{"field":"occupation"}`},
		{"of those that lack as many, the first", `[{"occupation":["2"]},{"age":{"min":18}}]`, `{}`,
			`check; missing occupation; to_check{"field":"occupation"}`},
		{"fields count, not constraints", `[{"age":{"min":18},"education":{"min":1}},{"legal_status":["refugee"],"not_legal_status":["resident"]}]`, `{}`,
			`check; missing legal_status; to_check{"field":"legal_status"}`},
		{"missing is sorted", `[{"legal_status":["refugee"],"gender":["male"],"age":{"min":1},"months_in_country":{"min":1}}]`, `{}`,
			`check; missing birth_year,gender,legal_status,residence.months_in_country; to_check{"field":"birth_year"}; to_check{"field":"gender"}; to_check{"field":"legal_status"}; to_check{"field":"residence.months_in_country"}`},
		{"the clause that fails the fewest is told", `[{"gender":["male"],"age":{"min":60}},{"age":{"min":50}}]`, `{"gender":"female","birth_year":2000}`,
			`no; age_out_of_range{"min":50}`},
		{"of those that fail as many, the first", `[{"age":{"min":60}},{"age":{"min":50}}]`, `{"birth_year":2000}`,
			`no; age_out_of_range{"min":60}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := summary(t, evaluate(t, test.clauses, test.profile)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// A clause made in Go whose constraints are there but empty asks for nothing, rather than for the impossible.
func TestEmptyConstraintsAskForNothing(t *testing.T) {
	clause := eligibility.Clause{LegalStatus: []string{}, Age: &eligibility.Range{}, Speaks: []string{},
		Languages: map[string]eligibility.LevelRange{"es": {}}}
	got := eligibility.Evaluate([]eligibility.Clause{clause}, eligibility.Profile{}, submitted)
	want := eligibility.Result{Verdict: eligibility.True, Reasons: []eligibility.Reason{{Code: "open_to_all"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The year is that of the place where the time was taken.
func TestAgeFollowsTheLocationOfTheTime(t *testing.T) {
	adult, year := 18, 2009
	clauses := []eligibility.Clause{{Age: &eligibility.Range{Min: &adult}}}
	profile := eligibility.Profile{BirthYear: &year}
	at := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	if got := eligibility.Evaluate(clauses, profile, at).Verdict; got != eligibility.False {
		t.Errorf("in UTC: %s", got)
	}
	if got := eligibility.Evaluate(clauses, profile, at.In(time.FixedZone("EET", 7200))).Verdict; got != eligibility.True {
		t.Errorf("two hours to the east: %s", got)
	}
}

// The profile's JSON tells "none" from "not said", both ways.
func TestProfileKeepsAbsenceApart(t *testing.T) {
	for _, text := range []string{
		`{"residence":{"region":"ES-GR"}}`,
		`{"residence":{"region":"ES-GR"},"registrations":[]}`,
		`{"residence":{"region":"ES-GR","months_in_country":0},"household":{"children":0},"education":0}`,
		`{"kind":"support","language":"ar","residence":{"region":"ES-GR","municipality":"Granada","months_in_country":7},` +
			`"legal_status":"asylum_seeker","birth_year":1994,"gender":"female","household":{"adults":1,"children":2},` +
			`"languages":[{"code":"ar","level":"native"}],"education":5,"occupation":"2221",` +
			`"registrations":["municipal_register"],"needs":["employment"],"urgency":"soon"}`,
	} {
		var profile eligibility.Profile
		if err := json.Unmarshal([]byte(text), &profile); err != nil {
			t.Fatal(err)
		}
		back, err := json.Marshal(profile)
		if err != nil {
			t.Fatal(err)
		}
		var want, got any
		if json.Unmarshal([]byte(text), &want) != nil || json.Unmarshal(back, &got) != nil || !cmp.Equal(want, got) {
			t.Errorf("%s came back as %s", text, back)
		}
	}
}

func TestVerdictText(t *testing.T) {
	for verdict, want := range map[eligibility.Verdict]string{
		eligibility.True: `"eligible"`, eligibility.Unknown: `"check"`, eligibility.False: `"no"`,
	} {
		data, err := json.Marshal(verdict)
		if err != nil || string(data) != want {
			t.Errorf("%v: %s, %v", verdict, data, err)
		}
		var back eligibility.Verdict
		if err := json.Unmarshal(data, &back); err != nil || back != verdict {
			t.Errorf("%s: %v, %v", data, back, err)
		}
	}
	if _, err := json.Marshal(eligibility.Verdict(7)); err == nil {
		t.Error("a verdict out of range is written")
	}
	if err := new(eligibility.Verdict).UnmarshalText([]byte("maybe")); err == nil {
		t.Error("an unknown verdict is read")
	}
}

func TestReasonSurvivesJSON(t *testing.T) {
	want := eligibility.Reason{Code: "x", Params: eligibility.Params{"min": 18, "field": "a", "status": []string{"b"}}}
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got eligibility.Reason
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{`{"min":1.5}`, `{"min":null}`, `{"min":{}}`, `{"min":[1]}`, `{"min":1e300}`} {
		if err := json.Unmarshal([]byte(bad), new(eligibility.Params)); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}

func TestListsOfNames(t *testing.T) {
	for name, list := range map[string][]string{"ReasonCodes": eligibility.ReasonCodes, "Fields": eligibility.Fields} {
		if unique := slices.Compact(slices.Sorted(slices.Values(list))); len(unique) != len(list) {
			t.Errorf("%s has a name twice", name)
		}
	}
	if !slices.IsSorted(eligibility.Fields) {
		t.Errorf("Fields are not sorted: %s", fmt.Sprint(eligibility.Fields))
	}
}
