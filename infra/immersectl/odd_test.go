package main

import (
	"fmt"
	"strings"
	"testing"
)

const someone = `"needs":["language"],"residence":{"region":"ES-GR"}`

// verdict matches one service with one person and gives "eligible", "check <missing>", "no", or "refused" when the service
// was left out.
func verdict(t *testing.T, service, profile string) string {
	t.Helper()
	got := command(t.Context(), nil, "{"+profile+"}", "match", "-c", "es", "--profiles", "-", "--at", "2026-11-01",
		"--catalogue", write(t, "s", "{"+service+"}"), "--all")
	if got.code == exitBadInput && strings.Contains(got.err, "1 problem") || got.code == exitBadInput && strings.Contains(got.err, "problems") {
		return "refused"
	}
	if got.code != exitDone {
		t.Fatalf("exit code %d: %s", got.code, got.err)
	}
	matches := readPrinted(t, got.out)[0].Matches
	if len(matches) == 0 {
		return "no"
	}
	return strings.TrimSpace(matches[0].Verdict + " " + strings.Join(matches[0].Missing, ","))
}

func TestOddRulesCountAsTheDesignHasThemOrNotAtAll(t *testing.T) {
	t.Parallel()
	tests := []struct{ eligibility, profile, want string }{
		{`[]`, ``, "eligible"},
		{`null`, ``, "eligible"},
		{`[{}]`, ``, "eligible"},
		{`[{"age":null}]`, ``, "eligible"},
		{`[{"age":{"min":18,"max":null}}]`, `,"birth_year":2008`, "eligible"},
		{`[{"age":{"min":19}}]`, `,"birth_year":2008`, "no"},
		{`[{"age":{"min":18}}]`, ``, "check birth_year"},
		{`[{"age":{"min":18.0}}]`, `,"birth_year":2008.0`, "eligible"},
		{`[{"age":{"min":30,"max":20}}]`, `,"birth_year":2001`, "no"},
		{`[{"age":{"min":18,"max":65}},{"age":{}}]`, ``, "refused"},
		{`[{"age":{"min":"18"}}]`, ``, "refused"},
		{`[{"age":{"min":17.5}}]`, ``, "refused"},
		{`[{"age":{"least":18}}]`, ``, "refused"},
		{`[{"age":18}]`, ``, "refused"},
		{`[{"height":{"min":1}}]`, ``, "refused"},
		{`[{"Legal_status":["refugee"]}]`, ``, "refused"},
		{`[{"legal_status":["refugee"],"legal_status":["resident"]}]`, ``, "refused"},
		{`[{"legal_status":[]}]`, ``, "refused"},
		{`[{"legal_status":["refugee",null]}]`, ``, "refused"},
		{`[{"legal_status":"refugee"}]`, ``, "refused"},
		{`[{"legal_status":["refugee","stateless"]}]`, `,"legal_status":"refugee"`, "eligible"},
		{`[{"legal_status":["refugee"]}]`, `,"legal_status":"Refugee"`, "check legal_status"},
		{`[{"legal_status":["refugee"]}]`, `,"legal_status":"other"`, "check legal_status"},
		{`[{"not_legal_status":["undocmented"]}]`, ``, "refused"},
		{`[{"not_legal_status":["resident"]}]`, `,"legal_status":"undisclosed"`, "check legal_status"},
		{`[{"languages":{"es":{"max":"A2"}}}]`, `,"languages":[]`, "check languages"},
		{`[{"languages":{"es":{"max":"A2"}}}]`, `,"languages":[{"code":"ar","level":"native"}]`, "eligible"},
		{`[{"languages":{"es":{"max":"A2"}}}]`, `,"languages":[{"code":"ar"},{"level":"B1"}]`, "check languages"},
		{`[{"languages":{"es":{"min":"A2"}}}]`, `,"languages":[{"code":"es","level":"a2"}]`, "check languages"},
		{`[{"languages":{"es":{"min":"B7"}}}]`, ``, "refused"},
		{`[{"languages":{"es":"A2"}}]`, ``, "refused"},
		{`[{"languages":{}}]`, ``, "refused"},
		{`[{"speaks":["en","ar"]}]`, `,"languages":[{"code":"ar","level":"B1"}]`, "eligible"},
		{`[{"speaks":["en"]}]`, `,"languages":[{"code":"ar","level":"B1"}]`, "no"},
		{`[{"education":{"max":0}}]`, `,"education":0`, "eligible"},
		{`[{"education":{"min":1}}]`, `,"education":0`, "no"},
		{`[{"months_in_country":{"max":0}}]`, ``, "check residence.months_in_country"},
		{`[{"household_children":{"max":0}}]`, `,"household":{"children":0}`, "eligible"},
		{`[{"household_children":{"min":1}}]`, `,"household":{"adults":1}`, "check household.children"},
		{`[{"occupation":["22"]}]`, `,"occupation":"2221"`, "eligible"},
		{`[{"occupation":["2221"]}]`, `,"occupation":"22"`, "check occupation"},
		{`[{"occupation":["2221"]}]`, `,"occupation":2221`, "check occupation"},
		{`[{"occupation":[""]}]`, ``, "refused"},
		{`[{"registrations":["tax_number"]}]`, `,"registrations":[]`, "no"},
		{`[{"registrations":["tax_number"]}]`, `,"registrations":null`, "check registrations"},
		{`[null]`, ``, "refused"},
		{`{"age":{"min":18}}`, ``, "refused"},
		{`"everyone"`, ``, "refused"},
	}
	for _, test := range tests {
		service := `"id":"s","status":"active","immerse":{"needs":["language"],"areas":["ES"],"eligibility":` + test.eligibility + `}`
		if got := verdict(t, service, someone+test.profile); got != test.want {
			t.Errorf("%s with %s: got %s, want %s", test.eligibility, test.profile, got, test.want)
		}
	}
}

