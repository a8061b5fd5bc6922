package feedback

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/shared/referral"
)

// said is SES's event about a mail, with what is particular to its type.
func said(kind, more string) string {
	return `{"eventType":"` + kind + `","mail":{"timestamp":"2026-11-23T08:00:00.000Z","messageId":"0102-1","source":"Immerse <post@immerse.example>",
		"destination":["Office@Town.example"],"headersTruncated":false,"headers":[],"tags":{"ses:configuration-set":["immerse-es"],
		"reference":["ES-7K3M-9QXT-40AB"],"mail":["authority-a_2"]}}` + more + `}`
}

const moment = `"timestamp":"2026-11-23T08:00:05.000Z"`

func TestWhatEventsMean(t *testing.T) {
	sent, then := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), time.Date(2026, 11, 23, 8, 0, 5, 0, time.UTC)
	for name, c := range map[string]struct {
		event string
		fact  referral.Fact
		at    time.Time
	}{
		"delivered":       {said("Delivery", `,"delivery":{`+moment+`,"recipients":["office@town.example"],"smtpResponse":"250 ok"}`), referral.Arrived, then},
		"gone":            {said("Bounce", `,"bounce":{`+moment+`,"bounceType":"Permanent","bounceSubType":"NoEmail","bouncedRecipients":[]}`), referral.PermanentBounce, then},
		"suppressed":      {said("Bounce", `,"bounce":{`+moment+`,"bounceType":"Permanent","bounceSubType":"OnAccountSuppressionList"}`), referral.PermanentBounce, then},
		"full":            {said("Bounce", `,"bounce":{`+moment+`,"bounceType":"Transient","bounceSubType":"MailboxFull"}`), referral.TransientBounce, then},
		"nobody knows":    {said("Bounce", `,"bounce":{`+moment+`,"bounceType":"Undetermined"}`), referral.TransientBounce, then},
		"spam":            {said("Complaint", `,"complaint":{`+moment+`,"complaintFeedbackType":"abuse"}`), referral.Complained, then},
		"spam, no reason": {said("Complaint", `,"complaint":{`+moment+`}`), referral.Complained, then},
		"late":            {said("DeliveryDelay", `,"deliveryDelay":{`+moment+`,"delayType":"MailboxFull"}`), referral.Delayed, then},
		"virus":           {said("Reject", `,"reject":{"reason":"Bad content"}`), referral.NotTaken, sent},
		"not rendered":    {said("Rendering Failure", `,"failure":{"errorMessage":"x"}`), referral.NotTaken, sent},
	} {
		n, ok, err := read([]byte(c.event))
		if err != nil || !ok || n.fact != c.fact || !n.at.Equal(c.at) {
			t.Errorf("%s: %+v, %v, %v", name, n, ok, err)
		}
		if n.reference != "ES-7K3M-9QXT-40AB" || n.tag != "authority-a_2" || n.messageID != "0102-1" || n.to != "Office@Town.example" {
			t.Errorf("%s: about %+v", name, n)
		}
	}
}

func TestWhatIsNoNews(t *testing.T) {
	for name, event := range map[string]string{
		"sent": said("Send", ""), "opened by a scanner": said("Open", ""), "clicked by a scanner": said("Click", ""),
		"taken out of the spam": said("Complaint", `,"complaint":{"complaintFeedbackType":"not-spam"}`),
	} {
		if _, ok, err := read([]byte(event)); ok || err != nil {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
	}
}

// TestWhatIsNotUnderstood goes to the dead-letter queue, and the error quotes nothing of it.
func TestWhatIsNotUnderstood(t *testing.T) {
	for name, event := range map[string]string{
		"nothing": "", "no JSON": "secret@person.example", "another shape": `{"eventType":{"secret@person.example":1}}`,
		"no mail": `{"eventType":"Delivery"}`, "a list": `[]`,
		"no tags":       strings.ReplaceAll(said("Delivery", ""), `"reference":`, `"other":`),
		"empty tags":    strings.ReplaceAll(said("Delivery", ""), `["ES-7K3M-9QXT-40AB"]`, `[]`),
		"unheard of":    said("Teleported", ""),
		"a type of air": said("", ""),
	} {
		_, ok, err := read([]byte(event))
		if ok || !errors.Is(err, errUnknown) || strings.Contains(err.Error(), "person.example") {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
	}
}
