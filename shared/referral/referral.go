// Package referral is the life of one referral: what one authority is asked about one application, from the first mail
// to its outcome. It is pure: no clock, no store, no network.
//
// Two things happen beside each other, and neither waits for the other:
//
//   - what is known of its mails (Facts): reports of a mail's way come late, twice and in any order. They are a set that
//     only grows, so that the same reports always come to the same state (a join-semilattice: Join is associative,
//     commutative and idempotent).
//   - what was decided (Answer): by the authority, the person or the clock, each step once, on a condition in the store.
//     Its steps are data: Transitions.
//
// A referral's State is read off both: the answer's once there is one, else how far its mails have come. An authority may
// answer in any open state, as a report can be late or lost, and a link can reach an officer by other ways.
package referral

// A State of a referral, as people are told it.
type State string

// The states. The first four are open: the authority's answer is awaited. The last four are final.
const (
	Created   State = "created"   // no mail was handed over yet
	Sent      State = "sent"      // a mail was handed over
	Delivered State = "delivered" // the authority's mail server took one
	Bounced   State = "bounced"   // none can reach the authority; a mail to another address may still
	Accepted  State = "accepted"  // the authority takes care; its outcome is awaited
	Declined  State = "declined"  // with a reason
	Done      State = "done"      // with an outcome
	Expired   State = "expired"   // nobody answered, or told the outcome, in time; see Reason
	Withdrawn State = "withdrawn" // by the person, or erased
)

// States are all of them, in the order of a referral's life.
var States = []State{Created, Sent, Delivered, Bounced, Accepted, Declined, Done, Expired, Withdrawn}

// Open tells whether the authority's answer is awaited.
func (s State) Open() bool {
	return s == Created || s == Sent || s == Delivered || s == Bounced
}

// Final tells whether nothing can happen to the referral any more.
func (s State) Final() bool {
	return s == Declined || s == Done || s == Expired || s == Withdrawn
}

// A Referral is what is known of one: what was decided, and the facts of each of its mails by the mail's id. The zero
// value is one that was just created.
type Referral struct {
	Answer Answer
	Mails  map[string]Facts
}

// State is how far the referral has come.
func (r Referral) State() State {
	if r.Answer.state != "" {
		return r.Answer.state
	}
	return r.reached()
}

// Reason is why the referral is declined, withdrawn or expired, or why nobody was helped; empty if there is nothing to
// say. One that nobody answered has expired as unreachable if none of its mails can have arrived: that is read off the
// mails, so that a late report corrects it.
func (r Referral) Reason() string {
	if r.Answer.state != Expired || r.Answer.reason != "" {
		return r.Answer.reason
	}
	if r.reached() == Bounced {
		return Unreachable
	}
	return NoAnswer
}

// reached is the best that any of the mails came to: one that arrived is enough, one under way may still arrive.
func (r Referral) reached() State {
	best := Created
	for _, facts := range r.Mails {
		if state := facts.State(); hope[state] > hope[best] {
			best = state
		}
	}
	return best
}

// hope orders the states of mails to one authority by how much can still come of them.
var hope = map[State]int{Created: 0, Bounced: 1, Sent: 2, Delivered: 3}

// Heard is the referral once more is known of one of its mails. It never fails; the order of calls makes no difference,
// nor does repeating one.
func (r Referral) Heard(mail string, facts Facts) Referral {
	mails := make(map[string]Facts, len(r.Mails)+1)
	for id, known := range r.Mails {
		mails[id] = known
	}
	mails[mail] = mails[mail].Join(facts)
	return Referral{Answer: r.Answer, Mails: mails}
}

// Decide is the referral after a step. The error is a *Refused if the step is not possible from here.
func (r Referral) Decide(act Act) (Referral, error) {
	answer, err := r.Answer.After(act)
	if err != nil {
		return r, err
	}
	return Referral{Answer: answer, Mails: r.Mails}, nil
}
