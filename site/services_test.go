package site_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/site"
	"github.com/miict/immerse/site/browser"
)

func TestEveryServiceIsFoundByNeedAndByArea(t *testing.T) {
	for _, code := range country.Codes() {
		pack, err := country.Load(code)
		if err != nil {
			t.Fatal(err)
		}
		files := build(t, code)
		for i := range pack.Services {
			s := &pack.Services[i]
			if s.Status != hsds.StatusActive {
				continue
			}
			if s.Chosen() { // a function shows it, as long as it is not over
				if _, there := files["ar/services/"+s.ID+"/index.html"]; there {
					t.Errorf("%s: %s has a page that stays when it is over", code, s.ID)
				}
				continue
			}
			page := string(files["ar/services/"+s.ID+"/index.html"])
			if !strings.Contains(page, s.URL) || !strings.Contains(page, locale.For("ar").T("status.unchecked")) {
				t.Errorf("%s: the page of %s lacks its address, or that nobody has checked it", code, s.ID)
			}
			link := `href="/ar/services/` + s.ID + `/"`
			for _, need := range s.Immerse.Needs {
				if !strings.Contains(string(files["ar/services/"+need+"/index.html"]), link) {
					t.Errorf("%s: %s doesn't list %s", code, need, s.ID)
				}
			}
			for _, area := range s.Immerse.Areas {
				if !strings.Contains(string(files["ar/services/in/"+strings.ToLower(area)+"/index.html"]), link) {
					t.Errorf("%s: %s doesn't list %s", code, area, s.ID)
				}
			}
		}
	}
}

// serviceFrom is a service as a feed has it, in the place of the pack's.
const serviceFrom = `{"id":"00000000-0000-4000-8000-000000000001","name":"<script>alert(1)</script>","description":"\"><img src=x onerror=alert(1)>",
	"url":"javascript:alert(1)","status":"active","assured_date":"%DATE%","languages":[{"code":"ar"},{"code":"zz"}],
	"fees_description":"</dd><script>","required_documents":[{"document":"<b>paper</b>"}],
	"service_at_locations":[{"location":{"latitude":37.1773,"longitude":-3.5986}},{"location":{"latitude":"\"><script>","longitude":1}},
		{"location":{"addresses":[{"address_1":"Calle \"<b>\" 1","city":"Granada","postal_code":"18001"}]}}],
	"immerse":{"needs":["health"],"areas":["ES-GR"],"authority":"","eligibility":[{"age":{"min":18}},{"legal_status":["refugee"],"gender":["female"]}]}}`

// withService builds Spain with one service only.
func withService(t *testing.T, text string) site.Files {
	t.Helper()
	pack, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	there := *pack
	there.Services = make([]hsds.Service, 1)
	if err := json.Unmarshal([]byte(text), &there.Services[0]); err != nil {
		t.Fatal(err)
	}
	files, err := site.Build(&there, today)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

const serviceFile = "en/services/00000000-0000-4000-8000-000000000001/index.html"

// TestHostileCataloguesDoNothing: a catalogue may be somebody else's text.
func TestHostileCataloguesDoNothing(t *testing.T) {
	files := withService(t, strings.Replace(serviceFrom, "%DATE%", "2026-11-01", 1))
	for _, name := range []string{serviceFile, "en/services/health/index.html", "en/services/in/es-gr/index.html"} {
		page := string(files[name])
		if !strings.Contains(page, "&lt;script&gt;alert(1)") {
			t.Errorf("%s doesn't show the name", name)
		}
		for _, bad := range []string{"<script>", "<img", "javascript:", "<b>"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s has %s", name, bad)
			}
		}
	}
}

