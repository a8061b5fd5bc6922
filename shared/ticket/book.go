package ticket

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// A Book makes and reads the tokens of one country. It is safe for concurrent use.
type Book struct {
	country string
	now     func() time.Time
	keys    *keys
}

// What a MAC is made for: one made for a link is none for a form.
const (
	forLink = "link"
	forForm = "form"
)

// bind is what stands in front of what is signed.
func (b *Book) bind(purpose string) string {
	return "immerse ticket v1|" + purpose + "|" + b.country + "|"
}

// Issue makes the token of a ticket.
func (b *Book) Issue(t Ticket) (token string, err error) {
	payload, err := encode(b.country, t)
	if err != nil {
		return "", err
	}
	return b.sign(b.bind(forLink), payload)
}

// Read gives what a token says. The error wraps ErrInvalid if we didn't make it, and ErrExpired if its time is over; then
// the ticket is given all the same, to say so in the right language. Any other error is of the store or the KMS.
func (b *Book) Read(ctx context.Context, token string) (Ticket, error) {
	payload, err := b.verify(ctx, b.bind(forLink), token)
	if err != nil {
		return Ticket{}, err
	}
	t, ok := decode(b.country, payload)
	if !ok {
		return Ticket{}, ErrInvalid
	}
	if !b.now().Before(t.Expires) {
		return t, ErrExpired
	}
	return t, nil
}

const (
	formID     = 8               // random bytes
	formLife   = 12 * time.Hour  // how long a page may lie open before its form is sent
	forms      = formID + 4      // bytes: the id, and when it expires
	tagSize    = prefixSize + 16 // bytes
	prefixSize = 5
)

// Form makes the token that a page with a form carries, so that only the page which was shown under a link can act on it:
// a post without it, or with another link's, is not ours. Each has an id of its own, by which an act that is sent twice is
// known as the same.
func (b *Book) Form(link string) (token string, err error) {
	payload := make([]byte, formID, forms)
	rand.Read(payload)
	payload = binary.BigEndian.AppendUint32(payload, uint32(b.now().Add(formLife).Unix())) // #nosec G115 -- until 2106
	return b.sign(b.bindForm(link), payload)
}

// ReadForm gives the id of a form token that was made for a link. The errors are Read's.
func (b *Book) ReadForm(ctx context.Context, link, token string) (id string, err error) {
	payload, err := b.verify(ctx, b.bindForm(link), token)
	if err != nil {
		return "", err
	}
	if len(payload) != forms {
		return "", ErrInvalid
	}
	if b.now().Unix() >= int64(binary.BigEndian.Uint32(payload[formID:])) {
		return "", ErrExpired
	}
	return encoding.EncodeToString(payload[:formID]), nil
}

// bindForm names the link by its length and text, so that no other pair of link and payload gives the same bytes.
func (b *Book) bindForm(link string) string {
	return fmt.Sprintf("%s%d|%s|", b.bind(forForm), len(link), link)
}

var encoding = base64.RawURLEncoding.Strict()

func (b *Book) sign(bind string, payload []byte) (string, error) {
	tag, err := b.keys.mac().ComputeMAC(append([]byte(bind), payload...))
	if err != nil {
		return "", fmt.Errorf("signing: %w", err)
	}
	return encoding.EncodeToString(append(payload, tag...)), nil
}

// verify gives the payload of a token that was signed for this. There is one way to write each token: base64 that
// decodes to the same bytes but is written otherwise, with line breaks in it or other bits at its end, is refused.
func (b *Book) verify(ctx context.Context, bind, token string) (payload []byte, err error) {
	if len(token) > longestToken {
		return nil, ErrInvalid
	}
	signed, err := encoding.DecodeString(token)
	if err != nil || len(signed) <= tagSize || encoding.EncodeToString(signed) != token {
		return nil, ErrInvalid
	}
	payload, tag := signed[:len(signed)-tagSize], signed[len(signed)-tagSize:]
	mac, err := b.keys.macFor(ctx, binary.BigEndian.Uint32(tag[1:prefixSize]))
	if err != nil {
		return nil, err
	}
	if err := mac.VerifyMAC(tag, append([]byte(bind), payload...)); err != nil {
		return nil, errors.Join(ErrInvalid, err)
	}
	return payload, nil
}
