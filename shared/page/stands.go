package page

// How a case stands when no organization's answer is awaited: the messages "status.state.<code>" and "status.next.<code>".
const (
	StandsAccepted   = "accepted"   // one takes care of it
	StandsSought     = "sought"     // none does, and another one may be looked for
	StandsOver       = "over"       // something may have come of it
	StandsUnanswered = "unanswered" // nobody answered in time
	StandsRefused    = "refused"    // those that answered can't help
	StandsTakenBack  = "taken_back" // the person took each back
)

// Standings are all of them.
var Standings = []string{StandsAccepted, StandsSought, StandsOver, StandsUnanswered, StandsRefused, StandsTakenBack}

// Alone tells whether nobody is left who may help: the person is told what they can do themselves.
func (v StatusView) Alone() bool { return v.Stands == StandsUnanswered || v.Stands == StandsRefused }

// Unhelped tells whether nobody helps just now: it is said what to do for those who can't wait.
func (v StatusView) Unhelped() bool { return v.Alone() || v.Stands == StandsSought }
