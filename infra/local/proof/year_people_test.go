package proof

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/mailtag"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/ticket"
)

// simulated is a person's case.
type simulated struct {
	reference, secret string
	updates           string // of which turns they are told
	region            string // where they live
	urgent            bool
	registered        bool // for the event
	submitted         time.Time
	checked           bool
}

// tells is whether the person is written to when somebody decides or asks.
func (c *simulated) tells() bool { return c.updates != codes.UpdatesNone }

// staff gives the authorities of the country's catalogue what a year needs: inboxes that are dead with somebody behind them and with
// nobody, somebody behind every third, and one mail a day for some.
func (y *year) staff() {
	for i := range y.pack.Organizations {
		o := &y.pack.Organizations[i]
		if o.Immerse == nil || o.Immerse.Inbox == "" {
			continue
		}
		own := *o.Immerse
		o.Immerse = &own
		switch i % 9 {
		case 0, 3:
			own.Fallback = fmt.Sprintf("head-%d@office.example", i)
		case 4:
			y.dead[own.Inbox] = true
		case 6:
			y.dead[own.Inbox], own.Fallback = true, fmt.Sprintf("head-%d@office.example", i)
		case 8:
			own.Delivery = hsds.DeliveryDaily
		}
	}
}

// submit is a person who hands the form in.
func (y *year) submit(p eligibility.Profile, n int) {
	p.Kind = codes.Support
	said, err := json.Marshal(p)
	ok(y.t, err)
	form := map[string]any{}
	ok(y.t, json.Unmarshal(said, &form))
	form["consent"] = map[string]any{"processing": true, "sharing": true}
	form["contact"] = map[string]any{"email": fmt.Sprintf("person-%d@person.example", n)}
	c := &simulated{region: p.Residence.Region, submitted: y.now, updates: append([]string{""}, codes.Updates...)[n%4], urgent: n%10 == 3}
	if c.updates != "" {
		form["updates"] = c.updates
	}
	if c.urgent {
		form["urgency"] = codes.Urgencies[0]
	}
	y.hand(c, form, fmt.Sprint("case ", n))
	if n%10 == 7 {
		at := y.night(y.now.AddDate(0, 0, 2+y.chance("withdraw one", n).IntN(4)))
		y.plans = append(y.plans, plan{at: at, who: c, form: url.Values{"action": {"withdraw"}, "confirm": {"yes"}, "referral": {""}}})
	}
	if n%10 == 5 { // at night: an officer's answer of the same hour would be told as withdrawn
		at := y.night(y.now.AddDate(0, 0, 3+y.chance("withdraw", n).IntN(8)))
		y.plans = append(y.plans, plan{at: at, who: c, form: url.Values{"action": {"withdraw"}, "confirm": {"yes"}}})
	}
}

// hand hands a form in.
func (y *year) hand(c *simulated, form map[string]any, key string) {
	body, err := json.Marshal(form)
	ok(y.t, err)
	for range 2 { // the answer was lost, and their phone sent it again
		answer, err := y.intake.Handle(y.t.Context(), request(http.MethodPost, "/api/v1/applications", string(body), map[string]string{
			"content-type": "application/json", "accept": "application/json", "idempotency-key": key,
		}))
		ok(y.t, err)
		var taken receipt
		ok(y.t, json.Unmarshal([]byte(answer.Body), &taken))
		if answer.StatusCode != http.StatusCreated || c.reference != "" && c.reference != taken.Reference {
			y.t.Fatalf("%s: handing in: %d %s", y.pack.Code, answer.StatusCode, answer.Body)
		}
		c.reference, c.secret = taken.Reference, taken.Secret
	}
	y.cases = append(y.cases, c)
	y.promise(c.reference, "receipt")
}

func (y *year) night(at time.Time) time.Time {
	local := at.In(y.zone)
	return time.Date(local.Year(), local.Month(), local.Day(), 3, 0, 0, 0, y.zone)
}

// promise says that a mail must go out, once.
func (y *year) promise(reference, id string) { y.promised[reference+" "+mailtag.Value(id)] = true }

// promiseOn says on which day it must.
func (y *year) promiseOn(reference, id, day string) {
	y.promisedOn[reference+" "+mailtag.Value(id)] = day
}

