package referral_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/events/eventstest"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/ticket"
	"github.com/miict/immerse/shared/vault"
)

func TestTheWayToAnOutcome(t *testing.T) {
	w := newWorld(t)
	w.want(w.get(w.path), 200, "Se espera su respuesta", "Granada, Andalucía", "a más tardar el 30/11/2026", "árabe")
	accepted := w.do("action=accept")
	w.want(accepted, 303)
	if accepted.Headers["Location"] != w.path {
		t.Errorf("on to %q", accepted.Headers["Location"])
	}
	w.want(w.get(w.path), 200, "aceptó esta solicitud el 23/11/2026", "Estamos preparando el contacto")
	w.release()
	ready := w.get(w.path)
	w.want(ready, 200, "Mostrar el contacto")
	if strings.Contains(ready.Body, canary) {
		t.Error("a GET shows the contact")
	}
	w.want(w.do("action=contact"), 200, canary, "amal@canary.example", "&#43;34600111222", "canary message", "árabe")
	w.want(w.do("action=finish", "outcome=not_helped", "reason=did_not_come"), 303)
	w.want(w.get(w.path), 200, "cerró esta solicitud", "La persona no vino")
	want := []string{"accepted", "contact_shown", "done:not_helped:did_not_come"}
	if diff := cmp.Diff(want, w.trail()); diff != "" {
		t.Errorf("trail (-want +got):\n%s", diff)
	}
	var steps []string
	for _, event := range w.queue.all() {
		eventstest.RequireValid(t, eventstest.Encode(t, event))
		steps = append(steps, string(event.Data))
	}
	if len(steps) != 2 || !strings.Contains(steps[0], `"step":"accepted"`) || !strings.Contains(steps[1], `"step":"done"`) {
		t.Errorf("events %q", steps)
	}
}

// TestScannersChangeNothing: mail scanners open, repeat and probe links before anybody reads the mail.
func TestScannersChangeNothing(t *testing.T) {
	w := newWorld(t)
	w.do("action=accept")
	w.release()
	before := w.snapshot()
	for _, method := range []string{"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"} {
		for _, target := range []string{w.path, w.path + "?lang=ar", w.path + "?action=decline&reason=other&form=" + w.form(), w.path + "/"} {
			answer := w.ask(method, target, browser, "action=decline&reason=other")
			if strings.Contains(answer.Body, canary) || answer.StatusCode >= 500 {
				t.Errorf("%s %s: %d", method, target, answer.StatusCode)
			}
			if method == "HEAD" && answer.Body != "" {
				t.Error("HEAD has a body")
			}
		}
	}
	w.ask("POST", w.path, browser, "") // some even send what they find
	w.ask("POST", w.path, browser, "action=decline&reason=other")
	if after := w.snapshot(); after != before {
		t.Errorf("something changed:\n%s", cmp.Diff(before, after))
	}
}

func TestHeaders(t *testing.T) {
	w := newWorld(t)
	for _, answer := range []map[string]string{
		w.get(w.path).Headers, w.get("/referral/nonsense").Headers, w.do("action=accept").Headers, w.get("/elsewhere").Headers,
	} {
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "X-Content-Type-Options": "nosniff",
		} {
			if answer[name] != want {
				t.Errorf("%s: %q", name, answer[name])
			}
		}
		if policy := answer["Content-Security-Policy"]; !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "form-action 'self'") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("policy %q", policy)
		}
	}
}

