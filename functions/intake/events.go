package intake

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/calendar"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/occasion"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/published"
)

// The pages of what people can take part in are made when they are asked for: what was published a minute ago is there, and
// what is over is not (decision 2402). They know nothing of who asks.

// events shows the list: of those that stand and are not over, for people who live in the region that was asked for.
func (h *Handler) events(ctx context.Context, r request) response {
	r = r.asPage()
	facts, err := h.Catalogue.Current(ctx)
	if err != nil {
		return h.failed(r, "", err)
	}
	region := r.Query.Get("region")
	if _, ok := h.Pack.Areas.Lookup(region); !ok {
		region = ""
	}
	view := page.EventsView{
		Shell: h.publicShell(r, page.EventsPath, region), Region: region, Regions: page.Regions(h.Pack.Areas.All(), r.lang),
		More: "/" + r.lang + "/services/" + codes.Participation + "/",
	}
	for _, o := range h.occasions(facts, region) {
		line := h.eventLine(r, facts, o)
		switch {
		case o.Over(h.Now()):
			view.Past = append([]page.EventLine{line}, view.Past...) // the last first
		case o.Dated:
			view.Coming = append(view.Coming, line)
		case o.Service.Event().Kind == hsds.ConsultationKind:
			view.Consultations = append(view.Consultations, line)
		default:
			view.Councils = append(view.Councils, line)
		}
	}
	return h.html(r, http.StatusOK, note{outcome: "events listed"}, func(w io.Writer) error { return page.Events(w, view) })
}

// remembered is for how long the list still has what is over: people look for what they have heard of.
const remembered = 30 * 24 * time.Hour

// occasions are those that stand and are not over for long, the soonest first, those without a date by name.
func (h *Handler) occasions(facts published.Current, region string) []occasion.Occasion {
	var all []occasion.Occasion
	events := facts.Events()
	for i := range events {
		o, ok := h.occasion(&events[i])
		if ok && stands(o) && !o.Over(h.Now().Add(-remembered)) && (region == "" || h.isFor(o.Service, region)) {
			all = append(all, o)
		}
	}
	slices.SortStableFunc(all, func(a, b occasion.Occasion) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Service.Name, b.Service.Name))
	})
	return all
}

// occasion reads a service that stands, or that has a date and would stand if it hadn't been called off: who knew of it is told.
func (h *Handler) occasion(s *hsds.Service) (occasion.Occasion, bool) {
	zone, err := h.Pack.Location()
	announced := *s
	announced.Status = hsds.StatusActive
	if err != nil || !match.Stands(&announced, match.Day(h.Now(), zone), h.Pack.OfferUnassured) {
		return occasion.Occasion{}, false
	}
	o, ok := occasion.Of(s, zone)
	return o, ok && (stands(o) || o.Dated)
}

// stands tells whether it is announced, as opposed to called off.
func stands(o occasion.Occasion) bool { return o.Service.Status == hsds.StatusActive }

// isFor tells whether a service is for people of a region, as matching has it.
func (h *Handler) isFor(s *hsds.Service, region string) bool {
	return s.Immerse.Online || slices.ContainsFunc(s.Immerse.Areas, func(area string) bool { return h.Pack.Areas.Contains(area, region) })
}

// findEvent gives one of the events by its id, called off or not.
func (h *Handler) findEvent(ctx context.Context, id string) (o occasion.Occasion, facts published.Current, ok bool, err error) {
	facts, err = h.Catalogue.Current(ctx)
	if err != nil {
		return o, nil, false, err
	}
	events := facts.Events()
	i := slices.IndexFunc(events, func(s hsds.Service) bool { return s.ID == id })
	if i < 0 {
		return o, facts, false, nil
	}
	o, ok = h.occasion(&events[i])
	return o, facts, ok, nil
}

// withEvent answers with what is made of the event of the path.
func (h *Handler) withEvent(ctx context.Context, r request, answer func(occasion.Occasion, published.Current) response) response {
	o, facts, ok, err := h.findEvent(ctx, r.reference)
	switch {
	case err != nil:
		return h.failed(r, "", err)
	case !ok:
		return h.refuse(r, http.StatusNotFound, "not_found")
	}
	return answer(o, facts)
}

