package figures_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/miict/immerse/functions/figures"
	"github.com/miict/immerse/shared/country"
	counted "github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

type shelf struct {
	releases []counted.Release
	err      error
}

func (s shelf) Releases(context.Context) ([]counted.Release, error) { return s.releases, s.err }

// evil is a name as nobody should give one.
const evil = `=HYPERLINK("http://x")<script>alert(1)</script>`

// quarter is one in which something can be shown of everything.
func quarter(t *testing.T, name string) counted.Release {
	t.Helper()
	around := counted.Around{Country: "ES", Regions: []string{"ES", "ES-AN", "ES-MD"}, Needs: []string{"language", "legal"}, Authorities: map[string]counted.Authority{
		"a": {Name: evil, Region: "ES-AN"}, "b": {Name: "Madrid", Region: "ES-MD"}, "c": {Name: "Nobody", Region: "ES-MD"},
	}}
	var counts counted.Counts
	for i := range 120 {
		said := map[counted.Measure]string{
			counted.Answer: counted.Accepted, counted.Time: counted.Times[i%4], counted.Outcome: []string{"helped", "not_helped"}[i/2%2],
			counted.Rating: []string{"yes", "no"}[i/2%2],
		}
		if i%3 == 0 {
			said = map[counted.Measure]string{counted.Answer: counted.Declined, counted.Time: counted.Times[i%2], counted.Reason: []string{"other", "no_capacity"}[i%2]}
		}
		counts.Add([]counted.Case{{Authority: []string{"a", "b"}[i/4%2], Need: around.Needs[i/8%2], Said: said}})
	}
	return counted.Release{Period: name, From: "2026-10-01", To: "2026-12-31", Published: "2027-01-02", Tables: counted.Publish(&counts, around, counted.K)}
}

func handler(t *testing.T, releases ...counted.Release) *figures.Handler {
	t.Helper()
	pack, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	return &figures.Handler{Shelf: shelf{releases: append([]counted.Release{}, releases...)}, Pack: pack, BaseURL: "https://immerse.example", Log: slog.New(slog.DiscardHandler)}
}

func ask(t *testing.T, h *figures.Handler, method, address string) lambdaevents.APIGatewayV2HTTPResponse {
	t.Helper()
	path, query, _ := strings.Cut(address, "?")
	event := lambdaevents.APIGatewayV2HTTPRequest{RawPath: path, RawQueryString: query, Headers: map[string]string{"Accept-Language": "fr"}}
	event.RequestContext.HTTP.Method = method
	answer, err := h.Handle(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestTheDataAreWhatTheirSchemaSays(t *testing.T) {
	h := handler(t, quarter(t, "2026-Q4"), counted.Release{Period: "2026-Q3", From: "2026-07-01", To: "2026-09-30", Published: "2026-10-02",
		Tables: counted.Publish(new(counted.Counts), counted.Around{}, counted.K)})
	described, err := jsonschema.UnmarshalJSON(strings.NewReader(ask(t, h, "GET", "/api/v1/figures?format=schema").Body))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("schema.json", described); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, asked := range []*figures.Handler{h, handler(t)} {
		answer := ask(t, asked, "GET", "/api/v1/figures")
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(answer.Body))
		if err == nil {
			err = schema.Validate(value)
		}
		if err != nil || answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Headers["Cache-Control"], "public") {
			t.Errorf("%d %v: %v", answer.StatusCode, answer.Headers, err)
		}
	}
	if strings.Contains(ask(t, h, "GET", "/api/v1/figures").Body, `"counts":null,"reason":""`) {
		t.Error("what is not shown isn't marked")
	}
}

