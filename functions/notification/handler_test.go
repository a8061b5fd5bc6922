package notification

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
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
	w.wantLogged(t, `"outcome":"notified"`, `"TimeToHandOver":`, `"MailsSent":1`, `"trace_id":"`+trace+`"`, `"event_id":"01JD`, `"mail_id":"receipt"`)
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

func TestABadAddressFailsAloneAndForGood(t *testing.T) {
	w := newWorld(t)
	contact := amira("ar")
	contact.Contact.Email = "canary.email@person.example\r\nBcc: victim@person.example"
	w.submit(t, contact, found())
	if back := w.run(t, matched(t, reference)); back != nil {
		t.Fatalf("messages came back: %v", back)
	}
	wantSent(t, w, map[string]int{"authority-ayto": 1, "authority-junta": 1})
	w.wantState(t, store.Notified)
	w.wantLogged(t, `"reason":"bad_address"`, `"sent":2,"failed":1`, `"MailsFailed":1`)
	w.wantMail(t, "receipt", store.MailFailed)
}

func TestARefusedMailFailsAloneAndForGood(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("ar"), found())
	w.ses.answer = failing("authority-junta", &types.MessageRejected{Message: aws.String("Address is on the suppression list: junta@immerse.example")})
	if back := w.run(t, matched(t, reference)); back != nil {
		t.Fatalf("messages came back: %v", back)
	}
	w.wantMail(t, "authority-junta", store.MailFailed)
	wantSent(t, w, map[string]int{"authority-ayto": 1, "receipt": 1})
}

func TestThrottlingStopsTheInvocationAndNothingIsLost(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("ar"), found())
	other := "ES-0000-0000-0001"
	w.submitAs(t, other, amira("es"), found())
	messages := []string{matched(t, reference), matched(t, other)}
	w.ses.answer = failing("authority-junta", &types.TooManyRequestsException{})
	back := w.run(t, messages...)
	if diff := cmp.Diff(messages, back); diff != "" {
		t.Errorf("came back (-want +got):\n%s", diff)
	}
	if w.ses.tries != 2 {
		t.Errorf("SES was asked %d times, want 2", w.ses.tries)
	}
	w.wantMail(t, "authority-junta", store.MailReleased)
	w.wantLogged(t, `"MailsThrottled":1`)

	w.ses.answer = nil // at once: the claim was released, so nobody waits for a lease
	if back := w.run(t, messages...); back != nil {
		t.Errorf("messages came back: %v", back)
	}
	wantSent(t, w, map[string]int{"authority-ayto": 2, "authority-junta": 2, "receipt": 2})
}

func TestAccountTroubleTellsTheOperatorWhatToDo(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("ar"), found())
	w.ses.answer = failing("authority-ayto", &types.SendingPausedException{Message: aws.String("paused")})
	if back := w.run(t, matched(t, reference)); len(back) != 1 || w.ses.tries != 1 {
		t.Errorf("came back %v after %d tries", back, w.ses.tries)
	}
	w.wantLogged(t, `"level":"ERROR"`, `"reason":"sending_paused"`, `"action":"sending is paused`)
	w.wantMail(t, "authority-ayto", store.MailReleased)
}

func TestALostAnswerKeepsTheClaimUntilItsLeaseIsOver(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("ar"), found())
	w.ses.answer = failing("authority-ayto", errors.New("read tcp: connection reset by peer"))
	message := matched(t, reference)
	if back := w.run(t, message); len(back) != 1 {
		t.Fatal("the message is taken for done")
	}
	w.wantMail(t, "authority-ayto", store.MailSending)
	wantSent(t, w, map[string]int{"authority-junta": 1, "receipt": 1}) // the others did not wait

	w.ses.answer = nil
	if back := w.run(t, message); len(back) != 1 {
		t.Error("a claim with a live lease was not respected")
	}
	w.wait(w.budget + leaseMargin + time.Second)
	if back := w.run(t, message); back != nil {
		t.Error("the message came back after the lease")
	}
	wantSent(t, w, each)
}

func TestNoMailIsStartedWithTooLittleTime(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("ar"), found())
	message := matched(t, reference)
	for _, left := range []time.Duration{0, time.Nanosecond, sendTimeout + recordTime - 1} {
		w.budget = left
		if back := w.run(t, message, message); len(back) != 2 || w.ses.tries != 0 {
			t.Errorf("with %s left: came back %d, tries %d", left, len(back), w.ses.tries)
		}
	}
	w.budget = sendTimeout + recordTime
	if back := w.run(t, message); back != nil {
		t.Errorf("with just enough time the message came back\n%s", w.log)
	}
	wantSent(t, w, each)
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

func failing(id string, err error) func(*sesv2.SendEmailInput) error {
	return func(in *sesv2.SendEmailInput) error {
		if mailID(in) == id {
			return err
		}
		return nil
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
	mails, err := w.store.Mails(t.Context(), reference)
	check(t, err)
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