// event shows the page of one.
func (h *Handler) event(ctx context.Context, r request) response {
	r = r.asPage()
	return h.withEvent(ctx, r, func(o occasion.Occasion, facts published.Current) response {
		view := h.eventView(r, facts, o)
		n := note{outcome: "event shown", service: o.Service.ID}
		return h.html(r, http.StatusOK, n, func(w io.Writer) error { return page.Event(w, view) })
	})
}

// register shows the form of a registration with the event chosen. It is the same for everybody: nothing of a person is in its
// address, and no key in it, so that a device can keep it for when there is no connection (decision 2801).
func (h *Handler) register(ctx context.Context, r request) response {
	r = r.asPage()
	return h.withEvent(ctx, r, func(o occasion.Occasion, _ published.Current) response {
		if !stands(o) || !o.Open(h.Now()) {
			return h.showEvent(r, o.Service.ID)
		}
		view := h.emptyForm(ctx, r, url.Values{"kind": {codes.EventRegistration}, application.FieldEvent: {o.Service.ID}})
		view.Rules, view.Shell.Words = page.RulesURL(h.fields()), page.WordsURL(r.lang)
		for _, lang := range locale.Languages() {
			view.Shell.Links = append(view.Shell.Links, page.Link{Lang: lang, URL: registerURL(o.Service.ID, lang)})
		}
		n := note{outcome: "registration begun", service: o.Service.ID}
		return h.html(r, http.StatusOK, n, func(w io.Writer) error { return page.Form(w, view) })
	})
}

// showEvent leads to an event's page, which says why one can't register.
func (h *Handler) showEvent(r request, id string) response {
	return response{
		status: http.StatusSeeOther, headers: map[string]string{"Location": eventURL(id, "", r.lang)}, note: note{outcome: "not open", service: id},
	}
}

// calendar gives an event as a file for a calendar.
func (h *Handler) calendar(ctx context.Context, r request) response {
	return h.withEvent(ctx, r, func(o occasion.Occasion, facts published.Current) response {
		if !o.Dated {
			return h.refuse(r, http.StatusNotFound, "not_found")
		}
		say, domain := locale.For(r.lang), h.BaseURL
		if site, err := url.Parse(h.BaseURL); err == nil {
			domain = site.Hostname()
		}
		line := h.eventLine(r, facts, o)
		entry := calendar.Entry{
			Occasion: o, Domain: domain, URL: h.BaseURL + line.URL, Organizer: line.Organizer, At: h.Now(),
			Remind: say.T("mail.event.subject", "date", occasion.Day(say, o.Start)),
		}
		if organization, ok := facts.Organization(o.Service.OrganizationID); ok {
			entry.Email, entry.Website = organization.Email, organization.Website
		}
		if !stands(o) {
			entry.Gone = say.T("event.mark.gone")
		}
		file := calendar.File(entry)
		headers := map[string]string{"Content-Type": calendar.Media, "Content-Disposition": `attachment; filename="immerse.ics"`}
		return response{http.StatusOK, headers, "", file, note{outcome: "calendar given", service: o.Service.ID}}
	})
}

// eventURL is where something of an event is.
func eventURL(id, what, lang string) string {
	path := page.EventsPath + "/" + url.PathEscape(id)
	if what != "" {
		path += "/" + what
	}
	return path + "?" + url.Values{"lang": {lang}}.Encode()
}

// registerURL is where the form is, opened at its first group.
func registerURL(id, lang string) string { return eventURL(id, "register", lang) + "#step-place" }

// publicShell surrounds a page that is about nobody: search engines may find it, and it is there in every language.
func (h *Handler) publicShell(r request, path, region string) page.Shell {
	shell, query := h.shell(r), url.Values{}
	shell.NoIndex = false
	if region != "" {
		query.Set("region", region)
	}
	shell.InLanguages(h.BaseURL, path, query)
	return shell
}

func (h *Handler) eventLine(r request, facts published.Facts, o occasion.Occasion) page.EventLine {
	say, s := locale.For(r.lang), o.Service
	line := page.EventLine{
		URL: eventURL(s.ID, "", r.lang), Name: s.Name, NamesLang: h.Pack.Languages[0], Kind: s.Event().Kind, Where: o.Where(),
		Spoken: spoken(say, s),
	}
	if organization, ok := facts.Organization(s.OrganizationID); ok {
		line.Organizer = organization.Name
		if organization.Immerse != nil {
			line.NamesLang = organization.Immerse.Language
		}
	}
	if o.Dated {
		line.When, line.Start = o.When(say), machine(o.Start, o.WholeDays)
	}
	_, checked := s.Assured()
	line.Unchecked = !checked
	line.Mark = h.mark(o)
	return line
}

