package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/country"
)

// ran is what a command line did.
type ran struct {
	code     int
	out, err string
}

// command runs a command line with these variables and this input.
func command(ctx context.Context, variables map[string]string, in string, arguments ...string) ran {
	var out, problems bytes.Buffer
	code := run(ctx, arguments, environment{
		in: strings.NewReader(in), out: &out, err: &problems, now: time.Now,
		getenv: func(name string) string { return variables[name] },
	})
	return ran{code, out.String(), problems.String()}
}

// printed is a line of match's output, as somebody else would read it.
type printed struct {
	Profile string
	Matches []struct {
		Service, Need, Verdict string
		Missing                []string
		Score                  float64
		Reasons                []struct {
			Code   string
			Params map[string]any
		}
	}
}

func readPrinted(t rapid.TB, out string) (lines []printed) {
	for line := range strings.Lines(out) {
		var p printed
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&p); err != nil {
			t.Fatalf("%v in the line %q", err, line)
		}
		lines = append(lines, p)
	}
	return lines
}

func ndjson(objects []value) string {
	var text strings.Builder
	for _, object := range objects {
		line, err := json.Marshal(object)
		if err != nil {
			panic(err)
		}
		text.Write(append(line, "\r\n"...))
	}
	return text.String()
}

func write(t testing.TB, name, text string) string {
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestMatchAgreesWithTheDesign compares what the command prints with the oracle, pair by pair, for catalogues and profiles
// of every oddity.
func TestMatchAgreesWithTheDesign(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: much work, one thing after the other; make test runs it")
	}
	t.Parallel()
	pack, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	judge := oracle{parents: map[string]string{}}
	for _, area := range pack.Areas.All() {
		judge.parents[area.Code] = area.Parent
	}
	folder := t.TempDir()
	catalogue, people := filepath.Join(folder, "s.ndjson"), filepath.Join(folder, "p.ndjson")
	rapid.Check(t, func(t *rapid.T) {
		judge.day = time.Date(2026, 1, between(t, 1, 128)*11, 0, 0, 0, 0, time.UTC)
		var services, profiles []value
		for i := range between(t, 1, 24) {
			services = append(services, drawService(t, fmt.Sprintf("s %02d/ü", 24-i), judge.day))
		}
		for i := range between(t, 1, 8) {
			profiles = append(profiles, drawProfile(t, fmt.Sprint("p", i)))
		}
		for file, objects := range map[string][]value{catalogue: services, people: profiles} {
			if err := os.WriteFile(file, []byte("\ufeff"+ndjson(objects)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got := command(context.Background(), nil, "", "match", "--country", "es", "--catalogue", catalogue, "--profiles", people,
			"--at", judge.day.Format(time.DateOnly), "--all")
		lines := readPrinted(t, got.out)
		if got.code != exitDone || len(lines) != len(profiles) {
			t.Fatalf("exit code %d, %d lines, errors:\n%s", got.code, len(lines), got.err)
		}
		for i, person := range profiles {
			compare(t, judge, services, plain(person), lines[i])
		}
	})
}

func compare(t *rapid.T, judge oracle, services []value, person value, line printed) {
	plainServices := make([]value, len(services))
	for i, s := range services {
		plainServices[i] = plain(s)
	}
	if line.Profile != person["id"] {
		t.Fatalf("the line of %s is for %s", person["id"], line.Profile)
	}
	var got []verdictOf
	for i, m := range line.Matches {
		got = append(got, verdictOf{m.Service, m.Need, m.Verdict, strings.Join(m.Missing, ",")})
		if m.Missing == nil || len(m.Reasons) == 0 || m.Score < 0 || m.Score > 1 {
			t.Errorf("%s: missing %v, reasons %v, score %v", m.Service, m.Missing, m.Reasons, m.Score)
		}
		if i == 0 || line.Matches[i-1].Need != m.Need {
			continue
		}
		before := line.Matches[i-1]
		if before.Verdict == "check" && m.Verdict == "eligible" || before.Verdict == m.Verdict &&
			(before.Score < m.Score || before.Score == m.Score && before.Service >= m.Service) {
			t.Errorf("%v stands before %v", before, m)
		}
	}
	want := judge.matches(plainServices, person)
	byService := cmpopts.SortSlices(func(a, b verdictOf) bool { return a.need+a.service < b.need+b.service })
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(verdictOf{}), byService, cmpopts.EquateEmpty()); diff != "" {
		text, _ := json.Marshal(person)
		t.Fatalf("(-design +command):\n%s\nperson %s", diff, text)
	}
	if diff := cmp.Diff(needsOf(want), needsOf(got), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("order of needs (-design +command):\n%s", diff)
	}
}

// needsOf gives the needs in the order in which they come.
func needsOf(pairs []verdictOf) (needs []string) {
	for _, pair := range pairs {
		if len(needs) == 0 || needs[len(needs)-1] != pair.need {
			needs = append(needs, pair.need)
		}
	}
	return needs
}
