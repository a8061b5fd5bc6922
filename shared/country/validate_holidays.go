package country

import (
	"strings"
	"time"
)

func (p *Pack) checkHolidays(problems *Problems) {
	for _, holiday := range p.Holidays {
		wrong := func(path, format string, arguments ...any) {
			problems.add(settingsFile, "", "holidays: "+holiday.Name+path, format, arguments...)
		}
		if strings.TrimSpace(holiday.Name) == "" {
			wrong("", "has no name")
		}
		ways := 0
		if holiday.Date != "" {
			ways++
			// A leap year, so that 29 February is possible; the length, since the parser takes "1-6" too.
			if _, err := time.Parse(time.DateOnly, "2024-"+holiday.Date); err != nil || len(holiday.Date) != len("01-06") {
				wrong("", "%q is not a month and a day, as in 01-06", holiday.Date)
			}
		}
		for _, days := range []*int{holiday.Easter, holiday.OrthodoxEaster} {
			if days == nil {
				continue
			}
			ways++
			if *days < -100 || *days > 100 {
				wrong("", "%d days from Easter is too far", *days)
			}
		}
		if ways != 1 {
			wrong("", "needs exactly one of date, easter and orthodox_easter")
		}
		p.checkWhere(holiday, wrong)
	}
}

func (p *Pack) checkWhere(holiday Holiday, wrong func(path, format string, arguments ...any)) {
	for path, areas := range map[string][]string{".areas": holiday.Areas, ".monday_after": holiday.MondayAfter} {
		for _, area := range areas {
			if _, ok := p.Areas.Lookup(area); !ok {
				wrong(path, "unknown area %q", area)
			}
		}
	}
	if holiday.Local != "" && len(holiday.Areas) == 0 {
		wrong(".local", "names %q without the area that it is in", holiday.Local)
	}
	if holiday.Year != 0 && (holiday.Year < 2000 || holiday.Year > 2199) {
		wrong(".year", "%d is not a year from 2000 to 2199", holiday.Year)
	}
	if holiday.Source != "" && !webAddress(holiday.Source) {
		wrong(".source", "%q is not a web address", holiday.Source)
	}
	if holiday.Source == "" && !holiday.Unchecked {
		wrong(".source", "is missing, and it is not marked as unchecked")
	}
}
