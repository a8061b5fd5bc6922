package proof

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/protocol"
	"github.com/miict/immerse/shared/store"
)

// An officer has a link from a mail.
type officer struct {
	*system
	authority string // the organization's id
	path      string
}

var (
	urlIn  = regexp.MustCompile(`https?://[^\s"'<>)]+`)
	linkIn = regexp.MustCompile(`/referral/[A-Za-z0-9_-]+`)
	formIn = regexp.MustCompile(`name="form" value="([^"]+)"`)
)

// officer opens the mail to the first authority that was written to about an application.
func (s *system) officer(t *testing.T, r receipt) officer {
	t.Helper()
	var ids []string
	mails := s.mails(t, r)
	for id := range mails {
		if strings.HasPrefix(id, "authority-") {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	if len(ids) == 0 {
		t.Fatalf("nobody was written to: %s", describe(mails))
	}
	path := linkIn.FindString(mails[ids[0]][0].Text)
	if path == "" {
		t.Fatalf("no link in the mail:\n%s", mails[ids[0]][0].Text)
	}
	return officer{s, strings.TrimPrefix(ids[0], "authority-"), path}
}

// links are all links to this site in the mails about an application, each once.
func (s *system) links(t *testing.T, r receipt) []string {
	t.Helper()
	var links []string
	for _, list := range s.mails(t, r) {
		for _, mail := range list {
			for _, link := range urlIn.FindAllString(mail.Text+"\n"+html.UnescapeString(mail.HTML), -1) {
				if path, ours := strings.CutPrefix(link, s.URL); ours {
					links = append(links, strings.TrimRight(path, ".,;"))
				}
			}
		}
	}
	slices.Sort(links)
	return slices.Compact(links)
}

// page opens the link in a browser.
func (o officer) page(t *testing.T) answer {
	t.Helper()
	return o.must(t, http.MethodGet, o.path, "", "Accept", "text/html", "Accept-Language", "es")
}

// form opens the link and gives the token of its forms; empty if there are none.
func (o officer) form(t *testing.T) string {
	t.Helper()
	if found := formIn.FindStringSubmatch(o.page(t).body); found != nil {
		return found[1]
	}
	return ""
}

// post sends a form of the page: "action=accept", …
func (o officer) post(form string, fields ...string) (answer, error) {
	values := url.Values{"form": {form}}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, "=")
		values.Set(name, value)
	}
	return o.call(http.MethodPost, o.path, values.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin", "Accept", "text/html")
}

// do opens the page and sends a form of it.
func (o officer) do(t *testing.T, status int, fields ...string) answer {
	t.Helper()
	got, err := o.post(o.form(t), fields...)
	if err != nil || got.status != status {
		t.Fatalf("%v: status %d, %v, want %d\n%s", fields, got.status, err, status, got.body)
	}
	return got
}

// released waits until the contact can be seen.
func (o officer) released(t *testing.T) {
	t.Helper()
	waitFor(t, "the contact to be released", func() bool { return strings.Contains(o.page(t).body, `name="action" value="contact"`) })
}

// trail is what the person reads of an authority's doings, in the download of everything.
func (s *system) trail(t *testing.T, r receipt, authority string) []string {
	t.Helper()
	got := s.must(t, http.MethodGet, "/api/v1/applications/"+r.Reference+"/export", "", "Authorization", "Bearer "+r.Secret)
	var everything struct {
		Audit []store.Audit `json:"audit"`
	}
	if err := json.Unmarshal([]byte(got.body), &everything); err != nil {
		t.Fatalf("%d %s", got.status, got.body)
	}
	var actions []string
	for _, line := range everything.Audit {
		if action, ok := strings.CutSuffix(line.Action, ":"+authority); ok {
			actions = append(actions, line.Actor+" "+action)
		}
	}
	return actions
}

// writes counts the changes that the functions behind links make.
type writes struct {
	mu    sync.Mutex
	count int
}

func (w *writes) after(call protocol.Call) {
	changes := call.Action == "UpdateItem" || call.Action == "SendMessage" || call.Action == "PutItem"
	if call.Caller != "referral" && call.Caller != "intake" || !changes || starting(call) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count++
}

func (w *writes) made() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.count
}

