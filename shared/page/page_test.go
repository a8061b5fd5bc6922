package page_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/referral"
)

var regions = []page.RegionGroup{
	{Name: "Andalucía", Regions: []page.Region{{Code: "ES-GR", Name: "Granada"}, {Code: "ES-AL", Name: "Almería"}}},
	{Regions: []page.Region{{Code: "ES-CE", Name: "Ceuta"}}},
}

func formView(lang string) page.FormView {
	fields := application.Fields(page.RegionCodes(regions), locale.Languages(), 2026)
	return page.FormView{Shell: page.Shell{Lang: lang, Country: "España"}, Fields: fields, Regions: regions}
}

// authorityView is an authority's page in a state, with something in each place.
func authorityView(lang string, state referral.State) page.AuthorityView {
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	return page.AuthorityView{
		Shell: page.Shell{Lang: lang, Country: "España"}, Action: "/referral/token", Form: "form-token", Reference: "ES-1", Organization: "Cáritas",
		State: state, Due: at, At: at, Asked: []page.Asked{{At: at, Code: "documents"}},
		Briefing: &briefing.Briefing{
			Kind: "support", Needs: "health", Facts: []string{"f1", "f2"}, Urgent: true,
			Services: []briefing.Service{{Name: "s", Verdict: "v", Reasons: []string{"r"}, Notes: []string{"n"}}, {Name: "t", Verdict: "w"}},
		},
	}
}

