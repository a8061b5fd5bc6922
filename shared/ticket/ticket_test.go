package ticket_test

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tink-crypto/tink-go/v2/tink"
	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/ticket"
	"github.com/miict/immerse/shared/vault"
	"github.com/miict/immerse/shared/vault/vaulttest"
)

var (
	start  = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	sample = ticket.Ticket{
		Reference: "ES-7K3M-9QXT-40AB", Authority: "c9b92597-6693-54b5-a0a2-50b6b385783c", Generation: 1,
		Expires: start.Add(90 * 24 * time.Hour),
	}
)

// A clock that a test moves on.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func book(t testing.TB, v *vaulttest.Vault, now func() time.Time) *ticket.Book {
	t.Helper()
	made, err := ticket.Load(context.Background(), v.Country, v, v.Master(), now)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func issue(t testing.TB, b *ticket.Book, of ticket.Ticket) string {
	t.Helper()
	token, err := b.Issue(of)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestATokenSaysWhatItWasMadeFor(t *testing.T) {
	b := book(t, vaulttest.New(t, "ES"), (&clock{start}).now)
	token := issue(t, b, sample)
	if len(token) != 76 {
		t.Errorf("%d characters: %s", len(token), token)
	}
	got, err := b.Read(t.Context(), token)
	if err != nil || got != sample {
		t.Errorf("read %+v, %v", got, err)
	}
}

func TestWhateverIsIssuedIsRead(t *testing.T) {
	b := book(t, vaulttest.New(t, "ES"), (&clock{start}).now)
	rapid.Check(t, func(rt *rapid.T) {
		of := ticket.Ticket{
			Reference:  rapid.StringMatching(`ES-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}`).Draw(rt, "reference"),
			Authority:  rapid.OneOf(rapid.StringMatching(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`), rapid.StringN(1, 60, 255)).Draw(rt, "authority"),
			Round:      rapid.IntRange(0, 65535).Draw(rt, "round"),
			Generation: rapid.IntRange(0, 65535).Draw(rt, "generation"),
			Expires:    time.Unix(rapid.Int64Range(start.Unix()+1, 1<<32-1).Draw(rt, "expires"), 0).UTC(),
		}
		token := issue(t, b, of)
		if got, err := b.Read(context.Background(), token); err != nil || got != of {
			rt.Fatalf("issued %+v, read %+v, %v", of, got, err)
		}
	})
}

func TestWhatCannotBeATicket(t *testing.T) {
	b := book(t, vaulttest.New(t, "ES"), (&clock{start}).now)
	for name, change := range map[string]func(*ticket.Ticket){
		"another country":       func(k *ticket.Ticket) { k.Reference = "IT-7K3M-9QXT-40AB" },
		"a reference as typed":  func(k *ticket.Ticket) { k.Reference = "es7k3m9qxt40ab" },
		"no authority":          func(k *ticket.Ticket) { k.Authority = "" },
		"a long authority":      func(k *ticket.Ticket) { k.Authority = strings.Repeat("a", 256) },
		"a negative generation": func(k *ticket.Ticket) { k.Generation = -1 },
		"a negative round":      func(k *ticket.Ticket) { k.Round = -1 },
		"a great round":         func(k *ticket.Ticket) { k.Round = 1 << 16 },
		"a great generation":    func(k *ticket.Ticket) { k.Generation = 1 << 16 },
		"the year 1900":         func(k *ticket.Ticket) { k.Expires = start.AddDate(-126, 0, 0) },
		"the year 2200":         func(k *ticket.Ticket) { k.Expires = start.AddDate(174, 0, 0) },
	} {
		of := sample
		change(&of)
		if token, err := b.Issue(of); err == nil {
			t.Errorf("%s: issued %s", name, token)
		}
	}
}

// refused wants a token to be refused as none of ours, whatever was done to it.
func refused(t *testing.T, b *ticket.Book, what, token string) {
	t.Helper()
	if got, err := b.Read(t.Context(), token); !errors.Is(err, ticket.ErrInvalid) || got != (ticket.Ticket{}) {
		t.Errorf("%s: %q was read as %+v, %v", what, token, got, err)
	}
}

func TestEveryChangedBitIsRefused(t *testing.T) {
	b := book(t, vaulttest.New(t, "ES"), (&clock{start}).now)
	for _, authority := range []string{sample.Authority, "cáritas"} {
		of := sample
		of.Authority = authority
		token := issue(t, b, of)
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			t.Fatal(err)
		}
		for bit := range len(raw) * 8 {
			raw[bit/8] ^= 1 << (bit % 8)
			refused(t, b, "a bit of what is signed", base64.RawURLEncoding.EncodeToString(raw))
			raw[bit/8] ^= 1 << (bit % 8)
		}
		for bit := range len(token) * 8 {
			changed := []byte(token)
			changed[bit/8] ^= 1 << (bit % 8)
			refused(t, b, "a bit of the text", string(changed))
		}
		if _, err := b.Read(t.Context(), token); err != nil {
			t.Fatalf("the token itself: %v", err) // so that what was refused was refused for its change
		}
	}
}

func TestOtherWritingsOfATokenAreRefused(t *testing.T) {
	b := book(t, vaulttest.New(t, "ES"), (&clock{start}).now)
	token := issue(t, b, sample)
	for length := range len(token) {
		refused(t, b, "cut short", token[:length])
		refused(t, b, "its end", token[len(token)-length:])
		refused(t, b, "a line break", token[:length]+"\n"+token[length:])
		refused(t, b, "a space", token[:length]+" "+token[length:])
		refused(t, b, "a letter left out", token[:length]+token[length+1:])
	}
	raw, _ := base64.RawURLEncoding.DecodeString(token)
	for what, text := range map[string]string{
		"padded":           token + "=",
		"more":             token + "A",
		"twice":            token + token,
		"percent-encoded":  "%" + token,
		"very long":        strings.Repeat(token, 1000),
		"small letters":    strings.ToLower(token),
		"a byte more":      base64.RawURLEncoding.EncodeToString(append(raw[:len(raw):len(raw)], 0)),
		"a byte in front":  base64.RawURLEncoding.EncodeToString(append([]byte{1}, raw...)),
		"only the tag":     base64.RawURLEncoding.EncodeToString(raw[len(raw)-21:]),
		"nothing":          "",
		"not even letters": "\x00\xff",
	} {
		refused(t, b, what, text)
	}
	// 58 bytes, as of another authority's link, make 78 letters, the last of which has four bits that mean nothing.
	other := sample
	other.Authority = "seventeen letters"
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for _, token := range []string{token, issue(t, b, other)} {
		for _, last := range letters {
			if changed := token[:len(token)-1] + string(last); changed != token {
				refused(t, b, "other bits at its end", changed)
			}
		}
	}
}

func TestNoTokenOfAnotherKind(t *testing.T) {
	v := vaulttest.New(t, "ES")
	clock := &clock{start}
	b := book(t, v, clock.now)
	refused(t, b, "one of another vault", issue(t, book(t, vaulttest.New(t, "ES"), clock.now), sample))
	italian := sample
	italian.Reference = "IT-7K3M-9QXT-40AB"
	refused(t, b, "another country's, of the same keys", issue(t, sameKeys(t, v, "IT", clock), italian))
	form, err := b.Form(issue(t, b, sample))
	if err != nil {
		t.Fatal(err)
	}
	refused(t, b, "a form's", form)
}

// lax is a master key that opens keysets for whatever country: it makes the worst of a mistake in the KMS key's policy.
type lax struct {
	tink.AEADWithContext
	country string
}

func (l lax) DecryptWithContext(ctx context.Context, ciphertext, _ []byte) ([]byte, error) {
	return l.AEADWithContext.DecryptWithContext(ctx, ciphertext, vault.RootContext(l.country, ticket.Opener))
}

// sameKeys makes a book of another country that has the very same keyset.
func sameKeys(t *testing.T, v *vaulttest.Vault, country string, clock *clock) *ticket.Book {
	t.Helper()
	made, err := ticket.Load(t.Context(), country, v, lax{v.Master(), v.Country}, clock.now)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestALinkExpires(t *testing.T) {
	clock := &clock{start}
	b := book(t, vaulttest.New(t, "ES"), clock.now)
	token := issue(t, b, sample)
	clock.at = sample.Expires.Add(-time.Second)
	if _, err := b.Read(t.Context(), token); err != nil {
		t.Errorf("a second before: %v", err)
	}
	clock.at = sample.Expires
	got, err := b.Read(t.Context(), token)
	if !errors.Is(err, ticket.ErrExpired) || got != sample {
		t.Errorf("then: %+v, %v", got, err)
	}
}

func TestAFormIsForOneLink(t *testing.T) {
	clock := &clock{start}
	b := book(t, vaulttest.New(t, "ES"), clock.now)
	link, other := issue(t, b, sample), issue(t, b, ticket.Ticket{Reference: sample.Reference, Authority: "other", Expires: sample.Expires})
	form, err := b.Form(link)
	if err != nil {
		t.Fatal(err)
	}
	id, err := b.ReadForm(t.Context(), link, form)
	if err != nil || len(id) != 11 {
		t.Errorf("id %q, %v", id, err)
	}
	if again, _ := b.ReadForm(t.Context(), link, form); again != id {
		t.Errorf("sent twice, it is %q and %q", id, again)
	}
	second, _ := b.Form(link)
	if another, _ := b.ReadForm(t.Context(), link, second); another == id {
		t.Error("two forms have the same id")
	}
	raw, _ := base64.RawURLEncoding.DecodeString(form)
	for bit := range len(raw) * 8 {
		raw[bit/8] ^= 1 << (bit % 8)
		if _, err := b.ReadForm(t.Context(), link, base64.RawURLEncoding.EncodeToString(raw)); !errors.Is(err, ticket.ErrInvalid) {
			t.Errorf("bit %d: %v", bit, err)
		}
		raw[bit/8] ^= 1 << (bit % 8)
	}
	for what, of := range map[string]string{"another link": other, "no link": "", "part of the link": link[1:]} {
		if _, err := b.ReadForm(t.Context(), of, form); !errors.Is(err, ticket.ErrInvalid) {
			t.Errorf("under %s: %v", what, err)
		}
	}
	if _, err := b.ReadForm(t.Context(), link, link); !errors.Is(err, ticket.ErrInvalid) {
		t.Errorf("the link itself as a form: %v", err)
	}
	clock.at = start.Add(13 * time.Hour)
	if _, err := b.ReadForm(t.Context(), link, form); !errors.Is(err, ticket.ErrExpired) {
		t.Errorf("the next day: %v", err)
	}
}

func TestKeysChangeAndLinksStayGood(t *testing.T) {
	v, clock, ctx := vaulttest.New(t, "ES"), &clock{start}, t.Context()
	reader := book(t, v, clock.now) // runs all the while
	forever := sample
	forever.Expires = start.AddDate(10, 0, 0)
	var tokens []string
	for quarter := range 5 {
		if err := ticket.Renew(ctx, "ES", v, v.Master(), clock.at); err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, issue(t, book(t, v, clock.now), forever))
		for i, token := range tokens {
			if _, err := reader.Read(ctx, token); err != nil {
				t.Errorf("quarter %d: the link of quarter %d: %v", quarter, i, err)
			}
		}
		clock.at = clock.at.Add(90 * 24 * time.Hour)
	}
	prefixes := map[string]bool{}
	for _, token := range tokens {
		raw, _ := base64.RawURLEncoding.DecodeString(token)
		prefixes[string(raw[len(raw)-21:len(raw)-16])] = true
	}
	if len(prefixes) != len(tokens) {
		t.Errorf("%d keys signed %d links, one a quarter", len(prefixes), len(tokens))
	}
	if err := ticket.Renew(ctx, "ES", v, v.Master(), clock.at); err != nil {
		t.Fatal(err)
	}
	refused(t, book(t, v, clock.now), "of a key more than a year old", tokens[0])
	if _, err := book(t, v, clock.now).Read(ctx, tokens[1]); err != nil {
		t.Errorf("of a key a year old: %v", err)
	}
}

func TestRenewingAtOnceMakesOneKey(t *testing.T) {
	v, clock := vaulttest.New(t, "ES"), &clock{start}
	old := issue(t, book(t, v, clock.now), sample)
	before, _ := v.Root(t.Context(), ticket.Opener)
	later := start.Add(91 * 24 * time.Hour)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if err := ticket.Renew(context.Background(), "ES", v, v.Master(), later); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	after, _ := v.Root(t.Context(), ticket.Opener)
	if string(after.Private) == string(before.Private) || !after.At.Equal(later) {
		t.Errorf("the keyset is of %s", after.At)
	}
	if _, err := book(t, v, clock.now).Read(t.Context(), old); err != nil {
		t.Error(err)
	}
	if err := ticket.Renew(t.Context(), "ES", v, v.Master(), later.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if again, _ := v.Root(t.Context(), ticket.Opener); string(again.Private) != string(after.Private) {
		t.Error("renewed again an hour later")
	}
}

// counting counts how often the keyset is read.
type counting struct {
	vault.Roots
	reads int
}

func (c *counting) Root(ctx context.Context, opener vault.Opener) (vault.Root, error) {
	c.reads++
	return c.Roots.Root(ctx, opener)
}

func TestMadeUpKeysDoNotCostAReadEach(t *testing.T) {
	v, clock := vaulttest.New(t, "ES"), &clock{start}
	roots := &counting{Roots: v}
	b, err := ticket.Load(t.Context(), "ES", roots, v.Master(), clock.now)
	if err != nil {
		t.Fatal(err)
	}
	made := issue(t, book(t, vaulttest.New(t, "ES"), clock.now), sample) // signed with a key that b doesn't know
	before := roots.reads
	for second := range 300 {
		clock.at = start.Add(time.Duration(second) * time.Second)
		refused(t, b, "made up", made)
	}
	if reads := roots.reads - before; reads != 59 {
		t.Errorf("%d reads in five minutes", reads)
	}
}

func TestWhoFollowsMakesNoKeys(t *testing.T) {
	v, clock := vaulttest.New(t, "ES"), &clock{start}
	reader, err := ticket.Follow(t.Context(), "ES", v, v.Master(), clock.now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Root(t.Context(), ticket.Opener); !errors.Is(err, vault.ErrNoRoot) {
		t.Errorf("a keyset was made: %v", err)
	}
	refused(t, reader, "before there are keys", issue(t, book(t, vaulttest.New(t, "ES"), clock.now), sample))
	if token, err := reader.Issue(sample); err == nil {
		t.Errorf("issued %s without keys", token)
	}
	token := issue(t, book(t, v, clock.now), sample)
	if got, err := reader.Read(t.Context(), token); err != nil || got != sample {
		t.Errorf("read %+v, %v", got, err)
	}
	if _, err := reader.Form(token); err != nil {
		t.Error(err)
	}
}
