package vault_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/vault"
	"github.com/miict/immerse/shared/vault/vaulttest"
)

const (
	reference = "ES-7K3M-9QXT-40AB"
	secret    = "7K3M-9QXT-40AB-CDEF-0123"
)

var allParts = []vault.Part{vault.Profile, vault.Contact, vault.Result, vault.Dialogue}

// sealAll seals each part with its own name as the content.
func sealAll(t *testing.T, sealer *vault.Sealer, reference string) (map[vault.Part][]byte, vault.Keys) {
	t.Helper()
	person, keys, err := sealer.NewPerson(reference, secret)
	if err != nil {
		t.Fatal(err)
	}
	sealed := map[vault.Part][]byte{}
	for _, part := range allParts {
		if sealed[part], err = person.Seal(part, []byte(part)); err != nil {
			t.Fatal(err)
		}
	}
	return sealed, keys
}

// opened lists the parts that a person's holder can open to what was sealed.
func opened(t *testing.T, person *vault.Person, sealed map[vault.Part][]byte) []vault.Part {
	t.Helper()
	var open []vault.Part
	for _, part := range allParts {
		plaintext, err := person.Open(part, sealed[part])
		if err != nil {
			if !errors.Is(err, vault.ErrSealed) {
				t.Errorf("%s: error %v is not ErrSealed", part, err)
			}
			continue
		}
		if string(plaintext) != string(part) {
			t.Errorf("%s opened to %q", part, plaintext)
		}
		open = append(open, part)
	}
	return open
}

func TestEachOpenerOpensItsPartsOnly(t *testing.T) {
	v := vaulttest.New(t, "ES")
	sealed, keys := sealAll(t, v.Sealer(t), reference)
	want := map[vault.Opener]string{
		vault.Matching: "[profile result]", vault.Notification: "[contact result]", vault.Referral: "[result dialogue]",
	}
	for opener, parts := range want {
		person, err := v.Ring(t, opener).Person(reference, keys)
		if err != nil {
			t.Fatal(err)
		}
		if got := opened(t, person, sealed); join(got) != parts {
			t.Errorf("%s opens %v, want %s", opener, got, parts)
		}
	}
	person, err := vault.PersonBySecret("ES", reference, keys, secret)
	if err != nil {
		t.Fatal(err)
	}
	if got := opened(t, person, sealed); join(got) != "[profile contact result dialogue]" {
		t.Errorf("the person opens %v, want all", got)
	}
}

func join(parts []vault.Part) string {
	words := make([]string, len(parts))
	for i, part := range parts {
		words[i] = string(part)
	}
	return "[" + strings.Join(words, " ") + "]"
}

func TestNothingOpensUnderAnotherName(t *testing.T) {
	v := vaulttest.New(t, "ES")
	sealed, keys := sealAll(t, v.Sealer(t), reference)
	ring := v.Ring(t, vault.Matching)
	if _, err := ring.Person("ES-0000-0000-0000", keys); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("keys under another reference: error %v, want ErrSealed", err)
	}
	if _, err := vault.PersonBySecret("IT", reference, keys, secret); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("keys in another country: error %v, want ErrSealed", err)
	}
	if _, err := vault.PersonBySecret("ES", reference, keys, "0K3M-9QXT-40AB-CDEF-0123"); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("another secret: error %v, want ErrSealed", err)
	}
	person, err := ring.Person(reference, keys)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := person.Open(vault.Profile, sealed[vault.Result]); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("one part as another: error %v, want ErrSealed", err)
	}
}

func TestEveryFlippedBitIsRefused(t *testing.T) {
	v := vaulttest.New(t, "ES")
	sealed, keys := sealAll(t, v.Sealer(t), reference)
	person, err := v.Ring(t, vault.Matching).Person(reference, keys)
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(sealed[vault.Profile]) * 8 {
		changed := bytes.Clone(sealed[vault.Profile])
		changed[bit/8] ^= 1 << (bit % 8)
		if _, err := person.Open(vault.Profile, changed); !errors.Is(err, vault.ErrSealed) {
			t.Fatalf("bit %d flipped: error %v, want ErrSealed", bit, err)
		}
	}
}

func TestDeletedKeysLeaveNothingReadable(t *testing.T) {
	v := vaulttest.New(t, "ES")
	sealAll(t, v.Sealer(t), reference)
	gone := vault.Keys{}
	if _, err := v.Ring(t, vault.Notification).Person(reference, gone); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("error %v, want ErrSealed", err)
	}
	if _, err := vault.PersonBySecret("ES", reference, gone, secret); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("error %v, want ErrSealed", err)
	}
}

func TestFunctionsMayStartInAnyOrderAndAtOnce(t *testing.T) {
	v := vaulttest.New(t, "ES")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() { v.Ring(t, vault.Matching) })
		group.Go(func() { v.Sealer(t) })
	}
	group.Wait()
	sealed, keys := sealAll(t, v.Sealer(t), reference)
	person, err := v.Ring(t, vault.Matching).Person(reference, keys)
	if err != nil {
		t.Fatal(err)
	}
	if got := opened(t, person, sealed); len(got) != 2 {
		t.Errorf("after a race of starts matching opens %v", got)
	}
}

func TestAnswerOpensForTheSameRequestOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key, body := rapid.String().Draw(t, "key"), rapid.SliceOf(rapid.Byte()).Draw(t, "body")
		sealed, err := vault.SealAnswer(key, body, reference, secret)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := vault.OpenAnswer(key, body, reference, sealed); err != nil || got != secret {
			t.Fatalf("the same request gets %q, %v", got, err)
		}
		otherKey, otherBody := rapid.String().Draw(t, "other key"), rapid.SliceOf(rapid.Byte()).Draw(t, "other body")
		if otherKey == key && bytes.Equal(otherBody, body) {
			return
		}
		if _, err := vault.OpenAnswer(otherKey, otherBody, reference, sealed); !errors.Is(err, vault.ErrSealed) {
			t.Fatalf("another request: error %v, want ErrSealed", err)
		}
	})
}

func TestCodesAreReadForgivingly(t *testing.T) {
	for typed, want := range map[string]string{
		"ES-7K3M-9QXT-40AB": reference, "es7k3m9qxt4oab": reference, " es 7k3m 9qxt 40ab ": reference,
		"ES‑7K3M‑9QXT‑40AB": reference, "IT-7K3M-9QXT-40AB": "", "ES-7K3M-9QXT-40A": "", "ES-7K3M-9QXT-40AU": "",
		"": "", "ES": "", strings.Repeat("ES", 500): "", "ES-7K3M-9QXT-40A\x00": "",
	} {
		got, ok := vault.NormalizeReference("ES", typed)
		if ok != (want != "") || ok && got != want {
			t.Errorf("NormalizeReference(%q) = %q, %v; want %q", typed, got, ok, want)
		}
	}
	if got, ok := vault.NormalizeSecret("7k3m 9qxt 4oab cdef ol23"); !ok || got != secret {
		t.Errorf("NormalizeSecret = %q, %v; want %q", got, ok, secret)
	}
}

func TestMadeCodesAreNormal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reference := vault.Reference("CY", rapid.String().Draw(t, "key"))
		if got, ok := vault.NormalizeReference("CY", reference); !ok || got != reference {
			t.Fatalf("reference %q normalizes to %q, %v", reference, got, ok)
		}
		made := vault.NewSecret()
		if got, ok := vault.NormalizeSecret(made); !ok || got != made {
			t.Fatalf("secret normalizes to another: %v", ok)
		}
	})
}
