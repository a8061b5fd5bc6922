package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden templates anew")

// A change of a golden template is a change of what is deployed, and the laptop boots from them: look at it as at code.
// `go test ./infra -update` writes them.
func TestTemplatesAreAsReviewed(t *testing.T) {
	needsNode(t)
	for name, made := range templates {
		file := filepath.Join("testdata", name+".template.json")
		if *update {
			if err := os.WriteFile(file, made.text, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		var golden, now any
		if err := json.Unmarshal([]byte(readFile(file)), &golden); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if err := json.Unmarshal(made.text, &now); err != nil {
			t.Fatal(err)
		}
		if found := differences(name, golden, now); len(found) > 0 {
			t.Errorf("%d differences; `go test ./infra -update` accepts them:\n%s", len(found), strings.Join(found, "\n"))
		}
	}
	files, err := filepath.Glob("testdata/*.template.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if templates[strings.TrimSuffix(filepath.Base(file), ".template.json")].text == nil {
			t.Errorf("%s is no stack's any more", file)
		}
	}
}

// differences names what the golden template lacks, what it has too much, and what it says otherwise.
func differences(path string, golden, now any) []string {
	was, isObject := members(golden)
	is, stillObject := members(now)
	if !isObject || !stillObject {
		if show(golden) != show(now) {
			return []string{fmt.Sprintf("%s: golden %s, now %s", path, show(golden), show(now))}
		}
		return nil
	}
	all := maps.Clone(was)
	maps.Copy(all, is)
	var found []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		before, had := was[name]
		after, has := is[name]
		switch {
		case !had:
			found = append(found, fmt.Sprintf("%s.%s is missing in the golden template: %s", path, name, show(after)))
		case !has:
			found = append(found, fmt.Sprintf("%s.%s is in the golden template only: %s", path, name, show(before)))
		default:
			found = append(found, differences(path+"."+name, before, after)...)
		}
	}
	return found
}

// members gives an object's members, or a list's items by what names them: a statement by its Sid, an output by its Key.
func members(value any) (map[string]any, bool) {
	if object, ok := value.(map[string]any); ok {
		return object, true
	}
	items, ok := value.([]any)
	if !ok {
		return nil, false
	}
	named := map[string]any{}
	for i, item := range items {
		name := fmt.Sprintf("[%d]", i)
		for _, by := range []string{"Sid", "Key", "PathPattern", "id"} {
			if text, ok := at(item, by).(string); ok {
				name = "[" + text + "]"
			}
		}
		if text, ok := item.(string); ok && len(items) > 1 {
			name = "[" + text + "]"
		}
		named[name] = item
	}
	return named, true
}

func show(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	if len(text) > 300 {
		return string(text[:300]) + "…"
	}
	return string(text)
}

// What is missing must be named: whoever broke a template shall not have to search.
func TestDifferencesAreNamed(t *testing.T) {
	now := readTemplate("testdata/Immerse-ES.template.json")
	var whole any
	if err := json.Unmarshal(now.text, &whole); err != nil {
		t.Fatal(err)
	}
	less := strings.Replace(string(now.text), `"NOTIFICATION_QUEUE_URL"`, `"NOTIFICATION_QUEUE"`, 1)
	less = strings.Replace(less, `"Sid": "Submitted"`, `"Sid": "Submit"`, 1)
	less = strings.Replace(less, `"dynamodb:UpdateItem",`, ``, 1)
	var broken any
	if err := json.Unmarshal([]byte(less), &broken); err != nil {
		t.Fatal(err)
	}
	found := strings.Join(differences("ES", broken, whole), "\n")
	for _, name := range []string{"NOTIFICATION_QUEUE_URL is missing", "[Submitted] is missing", "[dynamodb:UpdateItem] is missing"} {
		if !strings.Contains(found, name) {
			t.Errorf("nothing says %q:\n%s", name, found)
		}
	}
}
