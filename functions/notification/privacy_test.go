package notification

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"github.com/miict/immerse/shared/store"
)

// Everything of the test application that nobody but its reader may see holds this word; see canary.
const bird = "canary"

func TestAnAuthorityLearnsNothingPersonal(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("ar"), found())
	w.run(t, matched(t, reference))
	for _, in := range w.ses.taken {
		whole := asJSON(t, in)
		if mailID(in) == kindReceipt {
			in.Destination = nil // the one place where an address belongs
			whole = asJSON(t, in)
		}
		if strings.Contains(strings.ToLower(whole), bird) || strings.Contains(whole, secret) {
			t.Errorf("%s holds personal data:\n%s", mailID(in), whole)
		}
	}
}

// The form promises that none of our e-mails tells an organization the person's legal status.
func TestAnAuthorityIsNotToldTheLegalStatus(t *testing.T) {
	made := planned(t, "en", "en")
	for _, m := range made.mails {
		told := strings.Contains(m.Text, "Asylum seeker") && strings.Contains(m.HTML, "Asylum seeker")
		if told != (m.Kind == kindReceipt) {
			t.Errorf("%s tells the legal status: %v", m.ID, told)
		}
	}
}

func TestAnAuthorityIsToldOnlyItsOwnNeedsAndServices(t *testing.T) {
	for _, m := range planned(t, "en", "en").mails {
		if m.ID == "authority-ayto" && (strings.Contains(m.Subject+m.Text, "Training") || strings.Contains(m.Text, "Orientación")) {
			t.Errorf("%s is told of another's need:\n%s", m.ID, m.Text)
		}
	}
}

func TestLogsAndRecordsHoldNothingPersonal(t *testing.T) {
	address := amira("").Contact.Email
	troubles := map[string]func(*sesv2.SendEmailInput) error{
		"none":     nil,
		"rejected": failing("receipt", &types.MessageRejected{Message: aws.String("Address blacklisted: " + address)}),
		"bad":      failing("receipt", &types.BadRequestException{Message: aws.String("Illegal address " + address)}),
		"sandbox":  failing("receipt", &types.MessageRejected{Message: aws.String("Email address is not verified: " + address)}),
		"lost":     failing("receipt", errors.New("dial for "+address)),
		"unwell":   failing("receipt", &types.InternalServiceErrorException{Message: aws.String(address)}),
	}
	for name, trouble := range troubles {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.submit(t, amira("ar"), found())
			w.ses.answer = trouble
			w.run(t, matched(t, reference))
			if log := w.log.String(); strings.Contains(log, bird) || strings.Contains(log, "@") || strings.Contains(log, secret) {
				t.Errorf("the log holds personal data:\n%s", log)
			}
			if recorded := asJSON(t, w.application(t).Ledger) + asJSON(t, w.application(t).Audit); strings.Contains(recorded, bird) {
				t.Errorf("the table holds personal data:\n%s", recorded)
			}
		})
	}
}

func TestAnUnreadablePartSaysNothingOfWhatItHolds(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("ar"), found())
	row := w.application(t)
	row.Contact = row.Result // sealed for another place: it doesn't open
	_, err := w.handler.open(t.Context(), store.Application{Reference: reference, State: store.Matched, KeysID: row.KeysID, Contact: row.Contact, Result: row.Result})
	if err == nil || strings.Contains(err.Error(), bird) {
		t.Errorf("error %v", err)
	}
}

func TestAMailHoldsNoTrackingAndNothingFromElsewhere(t *testing.T) {
	for _, m := range planned(t, "ar", "es").mails {
		for _, banned := range []string{"<img", "<script", "<link", "<iframe", "<form", "url(", "@import", "javascript:", "src="} {
			if strings.Contains(strings.ToLower(m.HTML), banned) {
				t.Errorf("%s holds %s", m.ID, banned)
			}
		}
	}
}

func TestWordsOfTheCatalogueAreEscaped(t *testing.T) {
	for _, m := range planned(t, "es", "es").mails {
		if strings.Contains(m.HTML, "<básico>") {
			t.Errorf("%s holds a tag that is not ours", m.ID)
		}
	}
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	raw, err := json.Marshal(value)
	check(t, err)
	return string(raw)
}

func planned(t *testing.T, person, authority string) plan {
	t.Helper()
	planner := planner(testPack(authority))
	made, err := planner.plan(hearing{
		reference: reference, needs: []string{"language", "employment", "training", "accommodation"}, submitted: start, matched: start,
		contact: amira(person), assessment: found(),
	})
	check(t, err)
	return made
}
