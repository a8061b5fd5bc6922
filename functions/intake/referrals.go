package intake

import (
	"slices"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
	"github.com/miict/immerse/shared/workdays"
)

// referralViews say how far the case is with each organization that is or was to be written to, until when it has to answer, and
// what it asks.
func (h *Handler) referralViews(opened personCase) ([]page.ReferralView, error) {
	calendar, err := workdays.New(h.Pack)
	if err != nil {
		return nil, err
	}
	var views []page.ReferralView
	for _, mail := range opened.Ledger.Referrals() {
		id, round, ok := mail.Authority()
		life, err := opened.Ledger.Life(mail)
		if err != nil || !ok {
			return nil, err
		}
		state := life.State()
		view := page.ReferralView{
			ID: mail.ID, NamesLang: h.Pack.Languages[0], Organization: id, State: string(state), Outcome: life.Answer.Outcome(), At: mail.At,
			Services: h.servicesOf(opened, id, round), Contact: mail.Contact, Questions: h.questionViews(opened, mail),
			Seen: h.looks(opened, id), Instead: opened.result.IsInstead(round),
		}
		view.Others, view.Hope = opened.result.Rest(id, round, opened.standing)
		if state != referral.Withdrawn {
			view.Why = life.Reason()
		}
		if organization, ok := opened.factsOf(round).Organization(id); ok {
			view.Organization, view.URL = organization.Name, organization.Website
		}
		if mail.Answer != nil {
			view.At = mail.Answer.At
		}
		instead, unreached := opened.Ledger.Unreached(mail)
		if unreached && state.Open() {
			h.behind(&view, opened, round, instead)
		}
		view.Hope = view.Hope && opened.Withdrawn == nil && h.Now().Before(view.At.Add(lookingElsewhere))
		if elsewhere := opened.Ledger.Mail(mail.Follow(events.Escalate)); !unreached && elsewhere.State == store.MailSent {
			view.Escalated = h.inCountry(elsewhere.At)
			if behind := h.whoIsBehind(opened, id, round); behind != nil {
				view.EscalatedTo = behind.Name
			}
		}
		if outcome := opened.Ledger.Mail(mail.Follow(events.Outcome)); outcome.State == store.MailSent && state == referral.Accepted {
			view.Outcomes = h.inCountry(outcome.At)
		}
		if mail.Rating != nil {
			view.Rating, view.Rated = mail.Rating.Code, mail.Rating.Changed
		}
		if state.Open() && (mail.State == store.MailSent || !view.Behind.IsZero()) {
			due := h.due(calendar, opened, mail)
			view.Urgent = codes.Urgent(opened.result.Urgency)
			view.Due, view.Overdue = h.inCountry(due.Add(-time.Nanosecond)), !h.Now().Before(due)
		}
		if state.Open() && mail.State == store.MailWaiting {
			view.Told = h.inCountry(h.told(calendar, opened, mail))
		}
		view.At = h.inCountry(view.At)
		views = append(views, view)
	}
	return views, nil
}

// behind says that an organization's inbox could not be reached, and who was written to instead.
func (h *Handler) behind(view *page.ReferralView, opened personCase, round int, instead store.Mail) {
	view.State = string(referral.Bounced)
	if instead.ID == "" {
		return
	}
	view.Behind = h.inCountry(instead.At)
	id, _, _ := store.Mail{ID: view.ID}.Authority()
	if behind := h.whoIsBehind(opened, id, round); behind != nil {
		view.BehindName, view.BehindURL = behind.Name, behind.Website
	}
}

// standing is how far the referral about a match is.
func (c personCase) standing(m match.Match) assessment.Standing {
	round := c.result.RoundOf(m)
	service, ok := c.factsOf(round).Service(m.Service)
	if !ok || service.Immerse == nil {
		return assessment.Standing{}
	}
	life, err := c.Ledger.Life(c.Ledger.Mail(store.ReferralID(service.Immerse.Authority, round)))
	if err != nil { // codes of a later release
		return assessment.Standing{}
	}
	return assessment.Standing{Authority: service.Immerse.Authority, Referral: life}
}

// questionViews are what an organization asks the person, and what they answered. Words that don't open are left out: the
// question has its code.
func (h *Handler) questionViews(opened personCase, mail store.Mail) []page.QuestionView {
	words := func(sealed []byte) string {
		if len(sealed) == 0 {
			return ""
		}
		text, err := opened.person.Open(vault.Dialogue, sealed)
		if err != nil {
			h.Log.Error("words that don't open", "reference", opened.Reference, "error", err.Error())
		}
		return string(text)
	}
	var views []page.QuestionView
	for _, question := range mail.Questions {
		view := page.QuestionView{ID: question.ID, At: h.inCountry(question.At), Code: question.Code, Text: words(question.Text)}
		if question.Reply != nil {
			view.Replied, view.Reply = h.inCountry(question.Reply.At), words(question.Reply.Text)
		}
		views = append(views, view)
	}
	return views
}

// due is when an organization's time to answer is over: as the ledger has it, or reckoned in the same way.
func (h *Handler) due(calendar *workdays.Calendar, opened personCase, mail store.Mail) time.Time {
	if mail.Due != nil {
		return *mail.Due
	}
	days := 0
	id, round, _ := mail.Authority()
	if organization, ok := opened.factsOf(round).Organization(id); ok && organization.Immerse != nil {
		days = organization.Immerse.ResponseDays
	}
	return calendar.Deadline(mail.At, opened.profile.Residence.Region, h.Pack.AnswerIn(days, codes.Urgent(opened.result.Urgency)))
}

// told is when an organization that gets one mail a day is told: with the first after it was put on its list, or the first
// from now on if that is late.
func (h *Handler) told(calendar *workdays.Calendar, opened personCase, mail store.Mail) time.Time {
	const late = time.Hour
	region, hour := opened.profile.Residence.Region, h.Pack.DigestAt()
	if at := calendar.NextAt(mail.At, region, hour); at.Add(late).After(h.Now()) {
		return at
	}
	return calendar.NextAt(h.Now(), region, hour)
}

// inCountry is a moment on the clocks of the country: a page says days, and they are the country's.
func (h *Handler) inCountry(at time.Time) time.Time {
	if zone, err := h.Pack.Location(); err == nil && !at.IsZero() {
		return at.In(zone)
	}
	return at
}

// servicesOf gives the names of the services that an organization was written to about in a round.
func (h *Handler) servicesOf(opened personCase, organization string, round int) []string {
	var names []string
	for _, found := range opened.result.Result.Matches {
		service, ok := opened.factsOf(round).Service(found.Service)
		if !ok || service.Immerse == nil || service.Immerse.Authority != organization || opened.result.RoundOf(found) != round ||
			opened.result.IsWaiting(found.Service) || slices.Contains(names, service.Name) {
			continue
		}
		names = append(names, service.Name)
	}
	return names
}

// toAdd counts for how many of the services that were found each answer is missing, those that settle most first.
func toAdd(opened personCase) []page.FieldCount {
	var counts []page.FieldCount
	for _, found := range opened.result.Result.Matches {
		for _, field := range found.Missing {
			i := slices.IndexFunc(counts, func(c page.FieldCount) bool { return c.Field == field })
			if i < 0 {
				counts, i = append(counts, page.FieldCount{Field: field}), len(counts)
			}
			counts[i].Count++
		}
	}
	slices.SortStableFunc(counts, func(a, b page.FieldCount) int { return b.Count - a.Count })
	return counts
}
