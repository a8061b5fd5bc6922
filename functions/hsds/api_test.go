package hsds_test

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/catalogue/feed"
	"github.com/miict/immerse/shared/catalogue/opendata"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
)

func TestPagesHoldEverythingOnceInTheSameOrder(t *testing.T) {
	h := packs(t, "es")
	all := ask(t, h, "GET", "/hsds/services?per_page=1000").page(t)
	var walked []map[string]any
	for number := 1; ; number++ {
		got := ask(t, h, "GET", fmt.Sprintf("/hsds/services?per_page=7&page=%d", number))
		p := got.page(t)
		pages := (all.TotalItems + 6) / 7
		want := page{all.TotalItems, pages, number, len(p.Contents), number == 1, number == pages, false, p.Contents}
		if diff := cmp.Diff(want, p); diff != "" {
			t.Fatal(diff)
		}
		walked = append(walked, p.Contents...)
		next := fmt.Sprintf(`<%s/hsds/services?page=%d&per_page=7>; rel="next"`, base, number+1)
		if strings.Contains(got.headers["Link"], next) == p.LastPage {
			t.Errorf("page %d: Link %s", number, got.headers["Link"])
		}
		if p.LastPage {
			break
		}
	}
	if diff := cmp.Diff(all.Contents, walked); diff != "" || len(walked) != len(pack(t, "es").Services) {
		t.Error(diff)
	}
	if !slices.IsSortedFunc(walked, func(a, b map[string]any) int { return strings.Compare(a["id"].(string), b["id"].(string)) }) {
		t.Error("not in the order of ids")
	}
	if p := ask(t, h, "GET", "/hsds/services?page=999").page(t); !p.Empty || !p.LastPage || p.FirstPage || p.Size != 0 || p.PageNumber != 999 || p.Contents == nil {
		t.Errorf("behind the last page: %+v", p)
	}
	if p := ask(t, h, "GET", "/hsds/services?search=xyzzyx").page(t); p.TotalPages != 0 || !p.Empty || !p.FirstPage || !p.LastPage {
		t.Errorf("nothing found: %+v", p)
	}
}

