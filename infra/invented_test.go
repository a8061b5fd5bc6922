package main

import (
	"bytes"
	"os"
	"slices"
	"testing"

	"github.com/miict/immerse/shared/country"
)

// invented is a country that only a folder of test data knows.
func invented(t *testing.T) *country.Pack {
	t.Helper()
	packs, err := load([]string{"xx"}, func(code string) (*country.Pack, error) {
		return country.LoadFS(os.DirFS("../shared/country/testdata"), code)
	})
	if err != nil {
		t.Fatal(err)
	}
	return packs[0]
}

// A fourth country is a pack: with nothing but its data it gets the stacks that Spain has, under its own names.
func TestAFurtherCountryIsData(t *testing.T) {
	needsNode(t)
	made := synth(invented(t))
	for _, name := range []string{"Immerse-XX", "Immerse-XX-Mail"} {
		mine, ok := made[name]
		if !ok {
			t.Fatalf("no stack %s", name)
		}
		spain := templates["Immerse-ES"+name[len("Immerse-XX"):]]
		if !slices.Equal(logicalIDs(mine), logicalIDs(spain)) {
			t.Errorf("%s holds other resources than Spain's", name)
		}
		for _, word := range []string{"immerse-es", "eu-south-2", `"es"`, `"ES"`} {
			if bytes.Contains(mine.text, []byte(word)) {
				t.Errorf("%s speaks of %s", name, word)
			}
		}
	}
	check(t, "Immerse-XX", made["Immerse-XX"])
	check(t, "Immerse-XX-Mail", made["Immerse-XX-Mail"])
}

// A country whose mail leaves from another region has its events brought home over a bus; the others pay for none.
func TestEventsOfMailsComeHome(t *testing.T) {
	needsNode(t)
	pack := invented(t)
	pack.MailRegion = "eu-west-3"
	made := synth(pack)
	home, away := made["Immerse-XX"], made["Immerse-XX-Mail"]
	check(t, "Immerse-XX", home)
	check(t, "Immerse-XX-Mail", away)
	if len(home.of("AWS::Events::EventBus")) != 1 || len(away.of("AWS::Events::Rule")) != 1 ||
		!bytes.Contains(away.text, []byte(":events:eu-west-1:")) || !bytes.Contains(away.text, []byte("event-bus/immerse-xx-mail")) {
		t.Error("nothing passes the events on")
	}
	for id, rule := range home.of("AWS::Events::Rule") {
		if rule.at("ScheduleExpression") == nil && rule.at("EventBusName") == nil {
			t.Errorf("%s hears nothing: it is on the default bus", id)
		}
	}
	if spain := templates["Immerse-ES"]; len(spain.of("AWS::Events::EventBus")) != 0 {
		t.Error("Spain pays for a bus")
	}
}

func logicalIDs(t template) []string {
	var all []string
	for id := range t.Resources {
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}

func TestABadPackMakesNoStack(t *testing.T) {
	_, err := load([]string{"xx"}, func(string) (*country.Pack, error) {
		pack := invented(t)
		pack.Region = "Ireland"
		return pack, nil
	})
	if err == nil {
		t.Error("a pack with a wrong region was taken")
	}
}
