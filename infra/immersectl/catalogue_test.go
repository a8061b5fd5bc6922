package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/country"
)

func TestPacksAreSoundComeOutAndGoBackIn(t *testing.T) {
	t.Parallel()
	for _, code := range country.Codes() {
		if got := command(t.Context(), nil, "", "catalogue", "validate", "--country", code); got.code != exitDone || got.out != "No problems.\n" {
			t.Errorf("%s: %+v", code, got)
		}
		for _, flag := range []string{"--organizations=false", "--organizations"} {
			exported := command(t.Context(), nil, "", "catalogue", "export", "-c", code, flag).out
			imported := command(t.Context(), nil, exported, "catalogue", "import")
			if imported.code != exitDone || imported.out != exported || exported == "" {
				t.Errorf("%s %s: %d, %s", code, flag, imported.code, imported.err)
			}
			if got := command(t.Context(), nil, exported, "catalogue", "validate", "-c", code, "-"); got.code != exitDone {
				t.Errorf("%s %s: %+v", code, flag, got)
			}
		}
	}
}

func TestTheExportedPackMatchesLikeThePack(t *testing.T) {
	t.Parallel()
	exported := write(t, "s", command(t.Context(), nil, "", "catalogue", "export", "-c", "it").out)
	profiles := write(t, "p", `{"id":"p","needs":["health","language","legal"],"residence":{"region":"IT-RM"},"birth_year":1990}`)
	own := command(t.Context(), nil, "", "match", "-c", "it", "--profiles", profiles, "--at", "2026-11-01", "--all")
	file := command(t.Context(), nil, "", "match", "-c", "it", "--profiles", profiles, "--at", "2026-11-01", "--all", "--catalogue", exported)
	if own.code != exitDone || own.out != file.out || len(readPrinted(t, own.out)[0].Matches) == 0 {
		t.Errorf("own %+v\nfile %+v", own, file)
	}
}

func TestImportKeepsEveryFieldAndNamesWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	feed := `{"total_items": 3, "contents": [
		{"z": 1.50, "id": "s1", "name": "<A> & B", "status": "active", "x": {"deep": [null, 1e3]}, "email": null},
		{"id": "s2", "name": "B", "status": "active", "immerse": {"needs": ["health"], "areas": ["ES"], "authority": "o", "eligibility": [{"hair": 1, "age": {"min": 9, "max": 1}}]}},
		{"id": "s1", "name": "again", "status": "active"}]}`
	got := command(t.Context(), nil, feed, "catalogue", "import", "-")
	want := `{"z":1.50,"id":"s1","name":"<A> & B","status":"active","x":{"deep":[null,1e3]},"email":null}` + "\n"
	if got.code != exitBadInput || got.out != want {
		t.Errorf("exit code %d, %s", got.code, got.out)
	}
	for _, text := range []string{"immerse.eligibility[0].hair", "immerse.eligibility[0].age: min 9 is more than max 1",
		"contents[2] (s1): id: is that of", "1 services (0 with", "3 problems"} {
		if !strings.Contains(got.err, text) {
			t.Errorf("%q is not in:\n%s", text, got.err)
		}
	}
}

func TestValidateNamesEveryProblemAtOnce(t *testing.T) {
	t.Parallel()
	file := write(t, "s.ndjson", strings.Join([]string{
		`{"id":"db64749a-ef8c-559c-b612-3dc86396b667","name":"","status":"open","description":"d","organization_id":"x","immerse":{"needs":["helth"],"areas":["ES-XX"],"authority":"y","priority":2,"eligibility":[{"age":{"min":9}}]}}`,
		`{"id":"db64749a-ef8c-559c-b612-3dc86396b668","name":"n","status":"active","immerse":{"needs":["health"],"areas":["ES"],"authority":"y","eligibility":[{"age":{"min":9,"max":1},"hair":2}]}}`,
		`nonsense`, `{"id":"foreign","name":"f","status":"closed"}`, `{"id":"o","name":"O","description":"d"}`,
	}, "\n"))
	got := command(t.Context(), nil, "", "catalogue", "validate", file, "--json")
	var problems []located
	if err := json.Unmarshal([]byte(got.out), &problems); err != nil || got.code != exitBadInput {
		t.Fatalf("%v: %+v", err, got)
	}
	found := map[string]bool{}
	for _, p := range problems {
		place := p.Where[strings.LastIndex(p.Where, ": ")+2:]
		found[place+" "+p.Path] = true
	}
	for _, want := range []string{
		"line 1 name", "line 1 status", "line 1 organization_id", "line 1 immerse.needs", "line 1 immerse.areas", "line 1 immerse.authority",
		"line 1 immerse.priority", "line 2 immerse.eligibility[0].age", "line 2 immerse.eligibility[0].hair", "line 3 ", "line 4 status", "line 5 id",
	} {
		if !found[want] {
			t.Errorf("%q is not named", want)
		}
		delete(found, want)
	}
	if len(found) > 0 {
		t.Errorf("also named: %v", found)
	}
	if got := command(t.Context(), nil, "", "catalogue", "validate", "../../shared/country/cy"); got.code != exitDone {
		t.Errorf("a folder: %+v", got)
	}
}
