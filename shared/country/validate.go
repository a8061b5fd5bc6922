package country

import (
	"math"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/hsds"
)

// Validate names everything that is wrong with a pack: nil, or an error that is a Problems. It looks at what the files
// say (whether they are well-formed is for Load) and needs no network, so a link that leads nowhere passes.
func (p *Pack) Validate() error {
	var problems Problems
	p.checkSettings(&problems)
	p.checkHolidays(&problems)
	p.checkAreas(&problems)
	p.checkOrganizations(&problems)
	p.checkServices(&problems)
	p.checkNeeds(&problems)
	return problems.err()
}

var (
	countryCode  = regexp.MustCompile(`^[A-Z]{2}$`)
	languageCode = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	cloudRegion  = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]$`)
	hostName     = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$`)
	certificate  = regexp.MustCompile(`^arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/[0-9a-f-]+$`)
	phoneNumber  = regexp.MustCompile(`^\+?[0-9]([0-9 ]{1,18})[0-9]$`)
)

func (p *Pack) checkSettings(problems *Problems) {
	wrong := func(path, format string, arguments ...any) {
		problems.add(settingsFile, "", path, format, arguments...)
	}
	if !countryCode.MatchString(p.Code) {
		wrong("code", "%q is not an ISO 3166-1 code in capitals", p.Code)
	}
	if p.folder != "" && !strings.EqualFold(p.Code, p.folder) {
		wrong("code", "%q is not the code of its folder %q", p.Code, p.folder)
	}
	if strings.TrimSpace(p.Name) == "" {
		wrong("name", "is empty")
	}
	for path, region := range pairs("region", p.Region, "mail_region", p.MailRegion) {
		if !cloudRegion.MatchString(region) {
			wrong(path, "%q is not a region's name", region)
		}
	}
	if _, err := p.Location(); err != nil || p.TimeZone == "" || p.TimeZone == "Local" {
		wrong("time_zone", "%q is not an IANA time zone", p.TimeZone)
	}
	if len(p.Languages) == 0 {
		wrong("languages", "is empty")
	}
	for i, language := range p.Languages {
		if !languageCode.MatchString(language) || slices.Contains(p.Languages[:i], language) {
			wrong("languages", "%q is not a language code or stands twice", language)
		}
	}
	if !address(p.MailFrom) {
		wrong("mail_from", "%q is not a bare e-mail address", p.MailFrom)
	}
	p.checkSite(wrong)
	p.checkWeights(wrong)
	p.checkLimits(wrong)
	p.checkHelpLines(wrong)
}

// checkSite looks at what a pack may leave out: the site's own domain, where answers go, what it may cost.
func (p *Pack) checkSite(wrong func(string, string, ...any)) {
	if p.MailReplyTo != "" && !address(p.MailReplyTo) {
		wrong("mail_reply_to", "%q is not a bare e-mail address", p.MailReplyTo)
	}
	if p.Domain != "" && !hostName.MatchString(p.Domain) {
		wrong("domain", "%q is not a host name in small letters", p.Domain)
	}
	if p.Certificate != "" && !certificate.MatchString(p.Certificate) {
		wrong("certificate", "%q is not the ARN of a certificate in us-east-1", p.Certificate)
	}
	if (p.Domain == "") != (p.Certificate == "") {
		wrong("domain", "needs a certificate, and a certificate needs a domain")
	}
	if p.MonthlyBudget < 0 || p.MonthlyBudget > 100_000 {
		wrong("monthly_budget", "%v is not from 0 to 100000 dollars", p.MonthlyBudget)
	}
}

// weightsSlack is how far the sum of weights may be from 1: what adding up decimal fractions can cost, and a little.
const weightsSlack = 0.001

func (p *Pack) checkWeights(wrong func(string, string, ...any)) {
	w := p.Weights
	sum := 0.0
	for _, weight := range []struct {
		name  string
		value float64
	}{
		{"closeness", w.Closeness}, {"language", w.Language}, {"level", w.Level}, {"capacity", w.Capacity},
		{"freshness", w.Freshness}, {"priority", w.Priority},
	} {
		if math.IsNaN(weight.value) || math.IsInf(weight.value, 0) || weight.value < 0 {
			wrong("weights."+weight.name, "%v is not a finite number from 0 up", weight.value)
		}
		sum += weight.value
	}
	if !(math.Abs(sum-1) <= weightsSlack) {
		wrong("weights", "sum to %v, not to 1", sum)
	}
}

func (p *Pack) checkLimits(wrong func(string, string, ...any)) {
	limit := func(path string, value, highest int) {
		if value < 1 || value > highest {
			wrong(path, "%d is not from 1 to %d", value, highest)
		}
	}
	limit("matches_per_need", p.MatchesPerNeed, 50)
	limit("response_days", p.ResponseDays, catalogue.MaxResponseDays)
	if p.UrgentResponseDays < 0 || p.UrgentResponseDays > p.ResponseDays {
		wrong("urgent_response_days", "%d is not from 0 to response_days, %d", p.UrgentResponseDays, p.ResponseDays)
	}
	limit("retention_days", p.RetentionDays, 3650)
	if p.DigestHour != 0 && (p.DigestHour < 5 || p.DigestHour > 12) {
		wrong("digest_hour", "%d is no hour of a morning: from 5 to 12", p.DigestHour)
	}
}

// address tells whether text is an e-mail address and nothing else: no name, no brackets, no line break, so that it
// can go into a header as it is.
func address(text string) bool {
	parsed, err := mail.ParseAddress(text)
	return err == nil && parsed.Address == text && !strings.ContainsAny(text, "\r\n")
}

func webAddress(text string) bool { return text != "" && hsds.WebAddress(text) == text }

// pairs gives names with their values, in order.
func pairs(namesAndValues ...string) func(func(string, string) bool) {
	return func(yield func(string, string) bool) {
		for i := 0; i+1 < len(namesAndValues); i += 2 {
			if !yield(namesAndValues[i], namesAndValues[i+1]) {
				return
			}
		}
	}
}
