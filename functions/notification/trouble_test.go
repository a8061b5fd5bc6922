package notification

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/events/eventstest"
	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
)

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

	// Whoever is behind it is asked at once, and nobody else.
	asked := w.handler.Queues[0].(*putter).events
	if len(asked) != 1 || len(w.handler.Queues[1].(*putter).events) != 0 {
		t.Fatalf("asked: %v", asked)
	}
	w.ses.answer = nil
	for i := range w.handler.Planner.Pack.Organizations {
		if o := &w.handler.Planner.Pack.Organizations[i]; o.ID == "junta" {
			o.Immerse.Fallback = "chief@immerse.example"
		}
	}
	w.handler.Catalogue = catalogue{"": published.OfPack(w.handler.Planner.Pack)}
	if back := w.run(t, string(eventstest.Encode(t, asked[0]))); back != nil {
		t.Fatalf("messages came back: %v\n%s", back, w.log)
	}
	wantSent(t, w, map[string]int{"authority-ayto": 1, "receipt": 1, "fallback-junta": 1})
}

func TestThrottlingStopsTheInvocationAndNothingIsLost(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("ar"), found())
	other := "ES-0000-0000-0001"
	w.submitAs(t, other, amira("es"), found())
	messages := []string{matched(t, reference), matched(t, other)}
	w.budget = 2*patience + sendTimeout + recordTime // time to wait twice
	w.ses.answer = failing("authority-junta", &types.TooManyRequestsException{})
	back := w.run(t, messages...)
	if diff := cmp.Diff(messages, back); diff != "" {
		t.Errorf("came back (-want +got):\n%s", diff)
	}
	if w.ses.tries != 4 {
		t.Errorf("SES was asked %d times, want 4", w.ses.tries)
	}
	w.wantMail(t, "authority-junta", store.MailReleased)
	w.wantLogged(t, `"MailsThrottled":3`)

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
	if back := w.run(t, matched(t, reference)); len(back) != 1 || w.ses.tries != w.handler.Group {
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
	w.wait(w.budget + LeaseMargin + time.Second)
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

func TestAMailThatSESHasIsRecordedEvenIfTheInvocationEnds(t *testing.T) {
	w := newWorld(t)
	w.handler.Group = 1
	w.submit(t, application.ContactPart{Language: "ar"}, found())
	ctx, end := context.WithCancel(t.Context())
	w.ses.answer = func(*sesv2.SendEmailInput) error { end(); return nil }
	batch := lambdaevents.SQSEvent{Records: []lambdaevents.SQSMessage{{MessageId: "1", Body: matched(t, reference)}}}
	answer, err := w.handler.Handle(ctx, batch)
	check(t, err)
	if len(answer.BatchItemFailures) != 1 {
		t.Error("the message is taken for done")
	}
	w.wantMail(t, "authority-ayto", store.MailSent)
	wantSent(t, w, map[string]int{"authority-ayto": 1}) // and no other is begun
	if back := w.run(t, matched(t, reference)); back != nil {
		t.Error("the rest has to wait, though nothing is in doubt")
	}
}

func TestAMailThatFailedEarlierCountsAsFailed(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("ar"), found())
	w.ses.answer = func(in *sesv2.SendEmailInput) error {
		switch mailID(in) {
		case "authority-ayto":
			return &types.MessageRejected{}
		case "authority-junta":
			return &types.TooManyRequestsException{}
		}
		return nil
	}
	w.run(t, matched(t, reference))
	w.ses.answer = nil
	w.run(t, matched(t, reference))
	audit := w.application(t).Audit
	if last := audit[len(audit)-1]; last.Action != "notified:sent=2,failed=1" {
		t.Errorf("audit says %q", last.Action)
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

func TestAGroupInDoubtLeavesTheLedgerAsItIs(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("ar"), found())
	w.ses.answer = func(*sesv2.SendEmailInput) error { return errors.New("read tcp: connection reset by peer") }
	if back := w.run(t, matched(t, reference)); len(back) != 1 {
		t.Fatal("the message is taken for done")
	}
	w.wantMail(t, "receipt", store.MailSending)
	if strings.Contains(w.log.String(), "recording") {
		t.Errorf("there was nothing to record:\n%s", w.log)
	}
}
