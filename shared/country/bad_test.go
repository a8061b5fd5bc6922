package country_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/miict/immerse/shared/country"
)

// invented copies the pack of an invented country, so that a test can spoil it.
func invented(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	root := os.DirFS("testdata")
	err := fs.WalkDir(root, "xx", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// object and list are what JSON reads into.
type (
	object = map[string]any
	list   = []any
)

// spoil changes one file of a pack.
func spoil[T any](t *testing.T, files fstest.MapFS, name string, change func(T) T) {
	t.Helper()
	var contents T
	if err := json.Unmarshal(files["xx/"+name].Data, &contents); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(change(contents))
	if err != nil {
		t.Fatal(err)
	}
	files["xx/"+name] = &fstest.MapFile{Data: data}
}

// set changes a member of a nested object: "immerse.needs".
func set(o object, path string, value any) {
	for {
		name, rest, nested := strings.Cut(path, ".")
		if !nested {
			o[name] = value
			return
		}
		o, path = o[name].(object), rest
	}
}

const (
	legalID  = "367b64af-beab-5a60-b3a1-080ca3022dac"
	officeID = "302915aa-6299-5522-8caa-0c59b87ae920"
)

// A wrong value in one place is refused, and the problem names the file, the object, the path and the fault.
func TestBadValuesAreRefused(t *testing.T) {
	const service, organization = "services/legal.json", "organizations.json"
	legal, office := service+": "+legalID+": ", organization+": "+officeID+": "
	tests := []struct {
		file, path string
		value      any
		want       string
	}{
		{"pack.json", "code", "xx", `pack.json: code: "xx" is not an ISO 3166-1 code in capitals`},
		{"pack.json", "code", "YY", `pack.json: code: "YY" is not the code of its folder "xx"`},
		{"pack.json", "name", " ", "pack.json: name: is empty"},
		{"pack.json", "region", "Ireland", `pack.json: region: "Ireland" is not a region's name`},
		{"pack.json", "mail_region", "", `pack.json: mail_region: "" is not a region's name`},
		{"pack.json", "time_zone", "Europe/Atlantis", `pack.json: time_zone: "Europe/Atlantis" is not an IANA time zone`},
		{"pack.json", "time_zone", "", `pack.json: time_zone: "" is not an IANA time zone`},
		{"pack.json", "time_zone", "Local", `pack.json: time_zone: "Local" is not an IANA time zone`},
		{"pack.json", "languages", list{}, "pack.json: languages: is empty"},
		{"pack.json", "languages", list{"pt", "pt"}, `pack.json: languages: "pt" is not a language code or stands twice`},
		{"pack.json", "mail_from", "X <x@y.example>", `pack.json: mail_from: "X <x@y.example>" is not a bare e-mail address`},
		{"pack.json", "mail_reply_to", "X <x@y.example>", `pack.json: mail_reply_to: "X <x@y.example>" is not a bare e-mail address`},
		{"pack.json", "domain", "https://x.example", `pack.json: domain: "https://x.example" is not a host name in small letters`},
		{"pack.json", "domain", "x.example", `pack.json: domain: needs a certificate, and a certificate needs a domain`},
		{"pack.json", "certificate", "arn:x", `pack.json: certificate: "arn:x" is not the ARN of a certificate in us-east-1`},
		{"pack.json", "monthly_budget", -1, `pack.json: monthly_budget: -1 is not from 0 to 100000 dollars`},
		{"pack.json", "weights.closeness", -0.35, "pack.json: weights.closeness: -0.35 is not a finite number from 0 up"},
		{"pack.json", "weights.closeness", 0.5, "pack.json: weights: sum to 1.15"},
		{"pack.json", "weights.closness", 0, `unknown field "closness"`},
		{"pack.json", "matches_per_need", 0, "pack.json: matches_per_need: 0 is not from 1 to 50"},
		{"pack.json", "response_days", -1, "pack.json: response_days: -1 is not from 1 to 30"},
		{"pack.json", "urgent_response_days", 9, "pack.json: urgent_response_days: 9 is not from 0 to response_days, 4"},
		{"pack.json", "digest_hour", 20, "pack.json: digest_hour: 20 is no hour of a morning: from 5 to 12"},
		{"pack.json", "retention_days", 0, "pack.json: retention_days: 0 is not from 1 to 3650"},
		{"pack.json", "help_lines", list{object{"purpose": "pizza", "phone": "112", "source": "https://x.example"}}, `pack.json: help_lines: unknown purpose "pizza"`},
		{"pack.json", "help_lines", list{object{"purpose": "asylum", "phone": "call us", "source": "https://x.example"}}, `"call us" is not a telephone number`},
		{"pack.json", "help_lines", list{object{"purpose": "asylum", "phone": "112", "source": "x"}}, `source "x" is not a web address`},
		{"pack.json", "help_lines", list{object{"purpose": "asylum", "phone": "112", "source": "https://x.example"}}, `help_lines: have no number for an emergency`},
		{"pack.json", "help_lines", list{object{"purpose": "emergency", "phone": "112", "source": "https://x.example"}}, `needs the day on which it was checked, or unchecked`},
		{"pack.json", "help_lines", list{object{"purpose": "emergency", "phone": "112", "source": "https://x.example", "checked": "2026-11-22", "unchecked": true}}, `and not both`},
		{"pack.json", "help_lines", list{object{"purpose": "emergency", "phone": "112", "source": "https://x.example", "checked": "soon"}}, `checked "soon" is not a day`},
		{"pack.json", "help_lines", list{object{"purpose": "emergency", "phone": "112", "source": "https://x.example", "languages": list{"Arabic"}}}, `"Arabic" is not a language code`},
		{"pack.json", "help_lines", list{object{"purpose": "emergency", "phone": "116 111"}, object{"purpose": "emergency", "phone": "116111"}}, `"116111" stands twice`},
		{"pack.json", "holidays", list{object{"name": "Never", "date": "02-30"}}, `pack.json: holidays: Never: "02-30" is not a month and a day`},
		{"pack.json", "holidays", list{object{"name": "Short", "date": "1-6"}}, `"1-6" is not a month and a day`},
		{"pack.json", "holidays", list{object{"name": "When"}}, "holidays: When: needs exactly one of date, easter and orthodox_easter"},
		{"pack.json", "holidays", list{object{"name": "Both", "date": "01-01", "easter": 1}}, "holidays: Both: needs exactly one of"},
		{"pack.json", "holidays", list{object{"name": "Far", "easter": 400}}, "holidays: Far: 400 days from Easter is too far"},
		{"pack.json", "holidays", list{object{"date": "01-01"}}, "has no name"},
		{"pack.json", "holidays", list{object{"name": "Where", "date": "01-01", "areas": list{"XX-Q"}}}, `holidays: Where.areas: unknown area "XX-Q"`},
		{"pack.json", "holidays", list{object{"name": "Moved", "date": "01-01", "monday_after": list{"XX-Q"}}}, `holidays: Moved.monday_after: unknown area "XX-Q"`},
		{"pack.json", "holidays", list{object{"name": "Once", "date": "01-01", "year": 26}}, "holidays: Once.year: 26 is not a year from 2000 to 2199"},
		{"pack.json", "holidays", list{object{"name": "Said", "date": "01-01", "source": "hearsay"}}, `holidays: Said.source: "hearsay" is not a web address`},
		{"pack.json", "holidays", list{object{"name": "Guess", "date": "01-01"}}, "holidays: Guess.source: is missing, and it is not marked as unchecked"},
		{"pack.json", "holidays", list{object{"name": "Patron", "date": "01-01", "local": "Lund"}}, `holidays: Patron.local: names "Lund" without the area`},
		{"pack.json", "surprise", 1, `pack.json: json: unknown field "surprise"`},

		{organization, "id", "office", `organizations.json: office: id: "office" is not a UUID`},
		{organization, "name", "", office + "name: is empty"},
		{organization, "description", "", office + "description: is empty"},
		{organization, "website", "office.example", office + `website: "office.example" is not a web address`},
		{organization, "parent_organization_id", "x", office + `parent_organization_id: no organization "x"`},
		{organization, "parent_organization_id", officeID, office + `parent_organization_id: lies in a circle: ` + officeID + " < " + officeID},
		{organization, "immerse.fallback", "Office@immerse-xx.example", office + `immerse.fallback: is the inbox: nobody else is behind it`},
		{organization, "immerse.fallback", "chief@immerse-xx.example", office + `immerse.fallback: "chief@immerse-xx.example" is in a reserved domain and is no organization's inbox`},
		{organization, "immerse.fallback", "the chief", office + `immerse.fallback: "the chief" is not a bare e-mail address`},
		{organization, "immerse", nil, office + "immerse: is missing"},
		{organization, "immerse.inbox", "nobody", office + `immerse.inbox: "nobody" is not a bare e-mail address`},
		{organization, "immerse.inbox", "a@b.example\r\nBcc: c@d.example", `is not a bare e-mail address`},
		{organization, "immerse.inbox", "A <a@b.example>", `"A <a@b.example>" is not a bare e-mail address`},
		{organization, "immerse.language", "Portuguese", office + `immerse.language: "Portuguese" is not a language code`},
		{organization, "immerse.delivery", "weekly", office + `immerse.delivery: "weekly" is none of instant, daily`},
		{organization, "immerse.response_days", 400, office + "immerse.response_days: 400 is not from 0 to 30"},
		{organization, "immerse.respond", 1, `unknown field "respond"`},

		{service, "id", "LEGAL", `services/legal.json: LEGAL: id: "LEGAL" is not a UUID`},
		{service, "name", "", legal + "name: is empty"},
		{service, "description", nil, legal + "description: is empty"},
		{service, "status", "open", legal + `status: "open" is none of active`},
		{service, "status", "defunct", `services: no active service for the need "legal"`},
		{service, "organization_id", "x", legal + `organization_id: no organization "x"`},
		{service, "url", "javascript:alert(1)", legal + `url: "javascript:alert(1)" is not a web address`},
		{service, "url", "https://", legal + `url: "https://" is not a web address`},
		{service, "assured_date", "2026-02-30", legal + `assured_date: "2026-02-30" is not a date`},
		{service, "languages", list{object{"code": "Arabic"}}, legal + `languages[0].code: "Arabic" is not a language code`},
		{service, "languages", list{object{"code": "ar"}, object{"code": "spa"}}, legal + `languages[1].code: "spa" is written "es"`},
		{service, "languages", list{object{"code": "xq"}}, legal + `languages[0].code: "xq" is not the code of a language`},
		{service, "capacities", list{object{"available": 3, "maximum": 2}}, legal + "capacities[0]: available must be from 0 to maximum"},
		{service, "immerse", nil, legal + "immerse: is missing"},
		{service, "immerse.needs", list{}, legal + "immerse.needs: is empty"},
		{service, "immerse.needs", list{"legal", "money"}, legal + `immerse.needs[1]: unknown need "money"`},
		{service, "immerse.needs", list{"legal", "legal"}, legal + `immerse.needs[1]: "legal" stands twice`},
		{service, "immerse.needs", list{"health"}, legal + `immerse.needs: the first is "health", but the file is named after "legal"`},
		{service, "immerse.areas", list{"XX-Q"}, legal + `immerse.areas[0]: unknown area "XX-Q"`},
		{service, "immerse.areas", list{}, legal + "immerse.areas: is empty, and the service is not online"},
		{service, "immerse.authority", "x", legal + `immerse.authority: no organization "x"`},
		{service, "immerse.priority", 2, legal + "immerse.priority: 2 is not from 0 to 1"},
		{service, "immerse.eligibility", list{object{"ages": 1}}, legal + "immerse.eligibility[0].ages: is not a constraint"},
		{service, "immerse.eligibility", list{object{"gender": list{"f"}}}, legal + `immerse.eligibility[0].gender[0]: unknown code "f"`},
		{service, "immerse.eligibility", list{object{"age": object{"min": 65, "max": 18}}}, legal + "immerse.eligibility[0].age: min 65 is more than max 18"},
		{service, "immerse.eligibilty", list{}, `unknown field "eligibilty"`},
	}
	for _, test := range tests {
		t.Run(test.file+" "+test.want, func(t *testing.T) {
			files := invented(t)
			if test.file == "pack.json" {
				spoil(t, files, test.file, func(o object) object { set(o, test.path, test.value); return o })
			} else {
				spoil(t, files, test.file, func(l list) list { set(l[0].(object), test.path, test.value); return l })
			}
			refused(t, files, test.want)
		})
	}
}

func refused(t *testing.T, files fs.FS, want string) {
	t.Helper()
	err := country.CheckFS(files, "XX")
	var problems country.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("accepted, or another error: %v", err)
	}
	for _, problem := range problems {
		if strings.Contains(problem.Error(), want) {
			return
		}
	}
	t.Errorf("no problem says %q:\n%v", want, err)
}

func TestEverySettingIsNeeded(t *testing.T) {
	files := invented(t)
	var settings object
	if err := json.Unmarshal(files["xx/pack.json"].Data, &settings); err != nil {
		t.Fatal(err)
	}
	for name := range settings {
		files := invented(t)
		spoil(t, files, "pack.json", func(o object) object { delete(o, name); return o })
		refused(t, files, "pack.json: "+name+": is missing")
	}
}

func TestBadListsAreRefused(t *testing.T) {
	twice := func(l list) list { return append(l, l[0]) }
	tests := []struct {
		name, file string
		change     func(list) list
		want       string
	}{
		{"service id twice", "services/legal.json", twice, legalID + ": id: stands twice"},
		{"organization id twice", "organizations.json", twice, officeID + ": id: stands twice"},
		{"a circle of parents", "organizations.json", func(l list) list {
			return append(withParent(l, chiefID), object{
				"id": chiefID, "name": "Chief", "description": "A chief.", "parent_organization_id": officeID,
				"immerse": object{"inbox": "chief@immerse-xx.example", "language": "pt", "delivery": "instant"},
			})
		}, officeID + ": parent_organization_id: lies in a circle: " + officeID + " < " + chiefID + " < " + officeID},
		{"a parent with the same inbox", "organizations.json", func(l list) list {
			return append(withParent(l, chiefID), object{
				"id": chiefID, "name": "Chief", "description": "A chief.",
				"immerse": object{"inbox": "Office@immerse-xx.example", "language": "pt", "delivery": "instant"},
			})
		}, officeID + ": parent_organization_id: has the same inbox"},
		{"area twice", "areas.json", twice, "areas.json: XX: code: stands twice"},
		{"no organization", "organizations.json", func(list) list { return list{} }, "immerse.authority: no organization"},
		{"no service for a need", "services/legal.json", func(list) list { return list{} }, `no active service for the need "legal"`},
		{"no areas", "areas.json", func(list) list { return list{} }, "areas.json: 0 areas have no parent"},
		{"not an object", "services/legal.json", func(l list) list { return append(l, "x") }, "services/legal.json: [1]"},
		{"unknown parent", "areas.json", func(l list) list { set(l[2].(object), "parent", "XX-Q"); return l }, `areas.json: XX-A1: parent: unknown area "XX-Q"`},
		{"second root", "areas.json", func(l list) list { set(l[2].(object), "parent", ""); return l }, "areas.json: XX-A1: parent: is empty"},
		{"circle", "areas.json", func(l list) list { set(l[1].(object), "parent", "XX-A1"); return l }, "areas.json: XX-A: parent: lies in a circle: XX-A < XX-A1 < XX-A"},
		{"its own parent", "areas.json", func(l list) list { set(l[2].(object), "parent", "XX-A1"); return l }, "areas.json: XX-A1: parent: lies in a circle: XX-A1 < XX-A1"},
		{"foreign area", "areas.json", func(l list) list { set(l[2].(object), "code", "YY-1"); return l }, "areas.json: YY-1: code: is not an ISO 3166-2 code of XX"},
		{"nameless area", "areas.json", func(l list) list { set(l[2].(object), "name", ""); return l }, "areas.json: XX-A1: name: is empty"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := invented(t)
			spoil(t, files, test.file, test.change)
			refused(t, files, test.want)
		})
	}
}