func (y *year) caseOf(reference string) *simulated {
	for _, c := range y.cases {
		if c.reference == reference {
			return c
		}
	}
	y.t.Fatalf("no case %s", reference)
	return nil
}

// read is whoever opens a mail with links: they plan what they will do.
func (y *year) read(mail posted) {
	kind := mail.kind()
	for _, link := range mail.tickets {
		about, err := y.links.Read(y.t.Context(), strings.TrimPrefix(link, ticket.Path))
		if err != nil {
			y.t.Errorf("a link that doesn't open: %v", err)
			continue
		}
		if kind == mailtag.Digest {
			y.digested[about.Reference+" "+store.ReferralID(about.Authority, about.Round)]++
		}
		begins := kind == "authority" || kind == mailtag.Digest && y.digested[about.Reference+" "+store.ReferralID(about.Authority, about.Round)] == 1
		if begins || kind == "fallback" || kind == "escalate" {
			y.decide(link, kind, about)
		}
	}
}

// decide rolls what an officer will make of a link: seven in ten answer, at some hour of the next two weeks.
func (y *year) decide(link, kind string, about ticket.Ticket) {
	dice := y.chance("officer", kind, about.Reference, about.Authority, about.Round)
	roll, at := dice.IntN(10), y.now.Add(time.Duration(dice.IntN(14*24))*time.Hour)
	switch {
	case roll == 0 && (kind == "authority" || kind == mailtag.Digest): // asks something first, and accepts some days later
		y.plans = append(y.plans, plan{at: at, link: link, form: url.Values{"action": {"ask"}, "question": {"other"}, "text": {"Which day?"}}})
		at = at.AddDate(0, 0, 5)
		fallthrough
	case roll < 4:
		y.plans = append(y.plans, plan{at: at, link: link, form: url.Values{"action": {"accept"}}})
		if roll < 3 {
			done := url.Values{"action": {"finish"}, "outcome": {"helped"}}
			y.plans = append(y.plans, plan{at: at.Add(time.Duration(24+dice.IntN(60*24)) * time.Hour), link: link, form: done})
		}
	case roll < 7:
		y.plans = append(y.plans, plan{at: at, link: link, form: url.Values{"action": {"decline"}, "reason": {"no_capacity"}}})
	}
}

// act lets people do what they planned: officers by day, those who take something back at night.
func (y *year) act() {
	night := y.now.In(y.zone).Hour() == 3
	var later []plan
	due := y.plans
	y.plans = nil
	for _, p := range due {
		takesBack := p.form.Get("action") == "withdraw"
		switch {
		case p.at.After(y.now) || takesBack != night:
			later = append(later, p)
		case p.who != nil:
			y.wish(p)
		default:
			y.answer(p)
		}
	}
	y.plans = append(y.plans, later...)
}

// answer is an officer: a scanner opens the link first, then they click twice.
func (y *year) answer(p plan) {
	about, err := y.links.Read(y.t.Context(), strings.TrimPrefix(p.link, ticket.Path))
	if err != nil {
		return // the link's time is over
	}
	page := y.ask(http.MethodGet, p.link, "")
	found := formIn.FindStringSubmatch(page.Body)
	if found == nil {
		return // it is closed: the page says what happened
	}
	p.form.Set("form", found[1])
	first := y.ask(http.MethodPost, p.link, p.form.Encode())
	again := y.ask(http.MethodPost, p.link, p.form.Encode())
	for _, got := range []int{first.StatusCode, again.StatusCode} {
		if got >= 500 || got == http.StatusForbidden {
			y.t.Errorf("%s: %v: %d", y.pack.Code, p.form, got)
		}
	}
	if first.StatusCode != http.StatusSeeOther {
		return // somebody was quicker
	}
	action := p.form.Get("action")
	y.deeds[action]++
	c, began := y.caseOf(about.Reference), store.Mail{ID: store.ReferralID(about.Authority, about.Round)}
	code := map[string]string{"accept": "accepted", "decline": "declined", "finish": "done", "ask": "asked1"}[action]
	if c.tells() {
		y.promise(c.reference, began.Follow(code))
	}
	if action == "finish" || action == "decline" {
		rate := url.Values{"action": {"rate"}, "referral": {began.ID}, "rating": {map[string]string{"finish": "yes", "decline": "no"}[action]}}
		y.plans = append(y.plans, plan{at: y.now.AddDate(0, 0, 1), who: c, form: rate})
	}
	if action == "ask" {
		reply := url.Values{"action": {"reply"}, "referral": {began.ID}, "text": {"On Tuesday"}}
		y.plans = append(y.plans, plan{at: y.now.AddDate(0, 0, 2), who: c, form: reply})
	}
}

