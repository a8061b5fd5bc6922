package groups_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/groups"
)

var at = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestNames(t *testing.T) {
	t.Parallel()
	year := func(y int) *int { return &y }
	skills := func(list ...string) (all []eligibility.LanguageSkill) {
		for i := 0; i < len(list); i += 2 {
			all = append(all, eligibility.LanguageSkill{Code: list[i], Level: list[i+1]})
		}
		return all
	}
	all := groups.Attributes
	for want, c := range map[string]struct {
		by []groups.Attribute
		p  eligibility.Profile
	}{
		"language=ar":  {all[:1], eligibility.Profile{Languages: skills("es", "B1", "ar-SY", "native", "fr", "native")}},
		"language=fr":  {all[:1], eligibility.Profile{Languages: skills("es", "A1", "fr", "C1")}},
		"gender=male":  {all[1:2], eligibility.Profile{Gender: "male"}},
		"age=18-24":    {all[2:3], eligibility.Profile{BirthYear: year(2008)}},
		"age=0-17":     {all[2:3], eligibility.Profile{BirthYear: year(2009)}},
		"age=60+":      {all[2:3], eligibility.Profile{BirthYear: year(1900)}},
		groups.NotSaid: {all, eligibility.Profile{Gender: "undisclosed", LegalStatus: "José", BirthYear: year(2030), Languages: skills("María", "native", "ar", "?")}},
		"gender=not said, legal_status=other": {
			[]groups.Attribute{groups.Gender, groups.LegalStatus}, eligibility.Profile{LegalStatus: "other"},
		},
	} {
		if got := groups.Name(c.by, c.p, at); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var names []string
		for _, name := range []string{"a", "b", "c", "d", groups.NotSaid} {
			names = append(names, slices.Repeat([]string{name}, rapid.IntRange(0, 25).Draw(t, name))...)
		}
		merged := groups.Merge(names)
		size := map[string]int{}
		for i, name := range merged {
			size[name]++
			if (name == groups.NotSaid) != (names[i] == groups.NotSaid) {
				t.Fatal("who said nothing is a group of its own")
			}
			if name != groups.Merged && name != names[i] {
				t.Fatalf("%s became %s", names[i], name)
			}
		}
		for name, n := range size {
			if n < groups.Smallest && name != groups.NotSaid && len(size) > 2 {
				t.Fatalf("%s has %d people: %v", name, n, size)
			}
		}
	})
}
