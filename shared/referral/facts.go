package referral

import "slices"

// A Fact is something that was reported of one mail. Its value is the code to store.
type Fact string

// The facts, in the words of SES's events.
const (
	HandedOver      Fact = "sent"             // SES has the mail
	Delayed         Fact = "delayed"          // SES still tries
	TransientBounce Fact = "transient_bounce" // not now: a full mailbox, a server that is down; or an automatic reply
	Arrived         Fact = "delivered"        // the receiving server took it
	Complained      Fact = "complained"       // a recipient called it spam: it arrived, and no further one is wanted
	PermanentBounce Fact = "permanent_bounce" // there is no such mailbox; may be told after the server took the mail
	NotTaken        Fact = "refused"          // SES would never take it: the address is not usable or suppressed
)

// AllFacts are all of them.
var AllFacts = []Fact{HandedOver, Delayed, TransientBounce, Arrived, Complained, PermanentBounce, NotTaken}

// meaning is the state that each fact alone brings a mail to. Facts that arrive together mean the furthest of theirs in
// the order of weight: so a transient bounce of a mail that was delivered is an automatic reply and no failure, and a
// permanent one after a delivery is a failure, as the receiving server took the mail before it looked for the mailbox.
var meaning = map[Fact]State{
	HandedOver: Sent, Delayed: Sent, TransientBounce: Sent,
	Arrived: Delivered, Complained: Delivered,
	PermanentBounce: Bounced, NotTaken: Bounced,
}

// weight orders the states of one mail.
var weight = map[State]int{Created: 0, Sent: 1, Delivered: 2, Bounced: 3}

// Facts are what is known of one mail: a set that only grows. The zero value is the empty set.
type Facts struct{ set uint8 }

// FactsOf makes a set of codes. A code that this version doesn't know is left out: a later one wrote it, and what is
// left is still true.
func FactsOf(codes ...string) Facts {
	var facts Facts
	for _, code := range codes {
		if i := slices.Index(AllFacts, Fact(code)); i >= 0 {
			facts.set |= 1 << i
		}
	}
	return facts
}

// Known makes a set of facts.
func Known(facts ...Fact) Facts {
	codes := make([]string, len(facts))
	for i, fact := range facts {
		codes[i] = string(fact)
	}
	return FactsOf(codes...)
}

// Codes are the facts' codes, in the order of AllFacts: what to store.
func (f Facts) Codes() []string {
	var codes []string
	for i, fact := range AllFacts {
		if f.set&(1<<i) != 0 {
			codes = append(codes, string(fact))
		}
	}
	return codes
}

// Join is everything that either knows.
func (f Facts) Join(other Facts) Facts { return Facts{f.set | other.set} }

// Has tells whether a fact is known.
func (f Facts) Has(fact Fact) bool { return f.Join(Known(fact)) == f }

// State is how far the mail has come: Created, Sent, Delivered or Bounced.
func (f Facts) State() State {
	state := Created
	for _, code := range f.Codes() {
		if next := meaning[Fact(code)]; weight[next] > weight[state] {
			state = next
		}
	}
	return state
}

// AutoReply tells whether somebody's mailbox answered by itself: a transient bounce of a mail that did arrive.
func (f Facts) AutoReply() bool { return f.Has(TransientBounce) && f.State() == Delivered }

// Dead tells whether nothing more should be sent to the address that this mail went to: it does not exist, or whoever
// reads it wants no more.
func (f Facts) Dead() bool { return f.State() == Bounced || f.Has(Complained) }
