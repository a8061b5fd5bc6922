package notification

import (
	"fmt"
	"slices"
	"time"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
	"github.com/miict/immerse/shared/workdays"
)

// A hearing is everything that the mails about one application are written from.
type hearing struct {
	reference  string
	needs      []string // in the person's order
	submitted  time.Time
	contact    application.ContactPart
	assessment assessment.Assessment
	round      int           // which of its matches are told: 0 for the first
	sealer     *vault.Person // seals the result again
	matched    time.Time     // when: the time to answer counts from then
	ledger     store.Ledger  // as it was read
	withdrawn  bool          // the person took the case back
}

// A plan is what has to be sent for one application.
type plan struct {
	mails []Mail
	// unplaced are the ids of matched services that no e-mail can be written for: gone from this release's catalogue,
	// or without an authority that has an inbox.
	unplaced []string
	// withheld: the person gave an authority's own inbox as theirs, and gets no receipt there.
	withheld bool
}

// A Planner works out the mails of an application from the pack of its country and the facts of its catalogue. It is
// pure: the same application, pack and facts give the same mails with the same ids, which is what makes sending them once possible.
type Planner struct {
	Pack     *country.Pack
	Facts    published.Facts // of the catalogue that the application was matched with; the pack's when nil
	BaseURL  string          // of the site, without a slash at the end
	Dead     map[string]bool // addresses that nothing is sent to, in small letters
	Links    Links
	Calendar *workdays.Calendar
}

func (p Planner) facts() published.Facts {
	if p.Facts == nil {
		return published.OfPack(p.Pack)
	}
	return p.Facts
}

// plan writes every mail before the first is sent, so that an application that can't be written about is not half told.
func (p Planner) plan(h hearing) (plan, error) {
	var made plan
	told := h.assessment.Told(h.round)
	shares, unplaced := briefing.Shares(p.facts(), told)
	made.unplaced = unplaced
	for _, share := range shares {
		if p.waits(h, share.Organization) {
			made.mails = append(made.mails, p.waiting(h, share.Organization, store.ReferralID(share.Organization.ID, h.round)))
			continue
		}
		mail, err := p.authorityMail(h, share)
		if err != nil {
			return plan{}, fmt.Errorf("writing to %s: %w", share.Organization.ID, err)
		}
		made.mails = append(made.mails, mail)
	}
	email := h.contact.Contact.Email
	switch {
	case email == "", h.round > 0 && (len(told) == 0 || !h.wantsNews() || complained(h.ledger)):
	case p.isInbox(email):
		made.withheld = true
	default:
		write := p.receipt
		if h.round > 0 {
			write = p.news
		}
		mail, err := write(h)
		if err != nil {
			return plan{}, fmt.Errorf("writing to the person: %w", err)
		}
		mail.Urgent = h.urgent()
		made.mails = append(made.mails, mail)
	}
	return made, nil
}

// isInbox keeps receipts out of the authorities' inboxes: a receipt there would mix up what the two of them are told,
// and the form would be a way of writing to any authority at will.
func (p Planner) isInbox(email string) bool {
	return slices.ContainsFunc(p.facts().Inboxes(), func(inbox string) bool { return sameAddress(inbox, email) })
}
