package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
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
		"contents[1] (s2): organization_id: no organization", "contents[1] (s2): immerse.authority: no organization \"o\"",
		"contents[2] (s1): id: is that of", "1 services (0 with", "5 problems", "(s1): note: id: \"s1\" is not a UUID"} {
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
		"line 1 name", "line 1 status", "line 1 organization_id", "line 1 immerse.needs[0]", "line 1 immerse.areas[0]", "line 1 immerse.authority",
		"line 1 immerse.priority", "line 2 immerse.eligibility[0].age", "line 2 immerse.eligibility[0].hair", "line 2 organization_id", "line 2 immerse.authority",
		"line 3 ", "line 4 status", "line 4 id", "line 5 id",
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

// The tabular form, a zip of it and an API give the same objects as the lines that they were made of.
func TestEveryKindOfSourceIsImported(t *testing.T) {
	t.Parallel()
	lines := `{"id":"7f1c0b8e-0000-4000-8000-0000000000a1","name":"Ponte","description":"d"}` + "\n" +
		`{"id":"7f1c0b8e-0000-4000-8000-000000000001","organization_id":"7f1c0b8e-0000-4000-8000-0000000000a1","name":"Ñ, \"x\"","status":"active","minimum_age":12.50,"x":{"a":[null]}}` + "\n"
	zipped := write(t, "package.zip", command(t.Context(), nil, lines, "catalogue", "export", "-", "--format", "tabular").out)
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		objects := strings.Split(strings.TrimSpace(lines), "\n")
		switch r.URL.Path {
		case "/organizations":
			fmt.Fprintf(w, `{"total_pages":1,"contents":[%s]}`, objects[0])
		case "/services":
			fmt.Fprintf(w, `{"total_pages":1,"contents":[%s]}`, objects[1])
		default:
			http.NotFound(w, r)
		}
	}))
	defer api.Close()
	for _, source := range []string{zipped, api.URL} {
		got := command(t.Context(), nil, "", "catalogue", "import", source)
		if got.code != exitDone || got.out != lines || !strings.Contains(got.err, "1 services (0 with needs") {
			t.Errorf("%s: %d\n%s\n%s", source, got.code, got.out, got.err)
		}
	}
	if got := command(t.Context(), nil, "", "catalogue", "import", write(t, "broken.zip", "PK")); got.code != exitBadInput {
		t.Errorf("a broken zip: %+v", got)
	}
	if got := command(t.Context(), nil, lines, "catalogue", "export", "-", "--format", "marc21"); got.code != exitBadInput || !strings.Contains(got.err, "tabular") {
		t.Errorf("an unknown format: %+v", got)
	}
	if got := command(t.Context(), nil, "{\n", "catalogue", "export", "-"); got.code != exitBadInput || got.out != "" {
		t.Errorf("broken lines: %+v", got)
	}
}

func TestExportAsLinkedDataKeepsInboxesOut(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]string{"cpsv-ap": `"PublicService"`, "schema.org": `"GovernmentService"`} {
		got := command(t.Context(), nil, "", "catalogue", "export", "-c", "es", "--format", format, "--base", "https://x.example/hsds/")
		if got.code != exitDone || !json.Valid([]byte(got.out)) || !strings.Contains(got.out, want) || !strings.Contains(got.out, `"https://x.example/hsds/services/`) ||
			strings.Contains(got.out, "inbox") || strings.Contains(got.out, "@immerse-es") {
			t.Errorf("%s: %d %.300s %s", format, got.code, got.out, got.err)
		}
	}
}
