package feedback

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/miict/immerse/shared/mailtag"
	"github.com/miict/immerse/shared/referral"
)

// errUnknown is for a message that this release can't read: it goes to the dead-letter queue.
var errUnknown = errors.New("no event of SES that is known here")

// event is what of SES's event publishing matters
// (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html).
type event struct {
	EventType string `json:"eventType"`
	Mail      struct {
		MessageID   string              `json:"messageId"`
		Timestamp   time.Time           `json:"timestamp"`
		Destination []string            `json:"destination"`
		Tags        map[string][]string `json:"tags"`
	} `json:"mail"`
	Bounce struct {
		BounceType        string    `json:"bounceType"`
		Timestamp         time.Time `json:"timestamp"`
		BouncedRecipients []struct {
			EmailAddress string `json:"emailAddress"`
		} `json:"bouncedRecipients"`
	} `json:"bounce"`
	Complaint struct {
		ComplaintFeedbackType string    `json:"complaintFeedbackType"`
		Timestamp             time.Time `json:"timestamp"`
	} `json:"complaint"`
	Delivery struct {
		Timestamp time.Time `json:"timestamp"`
	} `json:"delivery"`
	DeliveryDelay struct {
		Timestamp time.Time `json:"timestamp"`
	} `json:"deliveryDelay"`
}

// news is what an event says of one mail.
type news struct {
	reference string
	tag       string // the mail's id, as notification writes it in a tag
	messageID string // SES's
	to        string // the recipient: each mail has one
	fact      referral.Fact
	at        time.Time
}

// read reads a message. ok is false if there is nothing to record: the error says why unless it is as it should be.
func read(body []byte) (n news, ok bool, err error) {
	var e event
	if err := json.Unmarshal(body, &e); err != nil || e.Mail.MessageID == "" || e.Mail.Timestamp.IsZero() {
		return news{}, false, errUnknown // never the text of the error: it may quote an address
	}
	n = news{reference: first(e.Mail.Tags[mailtag.Reference]), tag: first(e.Mail.Tags[mailtag.Mail]), messageID: e.Mail.MessageID, to: first(e.Mail.Destination)}
	if n.reference == "" || n.tag == "" {
		return n, false, fmt.Errorf("%w: a mail of ours without its tags", errUnknown)
	}
	if ok, err = n.said(e); err != nil || !ok {
		return n, false, err
	}
	if n.at.IsZero() {
		n.at = e.Mail.Timestamp
	}
	return n, true, nil
}

// said finds what happened. A bounce that SES can't place (Undetermined) is taken for transient: nothing is suppressed on
// a guess.
func (n *news) said(e event) (ok bool, err error) {
	switch e.EventType {
	case "Delivery":
		n.fact, n.at = referral.Arrived, e.Delivery.Timestamp
	case "DeliveryDelay":
		n.fact, n.at = referral.Delayed, e.DeliveryDelay.Timestamp
	case "Reject", "Rendering Failure":
		n.fact = referral.NotTaken
	case "Bounce":
		n.fact, n.at = referral.TransientBounce, e.Bounce.Timestamp
		if e.Bounce.BounceType == "Permanent" {
			n.fact = referral.PermanentBounce
		}
	case "Complaint":
		if e.Complaint.ComplaintFeedbackType == "not-spam" {
			return false, nil // somebody took it out of the spam
		}
		n.fact, n.at = referral.Complained, e.Complaint.Timestamp
	case "Send", "Open", "Click":
		return false, nil // nothing that isn't known or proves anything
	default:
		return false, fmt.Errorf("%w: of type %.40q", errUnknown, e.EventType)
	}
	return true, nil
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return strings.TrimSpace(values[0])
}
