package referral

import (
	"fmt"
	"slices"
	"strings"
)

// An Answer is what was decided about a referral; the zero value is that nothing was yet. It is made by After and by
// RestoreAnswer alone, which refuse one that lacks its reason or outcome: there is no such answer.
type Answer struct {
	state           State
	outcome, reason string
}

// RestoreAnswer gives a stored answer back. All empty is no answer yet.
func RestoreAnswer(state State, outcome, reason string) (Answer, error) {
	answer := Answer{state, outcome, reason}
	switch {
	case answer == Answer{}, state == Accepted && outcome == "" && reason == "":
		return answer, nil
	case state == Expired && outcome == "" && (reason == "" || reason == NoOutcome):
		return answer, nil
	}
	for _, t := range Transitions {
		if t.To == state && len(t.Reasons)+len(t.Outcomes) > 0 {
			if err := t.check(outcome, reason); err != nil {
				return Answer{}, err
			}
			return answer, nil
		}
	}
	return Answer{}, fmt.Errorf("%w: %q with outcome %q and reason %q is no answer", ErrCode, state, outcome, reason)
}

// State is empty, Accepted or a final state.
func (a Answer) State() State { return a.state }

// Outcome is how a Done referral ended, of Outcomes; empty else.
func (a Answer) Outcome() string { return a.outcome }

// Reason is what was given as the reason. Of an expired referral Referral.Reason says more.
func (a Answer) Reason() string { return a.reason }

// Code says the answer in one word for audit trails: "accepted", "declined:no_capacity", "done:not_helped:no_capacity".
func (a Answer) Code() string {
	words := []string{string(a.state)}
	for _, word := range []string{a.outcome, a.reason} {
		if word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(words, ":")
}

// After is the answer after a step. The error is a *Refused if the step is not possible from here.
func (a Answer) After(act Act) (Answer, error) {
	t := find(act.verb)
	if t == nil || !slices.Contains(t.From, stage(a.state)) {
		return a, &Refused{Verb: act.verb, Answer: a}
	}
	next := Answer{state: t.To, outcome: act.outcome, reason: act.reason}
	if act.verb == Expire && a.state == Accepted {
		next.reason = NoOutcome
	}
	return next, nil
}

// stage is where the transitions start from: all open states are one for whoever decides.
func stage(state State) Stage {
	switch state {
	case "":
		return Asked
	case Accepted:
		return Taken
	default:
		return Closed
	}
}

// Refused is the error of a step that came too late or too early: what the answer is instead.
type Refused struct {
	Verb   Verb
	Answer Answer
}

func (r *Refused) Error() string {
	answer := r.Answer.Code()
	if answer == "" {
		answer = "open"
	}
	return fmt.Sprintf("can't %s a referral that is %s", r.Verb, answer)
}
