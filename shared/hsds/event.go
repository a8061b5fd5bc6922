package hsds

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// What people can take part in. All three may have a date, and a council or a consultation may be open all year.
const (
	EventKind        = "event"
	ConsultationKind = "consultation"
	CouncilKind      = "council"
)

// EventKinds are the values of Event.Kind.
var EventKinds = []string{EventKind, ConsultationKind, CouncilKind}

// Event is what Immerse adds to a service that people take part in, under "immerse.event": only what HSDS has no field for.
// When it takes place is in the service's schedules, where in its service_at_locations, how many have room in its
// capacities.
type Event struct {
	// Kind is one of EventKinds.
	Kind string `json:"kind"`
	// Registration: people register with Immerse, and its authority accepts or declines. Only with a date.
	Registration bool `json:"registration,omitempty"`
	// RegisterBy is when registration closes, RFC 3339; empty: when it begins, a consultation when it ends.
	RegisterBy string `json:"register_by,omitempty"`
}

// A Schedule is an HSDS schedule as far as an event has one. It is read only when it is asked for, so that a foreign feed
// with schedules of another shape still imports.
type Schedule struct {
	DTStart       string   `json:"dtstart"`        // the day, 2026-12-18
	Until         string   `json:"until"`          // the last day; empty: the same
	Timezone      *float64 `json:"timezone"`       // hours from UTC, for times that don't say
	Freq          string   `json:"freq"`           // an event happens once: empty
	OpensAt       string   `json:"opens_at"`       // 18:00+01:00
	ClosesAt      string   `json:"closes_at"`      // 20:00+01:00
	AttendingType string   `json:"attending_type"` // in the organizer's words
	Description   string   `json:"description"`    // likewise
	Link          string   `json:"schedule_link"`  // likewise
}

// A Span is when an event takes place.
type Span struct {
	Start, End time.Time // End is after Start
	// WholeDays: no hours are said; Start and End are midnights, End the one after the last day.
	WholeDays bool
}

// The errors of Service.Span, each about one field of the schedule.
var (
	ErrSchedules = errors.New("an event has one schedule")
	ErrStart     = errors.New("dtstart is not a day, such as 2026-12-18")
	ErrUntil     = errors.New("until is not a day from dtstart on")
	ErrFreq      = errors.New("an event happens once: publish each meeting as its own")
	ErrOpens     = errors.New("opens_at is not a time with its zone, such as 18:00+01:00")
	ErrCloses    = errors.New("closes_at is not a time with its zone, after opens_at")
)

// Schedules reads the service's schedules. The error says that they have another shape than HSDS gives them.
func (s *Service) Schedules() (all []Schedule, err error) {
	value, ok := s.Field("schedules")
	if !ok {
		return nil, nil
	}
	if err := json.Unmarshal(value, &all); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSchedules, err)
	}
	return all, nil
}

// Event is what the service says of itself as something to take part in; nil if it is nothing of the kind.
func (s *Service) Event() *Event {
	if s.Immerse == nil {
		return nil
	}
	return s.Immerse.Event
}

// Chosen tells whether the service is something that people choose by itself: what takes place at a certain time, as nobody
// is signed up for a day that they did not name, and a consultation, whose questions everybody answers for themselves. It has
// no needs, so that nobody is matched with it.
func (s *Service) Chosen() bool {
	return s.Dated() || s.Event() != nil && s.Event().Kind == ConsultationKind
}

// Dated tells whether the service is an event that takes place at a certain time, or says so in a way that can't be read.
func (s *Service) Dated() bool {
	if s.Event() == nil {
		return false
	}
	all, err := s.Schedules()
	return err != nil || len(all) > 0
}

// Span tells when an event takes place; ok is false for what has no date. zone is where days begin and end. The errors are
// those above.
func (s *Service) Span(zone *time.Location) (span Span, ok bool, err error) {
	if !s.Dated() {
		return Span{}, false, nil
	}
	all, err := s.Schedules()
	switch {
	case err != nil:
		return Span{}, true, err
	case len(all) != 1:
		return Span{}, true, ErrSchedules
	}
	span, err = all[0].span(zone)
	return span, true, err
}

func (c Schedule) span(zone *time.Location) (Span, error) {
	if c.Freq != "" {
		return Span{}, ErrFreq
	}
	first, err := time.ParseInLocation(time.DateOnly, c.DTStart, zone)
	if err != nil {
		return Span{}, ErrStart
	}
	last := first
	if c.Until != "" {
		if last, err = time.ParseInLocation(time.DateOnly, c.Until, zone); err != nil || last.Before(first) {
			return Span{}, ErrUntil
		}
	}
	made := Span{Start: first, End: last.AddDate(0, 0, 1), WholeDays: c.OpensAt == "" && c.ClosesAt == ""}
	if c.OpensAt != "" {
		if made.Start, err = c.at(first, c.OpensAt); err != nil {
			return Span{}, ErrOpens
		}
	}
	if c.ClosesAt != "" {
		if made.End, err = c.at(last, c.ClosesAt); err != nil {
			return Span{}, ErrCloses
		}
	}
	if !made.End.After(made.Start) {
		return Span{}, ErrCloses
	}
	return made, nil
}

// at is an hour of a day. Without a zone nobody knows which moment is meant.
func (c Schedule) at(day time.Time, hour string) (time.Time, error) {
	const form = time.DateOnly + "T15:04"
	text := day.Format(time.DateOnly) + "T" + hour
	if at, err := time.Parse(form+"Z07:00", text); err == nil {
		return at, nil
	}
	if at, err := time.Parse(form+":05Z07:00", text); err == nil {
		return at, nil
	}
	if c.Timezone == nil {
		return time.Time{}, ErrOpens
	}
	return time.ParseInLocation(form, text, time.FixedZone("", int(*c.Timezone*60*60)))
}

// Closes is when registration for an event with a date closes; ok is false if nobody registers with Immerse, or if its
// times can't be read.
func (s *Service) Closes(zone *time.Location) (at time.Time, ok bool) {
	span, dated, err := s.Span(zone)
	if err != nil || !dated || !s.Event().Registration {
		return time.Time{}, false
	}
	closes := span.Start
	if s.Event().Kind == ConsultationKind {
		closes = span.End
	}
	if by := s.Event().RegisterBy; by != "" {
		if closes, err = time.Parse(time.RFC3339, by); err != nil {
			return time.Time{}, false
		}
	}
	return closes, true
}
