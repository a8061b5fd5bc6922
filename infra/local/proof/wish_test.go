package proof

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/store"
)

// wish posts a form of the status page: "action=rate", …
func (s *system) wish(t *testing.T, r receipt, status int, fields ...string) answer {
	t.Helper()
	form := url.Values{"reference": {r.Reference}, "secret": {r.Secret}, "language": {"en"}}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, "=")
		form.Set(name, value)
	}
	got := s.must(t, http.MethodPost, "/status", form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
	if got.status != status {
		t.Errorf("%v: %d\n%s", fields, got.status, got.body)
	}
	return got
}

// mailed waits until a mail of a case went.
func (s *system) mailed(t *testing.T, r receipt, id string) {
	t.Helper()
	waitFor(t, "mail "+id, func() bool { return len(s.mails(t, r)[id]) > 0 })
	if mails := s.mails(t, r)[id]; len(mails) != 1 || strings.Contains(mails[0].Text+mails[0].HTML, canary) {
		t.Errorf("%s went %d times, or holds something personal", id, len(mails))
	}
}

var questionField = regexp.MustCompile(`name="question" value="([^"]+)"`)

// questionAndAnswer has the officer ask how to reach the person, who answers; each is mailed that there is something to read.
func (s *system) questionAndAnswer(t *testing.T, r receipt, o officer) {
	t.Helper()
	began := store.Mail{ID: store.ReferralID(o.authority, 0)}
	o.do(t, http.StatusSeeOther, "action=ask", "question=contact")
	s.mailed(t, r, began.Follow("asked1"))
	asked := questionField.FindStringSubmatch(s.wish(t, r, http.StatusOK, "action=show").body)
	if asked == nil {
		t.Fatal("the status page shows no question")
	}
	words := canary + " after six"
	s.wish(t, r, http.StatusOK, "action=reply", "referral="+began.ID, "question="+asked[1], "text="+words)
	s.mailed(t, r, began.Follow("answered1"))
	if strings.Contains(o.page(t).body, canary) {
		t.Error("a GET shows the answer")
	}
	if shown := o.do(t, http.StatusOK, "action=replies"); !strings.Contains(shown.body, words) {
		t.Errorf("the answer is not shown:\n%s", shown.body)
	}
}

// TestACaseIsTakenBack in the real system: everybody who was asked is told, and can do nothing any more.
func TestACaseIsTakenBack(t *testing.T) {
	s := start(t, "es", nil)
	r := s.submit(t, application("en"), "taken-back").receipt(t)
	s.notified(t, r)
	o := s.officer(t, r)
	form := o.form(t)
	got := s.wish(t, r, http.StatusOK, "action=withdraw", "confirm=yes", "reason=helped_elsewhere")
	if !strings.Contains(got.body, "You took this case back on") {
		t.Errorf("the page:\n%s", got.body)
	}
	s.mailed(t, r, store.Mail{ID: store.ReferralID(o.authority, 0)}.Follow("withdrawn"))
	if late, err := o.post(form, "action=accept"); err != nil || late.status != http.StatusConflict {
		t.Errorf("accepting it: %d, %v", late.status, err)
	}
}
