// Package notification tells people and authorities what matching found: one e-mail to each authority that is
// responsible for a matched service, and a receipt to the person if they gave an address.
//
//	matched event ─▶ Handle ─▶ open ─▶ plan ─▶ claim the ledger ─▶ for each group of mails: hand to SES ─▶ record
//
// A message is done when every mail of its application is sent or has failed for good; until then it comes back, and
// in the end lands in the dead-letter queue. The plan is the same each time, and each mail has an id that the store
// remembers it under, so that coming back never repeats what is done.
//
// # The one window for a second e-mail
//
// SES has no idempotency token. The mails of an application are therefore recorded as "sending" before they are handed
// over, a few at a time (GroupSize), by one holder whose lease outlives the invocation; and what became of a group is
// recorded after it, in the same write as the next group's "sending". If the function dies between SES's taking a mail and
// that record, or SES's answer is lost, nobody knows whether the mail went. When the lease has run out, it is sent again:
// a second e-mail to an authority costs it a glance, one that never went costs a person their place. This is the only way
// in which e-mails go twice; it needs a crash or a lost answer in that window, and each such event makes at most one
// group go again, a lost answer one mail.
//
// Files: handler.go (a batch), message.go (one message), open.go (what to tell), plan.go (which mails),
// authority.go and receipt.go (what they say), speaker.go, letter.go and templates/ (in words, as text and HTML), outbox.go
// (all mails, once), outcome.go (one group), ses.go and refusal.go (handing over, and what a refusal means).
package notification
