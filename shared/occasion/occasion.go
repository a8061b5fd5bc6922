// Package occasion reads what people can take part in out of the catalogue: when it is, where, and whether one may still
// register. It is pure; the clock is the caller's.
package occasion

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
)

// An Occasion is a service that people take part in.
type Occasion struct {
	Service *hsds.Service
	hsds.Span
	Dated  bool      // it has a date: Span is set
	Closes time.Time // when registration closes; zero if nobody registers with Immerse
	Places []Place
	Online string // where it is on the web, if it says so
	Attend string // how people attend, in the organizer's words
}

// A Place is where it is, as the catalogue has it, in the organizer's language.
type Place struct {
	Name, Address string
	Latitude      float64
	Longitude     float64
	Located       bool     // Latitude and Longitude are known
	Accessible    []string // what is said of access for people with disabilities
	Transport     string
}

// Of reads a service; zone is the country's. ok is false if it is nothing to take part in, or if nobody can tell when it is.
func Of(s *hsds.Service, zone *time.Location) (o Occasion, ok bool) {
	if s.Event() == nil {
		return Occasion{}, false
	}
	o = Occasion{Service: s}
	var err error
	if o.Span, o.Dated, err = s.Span(zone); err != nil {
		return Occasion{}, false
	}
	o.Start, o.End = o.Start.In(zone), o.End.In(zone)
	if closes, registers := s.Closes(zone); registers {
		o.Closes = closes.In(zone)
	}
	if o.Dated {
		all, _ := s.Schedules() // Span has read them
		o.Attend, o.Online = strings.TrimSpace(all[0].AttendingType), hsds.WebAddress(all[0].Link)
	}
	o.Places = placesOf(s)
	return o, true
}

// Over tells whether it has taken place.
func (o Occasion) Over(now time.Time) bool { return o.Dated && !now.Before(o.End) }

// Open tells whether one may register.
func (o Occasion) Open(now time.Time) bool { return !o.Closes.IsZero() && now.Before(o.Closes) }

// When says it in words: the days, and the hours if there are any, on the country's clocks.
func (o Occasion) When(say *locale.Printer) string {
	last := o.End.Add(-time.Nanosecond)
	from, to := Day(say, o.Start), Day(say, last)
	oneDay := o.Start.YearDay() == last.YearDay() && o.Start.Year() == last.Year()
	switch {
	case o.WholeDays && oneDay:
		return from
	case o.WholeDays:
		return say.T("event.days", "from", from, "to", to)
	case oneDay:
		return say.T("event.hours", "day", from, "from", Hour(o.Start), "to", Hour(o.End))
	}
	return say.T("event.span", "from", from, "start", Hour(o.Start), "to", to, "end", Hour(o.End))
}

// Day names a day with its day of the week.
func Day(say *locale.Printer, at time.Time) string {
	return say.T("event.day", "weekday", say.T("weekday."+strconv.Itoa(int(at.Weekday()))), "date", say.Date(at))
}

// Hour is the time on a clock with 24 hours, as it is written in all three countries.
func Hour(at time.Time) string { return at.Format("15:04") }

// Where says the places in one line; empty if none is known.
func (o Occasion) Where() string {
	var all []string
	for _, p := range o.Places {
		if line := p.Line(); line != "" {
			all = append(all, line)
		}
	}
	return strings.Join(all, "; ")
}

// Line is the place in one line.
func (p Place) Line() string {
	switch {
	case p.Name == "" || strings.Contains(p.Address, p.Name):
		return p.Address
	case p.Address == "":
		return p.Name
	}
	return p.Name + ", " + p.Address
}

// placesOf reads where a service is. What has another shape than HSDS gives it is left out.
func placesOf(s *hsds.Service) []Place {
	value, ok := s.Field("service_at_locations")
	if !ok {
		return nil
	}
	var at []struct {
		Location json.RawMessage `json:"location"`
	}
	_ = json.Unmarshal(value, &at) // read as far as it can be
	var places []Place
	for _, one := range at {
		if place := placeOf(one.Location); place.Line() != "" || place.Located {
			places = append(places, place)
		}
	}
	return places
}

func placeOf(location []byte) Place {
	var l struct {
		Name           string   `json:"name"`
		Latitude       *float64 `json:"latitude"`
		Longitude      *float64 `json:"longitude"`
		Transportation string   `json:"transportation"`
		Addresses      []struct {
			Address1 string `json:"address_1"`
			Postal   string `json:"postal_code"`
			City     string `json:"city"`
		} `json:"addresses"`
		Accessibility []struct {
			Description string `json:"description"`
			Details     string `json:"details"`
		} `json:"accessibility"`
	}
	_ = json.Unmarshal(location, &l) // as above
	p := Place{Name: strings.TrimSpace(l.Name), Transport: strings.TrimSpace(l.Transportation)}
	for _, a := range l.Addresses {
		p.Address = strings.Trim(strings.TrimSpace(a.Address1)+", "+strings.TrimSpace(a.Postal+" "+a.City), ", ")
		break
	}
	if l.Latitude != nil && l.Longitude != nil {
		p.Latitude, p.Longitude = *l.Latitude, *l.Longitude
		p.Located = p.Latitude >= -90 && p.Latitude <= 90 && p.Longitude >= -180 && p.Longitude <= 180
	}
	for _, a := range l.Accessibility {
		for _, text := range []string{a.Description, a.Details} {
			if text = strings.TrimSpace(text); text != "" {
				p.Accessible = append(p.Accessible, text)
			}
		}
	}
	return p
}

const openStreetMap = "https://www.openstreetmap.org/"

// Map is the address of a map of the place; empty if nobody knows where it is.
func (p Place) Map() string {
	switch {
	case p.Located:
		at := func(degrees float64) []string { return []string{strconv.FormatFloat(degrees, 'f', -1, 64)} }
		return openStreetMap + "?" + url.Values{"mlat": at(p.Latitude), "mlon": at(p.Longitude)}.Encode()
	case p.Address != "":
		return openStreetMap + "search?" + url.Values{"query": {p.Address}}.Encode()
	}
	return ""
}
