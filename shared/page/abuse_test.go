package page_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/page"
)

// attacks are what hostile forms and catalogues would like to see on a page.
var attacks = []string{
	`<script>alert(1)</script>`, `"><script>alert(1)</script>`, `'><img src=x onerror=alert(1)>`,
	`</textarea><script>alert(1)</script>`, `</title><script>alert(1)</script>`, `javascript:alert(1)`,
	`{{.P}}<b>`, `" autofocus onfocus="alert(1)`, "\x00<script>", `</option></select><script>alert(1)</script>`,
}

func TestNothingAPersonWroteRuns(t *testing.T) {
	for _, attack := range attacks {
		for name, write := range hostile(attack) {
			document := render(t, write)
			each(parse(t, document), func(e *html.Node) {
				if e.Data == "script" && !strings.HasPrefix(attr(e, "src"), "/assets/") || e.Data == "img" && !strings.HasPrefix(attr(e, "src"), "/assets/icons.svg#") || e.Data == "b" {
					t.Errorf("%s with %q has <%s>", name, attack, e.Data)
				}
				for _, a := range e.Attr {
					if strings.HasPrefix(a.Key, "on") || a.Key == "autofocus" {
						t.Errorf("%s with %q has %s", name, attack, a.Key)
					}
					if a.Key == "href" && strings.Contains(a.Val, "javascript:") {
						t.Errorf("%s with %q links to %q", name, attack, a.Val)
					}
				}
			})
		}
	}
}

// hostile fills every field of every view with one text.
func hostile(text string) map[string]func(io.Writer) error {
	shell := page.Shell{Lang: "en", Country: text}
	reasons := []page.Reason{{Code: text}, {Code: "in_area", Params: map[string]any{"area": text}}, {Code: "speaks", Params: map[string]any{"language": []any{text}}}}
	form := formView("en")
	form.Shell, form.Answers = shell, map[string][]string{"idempotency_key": {text}, "started_at": {text}, "languages.0.code": {text}}
	form.Regions = []page.RegionGroup{{Name: text, Regions: []page.Region{{Code: text, Name: text}}}}
	for _, field := range form.Fields {
		form.Answers[field.Name] = []string{text, text}
		form.Errors = append(form.Errors, page.FieldError{Field: field.Name, Message: text})
	}
	form.Errors = append(form.Errors, page.FieldError{Field: text, Message: text})
	referrals := []page.ReferralView{{
		ID: text, Organization: text, URL: text, Services: []string{text}, State: "accepted", Why: text, Outcome: text, Contact: text, Rating: text,
		Questions: []page.QuestionView{{ID: text, Code: text, Text: text}, {ID: text, Code: text, Replied: time.Unix(1, 0), Reply: text}},
	}}
	status := page.StatusView{Shell: shell, Reference: text, Secret: text, State: text, Problem: text, Notice: text,
		Referrals: referrals, Sent: page.Sent{Question: text, Text: text}, Trail: []page.TrailView{{Code: text, Organization: text}}, Needs: []page.NeedView{{
			Need:     text,
			Matches:  []page.MatchView{{Service: text, For: text, Organization: text, URL: text, Missing: []string{text}, Reasons: reasons}},
			RuledOut: []page.RuledOutView{{Service: text, Organization: text, Reasons: reasons}},
		}}}
	check := page.CheckView{Shell: shell, Fields: form.Fields, Regions: form.Regions, Answers: form.Answers}
	told := &briefing.Briefing{
		Kind: text, Needs: text, Facts: []string{text}, Services: []briefing.Service{{Name: text, Verdict: text, Reasons: []string{text}, Notes: []string{text}}},
	}
	referred := page.AuthorityView{
		Shell: shell, Action: "/referral/" + text, Form: text, Reference: text, Organization: text, Briefing: told, State: "accepted",
		Problem: text, Sent: map[string]string{"action": text, "text": text}, Asked: []page.Asked{{Code: text, Replied: time.Unix(1, 0), Reply: text}}, Replies: text,
		Contact: page.ContactView{State: "released", Shown: true, Name: text, Email: text, Phone: text, Language: text, Message: text},
	}
	return map[string]func(io.Writer) error{
		"referral": func(w io.Writer) error { return page.Authority(w, referred) },
		"check":    func(w io.Writer) error { return page.Check(w, check) },
		"form":     func(w io.Writer) error { return page.Form(w, form) },
		"status":   func(w io.Writer) error { return page.Status(w, status) },
		"status ask": func(w io.Writer) error {
			return page.Status(w, page.StatusView{Shell: shell, Problem: text, Reference: text})
		},
		"problem": func(w io.Writer) error {
			return page.Problem(w, page.ProblemView{Shell: shell, Code: text, Offer: &page.LinkOffer{Action: text, Form: text}})
		},
		"confirmation": func(w io.Writer) error {
			return page.Confirmation(w, page.ConfirmationView{Shell: shell, Reference: text, Secret: text})
		},
	}
}

func TestOnlyWebAddressesAreLinked(t *testing.T) {
	view := page.StatusView{Shell: page.Shell{Lang: "en"}, State: "matched", Needs: []page.NeedView{{Need: "health", Matches: []page.MatchView{
		{Service: "a", URL: "https://example.org/a?b=c"}, {Service: "b", URL: "data:text/html,x"}, {Service: "c", URL: "//example.org"}, {Service: "d", URL: "mailto:x@example.org"},
	}}}}
	document := render(t, func(w io.Writer) error { return page.Status(w, view) })
	if strings.Count(document, "Official web page") != 1 || !strings.Contains(document, `href="https://example.org/a?b=c"`) {
		t.Error("want exactly the https address linked")
	}
}
