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

func (e *Engine) constraint(number uint32) *constraint {
	slot := &e.made.constraints[number]
	known := slot.Load()
	if known == nil {
		read := readConstraint(e.constraints.at(number))
		known = &constraint{read, read.Rule()}
		slot.Store(known)
	}
	return known
}

// levelsOf gives the levels that the clauses of a number ask for.
func (e *Engine) levelsOf(number uint32) []rank.Level {
	slot := &e.made.levels[number]
	known := slot.Load()
	if known == nil {
		var constraints []eligibility.Constraint
		clause := e.levels.at(number)
		for at := e.clauses.ends.begin(clause); at < e.clauses.ends.at(clause); at++ {
			constraints = append(constraints, e.constraint(e.clauses.values.at(at)).Constraint)
		}
		levels := rank.Levels(constraints)
		known = &levels
		slot.Store(known)
	}
	return *known
}

func (e *Engine) inArea(area uint32) eligibility.Reason {
	slot := &e.made.areas[area]
	known := slot.Load()
	if known == nil {
		params := eligibility.Params{"area": string(e.areas.at(area))}
		known = &eligibility.Reason{Code: eligibility.ReasonInArea, Params: params}
		slot.Store(known)
	}
	return *known
}

func (e *Engine) inLanguage(language uint32) eligibility.Reason {
	slot := &e.made.languages[language]
	known := slot.Load()
	if known == nil {
		params := eligibility.Params{"language": string(e.languages.at(language))}
		known = &eligibility.Reason{Code: eligibility.ReasonSharedLanguage, Params: params}
		slot.Store(known)
	}
	return *known
}

func (e *Engine) checkedOn(date uint32) eligibility.Params {
	slot := &e.made.dates[date]
	known := slot.Load()
	if known == nil {
		known = &eligibility.Params{"date": e.day(date).Format(time.DateOnly)}
		slot.Store(known)
	}
	return *known
}

// day gives a date as midnight UTC.
func (e *Engine) day(date uint32) time.Time {
	return time.Unix(int64(e.dates.at(date))*secondsOfDay, 0).UTC()
}
