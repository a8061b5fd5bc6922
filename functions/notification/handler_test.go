package notification

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/store"
)

var each = map[string]int{"authority-ayto": 1, "authority-junta": 1, "receipt": 1}

func TestEveryAuthorityGetsOneMailAndThePersonAReceipt(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("ar"), found())
	if back := w.run(t, matched(t, reference)); back != nil {
		t.Fatalf("messages came back: %v\n%s", back, w.log)
	}
	wantSent(t, w, each)
	w.wantState(t, store.Notified)
	to := map[string]string{}
	for _, in := range w.ses.taken {
		if len(in.Destination.ToAddresses) != 1 || in.Destination.CcAddresses != nil || in.Destination.BccAddresses != nil {
			t.Errorf("%s has other recipients: %v", mailID(in), in.Destination)
		}
		to[mailID(in)] = in.Destination.ToAddresses[0]
	}
	want := map[string]string{"authority-ayto": "ayto@immerse.example", "authority-junta": "junta@immerse.example", "receipt": "canary.email@person.example"}
	if diff := cmp.Diff(want, to); diff != "" {
		t.Errorf("recipients (-want +got):\n%s", diff)
	}
	audit := w.application(t).Audit
	if last := audit[len(audit)-1]; last.Action != "notified:sent=3,failed=0" {
		t.Errorf("audit says %q", last.Action)
	}
	w.wantLogged(t, `"outcome":"notified"`, `"TimeToHandOver":`, `"MailsSent":3`, `"trace_id":"`+trace+`"`, `"event_id":"01JD`)
	if lines := strings.Count(w.log.String(), "\n"); lines != 1 {
		t.Errorf("%d log lines for three mails:\n%s", lines, w.log)
	}
}

func TestTheSameMessageAgainSendsNothing(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("ar"), found())
	message := matched(t, reference)
	for range 3 {
		if back := w.run(t, message, message); back != nil {
			t.Fatalf("messages came back: %v", back)
		}
	}
	wantSent(t, w, each)
	w.wantLogged(t, `"outcome":"already_notified"`)
}

func TestWithoutAnAddressThereIsNoReceipt(t *testing.T) {
	w := newWorld(t)
	w.submit(t, application.ContactPart{Language: "ar"}, found())
	w.run(t, matched(t, reference))
	wantSent(t, w, map[string]int{"authority-ayto": 1, "authority-junta": 1})
	w.wantState(t, store.Notified)
}

func TestWithoutMatchesThereIsOnlyAReceipt(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("es"), assessment.Assessment{Region: "ES-GR"})
	w.run(t, matched(t, reference))
	wantSent(t, w, map[string]int{"receipt": 1})
}

func TestAPersonWithAnAuthoritysAddressGetsNoReceiptThere(t *testing.T) {
	w := newWorld(t)
	contact := amira("es")
	contact.Contact.Email = "Junta@immerse.EXAMPLE"
	w.submit(t, contact, found())
	w.run(t, matched(t, reference))
	wantSent(t, w, map[string]int{"authority-ayto": 1, "authority-junta": 1})
	w.wantLogged(t, `"outcome":"receipt_withheld"`)
}

func TestWhoeverIsErasedIsNotWrittenTo(t *testing.T) {
	cases := map[string]func(*world){
		"never there": func(*world) {},
		"erased": func(w *world) {
			w.submit(t, amira("ar"), found())
			check(t, w.store.Erase(t.Context(), w.application(t), "person", w.clock()))
		},
		"keys gone": func(w *world) {
			w.submit(t, amira("ar"), found())
			before := w.application(t)
			erased := before
			erased.Reference = "ES-none" // only the keys go, as when an erasure dies half-way
			_ = w.store.Erase(t.Context(), erased, "person", w.clock())
		},
		"expired": func(w *world) {
			w.submit(t, amira("ar"), found())
			w.wait(w.store.Retention + time.Hour)
		},
	}
	for name, prepare := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			prepare(w)
			if back := w.run(t, matched(t, reference)); back != nil {
				t.Errorf("messages came back: %v\n%s", back, w.log)
			}
			wantSent(t, w, map[string]int{})
		})
	}
}

func TestMessagesThatNobodyUnderstandsComeBack(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("ar"), found())
	good := matched(t, reference)
	bad := []string{
		"", "nonsense", "{}", strings.Replace(good, "matched.v1", "matched.v9", 1), strings.Replace(good, "application.matched", "application.submitted", 1),
	}
	back := w.run(t, append(slices.Clone(bad), good)...)
	if diff := cmp.Diff(bad, back); diff != "" {
		t.Errorf("came back (-want +got):\n%s", diff)
	}
	wantSent(t, w, each)
	w.wantLogged(t, `"outcome":"unknown_event"`)
}

func TestAMessageAheadOfItsResultComesBack(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("ar"), found())
	application := w.application(t)
	application.Reference, application.State, application.Result = "ES-EAR1-YYYY-0000", store.Received, nil
	keys, err := w.store.Keys(t.Context(), application.KeysID)
	check(t, err)
	keys.ID, application.KeysID = "others", "others"
	check(t, w.store.Create(t.Context(), application, keys))
	if back := w.run(t, matched(t, application.Reference)); len(back) != 1 {
		t.Error("the message is taken for done")
	}
}

func TestAMatchWithoutAnAuthorityIsReported(t *testing.T) {
	w := newWorld(t)
	a := found()
	a.Result.Matches[0].Service, a.Result.Matches[1].Service = "silent", "gone from the catalogue"
	w.submit(t, amira("ar"), a)
	w.run(t, matched(t, reference))
	wantSent(t, w, map[string]int{"authority-junta": 1, "receipt": 1})
	w.wantLogged(t, `"outcome":"unplaced"`, `"services":["gone from the catalogue","silent"]`)
}

func TestAPanicIsOneMessagesTrouble(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("ar"), found())
	w.ses.answer = func(*sesv2.SendEmailInput) error { panic(canary("panic")) }
	if back := w.run(t, matched(t, reference), matched(t, "ES-none")); len(back) != 1 {
		t.Errorf("came back: %v", back)
	}
	if strings.Contains(w.log.String(), canary("panic")) {
		t.Error("the log holds what was panicked with")
	}
}

func wantSent(t *testing.T, w *world, want map[string]int) {
	t.Helper()
	if diff := cmp.Diff(want, w.ses.sent()); diff != "" {
		t.Errorf("e-mails sent (-want +got):\n%s\n%s", diff, w.log)
	}
}

func (w *world) application(t *testing.T) store.Application {
	t.Helper()
	application, err := w.store.Application(t.Context(), reference)
	check(t, err)
	return application
}

func (w *world) wantState(t *testing.T, want store.State) {
	t.Helper()
	if got := w.application(t).State; got != want {
		t.Errorf("state %s, want %s", got, want)
	}
}

func (w *world) wantMail(t *testing.T, id string, want store.MailState) {
	t.Helper()
	mails := w.application(t).Ledger.Mails
	for _, mail := range mails {
		if mail.ID == id && mail.State == want {
			return
		}
	}
	t.Errorf("mail %s is not %s: %+v", id, want, mails)
}

func (w *world) wantLogged(t *testing.T, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(w.log.String(), part) {
			t.Errorf("no %s in the log:\n%s", part, w.log)
		}
	}
}
