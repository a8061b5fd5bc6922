package codes

import (
	"slices"
	"testing"
)

func TestListsHaveNoDuplicates(t *testing.T) {
	lists := map[string][]string{
		"Kinds": Kinds, "Needs": Needs, "LegalStatuses": LegalStatuses, "Genders": Genders, "Urgencies": Urgencies,
		"Registrations": Registrations, "Levels": Levels,
	}
	for name, list := range lists {
		sorted := slices.Sorted(slices.Values(list))
		if unique := slices.Compact(sorted); len(unique) != len(list) {
			t.Errorf("%s has a code twice: %v", name, list)
		}
	}
	if len(Needs) != 11 {
		t.Errorf("design §7 names eleven needs, the list has %d", len(Needs))
	}
}

func TestLevelRanksAscend(t *testing.T) {
	for want, level := range Levels {
		if got, ok := Level(level); !ok || got != want {
			t.Errorf("Level(%q) = %d, %v; want %d, true", level, got, ok, want)
		}
	}
	if _, ok := Level("B3"); ok {
		t.Error("Level accepts B3, which CEFR does not have")
	}
}

func TestOccupation(t *testing.T) {
	for code, want := range map[string]bool{"2221": true, "2": true, "0": true, "": false, "22211": false, "22a": false, "٢": false} {
		if got := Occupation(code); got != want {
			t.Errorf("Occupation(%q) = %v, want %v", code, got, want)
		}
	}
}
