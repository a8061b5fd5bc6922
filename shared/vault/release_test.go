package vault_test

import (
	"bytes"
	"errors"
	"maps"
	"testing"

	"github.com/miict/immerse/shared/vault"
	"github.com/miict/immerse/shared/vault/vaulttest"
)

// released makes keys to which the contact's was released for one organization, as notification does it.
func released(t *testing.T, v *vaulttest.Vault, keys vault.Keys, organization string) vault.Keys {
	t.Helper()
	to, err := vault.LoadReceiver(t.Context(), vault.Referral, v)
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err := v.Ring(t, vault.Notification).Release(reference, keys, vault.Contact, to, organization)
	if err != nil {
		t.Fatal(err)
	}
	more := vault.Keys{ID: keys.ID, Wraps: maps.Clone(keys.Wraps)}
	more.Wraps[vault.WrapName(vault.Contact, vault.Referral, organization)] = wrapped
	return more
}

func TestTheContactOpensOnceItIsReleased(t *testing.T) {
	v := vaulttest.New(t, "ES")
	sealed, keys := sealAll(t, v.Sealer(t), reference)
	ring := v.Ring(t, vault.Referral)
	if _, err := ring.OpenReleased(reference, keys, vault.Contact, "one"); !errors.Is(err, vault.ErrSealed) || ring.Released(keys, vault.Contact, "one") {
		t.Errorf("before: error %v, want ErrSealed", err)
	}
	keys = released(t, v, keys, "one")
	person, err := ring.OpenReleased(reference, keys, vault.Contact, "one")
	if err != nil || !ring.Released(keys, vault.Contact, "one") {
		t.Fatal(err)
	}
	if got := opened(t, person, sealed); join(got) != "[contact]" {
		t.Errorf("what is released opens %v, want the contact", got)
	}
	general, err := ring.Person(reference, keys)
	if err != nil {
		t.Fatal(err)
	}
	if got := opened(t, general, sealed); join(got) != "[result dialogue]" {
		t.Errorf("without the organization it opens %v", got)
	}
}

func TestWhatIsReleasedIsForOneOrganizationAndPerson(t *testing.T) {
	v := vaulttest.New(t, "ES")
	_, keys := sealAll(t, v.Sealer(t), reference)
	keys = released(t, v, keys, "one")
	wrapped := keys.Wraps[vault.WrapName(vault.Contact, vault.Referral, "one")]
	ring := v.Ring(t, vault.Referral)
	moved := func(name string) vault.Keys { return vault.Keys{Wraps: map[string][]byte{name: wrapped}} }
	for what, try := range map[string]func() error{
		"another organization": func() error {
			_, err := ring.OpenReleased(reference, moved(vault.WrapName(vault.Contact, vault.Referral, "two")), vault.Contact, "two")
			return err
		},
		"another person": func() error {
			_, err := ring.OpenReleased("ES-0000-0000-0000", keys, vault.Contact, "one")
			return err
		},
		"another part": func() error {
			_, err := ring.OpenReleased(reference, moved(vault.WrapName(vault.Profile, vault.Referral, "one")), vault.Profile, "one")
			return err
		},
		"another opener": func() error {
			_, err := v.Ring(t, vault.Matching).OpenReleased(reference, moved(vault.WrapName(vault.Contact, vault.Matching, "one")), vault.Contact, "one")
			return err
		},
		"gone": func() error {
			_, err := ring.OpenReleased(reference, vault.Keys{}, vault.Contact, "one")
			return err
		},
	} {
		if err := try(); !errors.Is(err, vault.ErrSealed) {
			t.Errorf("%s: error %v, want ErrSealed", what, err)
		}
	}
	for bit := range len(wrapped) * 8 {
		changed := bytes.Clone(wrapped)
		changed[bit/8] ^= 1 << (bit % 8)
		_, err := ring.OpenReleased(reference, vault.Keys{Wraps: map[string][]byte{vault.WrapName(vault.Contact, vault.Referral, "one"): changed}}, vault.Contact, "one")
		if !errors.Is(err, vault.ErrSealed) {
			t.Fatalf("bit %d flipped: error %v", bit, err)
		}
	}
}

func TestOnlyTheContactIsReleasedAndOnlyByItsOpener(t *testing.T) {
	v := vaulttest.New(t, "ES")
	_, keys := sealAll(t, v.Sealer(t), reference)
	referral, err := vault.LoadReceiver(t.Context(), vault.Referral, v)
	if err != nil {
		t.Fatal(err)
	}
	matching, err := vault.LoadReceiver(t.Context(), vault.Matching, v)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		by   vault.Opener
		part vault.Part
		to   *vault.Receiver
	}{
		{vault.Matching, vault.Contact, referral}, {vault.Matching, vault.Profile, referral}, {vault.Notification, vault.Profile, referral},
		{vault.Notification, vault.Result, referral}, {vault.Notification, vault.Contact, matching}, {vault.Referral, vault.Contact, referral},
	} {
		if _, err := v.Ring(t, c.by).Release(reference, keys, c.part, c.to, "one"); !errors.Is(err, vault.ErrSealed) {
			t.Errorf("%s released %s: %v", c.by, c.part, err)
		}
	}
	if _, err := vault.LoadReceiver(t.Context(), vault.Referral, vaulttest.New(t, "ES")); !errors.Is(err, vault.ErrNoRoot) {
		t.Errorf("a receiver that was never made: %v", err)
	}
}

// TestApplicationsOfEarlierReleases: keys that were wrapped before there was a dialogue open all that they did.
func TestApplicationsOfEarlierReleases(t *testing.T) {
	v := vaulttest.New(t, "ES")
	sealed, keys := sealAll(t, v.Sealer(t), reference)
	for _, name := range []string{"result:referral", "dialogue:referral", "dialogue:person"} {
		if _, ok := keys.Wraps[name]; !ok {
			t.Fatalf("no wrap %s", name)
		}
		delete(keys.Wraps, name)
	}
	person, err := vault.PersonBySecret("ES", reference, keys, secret)
	if err != nil {
		t.Fatal(err)
	}
	if got := opened(t, person, sealed); join(got) != "[profile contact result]" {
		t.Errorf("the person opens %v", got)
	}
	if _, err := v.Ring(t, vault.Referral).Person(reference, keys); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("referral without its wrap: %v", err)
	}
}