// TestAReferralFromTheMailToItsOutcome goes the whole way in the real system: the link from the mail, scanners before the
// officer, acceptance, contact, outcome, and what the person reads of it.
func TestAReferralFromTheMailToItsOutcome(t *testing.T) {
	w := &writes{}
	s := start(t, "es", func(o *laptop.Options) { o.After = w.after })
	r := s.submit(t, application("en"), "referral").receipt(t)
	s.notified(t, r)
	o := s.officer(t, r)

	t.Run("scanners", func(t *testing.T) {
		links, before := s.links(t, r), w.made()
		if !slices.ContainsFunc(links, func(link string) bool { return strings.HasPrefix(link, "/referral/") }) ||
			!slices.ContainsFunc(links, func(link string) bool { return strings.HasPrefix(link, "/status") }) {
			t.Errorf("the mails' links are %q", links)
		}
		for range 3 {
			for _, link := range links {
				for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
					got := s.must(t, method, link, "", "User-Agent", "LinkScanner/1.0")
					if got.status >= http.StatusInternalServerError || method == http.MethodGet && got.status != http.StatusOK || strings.Contains(got.body, canary) {
						t.Errorf("%s %s: %d\n%s", method, link, got.status, got.body)
					}
				}
				s.must(t, http.MethodPost, link, "action=decline&reason=other&confirm=yes", "Content-Type", "application/x-www-form-urlencoded")
			}
		}
		if made := w.made() - before; made != 0 || len(s.trail(t, r, o.authority)) != 0 {
			t.Errorf("%d writes, trail %v", made, s.trail(t, r, o.authority))
		}
	})
	t.Run("changed bits", func(t *testing.T) {
		raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(o.path, "/referral/"))
		if err != nil {
			t.Fatal(err)
		}
		for bit := 0; bit < len(raw)*8; bit += 7 { // one or two of each byte; functions/referral has its test try every one
			raw[bit/8] ^= 1 << (bit % 8)
			if got := s.must(t, http.MethodGet, "/referral/"+base64.RawURLEncoding.EncodeToString(raw), ""); got.status != http.StatusNotFound {
				t.Fatalf("bit %d: status %d", bit, got.status)
			}
			raw[bit/8] ^= 1 << (bit % 8)
		}
	})
	page := o.page(t)
	if page.status != http.StatusOK || strings.Contains(page.body, canary) || page.header.Get("Cache-Control") != "no-store" || page.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("the page: %d %v", page.status, page.header)
	}
	o.do(t, http.StatusSeeOther, "action=accept")
	o.released(t)
	if strings.Contains(o.page(t).body, canary) {
		t.Error("a GET shows the contact")
	}
	if shown := o.do(t, http.StatusOK, "action=contact"); !strings.Contains(shown.body, canary) {
		t.Errorf("the contact is not shown:\n%s", shown.body)
	}
	s.questionAndAnswer(t, r, o)
	o.do(t, http.StatusSeeOther, "action=finish", "outcome=helped")
	s.wish(t, r, http.StatusOK, "action=rate", "rating=partly", "referral="+store.ReferralID(o.authority, 0))
	want := []string{
		"authority accepted", "notification contact_released", "authority contact_shown", "authority asked:contact", "person replied",
		"authority replies_shown", "authority done:helped", "person rated",
	}
	if got := s.trail(t, r, o.authority); !slices.Equal(got, want) {
		t.Errorf("the person reads %q, want %q", got, want)
	}
	for _, leak := range []string{strings.TrimPrefix(o.path, "/referral/"), canary} {
		if strings.Contains(s.logs.String(), leak) {
			t.Errorf("%q is in the logs", leak)
		}
	}
}