// TestJSONAndCSVSayTheSame: each number of one is in the other, and each group that is not shown is marked in both.
func TestJSONAndCSVSayTheSame(t *testing.T) {
	h := handler(t, quarter(t, "2026-Q4"))
	var document struct{ Periods []counted.Release }
	if err := json.Unmarshal([]byte(ask(t, h, "GET", "/api/v1/figures?format=json").Body), &document); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, table := range document.Periods[0].Tables {
		for _, row := range table.Rows {
			if row.Counts == nil {
				want = append(want, fmt.Sprint(table.Measure, row.Dimension, row.Group, row.Region, "", "", counted.Small))
			}
			for i, count := range row.Counts {
				want = append(want, fmt.Sprint(table.Measure, row.Dimension, row.Group, row.Region, strings.Join(table.Categories[i].Codes, "|"), count, ""))
				if count > 0 && count < counted.K {
					t.Errorf("%s %s: %d", table.Measure, row.Group, count)
				}
			}
		}
	}
	answer := ask(t, h, "GET", "/api/v1/figures?format=csv")
	lines, err := csv.NewReader(strings.NewReader(answer.Body)).ReadAll()
	if err != nil || !strings.HasPrefix(answer.Headers["Content-Type"], "text/csv") {
		t.Fatal(err, answer.Headers)
	}
	var got []string
	for _, l := range lines[1:] {
		var cases any = l[9]
		if n, err := strconv.Atoi(l[9]); err == nil {
			cases = n
		}
		got = append(got, fmt.Sprint(counted.Measure(l[3]), l[4], l[5], l[7], l[8], cases, l[10]))
		for _, field := range l {
			if field != "" && strings.ContainsAny(field[:1], "=+-@\t\r") {
				t.Errorf("a spreadsheet would run %q", field)
			}
		}
	}
	if !slices.Equal(got, want) || len(got) < 40 {
		t.Errorf("CSV has\n%s\nJSON has\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestThePageIsInEveryLanguage(t *testing.T) {
	h := handler(t, quarter(t, "2026-Q4"), quarter(t, "2026-Q3"))
	for _, lang := range locale.Languages() {
		answer := ask(t, h, "GET", "/figures?lang="+lang)
		say := locale.For(lang)
		if answer.StatusCode != http.StatusOK || answer.Headers["Content-Security-Policy"] != page.Policy || answer.Headers["Content-Language"] != lang {
			t.Errorf("%s: %d %v", lang, answer.StatusCode, answer.Headers)
		}
		for _, want := range []string{
			say.T("figures.title"), say.T("figures.measure.reason"), say.T("figures.answer.declined"), say.T("figures.rating.no"),
			say.T("figures.days.within", "days", 2), say.T("figures.days.more", "days", 11), say.T("need.legal"), "<svg", `lang="` + lang + `"`,
			"period=2026-Q3",
		} {
			if !strings.Contains(answer.Body, want) && !strings.Contains(answer.Body, strings.ReplaceAll(want, "'", "&#39;")) {
				t.Errorf("%s: no %q", lang, want)
			}
		}
		if strings.Contains(answer.Body, "<script>alert") || strings.Contains(answer.Body, "style=") || strings.Contains(answer.Body, ">figures.") {
			t.Errorf("%s: %s", lang, answer.Body)
		}
	}
	if answer := ask(t, h, "GET", "/figures?lang=es&period=2026-Q3"); answer.StatusCode != http.StatusOK || !strings.Contains(answer.Body, "period=2026-Q4") {
		t.Errorf("another period: %d", answer.StatusCode)
	}
}

func TestNothingToShowIsSaid(t *testing.T) {
	nothing := counted.Release{Period: "2026-Q4", Tables: counted.Publish(new(counted.Counts), counted.Around{}, counted.K)}
	for _, h := range []*figures.Handler{handler(t), handler(t, nothing)} {
		answer := ask(t, h, "GET", "/figures")
		say := locale.For("es")
		if answer.StatusCode != http.StatusOK || !strings.Contains(answer.Body, say.T("figures.none")) || !strings.Contains(answer.Body, say.T("figures.privacy.text", "k", 10)) {
			t.Errorf("%d %s", answer.StatusCode, answer.Body)
		}
	}
}

func TestWhatCannotBeAnsweredIsSaid(t *testing.T) {
	h := handler(t, quarter(t, "2026-Q4"))
	for address, want := range map[string]int{
		"GET /figures?period=2026-Q9": 404, "GET /figures/x": 404, "GET /api/v1/figures?format=xml": 400, "POST /figures": 405, "DELETE /api/v1/figures": 405,
		"OPTIONS /api/v1/figures": 204, "HEAD /figures": 200, "GET /figures/": 200, "GET /figures?lang=xx&period=" + strings.Repeat("%3Cb%3E", 99): 404,
	} {
		method, path, _ := strings.Cut(address, " ")
		answer := ask(t, h, method, path)
		if answer.StatusCode != want || want >= 400 && answer.Headers["Cache-Control"] != "no-store" || method == "HEAD" && answer.Body != "" {
			t.Errorf("%s: %d %v", address, answer.StatusCode, answer.Headers)
		}
	}
	h.Shelf = shelf{err: errors.New("secret trouble")}
	for _, path := range []string{"/figures", "/api/v1/figures"} {
		if answer := ask(t, h, "GET", path); answer.StatusCode != 503 || answer.Headers["Retry-After"] == "" || strings.Contains(answer.Body, "secret") {
			t.Errorf("%s: %d %s", path, answer.StatusCode, answer.Body)
		}
	}
}