func TestOddServices(t *testing.T) {
	t.Parallel()
	const extension = `"immerse":{"needs":["language"],"areas":["ES"]}`
	tests := []struct{ service, want string }{
		{`"id":"s","status":"active",` + extension, "eligible"},
		{`"id":"s","status":"active","assured_date":"2025-11-01",` + extension, "eligible"},
		{`"id":"s","status":"active","assured_date":"2025-10-31",` + extension, "no"},
		{`"id":"s","status":"active","assured_date":"2025-10-31T10:00:00",` + extension, "no"},
		{`"id":"s","status":"active","assured_date":null,"email":[1],"languages":"es",` + extension, "eligible"},
		{`"id":"s","status":"temporarily closed",` + extension, "no"},
		{`"id":"s","status":"Active",` + extension, "no"},
		{`"id":"s","status":"active","immerse":null`, "no"},
		{`"id":"s","status":"active","immerse":{"needs":["language"],"areas":["ES-CT","FR","es-gr"]}`, "no"},
		{`"id":"s","status":"active","immerse":{"needs":["language"],"online":true}`, "eligible"},
		{`"id":"s","status":"active","immerse":{"needs":["language"],"areas":["ES"],"source":"x","authority":7}`, "eligible"},
		{`"id":"s","status":"active","immerse":{"needs":["language"],"areas":["ES"],"eligiblity":[]}`, "refused"},
		{`"id":"s","status":"active","immerse":{"needs":["language"],"areas":["ES"],"Eligibility":[]}`, "refused"},
		{`"id":"s","status":"active","immerse":{"needs":"language","areas":["ES"]}`, "refused"},
		{`"id":"s","status":"active","immerse":{"needs":["language"],"online":"yes"}`, "refused"},
		{`"id":"s","status":"active","immerse":[]`, "refused"},
		{`"status":"active",` + extension, "refused"},
		{`"id":7,"status":"active",` + extension, "refused"},
		{`"id":"s","id":"t","status":"active",` + extension, "refused"},
	}
	for _, test := range tests {
		if got := verdict(t, test.service, someone); got != test.want {
			t.Errorf("%s: got %s, want %s", test.service, got, test.want)
		}
	}
}