// mark is the message that says what people must know of an event before they look closer; empty for nothing.
func (h *Handler) mark(o occasion.Occasion) string {
	free, counted := o.Service.Places()
	switch {
	case o.Over(h.Now()):
		return "event.mark.over"
	case !stands(o):
		return "event.mark.gone"
	case o.Closes.IsZero():
		return ""
	case !o.Open(h.Now()):
		return "event.mark.closed"
	case counted && free == 0:
		return "event.mark.full"
	}
	return ""
}

// machine writes a moment, or a day, as HTML's time element has it.
func machine(at time.Time, day bool) string {
	if day {
		return at.Format(time.DateOnly)
	}
	return at.Format(time.RFC3339)
}

func spoken(say *locale.Printer, s *hsds.Service) string {
	var names []string
	for _, language := range s.Languages {
		if language.Code != "" {
			names = append(names, say.Language(eligibility.Primary(language.Code)))
		}
	}
	return say.List(names, "list.and")
}

func (h *Handler) eventView(r request, facts published.Facts, o occasion.Occasion) page.EventView {
	say, s := locale.For(r.lang), o.Service
	view := page.EventView{
		Shell: h.publicShell(r, page.EventsPath+"/"+s.ID, ""), EventLine: h.eventLine(r, facts, o), About: s.Description,
		Back: page.EventsPath + "?lang=" + r.lang, Areas: h.areaNames(s, say), Online: o.Online, Attend: o.Attend,
		Interpreter: s.InterpretationServices, Cost: s.FeesDescription, How: s.ApplicationProcess, For: s.EligibilityDescription,
		Website: s.URL, Over: o.Over(h.Now()), Gone: !stands(o),
	}
	if eligibility.Primary(view.NamesLang) != r.lang {
		view.Wrote = say.Language(view.NamesLang)
	}
	if view.Gone {
		view.Shell.NoIndex = true
		return view
	}
	if organization, ok := facts.Organization(s.OrganizationID); ok && view.Website == "" {
		view.Website = organization.Website
	}
	for _, place := range o.Places {
		view.Places = append(view.Places, page.EventPlace{
			Line: place.Line(), Transport: place.Transport, Map: place.Map(), Accessible: place.Accessible,
		})
	}
	if o.Dated {
		view.Calendar = eventURL(s.ID, "calendar", r.lang)
		if !o.WholeDays {
			view.Clock = h.Pack.NameIn(r.lang)
		}
	}
	if !o.Closes.IsZero() {
		view.RegisterBy = occasion.Day(say, o.Closes) + " " + occasion.Hour(o.Closes)
		view.Closed = !o.Open(h.Now())
	}
	if o.Open(h.Now()) {
		view.Register = registerURL(s.ID, r.lang)
		free, counted := s.Places()
		view.Full = counted && free == 0
		view.Room = free
	}
	return view
}

// areaNames says for people of which areas a service is; empty for one that is online.
func (h *Handler) areaNames(s *hsds.Service, say *locale.Printer) string {
	if s.Immerse.Online {
		return ""
	}
	var names []string
	for _, area := range s.Immerse.Areas {
		names = append(names, h.Pack.Areas.NameIn(area, say.Lang()))
	}
	return say.List(names, "list.and")
}

// eventOf says when and where a match takes place, as it is announced now; nil for a service without a date.
func (h *Handler) eventOf(opened personCase, facts published.Facts, service, lang string) *page.MatchEvent {
	s, ok := facts.Service(service)
	if !ok || !s.Dated() {
		return nil
	}
	gone := false
	if opened.now != nil {
		if now, ok := opened.now.Service(service); ok && now.Status == hsds.StatusActive {
			s = now
		} else {
			gone = true
		}
	}
	zone, err := h.Pack.Location()
	if err != nil {
		return nil
	}
	o, ok := occasion.Of(s, zone)
	if !ok || !o.Dated {
		return nil
	}
	return &page.MatchEvent{
		Gone: gone && !o.Over(h.Now()),
		When: o.When(locale.For(lang)), Start: machine(o.Start, o.WholeDays), End: machine(o.End, o.WholeDays), Where: o.Where(), Over: o.Over(h.Now()),
		URL: eventURL(s.ID, "", lang), Calendar: eventURL(s.ID, "calendar", lang),
	}
}
