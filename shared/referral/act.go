package referral

import (
	"errors"
	"fmt"
	"slices"
)

// A Verb says what somebody does with a referral.
type Verb string

// The verbs.
const (
	Accept   Verb = "accept"
	Decline  Verb = "decline"
	Finish   Verb = "finish"
	Withdraw Verb = "withdraw"
	Expire   Verb = "expire"
)

// Verbs are all of them.
var Verbs = []Verb{Accept, Decline, Finish, Withdraw, Expire}

// An Actor is who may do something.
type Actor string

// The actors.
const (
	Authority Actor = "authority" // by the link in its mail
	Person    Actor = "person"    // on the status page
	Clock     Actor = "clock"     // when the time to answer is over
)

// A Stage is what a step starts from.
type Stage string

// The stages.
const (
	Asked  Stage = "asked"  // any open state
	Taken  Stage = "taken"  // accepted
	Closed Stage = "closed" // any final state: nothing starts here
)

// A Transition is one step that is possible. What Transitions doesn't list can't happen.
type Transition struct {
	Verb     Verb
	By       Actor
	From     []Stage
	To       State
	Outcomes []string            // one of these must be given; none: no outcome may be
	Reasons  []string            // one of these must be given; none: no reason may be
	Why      map[string][]string // for an outcome: the reasons of which one must be given with it
}

// The reasons of a referral that expired.
const (
	NoAnswer    = "no_answer"   // a mail may have arrived, and nobody answered
	Unreachable = "unreachable" // no mail can have arrived
	NoOutcome   = "no_outcome"  // accepted, and nobody told what came of it
)

// Codes with a meaning of their own beside that of their list.
const (
	NotHelped = "not_helped" // an outcome that needs a reason
	NotSaid   = "not_said"   // a person withdraws and owes no reason
	Erased    = "erased"     // a person withdraws everything
)

// The closed lists of codes: what people may choose from. Words for them are in package locale, under
// "referral.decline.<code>", "referral.outcome.<code>", "referral.why.<code>", "referral.withdraw.<code>" and "referral.rating.<code>".
var (
	DeclineReasons = []string{
		"no_capacity", "not_eligible", "wrong_authority", "client_declined", "no_longer_needed", "cannot_reach_person",
		"cannot_reach_organization", "other",
	}
	Elsewhere       = []string{"no_capacity", "wrong_authority", "cannot_reach_organization"} // after which another authority is asked
	Outcomes        = []string{"helped", "partly_helped", "referred_on", NotHelped}
	NotHelpedWhy    = []string{"cannot_reach_person", "did_not_come", "client_declined", "not_eligible", "no_capacity", "no_longer_needed", "other"}
	WithdrawReasons = []string{"no_longer_needed", "helped_elsewhere", "changed_mind", NotSaid, Erased}
	Ratings         = []string{"yes", "partly", "no"}            // whether it helped, as the person says
	ExpireReasons   = []string{NoAnswer, Unreachable, NoOutcome} // found, not given: see Referral.Reason
)

// Transitions are every step that is possible.
var Transitions = []Transition{
	{Verb: Accept, By: Authority, From: []Stage{Asked}, To: Accepted},
	{Verb: Decline, By: Authority, From: []Stage{Asked}, To: Declined, Reasons: DeclineReasons},
	{Verb: Finish, By: Authority, From: []Stage{Taken}, To: Done, Outcomes: Outcomes, Why: map[string][]string{NotHelped: NotHelpedWhy}},
	{Verb: Withdraw, By: Person, From: []Stage{Asked, Taken}, To: Withdrawn, Reasons: WithdrawReasons},
	{Verb: Expire, By: Clock, From: []Stage{Asked, Taken}, To: Expired},
}

func find(verb Verb) *Transition {
	i := slices.IndexFunc(Transitions, func(t Transition) bool { return t.Verb == verb })
	if i < 0 {
		return nil
	}
	return &Transitions[i]
}

// An Act is a step that somebody wants to make, complete with what it needs. It is made by NewAct alone; the zero value
// is refused everywhere.
type Act struct {
	verb            Verb
	outcome, reason string
}

// Verb is what is to be done.
func (a Act) Verb() Verb { return a.verb }

// Errors of NewAct and RestoreAnswer.
var (
	ErrVerb    = errors.New("unknown verb")
	ErrReason  = errors.New("needs a reason of the list")
	ErrOutcome = errors.New("needs an outcome of the list")
	ErrCode    = errors.New("has a code that doesn't belong to it")
)

// NewAct makes an act of what somebody chose. The error wraps ErrVerb, ErrOutcome or ErrReason if something is lacking
// or on no list, and ErrCode if an outcome or reason is given where none belongs.
func NewAct(verb Verb, outcome, reason string) (Act, error) {
	t := find(verb)
	if t == nil {
		return Act{}, fmt.Errorf("%w: %q", ErrVerb, verb)
	}
	if err := t.check(outcome, reason); err != nil {
		return Act{}, err
	}
	return Act{verb, outcome, reason}, nil
}

// Chosen is NewAct for what a form holds: a choice that the verb has no use for is left aside, as when somebody ticks why they can't
// help, and then accepts. A reason beside an outcome that has none contradicts it, and is an ErrCode: nobody knows which of the two was
// meant.
func Chosen(verb Verb, outcome, reason string) (Act, error) {
	if t := find(verb); t != nil {
		if len(t.Outcomes) == 0 {
			outcome = ""
		}
		if len(t.Reasons) == 0 && len(t.Why) == 0 {
			reason = ""
		}
	}
	return NewAct(verb, outcome, reason)
}

// check tells whether outcome and reason are what the transition needs, and no more.
func (t *Transition) check(outcome, reason string) error {
	reasons := t.Reasons
	if len(t.Outcomes) > 0 {
		if !slices.Contains(t.Outcomes, outcome) {
			return fmt.Errorf("to %s %w: %q", t.Verb, ErrOutcome, outcome)
		}
		reasons = t.Why[outcome]
	} else if outcome != "" {
		return fmt.Errorf("to %s %w: outcome %q", t.Verb, ErrCode, outcome)
	}
	switch {
	case len(reasons) > 0 && !slices.Contains(reasons, reason):
		return fmt.Errorf("to %s %w: %q", t.Verb, ErrReason, reason)
	case len(reasons) == 0 && reason != "":
		return fmt.Errorf("to %s %w: reason %q", t.Verb, ErrCode, reason)
	}
	return nil
}
