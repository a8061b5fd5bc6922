package ses

import (
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/miict/immerse/infra/local/protocol"
)

// SimulatorDomain is the domain whose addresses decide what becomes of a mail, in the manner of SES's mailbox
// simulator. The part before the @ is one of
//
//	success     accepted, and told to be delivered by an event, as every other address
//	bounce      accepted, as SES does: the bounce is told later, by an event
//	complaint, ooto, suppressionlist, softbounce, delay, blackhole
//	            accepted; likewise (report.go)
//	reject      MessageRejected, 400: this content will never be sent
//	unverified  MailFromDomainNotVerifiedException, 400
//	paused      SendingPausedException, 400: the account may not send
//	quota       LimitExceededException, 400: the day's quota is used up
//	throttle    TooManyRequestsException, 429: the rate is too high, try again
//	outage      InternalServiceErrorException, 500: SES is in trouble, try again
//
// and a number after + makes it fail only so often: throttle+2@… is refused twice and then accepted. A mail that is
// refused is not in the mailbox. SDKs try 429 and 500 three times by themselves.
const SimulatorDomain = "simulator.immerse.example"

var fates = map[string]*protocol.Error{
	"reject":     {Type: "MessageRejected", Message: "Email was rejected"},
	"unverified": {Type: "MailFromDomainNotVerifiedException", Message: "The MAIL FROM domain is not verified"},
	"paused":     {Type: "SendingPausedException", Message: "Sending is paused for the account"},
	"quota":      {Type: "LimitExceededException", Message: "Daily message quota exceeded"},
	"throttle":   {Status: http.StatusTooManyRequests, Type: "TooManyRequestsException", Message: "Maximum sending rate exceeded."},
	"outage":     {Status: http.StatusInternalServerError, Type: "InternalServiceErrorException", Message: "Try again later"},
}

// simulator counts attempts for the addresses that fail only so often.
type simulator struct {
	mu       sync.Mutex
	attempts map[string]int
}

// fate gives the error for the first recipient that asks for one.
func (s *simulator) fate(recipients []string) error {
	for _, recipient := range recipients {
		local, domain, _ := strings.Cut(recipient, "@")
		if !strings.EqualFold(domain, SimulatorDomain) {
			continue
		}
		name, times, limited := strings.Cut(local, "+")
		fate, ok := fates[strings.ToLower(name)]
		if !ok {
			continue
		}
		if limit, err := strconv.Atoi(times); limited && err == nil && s.count(recipient) > limit {
			continue
		}
		return fate
	}
	return nil
}

func (s *simulator) count(recipient string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.attempts == nil {
		s.attempts = map[string]int{}
	}
	s.attempts[recipient]++
	return s.attempts[recipient]
}