// views are all kinds of page, each in a state that shows everything it can show.
func views(lang string) map[string]func(io.Writer) error {
	shell := page.Shell{Lang: lang, Country: "España", HelpLine: "112", Help: helpLines, Script: page.FormScriptURL()}
	wrong := formView(lang)
	wrong.Answers = map[string][]string{"contact.email": {"x"}, "needs": {"health"}, "languages.0.code": {"ar"}}
	wrong.Errors = []page.FieldError{
		{Field: "contact.email", Message: "m1"}, {Field: "languages.0.level", Message: "m2"},
		{Field: "residence.region", Message: "m3"}, {Field: "needs", Message: "m4"}, {Field: "nobody.knows", Message: "m5"},
		{Field: "consent.processing", Message: "m6"},
	}
	day := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	shown := page.StatusView{
		Shell: shell, Reference: "IM-1", Secret: "s", State: "notified", Submitted: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		Referrals: []page.ReferralView{
			{Organization: "B", Services: []string{"A"}, State: "delivered", Due: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC), URL: "https://example.org/"},
			{Organization: "F", State: "sent", Due: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Overdue: true},
			{Organization: "O", State: "bounced", Due: day, Behind: day},
			{Organization: "P", State: "bounced", Due: day, Overdue: true, Behind: day, BehindName: "Q", BehindURL: "https://example.org/"},
			{Organization: "G", State: "declined", Why: "no_capacity", At: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), Rating: "partly"},
			{Organization: "I", State: "accepted", ID: "authority-i", Contact: "released", Instead: true, Seen: []time.Time{day, day}, Questions: []page.QuestionView{
				{ID: "q1", At: day, Code: "when"}, {ID: "q2", At: day, Code: "other", Text: "a\nb", Replied: day, Reply: "c"},
			}},
			{Organization: "J", State: "accepted", Contact: "withheld"}, {Organization: "K", State: "accepted"},
			{Organization: "L", State: "done", Outcome: "not_helped", Why: "did_not_come", Rating: "no", Rated: true},
			{Organization: "M", State: "expired", Why: "unreachable", Escalated: day}, {Organization: "N", State: "withdrawn"},
		},
		Trail: []page.TrailView{{At: day, Code: "contact_shown", Organization: "I"}},
		ToAdd: []page.FieldCount{{Field: "birth_year", Count: 2}},
		Needs: []page.NeedView{{Need: "health", Matches: []page.MatchView{
			{Service: "A", Organization: "B", URL: "https://example.org/", Eligible: true, Unchecked: true, Notified: true,
				Reasons: []page.Reason{{Code: "age_in_range", Params: map[string]any{"min": 18}}}},
			{Service: "C", Missing: []string{"birth_year", "gender"}, Stale: true},
		}, RuledOut: []page.RuledOutView{{Service: "D", Organization: "E", Reasons: []page.Reason{{Code: "not_registered", Params: map[string]any{"registration": []string{"health_card"}}}}}}}, {Need: "legal"}},
	}
	answers := map[string][]string{
		"kind": {"support"}, "needs": {"health", "legal"}, "residence.region": {"ES-GR"}, "birth_year": {"1994"}, "message": {"a\nb"},
		"languages.0.code": {"ar"}, "languages.0.level": {"native"}, "consent.processing": {"true"}, "idempotency_key": {"k"}, "review": {"check"},
	}
	asked := func(state referral.State, change func(*page.AuthorityView)) func(io.Writer) error {
		view := authorityView(lang, state)
		change(&view)
		return func(w io.Writer) error { return page.Authority(w, view) }
	}
	return map[string]func(io.Writer) error{
		"referral": asked(referral.Delivered, func(v *page.AuthorityView) { v.Briefing = nil }),
		"referral again": asked(referral.Sent, func(v *page.AuthorityView) {
			v.Problem, v.Sent = "text", map[string]string{"action": "ask", "question": "other", "text": "q"}
			v.Params = map[string]any{"max": 500}
		}),
		"referral accepted": asked(referral.Accepted, func(*page.AuthorityView) {}),
		"referral answered": asked(referral.Delivered, func(v *page.AuthorityView) {
			v.Asked, v.Replies = []page.Asked{{Code: "when", Replied: day}}, page.RepliesThere
		}),
		"referral contact": asked(referral.Accepted, func(v *page.AuthorityView) {
			v.Contact = page.ContactView{State: "released", Shown: true, Name: "Amal", Email: "Amal@example.org", Phone: "+34600000000", Language: "ar", Message: "m"}
		}),
		"referral no contact": asked(referral.Accepted, func(v *page.AuthorityView) {
			v.Contact = page.ContactView{State: "released", Shown: true, Language: "ar"}
		}),
		"referral ready":     asked(referral.Accepted, func(v *page.AuthorityView) { v.Contact.State = "released" }),
		"referral withheld":  asked(referral.Accepted, func(v *page.AuthorityView) { v.Contact.State = "withheld" }),
		"referral declined":  asked(referral.Declined, func(v *page.AuthorityView) { v.Reason, v.Late = "no_capacity", true }),
		"referral done":      asked(referral.Done, func(v *page.AuthorityView) { v.Outcome, v.Reason = referral.NotHelped, "did_not_come" }),
		"referral expired":   asked(referral.Expired, func(*page.AuthorityView) {}),
		"referral withdrawn": asked(referral.Withdrawn, func(*page.AuthorityView) {}),
		"check": func(w io.Writer) error {
			return page.Check(w, page.CheckView{Shell: shell, Fields: wrong.Fields, Regions: regions, Answers: answers})
		},
		"form":        func(w io.Writer) error { v := formView(lang); v.Shell = shell; return page.Form(w, v) },
		"form errors": func(w io.Writer) error { return page.Form(w, wrong) },
		"confirmation": func(w io.Writer) error {
			return page.Confirmation(w, page.ConfirmationView{Shell: shell, Reference: "IM-1", Secret: "s", Mailed: true, Kind: "event_registration", Event: &page.ChosenEvent{
				EventLine: page.EventLine{Name: "Tarde", NamesLang: "es", When: "16/06/2027", Start: "2027-06-16", Where: "Sala"}, Calendar: "/c",
			}})
		},
		"status":     func(w io.Writer) error { return page.Status(w, shown) },
		"status ask": func(w io.Writer) error { return page.Status(w, page.StatusView{Shell: shell, Problem: "no_case"}) },
		"status refused": func(w io.Writer) error {
			again := shown
			again.Problem, again.Sent = "reply", page.Sent{Question: "q1", Text: "too long"}
			return page.Status(w, again)
		},
		"status withdrawn": func(w io.Writer) error {
			return page.Status(w, page.StatusView{Shell: shell, State: "notified", Reference: "IM-1", Withdrawn: day, Notice: "withdrawn_all"})
		},
		"status erased": func(w io.Writer) error {
			return page.Status(w, page.StatusView{Shell: shell, State: "erased", Reference: "IM-1"})
		},
		"status, nobody left": func(w io.Writer) error {
			return page.Status(w, page.StatusView{Shell: shell, State: "notified", Stands: page.StandsUnanswered, NoPlace: true, Problem: "erase", Reference: "IM-1",
				Trail: []page.TrailView{{At: day, Code: "escalated", Organization: "A", To: "B", NamesLang: "es"}}})
		},
		"thanks": func(w io.Writer) error { return page.Thanks(w, page.ThanksView{Shell: shell, Back: "/en/"}) },
		"problem": func(w io.Writer) error {
			return page.Problem(w, page.ProblemView{Shell: shell, Code: "too_large", Params: map[string]any{"max": 65536}})
		},
		"void link": func(w io.Writer) error {
			return page.Problem(w, page.ProblemView{Shell: shell, Code: "link_revoked", Offer: &page.LinkOffer{Action: "/referral/abc", Form: "token"}})
		},
	}
}

