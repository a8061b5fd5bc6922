// Package notification tells people and authorities what matching found: one e-mail to each authority that is
// responsible for a matched service, and a receipt to the person if they gave an address.
//
//	matched event ─▶ Handle ─▶ open ─▶ plan ─▶ for each mail: claim ─▶ hand to SES ─▶ record ─▶ notified
//
// A message is done when every mail of its application is sent or has failed for good; until then it comes back, and
// in the end lands in the dead-letter queue. The plan is the same each time, and each mail has an id that the store
// remembers it under, so that coming back never repeats what is done.
//
// # The one window for a second e-mail
//
// SES has no idempotency token. A mail is therefore claimed ("sending", with a lease that outlives the invocation)
// before it is handed over, and recorded as sent after. If the function dies between SES's taking the mail and that
// record, or SES's answer is lost, nobody knows whether the mail went. When the lease has run out, the mail is sent
// again: a second e-mail to an authority costs it a glance, one that never went costs a person their place. This is the
// only way in which an e-mail goes twice; it needs a crash or a lost answer in that window, and each such event makes
// at most one more.
//
// Files: handler.go (a batch), message.go (one message), open.go (what to tell), plan.go (which mails),
// authority.go and receipt.go (what they say), speaker.go, letter.go and templates/ (in words, as text and HTML), outbox.go
// (one mail, once), ses.go and refusal.go (handing over, and what a refusal means).
package notification
