package index

import (
	"github.com/miict/immerse/shared/eligibility"
)

// answer is that of a constraint.
type answer struct {
	turn    uint32
	verdict eligibility.Verdict
}

// word is what is known of 64 rules: which may hold (nothing the person said is against them), which of these do hold (and
// nothing is missing), and which of the others fail in one constraint only.
type word struct {
	may, is, near uint64
	turn          uint32
}

// word gives what is known of 64 rules.
func (s *search) word(number uint32) *word {
	w := &s.words[number]
	if w.turn != s.turn {
		s.evaluate(w, number)
	}
	return w
}

// evaluate judges 64 rules at a time, lane by lane: lane j holds clause j of each.
func (s *search) evaluate(w *word, number uint32) {
	*w = word{turn: s.turn}
	for lane := s.Engine.words.begin(number); lane < s.Engine.words.at(number); lane++ {
		var no, twice, open uint64
		for pair := s.lanes.begin(lane); pair < s.lanes.at(lane); pair++ {
			constraint := s.pairs.at(pair)
			answer := &s.answers[constraint]
			if answer.turn != s.turn {
				answer.turn, answer.verdict = s.turn, s.ask(constraint)
			}
			switch rules := s.masks.at(pair); answer.verdict {
			case eligibility.False:
				twice |= no & rules
				no |= rules
			case eligibility.Unknown:
				open |= rules
			default:
			}
		}
		present := s.lanePresent.at(lane)
		w.may |= present &^ no
		w.is |= present &^ (no | open)
		w.near |= present & no &^ twice
	}
	w.near &^= w.may
}
