package events_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/events/eventstest"
)

var update = flag.Bool("update", false, "write golden files that are not there yet; never after a release")

// samples holds one event of every type and version.
var samples = []events.Payload{
	&events.ApplicationSubmittedV1{Country: "ES"},
	&events.ApplicationMatchedV1{Country: "ES", SubmittedAt: at, Catalogue: "3f9a1c20"},
	&events.ReferralDecidedV1{
		Country: "ES", Authority: "54afe180-8da6-5747-bd00-7f1ea2c01c89", Round: 1, Step: "accepted", Act: "q83vEjRWeJA",
	},
	&events.ApplicationWithdrawnV1{Country: "ES"},
	&events.ReferralUnmetV1{Country: "ES", Authority: "54afe180-8da6-5747-bd00-7f1ea2c01c89", Round: 1, Tries: 2},
	&events.ReferralDueV1{Country: "ES", Authority: "54afe180-8da6-5747-bd00-7f1ea2c01c89", Round: 1, What: events.Remind},
	&events.DigestDueV1{Country: "ES", Authority: "54afe180-8da6-5747-bd00-7f1ea2c01c89", Day: "2026-11-23", Part: 1, Before: at, AtOnce: true},
	&events.PlacesOverV1{Country: "ES", Application: "ES-7K3M-9QXT-40AB"},
	&events.CatalogueChangedV1{
		Country: "ES", Catalogue: "3f9a1c20", Services: []string{"f766e11e-3513-53a6-a69a-44e19da4ff00"},
		After: "2026-11-22T09:30:00.000Z ES-7K3M-9QXT-40AB", Again: true, Pending: []string{"ES-7K3M-9QXT-40AB"}, Tries: 2,
	},
}

var at = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

func sample(t *testing.T, payload events.Payload) events.Envelope {
	t.Helper()
	envelope, err := events.New(events.Origin{
		ID: "01JD8Z0000000000000000000A", Source: "/es/intake", Subject: "ES-7K3M-9QXT-40AB", Time: at,
		TraceParent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
	}, payload)
	if err != nil {
		t.Fatal(err)
	}
	return envelope
}

func TestGoldenFilesRoundTrip(t *testing.T) {
	for _, payload := range samples {
		name := strings.TrimPrefix(payload.EventType(), "eu.immerse.") + ".json"
		t.Run(name, func(t *testing.T) {
			message, err := json.MarshalIndent(sample(t, payload), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(golden, append(message, '\n'), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimSpace(string(want)), string(message)); diff != "" {
				t.Errorf("written event differs from %s (-golden +written):\n%s", golden, diff)
			}
			eventstest.RequireValid(t, want)
			_, decoded, err := events.Decode(want)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(payload, decoded); diff != "" {
				t.Errorf("decoded payload differs (-sent +decoded):\n%s", diff)
			}
		})
	}
}

func TestEveryTypeHasASchemaAndAGoldenFile(t *testing.T) {
	for _, dir := range []string{"schemas", "testdata"} {
		files, err := filepath.Glob(dir + "/*.v*.json")
		if err != nil {
			t.Fatal(err)
		}
		if len(files) != len(samples) {
			t.Errorf("%s holds %d event types, the samples are %d", dir, len(files), len(samples))
		}
	}
}

func TestManyServicesAreToldByManyEvents(t *testing.T) {
	services := make([]string, 2*events.MostServices+1)
	for i := range services {
		services[i] = fmt.Sprint("service-", i)
	}
	made, err := events.CatalogueChanges("ES", "v1", services, events.Origin{Source: "/es/operator", Time: at}, func() string { return "1" })
	if err != nil || len(made) != 3 {
		t.Fatalf("%d events, %v", len(made), err)
	}
	var told []string
	for _, event := range made {
		eventstest.RequireValid(t, eventstest.Encode(t, event))
		_, payload, err := events.Decode(eventstest.Encode(t, event))
		if err != nil {
			t.Fatal(err)
		}
		told = append(told, payload.(*events.CatalogueChangedV1).Services...)
	}
	if diff := cmp.Diff(services, told); diff != "" {
		t.Errorf("services (-given +told):\n%s", diff)
	}
}

func TestDecodeRefusesWhatItDoesNotKnow(t *testing.T) {
	valid := string(eventstest.Encode(t, sample(t, samples[0])))
	messages := map[string]string{
		"not JSON":        "<xml/>",
		"empty":           "",
		"another type":    strings.Replace(valid, "submitted.v1", "teleported.v1", 1),
		"a later version": strings.Replace(valid, "submitted.v1\"", "submitted.v2\"", 1),
		"another spec":    strings.Replace(valid, `"specversion":"1.0"`, `"specversion":"0.3"`, 1),
		"no subject":      strings.Replace(valid, `"subject":"ES-7K3M-9QXT-40AB"`, `"subject":""`, 1),
		"no data":         strings.Replace(valid, `"data":{"country":"ES"}`, `"data":null`, 1),
		"other data":      strings.Replace(valid, `"country":"ES"`, `"country":[7]`, 1),
	}
	for name, message := range messages {
		if message == valid {
			t.Fatalf("%s: the sample was not changed", name)
		}
		if _, _, err := events.Decode([]byte(message)); !errors.Is(err, events.ErrUnknown) {
			t.Errorf("%s: got error %v, want ErrUnknown", name, err)
		}
	}
}

func TestDecodeLeavesUnknownFieldsAside(t *testing.T) {
	message := strings.Replace(string(eventstest.Encode(t, sample(t, samples[0]))), `"country":"ES"`, `"country":"ES","later":1`, 1)
	if _, _, err := events.Decode([]byte(message)); err != nil {
		t.Errorf("an added field must keep the version: %v", err)
	}
}