// wish is a person who does something about their case.
func (y *year) wish(p plan) {
	found, err := y.store.Application(y.t.Context(), p.who.reference)
	ok(y.t, err)
	form := url.Values{"reference": {p.who.reference}, "secret": {p.who.secret}}
	for name, values := range p.form {
		form[name] = values
	}
	action := form.Get("action")
	open := map[string]store.Mail{}
	for _, mail := range found.Ledger.Referrals() {
		if answer, err := mail.Decided(); err == nil && !answer.State().Final() {
			open[mail.ID] = mail
		}
	}
	if action == "withdraw" && form.Has("referral") {
		if len(open) == 0 {
			return // all have answered
		}
		one := slices.Min(slices.Collect(maps.Keys(open)))
		form.Set("referral", one)
		open = map[string]store.Mail{one: open[one]}
		action = "withdraw one"
	}
	asked, isOpen := open[form.Get("referral")]
	if action == "reply" {
		if !isOpen || len(asked.Questions) == 0 {
			return // another has answered meanwhile
		}
		form.Set("question", asked.Questions[0].ID)
	}
	answer, err := y.intake.Handle(y.t.Context(), request(http.MethodPost, "/status", form.Encode(), ofBrowser))
	ok(y.t, err)
	if answer.StatusCode != http.StatusOK {
		y.t.Errorf("%s: %s of %s: %d %.300s", y.pack.Code, action, p.who.reference, answer.StatusCode, answer.Body)
		return
	}
	y.deeds[action]++
	switch action {
	case "rate":
		y.rated[p.who.reference+" "+form.Get("referral")] = form.Get("rating")
		return
	case "reply":
		if y.reachable(asked) {
			y.promise(p.who.reference, asked.Follow("answered1"))
		}
		return
	}
	for _, mail := range open {
		if mail.State == store.MailSent && y.reachable(mail) {
			y.promise(p.who.reference, mail.Follow("withdrawn"))
		}
	}
}

// reachable tells whether an authority, or whoever is behind it, gets mail.
func (y *year) reachable(mail store.Mail) bool {
	id, _, _ := mail.Authority()
	o := y.organization(id)
	return o.Immerse.Inbox != "" && (y.takes(o.Immerse.Inbox) || y.behind(o))
}

// takes tells whether mail to an inbox arrives and is wanted.
func (y *year) takes(inbox string) bool { return !y.dead[inbox] && !y.complained[inbox] }

// behind tells whether there is somebody behind an authority.
func (y *year) behind(o *hsds.Organization) bool {
	if o.Immerse.Fallback != "" && y.takes(o.Immerse.Fallback) {
		return true
	}
	for i := range y.pack.Organizations {
		if parent := &y.pack.Organizations[i]; parent.ID == o.ParentOrganizationID && parent.Immerse != nil {
			return parent.Immerse.Inbox != "" && y.takes(parent.Immerse.Inbox) && !strings.EqualFold(parent.Immerse.Inbox, o.Immerse.Inbox)
		}
	}
	return false
}

func (y *year) organization(id string) *hsds.Organization {
	for i := range y.pack.Organizations {
		if y.pack.Organizations[i].ID == id {
			return &y.pack.Organizations[i]
		}
	}
	y.t.Fatalf("no organization %s", id)
	return nil
}

var ofBrowser = map[string]string{"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin", "accept": "text/html"}

func request(method, path, body string, headers map[string]string) lambdaevents.APIGatewayV2HTTPRequest {
	event := lambdaevents.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path, Body: body, Headers: headers}
	event.RequestContext.HTTP.Method = method
	return event
}

func (y *year) ask(method, path, body string) lambdaevents.APIGatewayV2HTTPResponse {
	answer, err := y.referral.Handle(y.t.Context(), request(method, path, body, ofBrowser))
	ok(y.t, err)
	return answer
}
