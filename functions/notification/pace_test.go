package notification

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"github.com/miict/immerse/shared/store"
)

var tooMany = &types.TooManyRequestsException{Message: aws.String("Maximum sending rate exceeded.")}

// TestWhoIsRefusedForTheRateWaitsAndTheUrgentLess: SES takes nothing for a while; then the urgent are there within a fifth
// of a second, the others within a second, all in the same invocation.
func TestWhoIsRefusedForTheRateWaitsAndTheUrgentLess(t *testing.T) {
	for urgency, most := range map[string]time.Duration{"no_shelter": urgentPatience, "soon": patience} {
		w := newWorld(t)
		w.handler.Group = 1
		a := found()
		a.Urgency = urgency
		w.submit(t, amira("ar"), a)
		again := w.clock().Add(1100 * time.Millisecond)
		var first time.Time
		w.ses.answer = func(*sesv2.SendEmailInput) error {
			if w.clock().Before(again) {
				return tooMany
			}
			if first.IsZero() {
				first = w.clock()
			}
			return nil
		}
		if back := w.run(t, matched(t, reference)); back != nil {
			t.Fatalf("%s: the message came back\n%s", urgency, w.log)
		}
		wantSent(t, w, each)
		if late := first.Sub(again); late < 0 || late >= most {
			t.Errorf("%s: %s after SES takes mails again, want less than %s", urgency, late, most)
		}
		if urgency == "soon" {
			w.wantLogged(t, `"MailsThrottled":2`, `"TimeToHandOver"`)
		} else {
			w.wantLogged(t, `"MailsThrottled":6`, `"UrgentTimeToHandOver"`)
		}
	}
}

// TestWaitingEndsInTime: the outcome is written down within the invocation, however long SES refuses.
func TestWaitingEndsInTime(t *testing.T) {
	for _, urgency := range []string{"no_shelter", "soon"} {
		w := newWorld(t)
		w.budget = 10 * time.Second
		a := found()
		a.Urgency = urgency
		w.submit(t, amira("ar"), a)
		end := w.clock().Add(w.budget - sendTimeout - recordTime)
		w.ses.answer = func(*sesv2.SendEmailInput) error { return tooMany }
		if back := w.run(t, matched(t, reference)); len(back) != 1 {
			t.Fatalf("%s: the message is taken for done", urgency)
		}
		if w.clock().After(end.Add(patience)) {
			t.Errorf("%s: waited until %s, %s too long", urgency, w.clock(), w.clock().Sub(end))
		}
		w.wantMail(t, "authority-ayto", store.MailReleased)
	}
}

// TestADaysQuotaIsNotWaitedFor: it is not over in a second.
func TestADaysQuotaIsNotWaitedFor(t *testing.T) {
	for _, words := range []string{"Daily message quota exceeded.", "Sending quota exceeded"} {
		w := newWorld(t)
		w.submit(t, amira("ar"), found())
		w.ses.answer = func(*sesv2.SendEmailInput) error { return &types.LimitExceededException{Message: aws.String(words)} }
		if back := w.run(t, matched(t, reference)); len(back) != 1 || w.ses.tries != w.handler.Group {
			t.Errorf("%s: came back %v, SES was asked %d times", words, back, w.ses.tries)
		}
		w.wantLogged(t, `"reason":"quota_exceeded"`)
	}
}

// TestAnAuthorityIsToldThatItIsUrgent: in the subject and to its mail program, and the person's receipt is as ever.
func TestAnAuthorityIsToldThatItIsUrgent(t *testing.T) {
	for urgency, urgent := range map[string]bool{"child_alone": true, "soon": false} {
		w := newWorld(t)
		a := found()
		a.Urgency = urgency
		w.submit(t, amira("ar"), a)
		w.run(t, matched(t, reference))
		for _, in := range w.ses.taken {
			marked := header(in, "Importance") == "high"
			named := strings.HasPrefix(*in.Content.Simple.Subject.Data, "URGENTE: ")
			want := urgent && mailID(in) != kindReceipt
			if marked != want || named != want {
				t.Errorf("%s: %s has the subject %q, marked %v", urgency, mailID(in), *in.Content.Simple.Subject.Data, marked)
			}
		}
	}
}