func TestThePageSpeaksTheAuthoritysLanguageOrTheOneAskedFor(t *testing.T) {
	w := newWorld(t)
	if got := w.get(w.path); got.Headers["Content-Language"] != "es" { // whatever the browser of a scanner says
		t.Errorf("in %s", got.Headers["Content-Language"])
	}
	for _, lang := range locale.Languages() {
		answer := w.get(w.path + "?lang=" + lang)
		w.want(answer, 200, `lang="`+lang+`"`, locale.For(lang).T("referral.state.open"), w.path+"?lang="+lang)
		if answer.Headers["Content-Language"] != lang {
			t.Errorf("%s: in %s", lang, answer.Headers["Content-Language"])
		}
	}
	if got := w.ask("POST", w.path+"?lang=ar", browser, "form="+w.form()+"&action=accept"); got.Headers["Location"] != w.path+"?lang=ar" {
		t.Errorf("the language is lost: %v", got.Headers)
	}
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("é", 501)
	for _, c := range []struct{ fields, want string }{
		{"action=decline", "elijan por qué no pueden ayudar"}, {"action=decline reason=because", "elijan por qué no pueden ayudar"},
		{"action=ask", "elijan una pregunta"}, {"action=ask question=other", "escriban su pregunta"},
		{"action=ask question=when text=" + long, "escriban su pregunta, con 500 letras"}, {"action=delete", "elijan uno de los botones"}, {"", "elijan uno de los botones"},
		{"action=expire", "elijan uno de los botones"}, {"action=withdraw reason=not_said", "elijan uno de los botones"},
	} {
		w.want(w.do(strings.Fields(c.fields)...), 422, c.want)
	}
	w.want(w.do("action=accept", "reason=other", "outcome=helped"), 303) // what was ticked elsewhere on the page is left aside
	for _, c := range []struct{ fields, want string }{
		{"action=finish", "elijan el resultado"}, {"action=finish outcome=not_helped", "por qué la persona no recibió ayuda"},
	} {
		w.want(w.do(strings.Fields(c.fields)...), 422, c.want)
	}
	if got := w.trail(); len(got) != 1 || len(w.queue.all()) != 1 {
		t.Errorf("trail %v, %d events", got, len(w.queue.all()))
	}
	refused := w.do("action=finish", "outcome=helped", "reason=did_not_come")
	w.want(refused, 422, "Hemos quitado el motivo", `value="helped" checked`)
	if strings.Contains(refused.Body, `value="did_not_come" checked`) || w.entry().Answer.State != "accepted" {
		t.Error("the reason can't be unticked, or the outcome was taken")
	}
	w.want(w.do("action=finish", "outcome=helped", "reason="), 303)
	if answer := w.entry().Answer; answer.Outcome != "helped" || answer.Reason != "" {
		t.Errorf("answer %+v", answer)
	}
}

func TestAFieldThatIsSentTwiceIsNoAnswer(t *testing.T) {
	w := newWorld(t)
	before := w.snapshot()
	for _, fields := range []string{
		"action=decline&reason=other&reason=no_capacity", "action=decline&reason=other&reason=other", "action=decline&action=accept&reason=other",
		"action=accept&action=accept", "action=ask&question=when&question=documents", "action=ask&question=when&text=a&text=b",
	} {
		w.want(w.ask("POST", w.path, browser, url.Values{"form": {w.form()}}.Encode()+"&"+fields), 422, "una estaba dos veces")
	}
	if w.snapshot() != before {
		t.Error("something came of it")
	}
}

func TestTwoOfficersAtOnce(t *testing.T) {
	for range 5 {
		w := newWorld(t)
		forms := make([]string, 12)
		for i := range forms {
			forms[i] = w.form()
		}
		statuses := make([]int, len(forms))
		bodies := make([]string, len(forms))
		var group sync.WaitGroup
		for i, form := range forms {
			group.Go(func() {
				fields := []string{"action=accept"}
				if i%2 == 0 {
					fields = []string{"action=decline", "reason=no_capacity"}
				}
				answer := w.post(form, fields...)
				statuses[i], bodies[i] = answer.StatusCode, answer.Body
			})
		}
		group.Wait()
		won := 0
		state := w.entry().Answer.State
		for i, status := range statuses {
			switch status {
			case 303:
				won++
				if wantState := []referral.State{referral.Declined, referral.Accepted}[i%2]; state != wantState {
					t.Errorf("officer %d was told that they won, and it is %s", i, state)
				}
			case 409:
				if stated := locale.For("es").T("referral.state."+string(state), "date", "23/11/2026"); !strings.Contains(bodies[i], stated) || !strings.Contains(bodies[i], "Lo que envió no se pudo hacer") {
					t.Errorf("the loser does not see what happened: %s", bodies[i])
				}
			default:
				t.Errorf("status %d", status)
			}
		}
		if won != 1 || len(w.trail()) != 1 {
			t.Errorf("%d won, trail %v", won, w.trail())
		}
	}
}

func TestTheSameFormTwiceIsOnce(t *testing.T) {
	w := newWorld(t)
	form := w.form()
	for range 3 {
		w.want(w.post(form, "action=accept"), 303)
	}
	question := w.form()
	for range 3 {
		w.want(w.post(question, "action=ask", "question=documents"), 303)
	}
	if got := w.trail(); !slices.Equal(got, []string{"accepted", "asked:documents"}) || len(w.entry().Questions) != 1 || len(w.queue.all()) != 2 {
		t.Errorf("trail %v, %d events", got, len(w.queue.all()))
	}
	w.want(w.do("action=accept"), 409, "aceptó esta solicitud")
}