func render(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func parse(t *testing.T, document string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// each calls visit for every element of a document.
func each(root *html.Node, visit func(element *html.Node)) {
	for node := range root.Descendants() {
		if node.Type == html.ElementNode {
			visit(node)
		}
	}
}

func attr(element *html.Node, name string) string {
	value, _ := lookup(element, name)
	return value
}

func lookup(element *html.Node, name string) (value string, ok bool) {
	for _, attribute := range element.Attr {
		if attribute.Key == name {
			return attribute.Val, true
		}
	}
	return "", false
}

// A screen reader says the catalogue's names in the language that they are in.
func TestNamesHaveTheirLanguage(t *testing.T) {
	view := page.StatusView{Shell: page.Shell{Lang: "ar"}, State: "matched", Needs: []page.NeedView{{
		Need:     "health",
		Matches:  []page.MatchView{{NamesLang: "es", Service: "Salud", Organization: "Junta"}},
		RuledOut: []page.RuledOutView{{NamesLang: "es", Service: "Clases", Organization: "Ayuntamiento"}},
	}}}
	document := render(t, func(w io.Writer) error { return page.Status(w, view) })
	for _, name := range []string{"Salud", "Junta", "Clases", "Ayuntamiento"} {
		if want := `<bdi lang="es">` + name + `</bdi>`; !strings.Contains(document, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestAnAuthorityCanDoWhatTheStateAllows(t *testing.T) {
	can := map[referral.State]string{referral.Accepted: "finish ask", referral.Bounced: "accept decline ask"}
	for _, state := range referral.States {
		want, ok := can[state]
		if state.Open() && !ok {
			want = can[referral.Bounced]
		}
		document := render(t, func(w io.Writer) error { return page.Authority(w, authorityView("en", state)) })
		var offered []string
		for _, action := range []string{"accept", "decline", "finish", "ask", "contact"} {
			if strings.Contains(document, `name="action" value="`+action+`"`) {
				offered = append(offered, action)
			}
		}
		if got := strings.Join(offered, " "); got != want {
			t.Errorf("%s: can %q, want %q", state, got, want)
		}
		if forms := strings.Count(document, "<form "); forms != len(offered) || strings.Count(document, `value="form-token"`) != forms {
			t.Errorf("%s: %d forms, not each with its token", state, forms)
		}
	}
}

func TestAnAuthoritysAnswersAreKept(t *testing.T) {
	view := authorityView("en", referral.Accepted)
	view.Problem, view.Sent = "why", map[string]string{"action": "finish", "outcome": "not_helped", "reason": ""}
	document := render(t, func(w io.Writer) error { return page.Authority(w, view) })
	if !strings.Contains(document, `value="not_helped" checked`) || strings.Count(document, " checked") != 1 {
		t.Error("the outcome that was chosen is not kept")
	}
}
