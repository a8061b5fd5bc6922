package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/batch"
)

const courses = `{"id":"c1","name":"Course in the morning","status":"active","capacities":[{"available":6}],"languages":[{"code":"ar"}],` +
	`"immerse":{"needs":["language"],"areas":["ES-GR"],"eligibility":[{"age":{"min":18}}]}}
{"id":"c2","name":"Course in the evening","status":"active","immerse":{"needs":["language"],"areas":["ES"],"eligibility":[{"gender":["female"]}]}}
{"id":"c3","name":"Course elsewhere","status":"active","immerse":{"needs":["language"],"areas":["ES-M"]}}
`

// applicants are people of Granada who want a course; one in eight says nothing of themselves, and one has another need.
func applicants(n int) string {
	var lines strings.Builder
	for i := range n {
		said := fmt.Sprintf(`,"birth_year":%d,"gender":%q,"languages":[{"code":%q,"level":"native"}]`,
			1960+i, []string{"female", "male"}[i%2], []string{"ar", "uk", "fr"}[i%3])
		if i%8 == 7 {
			said = ""
		}
		fmt.Fprintf(&lines, `{"id":"p%02d","needs":["language"],"residence":{"region":"ES-GR"}%s}`+"\n", i, said)
	}
	return lines.String() + `{"id":"other","needs":["health"],"residence":{"region":"ES-GR"}}` + "\n"
}

func TestAssignProposesAndIsVerified(t *testing.T) {
	t.Parallel()
	catalogue, people := write(t, "services.ndjson", courses), write(t, "people.ndjson", applicants(48))
	file := filepath.Join(t.TempDir(), "proposal.json")
	arguments := []string{
		"assign", "-c", "es", "--catalogue", catalogue, "--profiles", people, "--service", "c1", "--service", "c2", "--places", "c2=3",
		"--at", "2026-11-01", "--batch", "autumn", "--out", file,
	}
	got := command(t.Context(), nil, "", arguments...)
	if got.code != exitDone {
		t.Fatalf("exit code %d: %s", got.code, got.err)
	}
	for _, want := range []string{
		"6 places: Course in the morning", "48 requests: 9 proposed, of whom 0 are to be checked first; 39 waiting",
		"not said     fewer than 10", "Nobody is refused", "1. for Course in the evening", "Still to be checked: Year of birth.",
	} {
		if !strings.Contains(got.out, want) {
			t.Errorf("%q is not in:\n%s", want, got.out)
		}
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v: it holds personal data", info.Mode(), err)
	}
	for _, more := range [][]string{nil, {"--profiles", people, "--catalogue", catalogue}} {
		checked := command(t.Context(), nil, "", append([]string{"assign", "-c", "es", "--verify", file}, more...)...)
		if checked.code != exitDone || !strings.HasPrefix(checked.out, "valid: 9 of 9 places") {
			t.Errorf("%v: exit code %d: %s%s", more, checked.code, checked.out, checked.err)
		}
	}
	inSpanish := command(t.Context(), nil, "", append(arguments, "--language", "es")...)
	if !strings.Contains(inSpanish.out, "Falta por comprobar: Año de nacimiento.") {
		t.Errorf("not in Spanish:\n%s", inSpanish.out)
	}
	tampered(t, file, catalogue)
}

// tampered: a proposal that somebody has changed is not valid; nor is one of other people, though it proves itself.
func tampered(t *testing.T, file, catalogue string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var p batch.Proposal
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	for i := range p.Outcomes {
		if p.Outcomes[i].State == batch.Waiting {
			p.Outcomes[i].State, p.Outcomes[i].Service, p.Outcomes[i].Waiting = batch.Proposed, "c1", nil
			break
		}
	}
	for name, change := range map[string]func(*batch.Proposal){
		"points":                func(p *batch.Proposal) { p.Summary.Points++ },
		"points without floors": func(p *batch.Proposal) { p.Summary.FreePoints++ },
		"a group's floor":       func(p *batch.Proposal) { p.Groups[0].Floor++ },
		"why somebody waits":    func(p *batch.Proposal) { p.Outcomes[0].Reasons = p.Outcomes[0].Reasons[1:] },
		"at":                    func(p *batch.Proposal) { p.At = "yesterday" },
		"needs":                 func(p *batch.Proposal) { p.Needs = []string{"health"} },
	} {
		var p batch.Proposal
		if err := json.Unmarshal(text, &p); err != nil {
			t.Fatal(err)
		}
		change(&p)
		changed, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		got := command(t.Context(), nil, "", "assign", "-c", "es", "--verify", write(t, "changed.json", string(changed)))
		if got.code != exitBadInput || !strings.Contains(got.err, "is not valid") {
			t.Errorf("%s changed: exit code %d, %s%s", name, got.code, got.out, got.err)
		}
	}
	got := command(t.Context(), nil, "", "assign", "-c", "es", "--verify", file)
	if !strings.Contains(got.out, "not checked without --profiles") {
		t.Errorf("it doesn't say what it can't check: %s", got.out)
	}
	changed, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	got = command(t.Context(), nil, "", "assign", "-c", "es", "--verify", write(t, "changed.json", string(changed)))
	if got.code != exitBadInput || !strings.Contains(got.err, "is not valid") {
		t.Errorf("a changed proposal: exit code %d, %s", got.code, got.err)
	}
	fewer := write(t, "fewer.ndjson", applicants(47))
	got = command(t.Context(), nil, "", "assign", "-c", "es", "--verify", file, "--profiles", fewer, "--catalogue", catalogue)
	if got.code != exitBadInput || !strings.Contains(got.err, "is not what these profiles") {
		t.Errorf("other people: exit code %d, %s", got.code, got.err)
	}
}

func TestAssignRefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	catalogue, people := write(t, "s", courses), write(t, "p", applicants(3))
	broken := write(t, "b", applicants(1)+"[]\n")
	nameless := write(t, "n", `{"needs":["language"],"residence":{"region":"ES-GR"}}`)
	twice := write(t, "t", applicants(1)+applicants(1))
	for want, arguments := range map[string][]string{
		"who asks?":               {"--service", "c1"},
		"whose places?":           {"--profiles", people},
		"has no service \"c9\"":   {"--profiles", people, "--service", "c9"},
		"stands twice":            {"--profiles", people, "--service", "c1", "--service", "c1"},
		"how many places c2 has":  {"--profiles", people, "--service", "c2"},
		"neither a number":        {"--profiles", people, "--service", "c2", "--places", "c1=3"},
		"a floor of 200":          {"--profiles", people, "--service", "c1", "--floor", "200"},
		"no groups by \"hair\"":   {"--profiles", people, "--service", "c1", "--floor-by", "hair"},
		"would be left out":       {"--profiles", broken, "--service", "c1"},
		"has no id":               {"--profiles", nameless, "--service", "c1"},
		"empty or stands twice":   {"--profiles", twice, "--service", "c1"},
		"no such file":            {"--verify", "nowhere"},
		"reading the proposal":    {"--verify", broken},
		"standard input":          {"--profiles", "-", "--catalogue", "-", "--service", "c1"},
		"what the catalogue says": {"--help"},
	} {
		if !strings.Contains(strings.Join(arguments, " "), "--catalogue") {
			arguments = append([]string{"--catalogue", catalogue}, arguments...)
		}
		got := command(t.Context(), nil, "", append([]string{"assign", "-c", "es"}, arguments...)...)
		if !strings.Contains(got.err+got.out, want) || (got.code != exitBadInput && want != "what the catalogue says") {
			t.Errorf("%v: exit code %d, want %q: %s", arguments, got.code, want, got.err)
		}
	}
}