func TestLinksThatLeadNowhere(t *testing.T) {
	w := newWorld(t)
	revoked, expired := newWorld(t), newWorld(t)
	revoked.must(revoked.store.Revoke(t.Context(), store.Step{Reference: reference, Authority: revoked.authority, Found: revoked.found().Ledger}))
	expired.now = at.Add(91 * 24 * time.Hour)
	erased := newWorld(t)
	erased.must(erased.store.Erase(t.Context(), erased.found(), "person", at))
	halfErased := newWorld(t) // keys first
	keysOnly := halfErased.found()
	if _, err := halfErased.store.Client.DeleteItem(t.Context(), deleteKeys(halfErased.store.KeysTable, keysOnly.KeysID)); err != nil {
		t.Fatal(err)
	}
	retained := newWorld(t)
	retained.store.Now = func() time.Time { return at.Add(retained.store.Retention) }
	other, err := w.book.Issue(ticket.Ticket{Reference: reference, Authority: "someone else", Expires: at.Add(time.Hour)})
	w.must(err)
	later, err := w.book.Issue(ticket.Ticket{Reference: reference, Authority: w.authority, Round: 1, Expires: at.Add(time.Hour)})
	w.must(err)
	for name, c := range map[string]struct {
		*world
		path   string
		status int
		says   string
	}{
		"made up": {w, "/referral/abc", 404, "Ce lien ne fonctionne pas"}, "none": {w, "/referral/", 404, "Introuvable"},
		"further": {w, w.path + "/more", 404, "Introuvable"}, "escaped": {w, "/referral/%2e%2e", 404, "Ce lien ne fonctionne pas"},
		"expired": {expired, expired.path, 410, "demasiado antiguo"}, "revoked": {revoked, revoked.path, 410, "retirado"},
		"erased": {erased, erased.path, 410, "ya no queda nada por hacer"}, "half erased": {halfErased, halfErased.path, 410, "ya no queda nada por hacer"},
		"retention": {retained, retained.path, 410, "ya no queda nada por hacer"}, "another's": {w, "/referral/" + other, 410, "nada por hacer"},
		"another round's": {w, "/referral/" + later, 410, "nada por hacer"},
	} {
		t.Run(name, func(t *testing.T) {
			c.t = t
			c.want(c.get(c.path), c.status, c.says)
			form, _ := c.book.Form(strings.TrimPrefix(c.path, "/referral/"))
			c.want(c.ask("POST", c.path, browser, "form="+form+"&action=accept"), c.status, c.says)
			if len(c.queue.all()) != 0 {
				t.Error("a message went out")
			}
		})
	}
	if next := revoked.link(1); next != "" {
		revoked.want(revoked.get("/referral/"+next), 200, "Se espera su respuesta")
	}
}

// TestEverySingleBitOfALinkCounts at the page, not only in package ticket.
func TestEverySingleBitOfALinkCounts(t *testing.T) {
	w := newWorld(t)
	token := strings.TrimPrefix(w.path, "/referral/")
	raw, err := base64.RawURLEncoding.DecodeString(token)
	w.must(err)
	before := w.snapshot()
	for bit := range len(raw) * 8 {
		raw[bit/8] ^= 1 << (bit % 8)
		path := "/referral/" + base64.RawURLEncoding.EncodeToString(raw)
		raw[bit/8] ^= 1 << (bit % 8)
		method := []string{"GET", "POST"}[bit%2]
		if answer := w.ask(method, path, browser, "form=x&action=accept"); answer.StatusCode != 404 {
			t.Fatalf("bit %d: status %d", bit, answer.StatusCode)
		}
	}
	if w.snapshot() != before {
		t.Error("something changed")
	}
}

