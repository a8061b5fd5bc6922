package proof

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miict/immerse/infra/local/lambda"
	"github.com/miict/immerse/infra/local/laptop"
)

// TestMainJob has the programs under the race detector, if this test is.
func TestMainJob(t *testing.T) {
	s := start(t, "es", func(o *laptop.Options) { o.Race = lambda.Race })
	t.Run("fifty at once", s.fiftyAtOnce)
	t.Run("languages", s.languages)
	t.Run("authorities learn nothing personal", s.authoritiesLearnNothingPersonal)
	t.Run("a form without JavaScript", s.aFormWithoutJavaScript)
}

// languages hands in one application in each of three languages and reads the mails.
func (s *system) languages(t *testing.T) {
	for language, words := range map[string][]string{
		"ar": {`dir="rtl"`, `lang="ar"`}, "es": {`lang="es"`, "Granada"}, "en": {`lang="en"`, "Granada"},
	} {
		t.Run(language, func(t *testing.T) {
			receipt := s.submit(t, application(language), "main-job-"+language).receipt(t)
			s.notified(t, receipt)
			if state := s.state(t, receipt); state != "notified" {
				t.Errorf("its owner is told that it is %s", state)
			}
			mails := s.mails(t, receipt)
			if len(mails) < 4 || len(mails["receipt"]) != 1 {
				t.Fatalf("mails:\n%s", describe(mails))
			}
			for id, list := range mails {
				if len(list) != 1 {
					t.Errorf("%s was sent %d times", id, len(list))
				}
			}
			got := mails["receipt"][0]
			if got.To[0] != canary+"@example.org" || got.Text == "" {
				t.Errorf("receipt to %v, text %q", got.To, got.Text)
			}
			for _, word := range words {
				if !strings.Contains(got.HTML, word) {
					t.Errorf("the receipt in %s lacks %q:\n%s", language, word, got.HTML)
				}
			}
		})
	}
}

// authoritiesLearnNothingPersonal reads the mails to authorities: what they must say, and what they must not.
func (s *system) authoritiesLearnNothingPersonal(t *testing.T) {
	receipt := s.submit(t, application("ar"), "authorities").receipt(t)
	s.notified(t, receipt)
	for id, list := range s.mails(t, receipt) {
		if id == "receipt" {
			continue
		}
		mail := list[0]
		everything := mail.Subject + mail.Text + mail.HTML + strings.Join(mail.To, " ")
		for name, value := range mail.Headers {
			everything += name + ": " + value + "\n"
		}
		for _, personal := range []string{canary, canaryPhone, "Layla", "1994", receipt.Secret, "asylum-applicant"} {
			if strings.Contains(everything, personal) {
				t.Errorf("%s holds %q:\n%s", id, personal, mail.Text)
			}
		}
		for _, needed := range []string{receipt.Reference, "Granada"} {
			if !strings.Contains(mail.Text, needed) || !strings.Contains(mail.HTML, needed) {
				t.Errorf("%s lacks %q:\n%s", id, needed, mail.Text)
			}
		}
		if !strings.HasSuffix(mail.To[0], ".example") {
			t.Errorf("%s goes to %v: no inbox of the starter packs is real", id, mail.To)
		}
	}
}

// fiftyAtOnce posts one application fifty times at once: one application, one set of mails, fifty equal answers.
func (s *system) fiftyAtOnce(t *testing.T) {
	body := encode(t, application("es"))
	answers := make([]answer, 50)
	var group sync.WaitGroup
	for i := range answers {
		group.Go(func() {
			got, err := s.call(http.MethodPost, "/api/v1/applications", body, "Content-Type", "application/json", "Idempotency-Key", "fifty")
			if err != nil {
				t.Errorf("post %d: %v", i, err)
			}
			answers[i] = got
		})
	}
	group.Wait()
	for i, got := range answers {
		if got.status != http.StatusCreated || got.body != answers[0].body {
			t.Fatalf("answer %d is %d %s, the first %s", i, got.status, got.body, answers[0].body)
		}
	}
	receipt := answers[0].receipt(t)
	s.notified(t, receipt)
	time.Sleep(300 * time.Millisecond) // for whatever might still be sent
	for id, list := range s.mails(t, receipt) {
		if len(list) != 1 {
			t.Errorf("%s was sent %d times", id, len(list))
		}
	}
	other := application("es")
	other["birth_year"] = 1995
	if got := s.submit(t, other, "fifty"); got.status != http.StatusConflict {
		t.Errorf("the same key with another body: %d %s", got.status, got.body)
	}
}

// form is an application as a browser sends it.
func form(language string) url.Values {
	return url.Values{
		"kind": {"support"}, "language": {language}, "consent.processing": {"true"}, "contact.email": {canary + "@example.org"},
		"residence.region": {"ES-GR"}, "legal_status": {"asylum_seeker"}, "needs": {"language", "employment"},
		"languages.0.code": {"ar"}, "languages.0.level": {"native"}, "website": {""},
	}
}

// aFormWithoutJavaScript follows the path of a browser: post, redirect, confirmation, status, erasure.
func (s *system) aFormWithoutJavaScript(t *testing.T) {
	posted := s.must(t, http.MethodPost, "/api/v1/applications", form("ar").Encode(),
		"Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html,*/*")
	if posted.status != http.StatusSeeOther {
		t.Fatalf("post: %d %s", posted.status, posted.body)
	}
	location := posted.header.Get("Location")
	cookie := strings.Split(posted.header.Get("Set-Cookie"), ";")[0]
	if _, secret, _ := strings.Cut(cookie, "="); secret == "" || strings.Contains(location, secret) {
		t.Fatalf("location %q, cookie %q: the secret must be in the cookie and not in the address", location, cookie)
	}
	confirmation := s.must(t, http.MethodGet, strings.TrimPrefix(location, s.URL), "", "Cookie", cookie)
	if confirmation.status != http.StatusOK || !strings.Contains(confirmation.body, `dir="rtl"`) {
		t.Fatalf("confirmation: %d %s", confirmation.status, confirmation.body)
	}
	_, secret, _ := strings.Cut(cookie, "=")
	if !strings.Contains(confirmation.body, secret) {
		t.Errorf("the confirmation doesn't show the secret:\n%s", confirmation.body)
	}
	reference := strings.Split(strings.TrimPrefix(location, s.URL), "/")[4]
	receipt := receipt{Reference: reference, Secret: secret}
	s.notified(t, receipt)

	show := url.Values{"reference": {reference}, "secret": {secret}, "action": {"show"}, "lang": {"ar"}}
	status := s.must(t, http.MethodPost, "/status", show.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html")
	if status.status != http.StatusOK || !strings.Contains(status.body, reference) {
		t.Errorf("status: %d %s", status.status, status.body)
	}
	if got := s.must(t, http.MethodDelete, "/api/v1/applications/"+reference, "", "Authorization", "Bearer "+secret); got.status != http.StatusNoContent {
		t.Errorf("erasing: %d %s", got.status, got.body)
	}
	if got := s.must(t, http.MethodGet, "/api/v1/applications/"+reference, "", "Authorization", "Bearer "+secret); got.status != http.StatusGone {
		t.Errorf("after erasing: %d %s", got.status, got.body)
	}
}
