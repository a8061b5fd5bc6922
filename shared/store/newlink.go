package store

import (
	"fmt"
	"time"
)

// How often an authority is sent a link in place of those that are void: so many of each generation, and each a while after the one
// before. Whoever holds a void link can ask for one, and must not be able to fill an inbox with that.
const (
	MostLinks = 3
	LinkPause = 24 * time.Hour
)

// NewLink gives what begins the id of the mail that brings the authority of a referral a new link; ok is false if no other may go now.
func (l Ledger) NewLink(began Mail, now time.Time) (what string, ok bool) {
	for n := 1; n <= MostLinks; n++ {
		what = newLink(began, n)
		last := l.Mail(began.Follow(what))
		switch {
		case !last.Ended():
			return what, true // never begun, or on its way
		case now.Sub(last.At) < LinkPause:
			return "", false
		}
	}
	return "", false
}

// LinkSent is when the last new link was sent of the generation that is good; zero if none was.
func (l Ledger) LinkSent(began Mail) (at time.Time) {
	for n := range MostLinks {
		if mail := l.Mail(began.Follow(newLink(began, n+1))); mail.State == MailSent {
			at = mail.At
		}
	}
	return at
}

func newLink(began Mail, n int) string { return fmt.Sprintf("link%d_%d", began.Generation, n) }
