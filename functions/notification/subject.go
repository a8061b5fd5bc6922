package notification

import (
	"fmt"
	"slices"
	"strings"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// subject is the message that a turn's subject is made of. Whoever looks over a shoulder learns no more of it than that there is a
// question, an answer or something new: not whose, nor about what, nor whether it is a good one (decision 2905).
func (t turn) subject() string {
	switch t.code {
	case "asked":
		return "mail.turn.subject.question"
	case string(referral.Accepted), string(referral.Declined), string(referral.Done):
		return "mail.turn.subject.answer"
	}
	return "mail.turn.subject"
}

// toldPerson are the beginnings of the ids of mails to the person that follow the receipt.
var toldPerson = []string{
	"asked", string(referral.Accepted) + "-", string(referral.Declined) + "-", string(referral.Done) + "-", events.Lapse + "-", events.Close + "-",
	"told_", kindNews + "+",
}

// numbered tells the mails to a person apart: the second says that it is the second, so that none is taken for the one before, and no
// mailbox folds it under that. The number is of those before it, so that the same mail again has the same.
func (p Planner) numbered(title string, h hearing, id string) string {
	number := 1
	for _, mail := range h.ledger.Mails {
		if mail.ID != id && tellsPerson(mail) {
			number++
		}
	}
	if number == 1 {
		return title
	}
	return fmt.Sprintf("%s (%d)", title, number)
}

// tellsPerson tells whether a mail went to the person after the receipt.
func tellsPerson(mail store.Mail) bool {
	return slices.ContainsFunc(toldPerson, func(begins string) bool { return strings.HasPrefix(mail.ID, begins) })
}

// complained tells whether the person called a mail of ours spam: then they get no more, and see everything on their page.
func complained(ledger store.Ledger) bool {
	return slices.ContainsFunc(ledger.Mails, func(mail store.Mail) bool {
		return mail.Complained != nil && (mail.ID == kindReceipt || strings.HasPrefix(mail.ID, events.EventDay+"-") || tellsPerson(mail))
	})
}
