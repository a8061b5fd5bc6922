package application

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const year = 2026

func reader() *Reader {
	return &Reader{
		Fields:         Fields([]string{"ES-AN", "ES-GR"}, []string{"es", "en", "ar"}, year),
		ConsentVersion: "2026-11",
	}
}

// full is design §7's example.
const full = `{
  "kind": "support", "language": "ar",
  "consent": {"processing": true, "sharing": true, "version": "2026-11"},
  "contact": {"name": "نور", "email": "nur@Example.org", "phone": "0034 (612) 34-56-78"},
  "residence": {"region": "ES-GR", "municipality": "Granada", "months_in_country": 7},
  "legal_status": "asylum_seeker", "birth_year": 1994, "gender": "female",
  "household": {"adults": 1, "children": 2},
  "languages": [{"code": "ar", "level": "native"}, {"code": "es", "level": "A1"}],
  "education": 5, "occupation": "2221", "registrations": ["municipal_register"],
  "needs": ["employment", "language", "accommodation"], "urgency": "soon", "updates": "every", "message": "سلام\r\nhello"
}`

const least = `{"kind":"support","language":"es","consent":{"processing":true},"residence":{"region":"ES-GR"},"needs":["health"]}`

func TestReadsTheWholeApplication(t *testing.T) {
	got, _, found := reader().JSON([]byte(full))
	if len(found) > 0 {
		t.Fatalf("problems with a good application: %+v", found)
	}
	want := Application{
		Kind: "support", Language: "ar", Consent: Consent{Processing: true, Sharing: true, Version: "2026-11"},
		Contact:     Contact{Name: "نور", Email: "nur@example.org", Phone: "+34612345678"},
		Residence:   Residence{Region: "ES-GR", Municipality: "Granada", MonthsInCountry: new(7)},
		LegalStatus: "asylum_seeker", BirthYear: new(1994), Gender: "female",
		Household: Household{Adults: new(1), Children: new(2)},
		Languages: []Language{{Code: "ar", Level: "native"}, {Code: "es", Level: "A1"}}, Education: new(5), Occupation: "2221",
		Registrations: []string{"municipal_register"}, Needs: []string{"employment", "language", "accommodation"},
		Urgency: "soon", Updates: "every", Message: "سلام\nhello",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	profile, contact := got.Parts()
	if diff := cmp.Diff(got, Join(profile, contact, got.Consent.Version)); diff != "" {
		t.Errorf("parts do not join to the same application:\n%s", diff)
	}
}

func TestTheLeastIsEnoughAndAbsentStaysAbsent(t *testing.T) {
	got, _, found := reader().JSON([]byte(least))
	if len(found) > 0 {
		t.Fatalf("problems: %+v", found)
	}
	written, _ := json.Marshal(got)
	want := `{"kind":"support","language":"es","consent":{"processing":true,"version":"2026-11"},"residence":{"region":"ES-GR"},"needs":["health"]}`
	if string(written) != want {
		t.Errorf("got  %s\nwant %s", written, want)
	}
}

// with changes the least application by what is given: {"contact":{"name":"x"}} and so on.
func with(t *testing.T, changes string) []byte {
	t.Helper()
	var object map[string]any
	for _, text := range []string{least, changes} {
		if err := json.Unmarshal([]byte(text), &object); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	body, _ := json.Marshal(object)
	return body
}

func list(found []Problem) []string {
	named := []string{}
	for _, p := range found {
		named = append(named, p.Field+": "+p.Code)
	}
	return named
}

func TestNamesWhatIsWrong(t *testing.T) {
	long := strings.Repeat("ñ", 101)
	for changes, want := range map[string]string{
		`{"kind":5}`:                        "kind: wrong_type",
		`{"kind":"complaint"}`:              "kind: unknown_code",
		`{"kind":""}`:                       "kind: required",
		`{"kind":null}`:                     "kind: required",
		`{"language":"tlhx"}`:               "language: invalid_language",
		`{"language":"xx"}`:                 "language: invalid_language",
		`{"consent":{}}`:                    "consent.processing: consent_required",
		`{"consent":{"processing":false}}`:  "consent.processing: consent_required",
		`{"consent":{"processing":"true"}}`: "consent.processing: wrong_type",
		`{"consent":{"processing":true,"version":"latest"}}`: "consent.version: unknown_code",
		`{"contact":"x"}`:                                                          "contact: wrong_type",
		`{"contact":{"name":"` + long + `"}}`:                                      "contact.name: too_long",
		`{"contact":{"name":"A\r\nBcc: x@example.org"}}`:                           "contact.name: control_characters",
		`{"contact":{"name":"A\u0000"}}`:                                           "contact.name: control_characters",
		`{"contact":{"name":"A\u202eB"}}`:                                          "contact.name: control_characters",
		`{"contact":{"name":"A\u200bB"}}`:                                          "contact.name: control_characters",
		`{"contact":{"name":["A"]}}`:                                               "contact.name: wrong_type",
		`{"contact":{"nick":"A"}}`:                                                 "contact.nick: unknown_field",
		`{"contact":{"email":"a@b"}}`:                                              "contact.email: invalid_email",
		`{"contact":{"email":"A <a@example.org>"}}`:                                "contact.email: invalid_email",
		`{"contact":{"email":"a@[127.0.0.1]"}}`:                                    "contact.email: invalid_email",
		`{"contact":{"email":"a@127.0.0.1"}}`:                                      "contact.email: invalid_email",
		`{"contact":{"email":"a@example.org\r\nBcc: b@example.org"}}`:              "contact.email: control_characters",
		`{"contact":{"email":"a@example.org, b@example.org"}}`:                     "contact.email: invalid_email",
		`{"contact":{"email":"` + strings.Repeat("a", 255) + `@b.c"}}`:             "contact.email: too_long",
		`{"contact":{"phone":"call me"}}`:                                          "contact.phone: invalid_phone",
		`{"contact":{"phone":"+0123456789"}}`:                                      "contact.phone: invalid_phone",
		`{"contact":{"phone":"+34612345678\r\nX: y"}}`:                             "contact.phone: invalid_phone",
		`{"residence":{"region":"IT-RM"}}`:                                         "residence.region: unknown_code",
		`{"birth_year":2027}`:                                                      "birth_year: out_of_range",
		`{"birth_year":1994.5}`:                                                    "birth_year: out_of_range",
		`{"birth_year":1e400}`:                                                     "birth_year: out_of_range",
		`{"birth_year":99999999999999999999999}`:                                   "birth_year: out_of_range",
		`{"birth_year":"1994"}`:                                                    "birth_year: wrong_type",
		`{"household":{"children":-1}}`:                                            "household.children: out_of_range",
		`{"education":9}`:                                                          "education: out_of_range",
		`{"occupation":"nurse"}`:                                                   "occupation: too_long",
		`{"occupation":"22a"}`:                                                     "occupation: invalid_occupation",
		`{"needs":[]}`:                                                             "needs: required",
		`{"needs":"health"}`:                                                       "needs: wrong_type",
		`{"needs":["flying","levitation"]}`:                                        "needs: unknown_code",
		`{"needs":["health",7]}`:                                                   "needs.1: wrong_type",
		`{"needs":[` + strings.Repeat(`"health",`, 9999) + `"x"]}`:                 "needs: too_many",
		`{"registrations":["none","tax_number"]}`:                                  "registrations: none_and_others",
		`{"languages":[{"code":"ar"}]}`:                                            "languages.0.level: level_missing",
		`{"languages":[{"code":"ar","level":"B3"}]}`:                               "languages.0.level: unknown_code",
		`{"languages":[{"code":"?","level":"B1"}]}`:                                "languages.0.code: invalid_language",
		`{"languages":[{"code":"ar","level":"B1","x":1}]}`:                         "languages.0.x: unknown_field",
		`{"languages":["ar"]}`:                                                     "languages.0: wrong_type",
		`{"languages":[{"code":"ar","level":"B1"},{"code":"ar-SY","level":"C1"}]}`: "languages.1.code: duplicate",
		`{"message":"a\u0000b"}`:                                                   "message: control_characters",
		`{"message":"` + strings.Repeat("x", 2001) + `"}`:                          "message: too_long",
		`{"shoe_size":42}`:                                                         "shoe_size: unknown_field",
	} {
		// json.Marshal cannot write 1e400 from a float: splice the change in as text.
		body := splice(changes)
		_, _, found := reader().JSON([]byte(body))
		if got := list(found); !slices.Equal(got, []string{want}) {
			t.Errorf("%.80s: got %v, want %s", changes, got, want)
		}
	}
}

// splice puts one changed field into the least application, as text.
func splice(changes string) string {
	var changed, base map[string]json.RawMessage
	_ = json.Unmarshal([]byte(least), &base)
	_ = json.Unmarshal([]byte(changes), &changed)
	parts := []string{}
	for name, value := range base {
		if _, ok := changed[name]; !ok {
			parts = append(parts, fmt.Sprintf("%q:%s", name, value))
		}
	}
	return "{" + strings.Join(append(parts, changes[1:len(changes)-1]), ",") + "}"
}

func TestNamesEverythingAtOnceInTheOrderOfTheForm(t *testing.T) {
	body := `{"kind":"x","birth_year":3000,"contact":{"email":"nobody","phone":"?"},"needs":["x"],"zebra":1,"aardvark":2}`
	_, _, found := reader().JSON([]byte(body))
	want := []string{
		"kind: unknown_code", "needs: unknown_code", "residence.region: required", "birth_year: out_of_range",
		"language: required", "contact.email: invalid_email", "contact.phone: invalid_phone",
		"consent.processing: consent_required", "aardvark: unknown_field", "zebra: unknown_field",
	}
	if diff := cmp.Diff(want, list(found)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRefusesBodiesThatAreNoApplication(t *testing.T) {
	for body, want := range map[string]string{
		"":                                 ": invalid_json",
		"{":                                ": invalid_json",
		least + "{}":                       ": invalid_json",
		`{"kind":"support",}`:              ": invalid_json",
		`{"a":NaN}`:                        ": invalid_json",
		"[]":                               ": wrong_type",
		"7":                                ": wrong_type",
		"null":                             ": wrong_type",
		"{\"kind\":\"\xff\"}":              ": invalid_utf8",
		strings.Repeat("[", 60000):         ": invalid_json",
		strings.Repeat(`{"a":`, 9) + `"{"`: ": invalid_json",
	} {
		_, _, found := reader().JSON([]byte(body))
		if got := list(found); !slices.Equal(got, []string{want}) {
			t.Errorf("%.40q: got %v, want %s", body, got, want)
		}
	}
}

func TestDuplicateKeysAreNamedAtAnyDepth(t *testing.T) {
	body := strings.Replace(full, `"kind": "support",`, `"kind":"support","kind":"volunteer",`, 1)
	body = strings.Replace(body, `"code": "es",`, `"code":"es","code":"en",`, 1)
	_, _, found := reader().JSON([]byte(body))
	if diff := cmp.Diff([]string{"kind: duplicate", "languages.1.code: duplicate"}, list(found)); diff != "" {
		t.Error(diff)
	}
}

func TestThereIsAnEndToProblems(t *testing.T) {
	var body strings.Builder
	body.WriteString("{")
	for i := range 5000 {
		fmt.Fprintf(&body, `"f%d":1,`, i)
	}
	body.WriteString(`"z":1}`)
	_, _, found := reader().JSON([]byte(body.String()))
	if len(found) != MaxProblems+1 || found[MaxProblems].Code != CodeMoreProblems {
		t.Errorf("got %d problems, the last %+v", len(found), found[len(found)-1])
	}
}

func TestDuplicateNeedsCountOnceAndKeepTheirOrder(t *testing.T) {
	got, _, found := reader().JSON(with(t, `{"needs":["legal","health","legal"]}`))
	if len(found) > 0 || !slices.Equal(got.Needs, []string{"legal", "health"}) {
		t.Errorf("got %v, problems %v", got.Needs, found)
	}
}

func TestNoRegistrationsIsAnAnswer(t *testing.T) {
	got, _, _ := reader().JSON(with(t, `{"registrations":[]}`))
	if !slices.Equal(got.Registrations, []string{"none"}) {
		t.Errorf("got %v", got.Registrations)
	}
}

func TestControlsAreNoPartOfTheApplication(t *testing.T) {
	for name, read := range map[string]func() (Application, Controls, []Problem){
		"json": func() (Application, Controls, []Problem) {
			return reader().JSON(with(t, `{"idempotency_key":"k","started_at":1790000000000,"website":"w","review":"check"}`))
		},
		"form": func() (Application, Controls, []Problem) {
			return reader().Form([]byte("kind=support&language=es&consent.processing=on&residence.region=ES-GR&needs=health" +
				"&idempotency_key=k&started_at=1790000000000&website=w&review=check"))
		},
	} {
		got, controls, found := read()
		if len(found) > 0 || controls != (Controls{"k", "1790000000000", "w", ReviewCheck}) {
			t.Errorf("%s: %+v %+v", name, controls, found)
		}
		if plain, _, _ := reader().JSON([]byte(least)); !cmp.Equal(got, plain) {
			t.Errorf("%s: the controls changed the application", name)
		}
	}
}

func TestForms(t *testing.T) {
	base := "kind=support&language=es&consent.processing=on&residence.region=ES-GR&needs=health"
	for extra, want := range map[string]string{
		"kind=volunteer":                          "kind: duplicate",
		"birth_year=1994a":                        "birth_year: out_of_range",
		"birth_year=2027":                         "birth_year: out_of_range",
		"birth_year=99999999999999999999":         "birth_year: out_of_range",
		"consent.sharing=maybe":                   "consent.sharing: wrong_type",
		"languages.2.code=ar":                     "languages.2.level: level_missing",
		"languages.0.color=red":                   "languages.0.color: unknown_field",
		"languages=ar":                            "languages: wrong_type",
		"contact=x":                               "contact: wrong_type",
		"contact.name=A%0D%0AB":                   "contact.name: control_characters",
		"contact.name=%00":                        "contact.name: control_characters",
		"contact.name=%ff":                        ": invalid_utf8",
		"contact.name=%zz":                        ": invalid_form",
		"a=1;b=2":                                 ": invalid_form",
		strings.Repeat("needs=x&", 10000) + "z=1": ": too_many",
	} {
		_, _, found := reader().Form([]byte(base + "&" + extra))
		if got := list(found); !slices.Contains(got, want) || len(got) != 1 {
			t.Errorf("%.60s: got %v, want %s", extra, got, want)
		}
	}
	got, _, found := reader().Form([]byte(base + "&birth_year=١٩٩٤&contact.name=&gender=&languages.0.code=&languages.0.level=&languages.1.code=ar&languages.1.level=B1&contact.phone=" +
		url.QueryEscape("\u202a+٣٤ 612 345 678\u202c")))
	if len(found) > 0 || *got.BirthYear != 1994 || got.Contact.Phone != "+34612345678" || !slices.Equal(got.Languages, []Language{{Code: "ar", Level: "B1"}}) {
		t.Errorf("got %+v, problems %v", got, found)
	}
}

func TestNamesPeopleHavePass(t *testing.T) {
	for _, name := range []string{"O'Connor-Núñez", "محمد", "می\u200cخواهم", "Nguyễn Thị", "श्री\u200dमान", "Ѓорѓи", "李 小龙"} {
		if got, ok := line(name); !ok || got != name {
			t.Errorf("%q: %q, %v", name, got, ok)
		}
	}
}

func TestEveryFieldHasAPlaceForItsAnswer(t *testing.T) {
	answers := new(Application).answers()
	for _, field := range reader().Fields {
		if answers[field.Name] == nil {
			t.Errorf("%s has no place in answers", field.Name)
		}
		delete(answers, field.Name)
	}
	if len(answers) > 0 {
		t.Errorf("answers without a definition: %v", answers)
	}
}

func TestControlsAreTextOrNumbers(t *testing.T) {
	for _, value := range []string{`{}`, `[]`, `false`, `["k"]`} {
		_, controls, found := reader().JSON(with(t, `{"idempotency_key":`+value+`}`))
		if controls.IdempotencyKey != "" || len(found) != 1 || found[0].Field != FieldIdempotencyKey || found[0].Code != CodeWrongType {
			t.Errorf("%s: controls %+v, problems %v", value, controls, found)
		}
	}
}
