package page_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/page"
)

// judged are answers that one of the two could take for something else than the other does.
var judged = map[application.Kind][]string{
	application.Text: {"Granada", " x ", "", "   ", "a\u200db", "\u200db", "می\u200cخواهم", "a\u200eb", "a\u202eb", "a\x00b", "a\nb", "x\ufeff", "\ufeff", "\u00a0",
		"a\ufffdb", "\ue000", "\u00adx", strings.Repeat("ж", 100), strings.Repeat("😀", 101), "9", "٢٢٢١", "22210", "2a", "\u2028", "\u0085a"},
	application.LongText: {"a\r\nb\tc", "👩‍👩‍👧", "a\x00", "\u202e", strings.Repeat("a\r\n", 700), strings.Repeat("😀", 2001), "  "},
	application.Email: {"a@b.example", "A.b+c@Example.ORG", "a@b", "a@1.2.3.4", "a..b@c.de", ".a@c.de", "a b@c.de", "a@-c.de", "a@c-.de", "ä@c.de", "a@c.d3",
		"a@c.33", "<a@c.de>", "a@c.de.", "@c.de", "a@@c.de", strings.Repeat("a", 65) + "@c.de", "a@" + strings.Repeat("c", 64) + ".de", "a@b_c.de", " a@c.de ", "a@c.de\u200e",
		strings.Repeat("a", 60) + "@" + strings.Repeat("c.", 98) + "de"},
	application.Phone: {"+34 600 000 000", "0034 (612) 34-56-78", "600", "+0123456789", "\u202a+34600000000\u202c", "٠٠٣٤٦٠٠٠٠٠٠٠٠", "abc", "+123456", "123456", "+1234567890123456", "12 34 56", "6.0/0-0—0[0]0"},
	application.Whole: {"7", "07", "-1", "+5", "1.0", "7 ", "٧", "12 3", "x", "99999999999999999999", "1201", "0", "-0", "1994", "1e3", "2026", "2027"},
}

// random makes a form post out of such answers.
func random(r *rand.Rand, fields []application.Field) url.Values {
	values := url.Values{"language": {"es"}, "consent.version": {"2026-11"}}
	for _, field := range fields {
		switch pool := judged[field.Kind]; {
		case field.Name == "language" || field.Name == "consent.version" || field.Name == application.FieldEvent || r.IntN(5) == 0:
		case field.Kind == application.Choices:
			for _, code := range field.Codes {
				if r.IntN(4) == 0 {
					values.Add(field.Name, code)
				}
			}
		case field.Kind == application.Choice:
			values.Set(field.Name, field.Codes[r.IntN(len(field.Codes))])
		case field.Kind == application.Agreement:
			values.Set(field.Name, "true")
		case field.Kind == application.Languages:
			for i := range 4 {
				values.Set(fmt.Sprintf("languages.%d.code", i), []string{"", "ar", "es"}[r.IntN(3)])
				values.Set(fmt.Sprintf("languages.%d.level", i), []string{"", "A1", "native"}[r.IntN(3)])
			}
		default:
			values.Set(field.Name, pool[r.IntN(len(pool))])
		}
	}
	return values
}

// TestTheScriptJudgesAsTheApiDoes: the same posts, judged by rules.js in Node and by the reader, have the same problems.
func TestTheScriptJudgesAsTheApiDoes(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("SKIPPED: no Node here, so the script's rules are not compared with the API's")
	}
	fields := formView("es").Fields
	reader := application.Reader{Fields: fields}
	r := rand.New(rand.NewPCG(1, 2))
	var posts, want []string
	for range 4000 {
		post := random(r, fields).Encode()
		_, _, problems := reader.Form([]byte(post))
		posts, want = append(posts, post), append(want, told(problems))
	}
	got := runScript(t, page.ScriptRules(fields), posts)
	met := map[string]bool{}
	for i, post := range posts {
		if got[i] != want[i] {
			t.Fatalf("%s\nthe script says %s\nthe reader     %s", post, got[i], want[i])
		}
		for _, code := range application.Codes {
			met[code] = met[code] || strings.Contains(want[i], " "+code+" ")
		}
	}
	for _, code := range []string{"required", "consent_required", "out_of_range", "too_long", "duplicate", "none_and_others", "control_characters", "level_missing", "invalid_email", "invalid_phone", "invalid_occupation"} {
		if !met[code] {
			t.Errorf("no post had the problem %s", code)
		}
	}
}

// told writes problems in one order: the script goes by the form, as does the reader, except inside of a row.
func told(problems []application.Problem) string {
	var lines []string
	for _, one := range problems {
		params, _ := json.Marshal(one.Params)
		if one.Params == nil {
			params = []byte("{}")
		}
		lines = append(lines, fmt.Sprintf("%s %s %s", one.Field, one.Code, params))
	}
	slices.Sort(lines)
	return strings.Join(lines, "; ")
}

func runScript(t *testing.T, rules []byte, posts []string) []string {
	t.Helper()
	module, err := filepath.Abs("assets/rules.js")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	copied, err := os.ReadFile(module)
	if err != nil {
		t.Fatal(err)
	}
	given, _ := json.Marshal(map[string]any{"rules": json.RawMessage(rules), "posts": posts})
	program := `import { check } from './rules.mjs';
import { readFileSync } from 'node:fs';
const { rules, posts } = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(posts.map((post) => check(rules, new URLSearchParams(post))
  .map(({ field, code, params }) => field + ' ' + code + ' ' + JSON.stringify(sorted(params))).sort().join('; '))));
function sorted(params) { return Object.fromEntries(Object.keys(params).sort().map((key) => [key, params[key]])); }
`
	for name, text := range map[string]string{"rules.mjs": string(copied), "run.mjs": program} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("node", filepath.Join(folder, "run.mjs"))
	cmd.Stdin = strings.NewReader(string(given))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var said []string
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatal(err)
	}
	return said
}

// TestScriptsAreStillScripts once their comments and ends of lines are gone.
func TestScriptsAreStillScripts(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("SKIPPED: no Node here, so the scripts are not parsed")
	}
	all := maps.Clone(page.Scripts())
	all["worker.js"] = page.Worker()
	folder := t.TempDir()
	for name, text := range all {
		file := filepath.Join(folder, strings.TrimSuffix(name, ".js")+map[bool]string{true: ".cjs", false: ".mjs"}[name == "worker.js"])
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.CommandContext(t.Context(), node, "--check", file).CombinedOutput(); err != nil {
			t.Errorf("%s: %s", name, said)
		}
	}
}
