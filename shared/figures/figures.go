// Package figures counts what referrals come to, and says of it what anybody may know: how long authorities take to answer,
// how many they accept, why they decline, what came of it, by authority, region and need. It is pure: no clock, no store, no
// network.
//
//	applications ─▶ CasesOf ─▶ Counts.Add ─▶ Counts: one number for each small group, which nobody may see
//	Counts ─▶ Publish ─▶ Release: groups of K people or more, of which no smaller group can be worked out
//
// What is published are counts of people's cases in a quarter that is over, once and for ever (decision 2301). Small groups are
// not blanked out, from which they could be worked out again by subtraction, but put together with others (blocks.go), and
// what the needs and the authorities tell about each other is looked through (needs.go).
package figures

import "slices"

// K is how many people a group has at least that anything is published of.
const K = 10

// A Measure is what cases are counted by.
type Measure string

// The measures. Answer is of all cases that an authority answered, or that ended for want of an answer; Time of those that were
// answered; Reason of those that were declined; Outcome of those that were accepted and have ended; Rating of those that the person
// has said something about.
const (
	Answer  Measure = "answer"
	Time    Measure = "time"
	Reason  Measure = "reason"
	Outcome Measure = "outcome"
	Rating  Measure = "rating"
)

// Measures are all of them, in the order in which they are told.
var Measures = []Measure{Answer, Time, Reason, Outcome, Rating}

// The categories of Answer.
const (
	Accepted = "accepted"
	Declined = "declined"
	NoAnswer = "no_answer"
)

// times are the categories of Time: working days from the mail to the first answer, at most so many; the last has no end.
var times = []struct {
	code string
	most int
}{{"0-2", 2}, {"3-5", 5}, {"6-10", 10}, {"11+", 1 << 30}}

// Answers are the categories of Answer, Times those of Time, in their order.
var (
	Answers = []string{Accepted, Declined, NoAnswer}
	Times   = timeCodes()
)

func timeCodes() (codes []string) {
	for _, t := range times {
		codes = append(codes, t.code)
	}
	return codes
}

// TimeOf is the category of Time for so many working days.
func TimeOf(days int) string {
	return times[slices.IndexFunc(times, func(t struct {
		code string
		most int
	}) bool {
		return days <= t.most
	})].code
}

// Several is the need of a case that is about more than one.
const Several = "several"

// Other is the code of what was put together, as it would be too small alone.
const Other = "other_groups"

// All is the code of everything.
const All = "all"

// DaysOf is from how many working days to how many the categories of Time reach that codes name; to is below 0 if they have no end. ok is
// false for codes that are none.
func DaysOf(codes []string) (from, to int, ok bool) {
	from, to = -1, -1
	before := 0
	for _, t := range times {
		if slices.Contains(codes, t.code) {
			if from < 0 {
				from = before
			}
			to, ok = t.most, true
		}
		before = t.most + 1
	}
	if to == times[len(times)-1].most {
		to = -1
	}
	return from, to, ok
}