func TestOnlyTheFormOfThisLinkActs(t *testing.T) {
	w := newWorld(t)
	otherLink, err := w.book.Issue(ticket.Ticket{Reference: "ES-0000-0000-0000", Authority: w.authority, Expires: at.Add(time.Hour)})
	w.must(err)
	others, err := w.book.Form(otherLink)
	w.must(err)
	old := w.form()
	before := w.snapshot()
	for name, form := range map[string]string{"none": "", "made up": "abc", "another link's": others, "the link itself": strings.TrimPrefix(w.path, "/referral/")} {
		t.Run(name, func(t *testing.T) {
			w.want(w.post(form, "action=accept"), 403, "estuvo abierta mucho tiempo", `name="form"`)
		})
	}
	w.now = at.Add(13 * time.Hour)
	w.want(w.post(old, "action=decline", "reason=no_capacity"), 403, "estuvo abierta mucho tiempo", `value="no_capacity" checked`)
	w.now = at
	for name, given := range map[string]headers{
		"another site's": {"sec-fetch-site": "cross-site"}, "an older browser's": {"sec-fetch-site": "", "origin": "https://evil.example"},
		"a sister site's": {"sec-fetch-site": "same-site"},
	} {
		t.Run(name, func(t *testing.T) {
			w.want(w.ask("POST", w.path, browser.and(given), "form="+old+"&action=accept"), 403)
		})
	}
	w.want(w.ask("POST", w.path, browser.and(headers{"content-type": "application/json"}), `{"action":"accept"}`), 415)
	w.want(w.ask("POST", w.path, browser, strings.Repeat("a", 17<<10)), 413)
	if w.snapshot() != before {
		t.Error("something changed")
	}
	for name, given := range map[string]headers{"no hint": {"sec-fetch-site": ""}, "no referrer": {"sec-fetch-site": "", "origin": "null"}, "ours": {"sec-fetch-site": "", "origin": base}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.want(w.ask("POST", w.path, browser.and(given), "form="+w.form()+"&action=accept"), 303)
		})
	}
}

func TestTheContactIsShownOnlyWhenItWasReleased(t *testing.T) {
	w := newWorld(t)
	show := func(why string) {
		t.Helper()
		before := len(w.trail())
		if answer := w.do("action=contact"); answer.StatusCode != 409 || strings.Contains(answer.Body, canary) {
			t.Errorf("%s: status %d", why, answer.StatusCode)
		}
		if len(w.trail()) != before {
			t.Errorf("%s: a view is on the trail", why)
		}
	}
	show("before the acceptance")
	w.do("action=accept")
	show("before the release")
	// Somebody who can write to the ledger, and no more, gets no further: the key is not there.
	w.must(w.store.Contact(t.Context(), store.Step{Reference: reference, Authority: w.authority, Found: w.found().Ledger}, store.ContactReleased))
	if answer := w.do("action=contact"); answer.StatusCode != 503 || strings.Contains(answer.Body, canary) {
		t.Errorf("without a key: status %d", answer.StatusCode)
	}

	withheld := newWorld(t)
	withheld.do("action=accept")
	withheld.must(withheld.store.Contact(t.Context(), store.Step{Reference: reference, Authority: withheld.authority, Found: withheld.found().Ledger}, store.ContactWithheld))
	withheld.want(withheld.get(withheld.path), 200, "no aceptó compartir su contacto")

	done := newWorld(t)
	form := done.form()
	done.do("action=accept")
	done.release()
	done.do("action=finish", "outcome=helped")
	if answer := done.post(form, "action=contact"); answer.StatusCode != 409 || strings.Contains(answer.Body, canary) {
		t.Errorf("after it was closed: status %d", answer.StatusCode)
	}
}

func TestNobodyLooksUnseen(t *testing.T) {
	w := newWorld(t)
	w.do("action=accept")
	w.release()
	form := w.form()
	view := store.Step{Reference: reference, Authority: w.authority, Found: w.found().Ledger, Audit: store.Audit{At: at, Actor: "authority", Action: "contact_shown"}}
	for range store.MostTrail - 5 {
		w.must(w.store.Viewed(t.Context(), view))
	}
	shown, before := 0, len(w.trail())
	for range 8 {
		if answer := w.post(form, "action=contact"); strings.Contains(answer.Body, canary) {
			shown++
		}
	}
	if views := len(w.trail()) - before; views != shown || shown != 3 { // beside the acceptance and the release
		t.Errorf("shown %d times, %d views on the trail", shown, views)
	}
}