func TestAServicesFacts(t *testing.T) {
	page := string(withService(t, strings.Replace(serviceFrom, "%DATE%", "2026-11-01", 1))[serviceFile])
	for _, want := range []string{
		`href="https://www.openstreetmap.org/?mlat=37.1773&amp;mlon=-3.5986"`,
		`href="https://www.openstreetmap.org/search?query=Calle&#43;%22%3Cb%3E%22&#43;1%2C&#43;18001&#43;Granada"`,
		"For people of this age: 18 or more.", "For people of this gender: Woman.", "It is enough that one of these fits:",
		"We checked this with the organization on 1/11/2026.", `<a href="/en/services/in/es-gr/">Granada</a>`,
		`name="service" value="00000000-0000-4000-8000-000000000001"`,
	} {
		if !strings.Contains(strings.ReplaceAll(page, "+", "&#43;"), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Count(page, "openstreetmap.org/") != 2 {
		t.Error("a place that has neither coordinates nor an address has a map")
	}
	if strings.Contains(page, "We have not checked") || strings.Contains(page, "checked long ago") {
		t.Error("it was checked, and lately")
	}
}

// TestWhomAServiceIsForInWords is shown alone, where nothing of it can be checked.
func TestWhomAServiceIsForInWords(t *testing.T) {
	text := strings.Replace(serviceFrom, `"eligibility":[{"age":{"min":18}},{"legal_status":["refugee"],"gender":["female"]}]}`,
		`"eligibility":[]},"eligibility_description":"Víctimas de <b>trata</b>"`, 1)
	page := string(withService(t, strings.Replace(text, "%DATE%", "2026-11-01", 1))[serviceFile])
	if !strings.Contains(page, `<p class="hint" lang="es" dir="auto">Víctimas de &lt;b&gt;trata&lt;/b&gt;</p>`) ||
		!strings.Contains(page, "The organization says who it is for:") || strings.Contains(page, "Open to everyone.") {
		t.Errorf("the page does not say whom it is for:\n%s", page)
	}
}

// TestOldChecksAreSaidAndTooOldOnesLeaveNothing: design §8.
func TestOldChecksAreSaidAndTooOldOnesLeaveNothing(t *testing.T) {
	for date, want := range map[string]string{
		"2026-05-22": "", "2026-05-21": "This entry was checked long ago.", "": "We have not checked this entry",
	} {
		page := string(withService(t, strings.Replace(serviceFrom, "%DATE%", date, 1))[serviceFile])
		if page == "" || !strings.Contains(page, want) {
			t.Errorf("%q: the page lacks %q", date, want)
		}
		if want == "" && strings.Contains(page, "class=\"caution\"") {
			t.Errorf("%q is old already", date)
		}
	}
	files := withService(t, strings.Replace(serviceFrom, "%DATE%", "2025-11-21", 1))
	for _, name := range files.Paths() {
		if strings.Contains(name, "00000000-0000") || strings.Contains(name, "services/health") {
			t.Errorf("what is not offered any more has %s", name)
		}
	}
}

// TestBrowserServicesAreFilteredAtOnce: by place, with the areas around it, by language and by words; without a script
// nothing is hidden and no filter is shown.
func TestBrowserServicesAreFilteredAtOnce(t *testing.T) {
	tab := browser.Open(t)
	_, address := served(t, "es")
	need := codes.Needs[slices.Index(codes.Needs, "legal")]
	browser.Do(tab, t, chromedp.Navigate(address+"/es/services/"+need+"/"), chromedp.WaitVisible("#filter"))
	count := func() int {
		return browser.JS[int](tab, t, `[...document.querySelectorAll('.listed li')].filter((one) => one.offsetParent).length`)
	}
	all := count()
	browser.JS[bool](tab, t, `place.value = [...place.options].find((one) => one.text === 'Granada').value; place.dispatchEvent(new Event('input', {bubbles: true}))`)
	granada := count()
	if granada == 0 || granada >= all {
		t.Errorf("%d of %d services are for Granada", granada, all)
	}
	if elsewhere := browser.JS[[]string](tab, t, `[...document.querySelectorAll('.listed li')].filter((one) => one.offsetParent).map((one) => one.dataset.areas).filter((codes) => !/(^| )ES(-GR|-AN)?( |$)/.test(codes))`); len(elsewhere) > 0 {
		t.Errorf("shown for Granada: %v", elsewhere)
	}
	browser.JS[bool](tab, t, `words.value = 'PROTECCION'; words.dispatchEvent(new Event('input', {bubbles: true}))`)
	if found := count(); found == 0 || found >= granada {
		t.Errorf("%d of %d services have the word, whatever its accents", found, granada)
	}
	if said := browser.JS[string](tab, t, `shown.textContent`); !strings.Contains(said, "de ") {
		t.Errorf("it says %q", said)
	}
}