// TestABadLineStopsNothingElse: what is wrong is named with its line, the rest is matched.
func TestABadLineStopsNothingElse(t *testing.T) {
	t.Parallel()
	good := `{"id":"%s","status":"active","immerse":{"needs":["language","health"],"areas":["ES"]}}`
	catalogue := write(t, "services", strings.Join([]string{
		fmt.Sprintf(good, "b"), `{"id":`, `{"id":"x","status":"active","immerse":{"needs":["language"],"areas":["ES"],"eligibility":[{"hair":1}]}}`,
		``, fmt.Sprintf(good, "a"), fmt.Sprintf(good, "a"), `{"id":"o","name":"O","description":"an organization"}`,
	}, "\r\n"))
	profiles := write(t, "profiles", `{"id":"one","needs":["health","language","health"],"residence":{"region":"ES-M"}}`+"\n[]\n"+
		`{"id":12,"needs":["language"],"residence":{"region":"ES-XX"}}`+"\n{\"needs\":[\"language\"]}\n")
	got := command(t.Context(), nil, "", "match", "--country", "ES", "--catalogue", catalogue, "--profiles", profiles, "--all")
	if got.code != exitBadInput {
		t.Errorf("exit code %d", got.code)
	}
	for _, want := range []string{
		"services: line 2: is not JSON", "services: line 3 (x): immerse.eligibility[0].hair: is not a constraint",
		"services: line 6 (a): id: is that of line 5 too", "profiles: line 2: is not a JSON object", "4 problems",
	} {
		if !strings.Contains(got.err, want) {
			t.Errorf("%q is not in:\n%s", want, got.err)
		}
	}
	var pairs []string
	for _, line := range readPrinted(t, got.out) {
		pairs = append(pairs, line.Profile+":")
		for _, m := range line.Matches {
			pairs = append(pairs, m.Service+"/"+m.Need)
		}
	}
	if joined := strings.Join(pairs, " "); joined != "one: a/health b/health a/language b/language 12: line 4:" {
		t.Error(joined)
	}
	strict := command(t.Context(), nil, "", "match", "-c", "es", "--catalogue", catalogue, "--profiles", profiles, "--strict")
	if strict.code != exitBadInput || strict.out != "" || !strings.Contains(strict.err, "as --strict asks") {
		t.Errorf("with --strict: %+v", strict)
	}
}

func TestWithoutAllThePacksLimitHolds(t *testing.T) {
	t.Parallel()
	var services strings.Builder
	for i := range 12 {
		fmt.Fprintf(&services, `{"id":"s%02d","status":"active","immerse":{"needs":["language","health"],"areas":["ES"]}}`+"\n", i)
	}
	catalogue := write(t, "s", services.String())
	profile := `{"id":"p","needs":["health","language"],"residence":{"region":"ES"}}`
	for flag, want := range map[string]int{"--all": 24, "--all=false": 10} {
		got := command(t.Context(), map[string]string{"COUNTRY": "es"}, profile, "match", "--catalogue", catalogue, "--profiles", "-", flag)
		if lines := readPrinted(t, got.out); got.code != exitDone || len(lines) != 1 || len(lines[0].Matches) != want {
			t.Errorf("%s: %d %s", flag, got.code, got.err)
		}
	}
}

func TestAgeFollowsTheCountrysYear(t *testing.T) {
	t.Parallel()
	catalogue := write(t, "s", `{"id":"s","status":"active","immerse":{"needs":["health"],"areas":["ES"],"eligibility":[{"age":{"min":18}}]}}`)
	profile := `{"id":"p","needs":["health"],"residence":{"region":"ES"},"birth_year":2009}`
	for at, want := range map[string]int{
		"2026-12-31": 0, "2027-01-01": 1, "2026-12-31T22:59:59Z": 0, "2026-12-31T23:00:00Z": 1, "2027-01-01T00:30:00+02:00": 0,
	} {
		got := command(t.Context(), nil, profile, "match", "-c", "es", "--catalogue", catalogue, "--profiles", "-", "--at", at)
		if lines := readPrinted(t, got.out); len(lines) != 1 || len(lines[0].Matches) != want {
			t.Errorf("at %s: %+v", at, got)
		}
	}
}

func TestWrongUseIsSaidWithWhatToDo(t *testing.T) {
	t.Parallel()
	tests := []struct {
		arguments string
		want      string
	}{
		{"match --profiles p", "Add --country, one of: cy, es, it"},
		{"match -c fr --profiles p", `there is no country "fr"; there are: cy, es, it`},
		{"match -c es", "Add --profiles"},
		{"match -c es --profiles - --catalogue -", "can't both be standard input"},
		{"match -c es --profiles p --at yesterday", "neither a day like"},
		{"match -c es --profiles /nowhere/p", "no such file"},
		{"match -c es --profiles p extra", "unexpected argument"},
		{"match --wrong", "unknown flag"},
		{"statsu", `did you mean "status"`},
		{"dlq lst", "see: immersectl dlq --help"},
		{"catalogue validate", "Name sources, or a country"},
		{"erase", "Add --reference"},
		{"revoke", "Add --organization"},
		{"revoke --organization o", "Add --reference"},
		{"erase --reference ES-1", "is no reference of ES"},
		{"audit --reference XX-7K3M-9QXT-40AB", "Add --country"},
	}
	for _, test := range tests {
		got := command(t.Context(), nil, "", strings.Fields(test.arguments)...)
		if got.code != exitBadInput || !strings.Contains(strings.ToLower(got.err), strings.ToLower(test.want)) {
			t.Errorf("%s: exit code %d, %s", test.arguments, got.code, got.err)
		}
	}
}