// chiefID is an organization's above the office.
const chiefID = "7a0c2c0e-6c57-5c0b-9d1c-0d6f0a5b9e11"

func withParent(l list, id string) list { set(l[0].(object), "parent_organization_id", id); return l }

func TestBadFilesAreRefused(t *testing.T) {
	for name, want := range map[string]string{
		"pack.json":           "pack.json: unexpected EOF",
		"areas.json":          "areas.json: unexpected EOF",
		"organizations.json":  "organizations.json: unexpected end of JSON input",
		"services/legal.json": "services/legal.json: unexpected end of JSON input",
	} {
		files := invented(t)
		data := files["xx/"+name].Data
		files["xx/"+name] = &fstest.MapFile{Data: data[:len(data)/2]}
		refused(t, files, want)
		if pack, err := country.LoadFS(files, "xx"); pack != nil || err == nil {
			t.Errorf("%s is loaded though half of it is missing", name)
		}
		if name != "pack.json" && !strings.HasPrefix(name, "services/") {
			delete(files, "xx/"+name)
			refused(t, files, name+": cannot be read")
		}
	}
	files := invented(t)
	files["xx/areas.json"].Data = append(files["xx/areas.json"].Data, "[]"...)
	refused(t, files, "areas.json: goes on after its end")
}

