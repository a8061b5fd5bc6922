// Package ticket makes and reads the links that authorities answer referrals by: /referral/{token}. Whoever has the link
// is the authority, as there are no accounts; so a token is bound to one referral and one authority, expires, can be
// revoked, and can't be made or changed by anybody else: it ends in a MAC (HMAC-SHA-256, Tink) under a keyset of its own,
// which is kept like the root keysets of package vault.
//
// A token holds ids only, 76 characters of base64url in all:
//
//	version 1 · expires 4 · generation 1-3, round 1-3 · reference 12 · length 1, authority 16 · Tink's prefix 5 (the key's id), tag 16   bytes
//
// The country is in what the MAC is made over. Revoking is the store's: a referral's links have a generation, and one of
// an earlier generation than the referral's is void.
package ticket

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/miict/immerse/shared/vault"
)

// A Ticket is what a token says.
type Ticket struct {
	Reference  string    // of the application, "ES-7K3M-9QXT-40AB"
	Authority  string    // the id of the organization that it was made for
	Round      int       // of the application's matches that the referral is about, from 0 to 65535
	Generation int       // of the referral's links, from 0 to 65535; an earlier one than the referral's is revoked
	Expires    time.Time // to the second
}

// Errors of reading a token.
var (
	// ErrInvalid is for whatever we did not make, or did not make like this.
	ErrInvalid = errors.New("no valid link")
	// ErrExpired is for a link of ours whose time is over; the ticket is given beside it.
	ErrExpired = errors.New("the link has expired")
)

// Path is what stands before a token in a link's path.
const Path = "/referral/"

const (
	version         = 1
	referenceLength = 12  // letters of a reference behind its country's
	longestToken    = 512 // characters; what is longer is none
)

// encode gives the bytes of a ticket. The country is left out: it is bound by the MAC.
func encode(country string, t Ticket) ([]byte, error) {
	reference, ok := vault.NormalizeReference(country, t.Reference)
	seconds := t.Expires.Unix()
	switch {
	case !ok || reference != t.Reference:
		return nil, fmt.Errorf("%q is no reference of %s", t.Reference, country)
	case t.Generation < 0 || t.Generation > math.MaxUint16 || t.Round < 0 || t.Round > math.MaxUint16:
		return nil, fmt.Errorf("generation %d and round %d of a link of %s", t.Generation, t.Round, t.Reference)
	case seconds < 0 || seconds > math.MaxUint32:
		return nil, fmt.Errorf("a link of %s can't expire at %s", t.Reference, t.Expires)
	case t.Authority == "" || len(t.Authority) > math.MaxUint8:
		return nil, fmt.Errorf("a link of %s for an authority of %d bytes", t.Reference, len(t.Authority))
	}
	out := []byte{version}
	out = binary.BigEndian.AppendUint32(out, uint32(seconds))
	out = binary.AppendUvarint(binary.AppendUvarint(out, uint64(t.Generation)), uint64(t.Round))
	out = append(out, strings.ReplaceAll(reference[len(country):], "-", "")...)
	if id, ok := packUUID(t.Authority); ok {
		return append(append(out, 0), id...), nil
	}
	return append(append(out, byte(len(t.Authority))), t.Authority...), nil // #nosec G115 -- at most 255, see above
}

// decode reads the bytes of a ticket. ok is false unless they are exactly those that encode makes of it.
func decode(country string, in []byte) (t Ticket, ok bool) {
	if len(in) < 5 || in[0] != version {
		return Ticket{}, false
	}
	t.Expires = time.Unix(int64(binary.BigEndian.Uint32(in[1:])), 0).UTC()
	generation, n := binary.Uvarint(in[5:])
	if n <= 0 {
		return Ticket{}, false
	}
	round, m := binary.Uvarint(in[5+n:])
	if m <= 0 || generation > math.MaxUint16 || round > math.MaxUint16 || len(in) < 5+n+m+referenceLength+1 {
		return Ticket{}, false
	}
	t.Generation, t.Round = int(generation), int(round)
	rest := in[5+n+m:]
	if t.Reference, ok = vault.NormalizeReference(country, country+string(rest[:referenceLength])); !ok {
		return Ticket{}, false
	}
	length, authority := int(rest[referenceLength]), rest[referenceLength+1:]
	switch {
	case length == 0 && len(authority) == 16:
		t.Authority = unpackUUID(authority)
	case length == 0 || length != len(authority):
		return Ticket{}, false
	default:
		t.Authority = string(authority)
	}
	again, err := encode(country, t)
	return t, err == nil && string(again) == string(in)
}

// packUUID gives the 16 bytes of a UUID as catalogues write it.
func packUUID(id string) ([]byte, bool) {
	packed, err := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
	if err != nil || len(packed) != 16 || unpackUUID(packed) != id {
		return nil, false
	}
	return packed, true
}

func unpackUUID(packed []byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", packed[:4], packed[4:6], packed[6:8], packed[8:10], packed[10:])
}