func TestAQuestionIsForThePersonAlone(t *testing.T) {
	w := newWorld(t)
	const text = "¿Puede traer\nel canary\x00 pasaporte?"
	w.want(w.do("action=ask", "question=other", "text="+text), 303)
	w.want(w.get(w.path), 200, "Preguntado el 23/11/2026: Otra cosa")
	found := w.found()
	keys, err := w.store.Keys(t.Context(), found.KeysID)
	w.must(err)
	person, err := vault.PersonBySecret("ES", reference, keys, secret)
	w.must(err)
	plain, err := person.Open(vault.Dialogue, w.entry().Questions[0].Text)
	if err != nil || string(plain) != "¿Puede traer\nel canary pasaporte?" {
		t.Errorf("the person reads %q, %v", plain, err)
	}
	if strings.Contains(w.snapshot(), "canary") || strings.Contains(w.log.String(), "canary") || strings.Contains(w.get(w.path).Body, "canary") {
		t.Error("the question is somewhere in the clear")
	}
	for range store.MostQuestions - 1 {
		w.want(w.do("action=ask", "question=when"), 303)
	}
	full := w.get(w.path)
	w.want(full, 200, "Han hecho 5 preguntas")
	if strings.Contains(full.Body, `value="ask"`) {
		t.Error("the page offers to ask what it would refuse")
	}
	w.want(w.do("action=ask", "question=when"), 422, "Han hecho 5 preguntas")
	w.do("action=decline", "reason=other")
	w.now = at.Add(time.Hour)
	form, _ := w.book.Form(strings.TrimPrefix(w.path, "/referral/"))
	w.want(w.post(form, "action=ask", "question=when"), 409, "rechazó esta solicitud")
}

// TestClosedReferralsSayNothingOfThePerson: who declined has no need to know any more.
func TestClosedReferralsSayNothingOfThePerson(t *testing.T) {
	w := newWorld(t)
	w.do("action=decline", "reason=no_capacity")
	answer := w.get(w.path)
	w.want(answer, 200, "rechazó esta solicitud", "No tenemos plazas libres")
	for _, told := range []string{"Granada", "árabe", "<form"} {
		if strings.Contains(answer.Body, told) {
			t.Errorf("the page still says %q", told)
		}
	}
}

func TestWithdrawnAndExpired(t *testing.T) {
	for _, state := range []referral.State{referral.Withdrawn, referral.Expired} {
		w := newWorld(t)
		form := w.form()
		reason := map[referral.State]string{referral.Withdrawn: referral.NotSaid}[state]
		w.must(w.store.Answer(t.Context(), store.Step{Reference: reference, Authority: w.authority, Found: w.found().Ledger},
			store.Answer{State: state, Reason: reason, At: at, Act: "other"}))
		says := locale.For("es").T("referral.state."+string(state), "date", "23/11/2026")
		w.want(w.get(w.path), 200, says)
		w.want(w.post(form, "action=accept"), 409, says)
	}
}

// TestNoTokenAndNothingPersonalInLogsAndMessages.
func TestNoTokenAndNothingPersonalInLogsAndMessages(t *testing.T) {
	w := newWorld(t)
	w.get(w.path)
	w.do("action=ask", "question=other", "text="+canary)
	w.do("action=accept")
	w.release()
	w.do("action=contact")
	w.get(w.path + "x")
	w.queue.fail = errors.New("no queue")
	w.do("action=ask", "question=when")
	w.queue.fail = nil
	w.do("action=finish", "outcome=helped")
	log := w.log.String() + fmt.Sprintf("%+v", w.queue.all())
	token := strings.TrimPrefix(w.path, "/referral/")
	for _, leak := range []string{token, token[:20], token[len(token)-20:], canary, "canary", "+34600111222", "/referral/"} {
		if strings.Contains(log, leak) {
			t.Errorf("%q is in\n%s", leak, log)
		}
	}
	if !strings.Contains(log, reference) || !strings.Contains(log, w.authority) {
		t.Error("the log does not say which referral")
	}
}

func TestTroubleIsSaidKindlyAndNothingIsHalfDone(t *testing.T) {
	w := newWorld(t)
	form := w.form()
	w.queue.fail = errors.New("no queue")
	before := w.found()
	w.want(w.post(form, "action=accept"), 503, "Algo no funciona de nuestro lado")
	if diff := cmp.Diff(before, w.found()); diff != "" {
		t.Errorf("something was written:\n%s", diff)
	}
	w.queue.fail = nil
	w.want(w.post(form, "action=accept"), 303) // the officer presses again
	broken := newWorld(t)
	broken.handler.Applications = panicking{}
	broken.want(broken.get(broken.path), 500)
	if strings.Contains(broken.log.String(), canary) {
		t.Error("what it panicked with is in the log")
	}
}

type panicking struct{ referralApplications }

func (panicking) Application(context.Context, string) (store.Application, error) { panic(canary) }