func TestParametersFilter(t *testing.T) {
	h := foreign(t)
	const (
		term, above, taxonomy = "5c1d7b9e-0000-4000-8000-000000000008", "5c1d7b9e-0000-4000-8000-00000000000f", "5c1d7b9e-0000-4000-8000-000000000009"
		ponte                 = "5c1d7b9e-0000-4000-8000-00000000000a"
	)
	for query, want := range map[string]string{
		"services?":                                            "4d 4e 4f",
		"services?taxonomy_term_id=" + term:                    "4d",
		"services?taxonomy_term_id=" + above:                   "",
		"services?taxonomy_id=" + taxonomy:                     "4d",
		"services?organization_id=" + ponte:                    "4d 4e 4f",
		"services?organization_id=nobody":                      "",
		"services?modified_after=2026-05-01T07:30:00Z":         "4d 4f",
		"services?modified_after=2026-05-01T09:30:00+02:00":    "4d 4f",
		"services?modified_after=2026-05-01T07:30:01Z":         "4f",
		"services?modified_after=2026-01-01":                   "4d 4e 4f",
		"services?search=caffe":                                "4d",
		"services?search=CAFF%C3%88+ling":                      "4d",
		"services?search=%CE%B5%CE%BB%CE%B5%CF%85%CE%B8%CE%B5": "4d", // without the accent
		"services?search=ponte":                                "4d 4e 4f",
		"services?search=conversation+ponte":                   "4d",
		"services?search=affe":                                 "",
		"services?search=&page=&utm_source=x":                  "4d 4e 4f",
		"organizations?search=gets":                            "22",
		"organizations?":                                       "0a 22",
		"taxonomy_terms?taxonomy_id=" + taxonomy:               "08 0f",
		"taxonomy_terms?parent_id=" + above:                    "08",
		"taxonomy_terms?top_only=true":                         "0f",
		"taxonomies?":                                          "09",
		"service_at_locations?":                                "0b",
		"service_at_locations?taxonomy_term_id=" + term:        "0b",
		"service_at_locations?taxonomy_id=nothing":             "",
		"service_at_locations?organization_id=" + ponte:        "0b",
		"service_at_locations?search=caffe":                    "0b",
		"service_at_locations?modified_after=2027-01-01":       "",
	} {
		if got := ask(t, h, "GET", "/hsds/"+query).page(t).ids(); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

// Who knows HSDS and not Immerse finds our services by what they are for, in any language of the site.
func TestNeedsAreATaxonomyInEveryLanguage(t *testing.T) {
	t.Parallel()
	h := packs(t, "es")
	terms := ask(t, h, "GET", "/hsds/taxonomy_terms").page(t)
	if len(terms.Contents) != len(codes.Needs) {
		t.Fatalf("%d terms", len(terms.Contents))
	}
	for _, term := range terms.Contents {
		id := term["id"].(string)
		found := ask(t, h, "GET", "/hsds/services?per_page=1000&full=true&taxonomy_term_id="+id).page(t)
		if len(found.Contents) == 0 {
			t.Errorf("no service for %s", term["name"])
		}
		for _, service := range found.Contents {
			needs := fmt.Sprint(service["immerse"].(map[string]any)["needs"])
			if !strings.Contains(needs, term["code"].(string)) || !strings.Contains(fmt.Sprint(service["attributes"]), id) {
				t.Errorf("%s: %s", term["code"], needs)
			}
		}
		if term["code"] == "accommodation" {
			for _, word := range []string{"lugar vivir", "place live", "житло", "مكان"} {
				if got := ask(t, h, "GET", "/hsds/services?per_page=1000&search="+url.QueryEscape(word)).page(t); got.TotalItems == 0 {
					t.Errorf("nothing is found by %q of %s", word, term["description"])
				}
			}
		}
	}
	if got := ask(t, h, "GET", "/hsds/services?search="+url.QueryEscape("GRANADA")).page(t); got.TotalItems == 0 {
		t.Error("nothing in Granada")
	}
	service := ask(t, h, "GET", "/hsds/services/8ee39100-5b32-5655-a6b2-fa40581b4d16").json(t)
	if area := service["service_areas"].([]any)[0].(map[string]any); area["name"] != "Granada" || area["extent"] != "ES-GR" {
		t.Errorf("%v", area)
	}
}

func TestOneEntryHasAllThatBelongsToIt(t *testing.T) {
	h := foreign(t)
	service := ask(t, h, "GET", "/hsds/services/0f0c1d6e-7a57-4c0e-8d1b-6f4a1f2b3c4d")
	for _, want := range []string{
		`"minimum_age":12345678901234567890.50`, `"x_note":{"kept":1.50}`, `"name":"Reception"`, `"name":"Winter"`, `"address_1":"1 Long Row"`,
		`"latitude":51.4545000`, `"taxonomy_detail":{"id":"5c1d7b9e-0000-4000-8000-000000000009"`, `"code":"it"`,
	} {
		if !strings.Contains(service.body, want) {
			t.Errorf("%s is not in %s", want, service.body)
		}
	}
	program := ask(t, h, "GET", "/hsds/services/0f0c1d6e-7a57-4c0e-8d1b-6f4a1f2b3c4e").json(t)["program"].(map[string]any)
	if program["name"] != "Winter" {
		t.Errorf("%v", program)
	}
	const ponte = "/hsds/organizations/5c1d7b9e-0000-4000-8000-00000000000a"
	if got := ask(t, h, "GET", ponte).json(t)["services"].([]any); len(got) != 3 || got[0].(map[string]any)["phones"] != nil {
		t.Errorf("%v", got)
	}
	if got := ask(t, h, "GET", ponte+"?full_service=true").json(t)["services"].([]any); got[0].(map[string]any)["phones"] == nil {
		t.Errorf("%v", got)
	}
	place := ask(t, h, "GET", "/hsds/service_at_locations/5c1d7b9e-0000-4000-8000-00000000000b").json(t)
	if place["service"].(map[string]any)["name"] != "Caffè delle lingue" || place["location"].(map[string]any)["addresses"] == nil {
		t.Errorf("%v", place)
	}
	term := ask(t, h, "GET", "/hsds/taxonomy_terms/5c1d7b9e-0000-4000-8000-000000000008").json(t)
	if term["taxonomy_detail"].(map[string]any)["name"] != "Topics" {
		t.Errorf("%v", term)
	}
}

// Whatever is asked, nobody learns where referrals go, nor anything else of our extension that isn't for everybody.
func TestInboxesStayPrivate(t *testing.T) {
	t.Parallel()
	addresses := []string{
		"services?full=true&per_page=1000", "services?per_page=1000", "organizations?full=true&per_page=1000", "organizations?full_service=true&per_page=1000",
		"service_at_locations?full=true", "service_at_locations", "services?format=ndjson&full=true", "organizations?format=ndjson",
		"services?format=cpsv-ap&per_page=1000", "organizations?format=cpsv-ap&per_page=1000", "services?format=schema.org&per_page=1000",
		"organizations?format=schema.org&per_page=1000",
	}
	look := func(what, body string, private []string) {
		for _, word := range append(private, "inbox", "fallback", "delivery", "response_days", "canary") {
			if word != "" && strings.Contains(body, word) {
				t.Errorf("%s holds %q", what, word)
			}
		}
	}
	for _, code := range country.Codes() {
		h, own := packs(t, code), pack(t, code)
		var private []string
		for _, o := range own.Organizations {
			private = append(private, o.Immerse.Inbox)
		}
		for _, address := range addresses {
			look(code+" "+address, ask(t, h, "GET", "/hsds/"+address).body, private)
		}
		for _, o := range own.Organizations[:10] { // all were seen in full above
			look(code+" "+o.ID, ask(t, h, "GET", "/hsds/organizations/"+o.ID+"?full_service=true").body, private)
		}
	}
	h := foreign(t)
	for _, address := range append(addresses, "services/0f0c1d6e-7a57-4c0e-8d1b-6f4a1f2b3c4d", "organizations/5c1d7b9e-0000-4000-8000-000000000022",
		"service_at_locations/5c1d7b9e-0000-4000-8000-00000000000b") {
		look("foreign "+address, ask(t, h, "GET", "/hsds/"+address).body, nil)
	}
	if body := ask(t, h, "GET", "/hsds/organizations/5c1d7b9e-0000-4000-8000-000000000022").body; !strings.Contains(body, "public@office.example") {
		t.Errorf("what is public has gone: %s", body)
	}
}

func TestEveryBadParameterIsNamed(t *testing.T) {
	h := packs(t, "es")
	for query, want := range map[string]string{
		"services?page=0&per_page=x&format=xml&modified_after=soon&minimal=perhaps&full=2": "format unknown_code, full invalid_boolean, minimal invalid_boolean, " +
			"modified_after invalid_date, page out_of_range, per_page out_of_range",
		"services?per_page=1001":                                                       "per_page out_of_range",
		"services?page=99999999999999999999":                                           "page out_of_range",
		"services?search=a&search=b":                                                   "search duplicate",
		"services?search=" + strings.Repeat("x", 201):                                  "search too_long",
		"service_at_locations?postcode=18001&proximity=5":                              "postcode not_supported, proximity not_supported",
		"taxonomy_terms?top_only=maybe":                                                "top_only invalid_boolean",
		"organizations/c9b92597-6693-54b5-a0a2-50b6b385783c?full_service=x&format=pdf": "format unknown_code, full_service invalid_boolean",
	} {
		got := ask(t, h, "GET", "/hsds/"+query, "accept-language", "es")
		if got.status != 400 || got.headers["Content-Type"] != "application/problem+json" || got.headers["Cache-Control"] != "no-store" ||
			got.headers["Content-Language"] != "es" || got.headers["Access-Control-Allow-Origin"] != "*" {
			t.Errorf("%s: %d %v", query, got.status, got.headers)
		}
		var named []string
		for _, one := range got.json(t)["errors"].([]any) {
			e := one.(map[string]any)
			named = append(named, e["field"].(string)+" "+e["code"].(string))
			if message := e["message"].(string); message == "" || strings.Contains(message, "{") || strings.HasPrefix(message, "error.") {
				t.Errorf("%s: %q", query, message)
			}
		}
		if strings.Join(named, ", ") != want {
			t.Errorf("%s: %v", query, named)
		}
	}
}

func TestEverybodyMayAskAndKeepTheAnswer(t *testing.T) {
	h := packs(t, "it")
	first := ask(t, h, "GET", "/hsds/services")
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400",
		"Vary": "Accept, Accept-Encoding", "X-Content-Type-Options": "nosniff",
	} {
		if first.headers[name] != want {
			t.Errorf("%s: %q", name, first.headers[name])
		}
	}
	etag := first.headers["ETag"]
	if again := ask(t, packs(t, "it"), "GET", "/hsds/services"); again.headers["ETag"] != etag || again.body != first.body || etag == "" {
		t.Error("the same question has another answer")
	}
	for _, header := range []string{etag, `"x", ` + strings.TrimPrefix(etag, "W/"), "*"} {
		if got := ask(t, h, "GET", "/hsds/services", "if-none-match", header); got.status != 304 || got.body != "" || got.headers["ETag"] != etag ||
			got.headers["Cache-Control"] == "" || got.headers["Content-Type"] != "" {
			t.Errorf("%s: %d %v", header, got.status, got.headers)
		}
	}
	if got := ask(t, h, "GET", "/hsds/services?page=2&per_page=5", "if-none-match", etag); got.status != 200 {
		t.Errorf("another page: %d", got.status)
	}
	if got := ask(t, h, "HEAD", "/hsds/services"); got.status != 200 || got.body != "" || got.headers["ETag"] != etag {
		t.Errorf("HEAD: %+v", got)
	}
	if got := ask(t, h, "OPTIONS", "/hsds/services"); got.status != 204 || got.headers["Access-Control-Allow-Methods"] != "GET, HEAD, OPTIONS" {
		t.Errorf("OPTIONS: %+v", got)
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "TRACE"} {
		if got := ask(t, h, method, "/hsds/services"); got.status != 405 || got.headers["Allow"] != "GET, HEAD, OPTIONS" {
			t.Errorf("%s: %+v", method, got)
		}
	}
	for _, path := range []string{"/hsds/nothing", "/hsds/services/nobody", "/hsds/services/a/b", "/hsdsx", "/", "/hsds/services/..%2f", "/hsds/services/%zz"} {
		if got := ask(t, h, "GET", path); got.status != 404 || got.headers["Content-Type"] != "application/problem+json" {
			t.Errorf("%s: %d", path, got.status)
		}
	}
}

func TestLines(t *testing.T) {
	h := packs(t, "cy")
	all := ask(t, h, "GET", "/hsds/services?per_page=1000").page(t)
	for _, got := range []answer{
		ask(t, h, "GET", "/hsds/services?format=ndjson"),
		ask(t, h, "GET", "/hsds/services", "accept", "application/x-ndjson, application/json;q=0.5"),
	} {
		if got.headers["Content-Type"] != "application/x-ndjson" || strings.Count(got.body, "\n") != all.TotalItems {
			t.Errorf("%v: %d lines", got.headers, strings.Count(got.body, "\n"))
		}
	}
	if got := ask(t, h, "GET", "/hsds/services?format=ndjson&per_page=3&page=2"); strings.Count(got.body, "\n") != 3 {
		t.Errorf("%s", got.body)
	}
	if got := ask(t, foreign(t), "GET", "/hsds/services?minimal=true"); got.body != `{"total_items":3,"total_pages":1,"page_number":1,"size":3,"first_page":true,"last_page":true,"empty":false,`+
		`"contents":[{"id":"0f0c1d6e-7a57-4c0e-8d1b-6f4a1f2b3c4d","modified_date":"2026-05-01T09:30:00+02:00","last_modified":"2026-05-01T09:30:00+02:00"},`+
		`{"id":"0f0c1d6e-7a57-4c0e-8d1b-6f4a1f2b3c4e","modified_date":"2026-01-01T00:00:00Z","last_modified":"2026-01-01T00:00:00Z"},`+
		`{"id":"0f0c1d6e-7a57-4c0e-8d1b-6f4a1f2b3c4f"}]}` {
		t.Errorf("%s", got.body)
	}
}

func TestTheAPISaysWhatItIs(t *testing.T) {
	h := packs(t, "es")
	for _, path := range []string{"/hsds", "/hsds/"} {
		about := ask(t, h, "GET", path).json(t)
		if about["version"] != "3.1" || about["openapi_url"] != base+"/hsds/openapi.json" || about["profile"] == "" {
			t.Errorf("%s: %v", path, about)
		}
	}
	paths := ask(t, h, "GET", "/hsds/openapi.json").json(t)["paths"].(map[string]any)
	for path := range paths {
		address := "/hsds" + strings.Replace(path, "{id}", "x", 1)
		if got := ask(t, h, "GET", address); got.status != 200 && !strings.HasSuffix(path, "{id}") || got.status == 405 {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	if len(paths) != 11 {
		t.Errorf("%d paths", len(paths))
	}
}

// A client that knows only HSDS gets all of a foreign feed back: every object, every field, digit by digit.
func TestAnHSDSClientReadsEverythingBack(t *testing.T) {
	var got []catalogue.Record
	err := feed.API{PerPage: 2}.Each(t.Context(), serve(t, foreign(t))+"/hsds", func(r feed.Record) error {
		got = append(got, catalogue.NewRecord(r.Place, r.Data))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range catalogue.Check(got, catalogue.Around{}) {
		if p.Refused {
			t.Error(p)
		}
	}
	for _, came := range foreignRecords(t) {
		if came.Kind == catalogue.Program {
			continue // programs have no list of their own in HSDS's API
		}
		at := slices.IndexFunc(got, func(r catalogue.Record) bool { return r.Kind == came.Kind && r.ID() == came.ID() })
		if at < 0 {
			t.Errorf("%s %s is gone", came.Kind, came.ID())
			continue
		}
		for _, member := range came.Object {
			value := got[at].Object.Get(member.Name)
			switch member.Name {
			case "immerse", "organization", "attributes", "service_at_locations", "x_note": // private or shown with more; looked at elsewhere
			default:
				if string(value) != string(member.Value) {
					t.Errorf("%s.%s came as %s, went as %s", came.ID(), member.Name, member.Value, value)
				}
			}
		}
	}
}

func TestTroubleWithTheCatalogueIsSaid(t *testing.T) {
	got := ask(t, handler(fixed{err: errors.New("the bucket is gone")}), "GET", "/hsds/services")
	if got.status != 503 || got.headers["Retry-After"] == "" || strings.Contains(got.body, "bucket") || got.headers["Cache-Control"] != "no-store" {
		t.Errorf("%+v", got)
	}
	if got := ask(t, handler(fixed{}), "GET", "/hsds/services"); got.status != 503 { // a nil directory panics
		t.Errorf("%+v", got)
	}
}

// An answer that Lambda can't send is zipped, and refused with what to do if that isn't enough or not understood.
func TestLargeAnswers(t *testing.T) {
	t.Parallel()
	var records []catalogue.Record
	for i := range 100 {
		records = append(records, catalogue.NewRecord("", fmt.Appendf(nil, `{"id":"%04d","name":"n","status":"active","x":%q}`, i, strings.Repeat("Beschreibung ", 6000))))
	}
	h := handler(fixed{directory: catalogue.NewDirectory("v", records, catalogue.Words{})})
	if got := ask(t, h, "GET", "/hsds/services?per_page=1000"); got.status != 400 || !strings.Contains(got.body, "answer_too_large") {
		t.Errorf("%d %s", got.status, got.body[:100])
	}
	got := ask(t, h, "GET", "/hsds/services?format=ndjson", "accept-encoding", "gzip, br")
	if got.status != 200 || got.headers["Content-Encoding"] != "gzip" || len(got.body) > 1_000_000 || !strings.HasPrefix(got.body, "\x1f\x8b") {
		t.Errorf("%d %v, %d bytes", got.status, got.headers, len(got.body))
	}
}

func FuzzRequest(f *testing.F) {
	own, err := country.Load("cy")
	if err != nil {
		f.Fatal(err)
	}
	h := handler(fixed{directory: opendata.OfPack(own)})
	f.Add("GET", "/hsds/services", "search=é&page=2", "application/ld+json;profile=\"x\",*/*;q=0.1")
	f.Add("HEAD", "/hsds/organizations/x", "full_service=1&format=ndjson", "")
	f.Fuzz(func(t *testing.T, method, path, query, accept string) {
		got := ask(t, h, method, path+"?"+query, "accept", accept, "if-none-match", accept)
		if !slices.Contains([]int{200, 204, 304, 400, 404, 405}, got.status) {
			t.Errorf("%d: %s", got.status, got.body)
		}
	})
}

func TestLinkedDataByFormatAndByAccept(t *testing.T) {
	h := packs(t, "es")
	const cpsv, schema = `application/ld+json;profile="http://data.europa.eu/m8g/"`, `application/ld+json;profile="https://schema.org/"`
	for _, test := range []struct{ address, accept, media, holds string }{
		{"services?per_page=2", "application/ld+json", cpsv, `"PublicService"`},
		{"services?per_page=2", schema, schema, `"GovernmentService"`},
		{"services?per_page=2", cpsv + ", application/json;q=0.9", cpsv, `"PublicService"`},
		{"services?per_page=2", "application/ld+json;q=0.5, application/json", "application/json", `"contents"`},
		{"services?per_page=2", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json", `"contents"`},
		{"services?per_page=2&format=schema.org", "application/json", schema, `"GovernmentService"`},
		{"services/8ee39100-5b32-5655-a6b2-fa40581b4d16?format=cpsv-ap", "", cpsv, `"holdsRequirement"`},
		{"organizations?format=cpsv-ap", "", cpsv, `"PublicOrganisation"`},
		{"organizations/c9b92597-6693-54b5-a0a2-50b6b385783c", schema, schema, `"Organization"`},
		{"taxonomies", cpsv, "application/json", `"contents"`},
	} {
		got := ask(t, h, "GET", "/hsds/"+test.address, "accept", test.accept)
		if got.status != 200 || got.headers["Content-Type"] != test.media || !strings.Contains(got.body, test.holds) {
			t.Errorf("%s, %s: %d %s %.200s", test.address, test.accept, got.status, got.headers["Content-Type"], got.body)
		}
	}
	if got := ask(t, h, "GET", "/hsds/taxonomies?format=cpsv-ap"); got.status != 400 {
		t.Errorf("a taxonomy as a public service: %d", got.status)
	}
}
