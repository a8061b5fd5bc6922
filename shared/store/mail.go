package store

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A MailState says how far an e-mail has come.
type MailState string

// The states of a mail. Released is a mail that was not sent for now: it may be tried again. Waiting is one that goes with its
// authority's next digest (digest.go).
const (
	MailWaiting  MailState = "waiting"
	MailSending  MailState = "sending"
	MailReleased MailState = "released"
	MailSent     MailState = "sent"
	MailFailed   MailState = "failed"
)

// A Mail records one e-mail of an application. It holds no address: who gets it follows from the id. What nearly every
// mail has is kept under one letter, as each write of a ledger is paid by the size of the whole (mailkey.go).
type Mail struct {
	ID       string    `dynamodbav:"-" json:"id"` // "receipt", or "authority-<organization id>"
	State    MailState `dynamodbav:"s" json:"state"`
	At       time.Time `dynamodbav:"t,unixtime" json:"at"`
	Reason   string    `dynamodbav:"reason,omitempty" json:"reason,omitempty"` // a code; why it failed or was put off
	Attempts int       `dynamodbav:"attempts,omitempty" json:"attempts"`       // kept from the second on
	// Behind says that a mail that begins a referral, or reminds of it, went to whoever is behind the authority, whose own inbox is
	// dead. What goes there in any case has an id that says so: see WentBehind.
	Behind bool `dynamodbav:"behind,omitempty" json:"behind,omitempty"`
	Heard       // what became of it after SES had it

	// Of mails that begin a referral. Whoever sends sets Due with the entry and leaves the others empty, which stay as
	// they are.
	Due        *time.Time `dynamodbav:"d,unixtime,omitempty" json:"due,omitempty"` // when the time to answer is over
	Answer     *Answer    `dynamodbav:"answer,omitempty" json:"answer,omitempty"`
	Questions  []Question `dynamodbav:"questions,omitempty" json:"questions,omitempty"`
	Rating     *Rating    `dynamodbav:"rating,omitempty" json:"rating,omitempty"`   // the person's, of one that is over
	Contact    string     `dynamodbav:"contact,omitempty" json:"contact,omitempty"` // released or withheld, once it was accepted
	Generation int        `dynamodbav:"generation,omitempty" json:"-"`              // of links: those of an earlier one are void
}

// Ended tells whether nothing is left to do for a mail: it was sent, or can never be.
func (m Mail) Ended() bool { return m.State == MailSent || m.State == MailFailed }

// A Ledger is the account of what was sent for an application: one small item beside the application's own. Whoever
// sends holds it, so that only one does.
type Ledger struct {
	Mails    []Mail    // by id
	Holder   string    // who sends, or did last: another for each attempt, so that a change of hands is seen
	Lease    time.Time // until when the holder may send; an earlier time than now if nobody does
	Notified HandOver  // zero until every mail has ended
	Trail    []Audit   // what was done with referrals; Application.Audit has it too
}

// Mail finds a mail by its id; the zero Mail if it was never begun.
func (l Ledger) Mail(id string) Mail {
	at, found := slices.BinarySearchFunc(l.Mails, id, func(m Mail, id string) int { return strings.Compare(m.ID, id) })
	if !found {
		return Mail{ID: id}
	}
	return l.Mails[at]
}

// A HandOver says that every mail of an application has ended, or waits for a digest.
type HandOver struct {
	At      time.Time `dynamodbav:"at"`
	Sent    int       `dynamodbav:"sent"`
	Failed  int       `dynamodbav:"failed"`
	Waiting int       `dynamodbav:"waiting,omitempty"`
	Round   int       `dynamodbav:"round,omitempty"` // of the application, whose mails these were
}

func (h HandOver) audit() Audit {
	said := fmt.Sprintf("notified:sent=%d,failed=%d", h.Sent, h.Failed)
	if h.Waiting > 0 {
		said += fmt.Sprintf(",waiting=%d", h.Waiting)
	}
	return Audit{h.At, "notification", said}
}

const ledgerItem = "ledger"

type ledgerRow struct {
	Mails    map[string]Mail `dynamodbav:"mails"` // by mailKey
	Holder   string          `dynamodbav:"holder"`
	Lease    time.Time       `dynamodbav:"lease,unixtime"`
	Notified *HandOver       `dynamodbav:"notified"`
	Trail    []Audit         `dynamodbav:"trail"`
}

func (r ledgerRow) ledger() Ledger {
	l := Ledger{Holder: r.Holder, Lease: r.Lease.UTC(), Trail: r.Trail}
	for key, mail := range r.Mails {
		mail.ID, mail.At, mail.Attempts = mailID(key), mail.At.UTC(), max(mail.Attempts, 1)
		l.Mails = append(l.Mails, mail)
	}
	slices.SortFunc(l.Mails, func(a, b Mail) int { return strings.Compare(a.ID, b.ID) })
	if r.Notified != nil {
		l.Notified = *r.Notified
	}
	return l
}
