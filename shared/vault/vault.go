// Package vault keeps what people tell us readable only for whoever needs it (design §7).
//
//	                    KMS key of the country
//	                       │ encrypts, bound to country and opener
//	              root keyset of each opener (HPKE key pair)
//	                       │ wraps                       secret of the person
//	                       │                                │ wraps
//	 data key of each part ┴────────────────────────────────┘   one item a person in the keys table
//	   │ seals, bound to country, reference and part
//	profile · contact · result · dialogue                       in the applications table
//
// Each part of an application has a data key of its own, made for this person. The data key is wrapped once for every
// function that may open the part, and once for the person's own secret. Intake holds only public keys: it can seal,
// and can open again only while the person shows the secret. Deleting the person's item in the keys table makes every
// part unreadable, in backups too once that table's own backups have run out.
//
// All cryptography is Tink's (HPKE X25519-HKDF-SHA256-AES-256-GCM, AES-256-GCM) and the standard library's HKDF.
package vault

import (
	"errors"
	"slices"
)

// A Part of an application is sealed by itself.
type Part string

// The parts, by what they hold.
const (
	Profile  Part = "profile"  // what matching needs
	Contact  Part = "contact"  // how to reach the person, and their message
	Result   Part = "result"   // what matching concluded
	Dialogue Part = "dialogue" // what authorities ask the person, and what the person answers
)

// An Opener is a function that may open some of the parts.
type Opener string

// The openers.
const (
	Matching     Opener = "matching"
	Notification Opener = "notification"
	Referral     Opener = "referral"
)

// Openers are all of them, in a fixed order.
var Openers = []Opener{Matching, Notification, Referral}

// person is the third opener of every part: whoever holds the secret.
const person Opener = "person"

// mayOpen says which functions may open which part: the access rule of design §7 in one place.
var mayOpen = map[Part][]Opener{
	Profile:  {Matching},
	Contact:  {Notification},
	Result:   {Matching, Notification, Referral},
	Dialogue: {Referral},
}

// mayRelease says which parts an opener may give to another later, for one purpose at a time: see Ring.Release.
var mayRelease = map[Part]Opener{Contact: Referral}

var parts = []Part{Profile, Contact, Result, Dialogue}

// Errors of this package.
var (
	// ErrSealed is for a part that this opener has no key for, or that doesn't open with it.
	ErrSealed = errors.New("sealed: no key opens this")
	// ErrNoRoot is for an opener whose root keyset was not made yet.
	ErrNoRoot = errors.New("no root keyset")
	// ErrRootExists is for making a root keyset that is there.
	ErrRootExists = errors.New("root keyset exists")
)

// Keys is the item of one person in the keys table: nothing in it can be read without a root keyset or the secret.
type Keys struct {
	ID    string            // random; the application names it
	Wraps map[string][]byte // by "<part>:<opener>", the part's data key wrapped for that opener; released ones by WrapName
}

func wrapName(part Part, opener Opener) string { return string(part) + ":" + string(opener) }

// bindTo binds a ciphertext to its place, so that nobody can move one person's data under another's name.
func bindTo(country, reference string, part Part, opener Opener) []byte {
	return []byte("immerse v1|" + country + "|" + reference + "|" + string(part) + "|" + string(opener))
}

func opens(opener Opener, part Part) bool { return slices.Contains(mayOpen[part], opener) }