// An author sees everything at once, whatever file it is in.
func TestAllProblemsAreReportedTogether(t *testing.T) {
	files := invented(t)
	spoil(t, files, "pack.json", func(o object) object { set(o, "name", ""); return o })
	spoil(t, files, "organizations.json", func(l list) list { set(l[0].(object), "immerse.inbox", ""); return l })
	spoil(t, files, "services/legal.json", func(l list) list {
		set(l[0].(object), "immerse.eligibility", list{object{"x": 1, "gender": list{"f"}}})
		return l
	})
	spoil(t, files, "services/health.json", func(l list) list { set(l[0].(object), "url", "x"); return l })
	for _, want := range []string{
		"pack.json: name", "immerse.inbox", "eligibility[0].x", "eligibility[0].gender[0]", "services/health.json",
	} {
		refused(t, files, want)
	}
}

// Other names of an area are in languages that exist, and aren't empty.
func TestBadNamesOfAreasAreRefused(t *testing.T) {
	for lang, want := range map[string]string{
		"xq": `"xq" is not the code of a language`, "EN": `"EN" is not the code of a language`, "": `"" is not the code of a language`, "ar": "names.ar: is empty",
	} {
		files := invented(t)
		spoil(t, files, "areas.json", func(areas list) list {
			areas[1].(object)["names"] = object{lang: " "}
			return areas
		})
		if err := country.CheckFS(files, "xx"); err == nil || !strings.Contains(err.Error(), "areas.json: XX-A: names") || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", lang, err, want)
		}
	}
}