// TestLinksThatAreForwardedRevokedAndErased: nothing wrong happens, and the page says what did.
func TestLinksThatAreForwardedRevokedAndErased(t *testing.T) {
	s := start(t, "es", nil)
	r := s.submit(t, application("en"), "revoked").receipt(t)
	s.notified(t, r)
	o := s.officer(t, r)
	form := o.form(t)
	tables := s.tables()
	found, err := tables.Application(t.Context(), r.Reference)
	if err != nil {
		t.Fatal(err)
	}
	if err := tables.Revoke(t.Context(), store.Step{Reference: r.Reference, Authority: o.authority, Found: found.Ledger,
		Audit: store.Audit{At: time.Now(), Actor: "operator", Action: "link_revoked:" + o.authority}}); err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]func() (answer, error){
		"looking": func() (answer, error) { return o.page(t), nil },
		"acting":  func() (answer, error) { return o.post(form, "action=accept") },
	} {
		if got, err := try(); err != nil || got.status != http.StatusGone || !strings.Contains(got.body, "retirado") {
			t.Errorf("%s with a revoked link: %d, %v\n%s", name, got.status, err, got.body)
		}
	}
	if got, err := o.post(o.form(t), "action=link"); err != nil || got.status != http.StatusAccepted {
		t.Fatalf("asking for a new link: %d, %v", got.status, err)
	}
	id := store.Mail{ID: store.ReferralID(o.authority, 0)}.Follow("link1_1")
	waitFor(t, "a new link", func() bool { return len(s.mails(t, r)[id]) > 0 })
	fresh := officer{s, o.authority, linkIn.FindString(s.mails(t, r)[id][0].Text)}
	if got := fresh.page(t); fresh.path == o.path || got.status != http.StatusOK {
		t.Errorf("the new link: %d", got.status)
	}
	other := s.submit(t, application("en"), "erased").receipt(t)
	s.notified(t, other)
	late := s.officer(t, other)
	if got := s.must(t, http.MethodDelete, "/api/v1/applications/"+other.Reference, "", "Authorization", "Bearer "+other.Secret); got.status != http.StatusNoContent {
		t.Fatalf("erasing: %d", got.status)
	}
	if got := late.page(t); got.status != http.StatusGone || !strings.Contains(got.body, "ya no queda nada por hacer") {
		t.Errorf("erased: %d\n%s", got.status, got.body)
	}
}

// TestTwoOfficersInTheRealSystem: many answer at once, one wins.
func TestTwoOfficersInTheRealSystem(t *testing.T) {
	s := start(t, "es", nil)
	r := s.submit(t, application("en"), "race").receipt(t)
	s.notified(t, r)
	o := s.officer(t, r)
	forms := make([]string, 10)
	for i := range forms {
		forms[i] = o.form(t)
	}
	answers := make([]answer, len(forms))
	var group sync.WaitGroup
	for i, form := range forms {
		group.Go(func() {
			fields := []string{"action=accept"}
			if i%2 == 0 {
				fields = []string{"action=decline", "reason=no_capacity"}
			}
			answers[i], _ = o.post(form, fields...)
		})
	}
	group.Wait()
	won := map[int]int{}
	for _, got := range answers {
		won[got.status]++
	}
	if won[http.StatusSeeOther] != 1 || won[http.StatusConflict] != len(forms)-1 {
		t.Errorf("statuses %v", won)
	}
	answered := slices.DeleteFunc(s.trail(t, r, o.authority), func(action string) bool { return !strings.HasPrefix(action, "authority ") })
	if len(answered) != 1 {
		t.Errorf("trail %q", answered)
	}
}

// TestAnAcceptanceKilledAtEveryCall kills whoever makes the n-th call to AWS for an acceptance: the officer presses again
// until it is taken, and in the end it is recorded once and the contact released once.
func TestAnAcceptanceKilledAtEveryCall(t *testing.T) {
	t.Parallel()
	for _, moment := range []string{"before", "after"} {
		t.Run(moment, func(t *testing.T) {
			k := &killer{}
			s := k.start(t, nil)
			for n := 1; ; n++ {
				r := s.insist(t, fmt.Sprintf("%s-accept-%d", moment, n), application("en"))
				s.notified(t, r)
				o := s.officer(t, r)
				form := o.form(t)
				k.arm(n, moment)
				o.press(t, form)
				o.settledContact(t, r)
				if k.disarm() == "" {
					if least := 2 + 1 + 1 + 2 + 2; n-1 < least { // referral's reads, message and answer; notification's reads and writes
						t.Errorf("only %d calls were met", n-1)
					}
					t.Logf("%d calls, each killed %s", n-1, moment)
					return
				}
				want := []string{"authority accepted", "notification contact_released"}
				if got := s.trail(t, r, o.authority); !slices.Equal(got, want) {
					t.Errorf("killed %s call %d: trail %q", moment, n, got)
				}
			}
		})
	}
}

// press sends an acceptance until it is taken.
func (o officer) press(t *testing.T, form string) {
	t.Helper()
	waitFor(t, "the acceptance to be taken", func() bool {
		got, err := o.post(form, "action=accept")
		return err == nil && (got.status == http.StatusSeeOther || got.status == http.StatusConflict)
	})
}

// settledContact waits until notification has acted, looking into the table so as not to make calls.
func (o officer) settledContact(t *testing.T, r receipt) {
	t.Helper()
	tables := o.tables()
	waitFor(t, "the contact to be released", func() bool {
		found, err := tables.Application(t.Context(), r.Reference)
		return err == nil && found.Ledger.Mail(store.ReferralID(o.authority, 0)).Contact == store.ContactReleased
	})
}
