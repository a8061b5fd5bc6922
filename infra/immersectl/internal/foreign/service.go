package foreign

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/hsds"
)

// Line is what matching needs of one object of a catalogue.
type Line struct {
	Kind         catalogue.Kind    // a service if nobody knows, which somebody will then miss
	Service      hsds.Service      // if it is one
	Organization hsds.Organization // if it is one
	Findings
}

// Read reads a line of a catalogue; knownArea tells whether the country has an area of a code.
func Read(data []byte, knownArea func(code string) bool) Line {
	line := Line{Kind: catalogue.Service}
	o, err := open(data, "", line.note)
	if err != nil {
		line.problem("", "%v", err)
		return line
	}
	o.wrong = line.note
	switch line.Kind = catalogue.KindOf(o.all); line.Kind {
	case catalogue.Service:
		line.Service = service(o, knownArea, &line.Findings)
	case catalogue.Organization:
		line.Organization = organization(o, &line.Findings)
	default:
	}
	return line
}

// organization reads whose it is, and its language.
func organization(o *object, f *Findings) hsds.Organization {
	organization := hsds.Organization{ID: o.text("id"), Name: o.text("name")}
	if organization.ID == "" {
		f.problem("id", "is missing, or not a text")
	}
	if x := o.object("immerse"); x != nil {
		organization.Immerse = &hsds.OrganizationExtension{Language: x.text("language")}
	}
	return organization
}

// service reads a service. Everything that matching does not need is passed over.
func service(o *object, knownArea func(code string) bool, f *Findings) hsds.Service {
	s := hsds.Service{
		ID: o.text("id"), Name: o.text("name"), Status: o.text("status"), OrganizationID: o.text("organization_id"),
		AssuredDate: o.assured(f),
	}
	if s.ID == "" {
		f.problem("id", "is missing, or not a text")
	}
	if !slices.Contains(hsds.Statuses, s.Status) {
		f.note("status", "%q is none of HSDS's: the service is not offered", s.Status)
	}
	if inner := o.object("organization"); s.OrganizationID == "" && inner != nil {
		s.OrganizationID = inner.text("id")
	}
	for i, data := range o.list("languages") {
		if language, err := open(data, fmt.Sprintf("languages[%d]", i), f.note); err == nil {
			s.Languages = append(s.Languages, hsds.Language{Code: language.text("code")})
		}
	}
	for i, data := range o.list("capacities") {
		if capacity, err := open(data, fmt.Sprintf("capacities[%d]", i), f.note); err == nil {
			s.Capacities = append(s.Capacities, hsds.Capacity{
				Available: capacity.number("available"), Maximum: capacity.number("maximum"),
			})
		}
	}
	s.Immerse = extension(o, knownArea, f)
	return s
}

// assured reads the day of the last check. Of a date with a time that is not in HSDS's form, the day counts.
func (o *object) assured(f *Findings) string {
	date := o.text("assured_date")
	if _, ok := (&hsds.Service{AssuredDate: date}).Assured(); ok || date == "" {
		return date
	}
	if day, _, _ := strings.Cut(strings.Replace(date, " ", "T", 1), "T"); day != date {
		if _, err := time.Parse(time.DateOnly, day); err == nil {
			return day
		}
	}
	f.note("assured_date", "%q is not a date, so nobody has checked the service", date)
	return date
}

// known are the members of the extension.
var known = []string{"needs", "areas", "online", "authority", "priority", "eligibility"}

// extension reads our own object, in which whatever decides must be understood.
func extension(service *object, knownArea func(string) bool, f *Findings) *hsds.ServiceExtension {
	data, ok := service.members["immerse"]
	if !ok {
		return nil
	}
	o, err := open(data, "immerse", f.problem)
	if err != nil {
		f.problem("immerse", "%v", err)
		return nil
	}
	x := &hsds.ServiceExtension{Needs: o.texts("needs"), Areas: o.texts("areas")}
	if value, ok := o.members["online"]; ok && json.Unmarshal(value, &x.Online) != nil {
		f.problem("immerse.online", "is neither true nor false")
	}
	o.wrong = f.note
	if priority := o.number("priority"); priority != nil {
		x.Priority = *priority
	}
	x.Authority = o.text("authority")
	x.Eligibility = clauses(o.members["eligibility"], f)
	for _, name := range o.names {
		if similar := misspelt(name); similar != "" {
			f.problem(o.at(name), "may be meant for %q", similar)
		} else if !slices.Contains(known, name) {
			f.note(o.at(name), "is not known and was passed over")
		}
	}
	noteExtension(x, knownArea, f)
	return x
}

func noteExtension(x *hsds.ServiceExtension, knownArea func(string) bool, f *Findings) {
	for _, need := range x.Needs {
		if !slices.Contains(codes.Needs, need) {
			f.note("immerse.needs", "unknown need %q", need)
		}
	}
	for _, area := range x.Areas {
		if !knownArea(area) {
			f.note("immerse.areas", "unknown area %q", area)
		}
	}
	if len(x.Areas) == 0 && !x.Online {
		f.note("immerse.areas", "is empty, and the service is not online: it is offered to nobody")
	}
	if x.Priority < 0 || x.Priority > 1 {
		f.note("immerse.priority", "%v is not from 0 to 1", x.Priority)
	}
}

// misspelt gives the member that a name is likely meant for, "" if it is one itself or like none: a misspelt
// "eligibility" would open a service to everyone.
func misspelt(name string) string {
	if slices.Contains(known, name) {
		return ""
	}
	for _, right := range known {
		if distance(strings.ToLower(name), right) <= 2 {
			return right
		}
	}
	return ""
}

// distance is Levenshtein's: how many letters to add, drop or change.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0]++
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
