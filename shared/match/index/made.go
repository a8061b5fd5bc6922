package index

import (
	"sync/atomic"
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match/internal/rank"
)

// made keeps objects with pointers, which a file can't hold, each from when it is first needed.
type made struct {
	constraints cache[constraint]
	levels      cache[[]rank.Level]
	areas       cache[eligibility.Reason]
	languages   cache[eligibility.Reason]
	dates       cache[eligibility.Params]
}

// constraint is one of a clause's, ready to be asked.
type constraint struct {
	eligibility.Constraint
	eligibility.Rule
}

// cache holds a value for each number. Two callers may make the same value; one of the two is kept.
type cache[T any] []atomic.Pointer[T]

func newMade(e *Engine) made {
	return made{
		constraints: make(cache[constraint], e.constraints.ends.len()),
		levels:      make(cache[[]rank.Level], e.levels.len()),
		areas:       make(cache[eligibility.Reason], e.areas.ends.len()),
		languages:   make(cache[eligibility.Reason], e.languages.ends.len()),
		dates:       make(cache[eligibility.Params], e.dates.len()),
	}
}

// of gives the value of a number, made by build when it is first asked for.
func (c cache[T]) of(number uint32, build func(number uint32) T) *T {
	known := c[number].Load()
	if known == nil {
		value := build(number)
		known = &value
		c[number].Store(known)
	}
	return known
}

func (e *Engine) constraint(number uint32) *constraint {
	return e.made.constraints.of(number, func(number uint32) constraint {
		read := readConstraint(e.constraints.at(number))
		return constraint{read, read.Rule()}
	})
}

// levelsOf gives the levels that the clauses of a number ask for.
func (e *Engine) levelsOf(number uint32) []rank.Level {
	return *e.made.levels.of(number, func(number uint32) []rank.Level {
		var constraints []eligibility.Constraint
		clause := e.levels.at(number)
		for at := e.clauses.ends.begin(clause); at < e.clauses.ends.at(clause); at++ {
			constraints = append(constraints, e.constraint(e.clauses.values.at(at)).Constraint)
		}
		return rank.Levels(constraints)
	})
}

func (e *Engine) inArea(area uint32) eligibility.Reason {
	return *e.made.areas.of(area, func(area uint32) eligibility.Reason {
		return eligibility.Reason{Code: eligibility.ReasonInArea, Params: eligibility.Params{"area": string(e.areas.at(area))}}
	})
}

func (e *Engine) inLanguage(language uint32) eligibility.Reason {
	return *e.made.languages.of(language, func(language uint32) eligibility.Reason {
		params := eligibility.Params{"language": string(e.languages.at(language))}
		return eligibility.Reason{Code: eligibility.ReasonSharedLanguage, Params: params}
	})
}

func (e *Engine) checkedOn(date uint32) eligibility.Params {
	return *e.made.dates.of(date, func(date uint32) eligibility.Params {
		return eligibility.Params{"date": e.day(date).Format(time.DateOnly)}
	})
}

// day gives a date as midnight UTC.
func (e *Engine) day(date uint32) time.Time {
	return time.Unix(int64(e.dates.at(date))*secondsOfDay, 0).UTC()
}
