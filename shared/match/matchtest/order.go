package matchtest

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
)

// checkShape looks at what holds for each match and miss by itself.
func checkShape(t *rapid.T, result match.Result) {
	if result.Matches == nil || result.Misses == nil {
		t.Fatal("a list is nil, and would be null in JSON")
	}
	for _, m := range result.Matches {
		if m.Missing == nil {
			t.Fatalf("missing of %s is nil, and would be null in JSON", m.Service)
		}
		if !(m.Score >= 0 && m.Score <= 1) {
			t.Fatalf("score %v of %s", m.Score, m.Service)
		}
		if m.Verdict == eligibility.False {
			t.Fatalf("%s is offered though the person may not use it", m.Service)
		}
		if (m.Verdict == eligibility.Unknown) != (len(m.Missing) > 0) {
			t.Fatalf("%s is %s with %v missing", m.Service, m.Verdict, m.Missing)
		}
		checkReasons(t, m.Service, m.Reasons)
	}
	for _, m := range result.Misses {
		checkReasons(t, m.Service, m.Reasons)
	}
}

// checkReasons: there are some, all of the published list, and in its groups' order.
func checkReasons(t *rapid.T, service string, reasons []eligibility.Reason) {
	if len(reasons) == 0 {
		t.Fatalf("no reason for %s", service)
	}
	last := 0
	for _, reason := range reasons {
		at := slices.Index(eligibility.ReasonCodes, reason.Code)
		if at < 0 {
			t.Fatalf("%s: the reason %q is not of the list", service, reason.Code)
		}
		if at < last {
			t.Fatalf("%s: the reason %q is out of order in %v", service, reason.Code, reasons)
		}
		// Rules on languages repeat for each language.
		if reason.Code != eligibility.ReasonLanguageAtLeast && reason.Code != eligibility.ReasonLanguageAtMost &&
			reason.Code != eligibility.ReasonLanguageBelow && reason.Code != eligibility.ReasonLanguageAbove {
			last = at
		}
	}
}

// checkOrder: needs in the person's order, then eligible before check, then by score, then by id; and a service that
// nobody checked never above one that somebody did.
func checkOrder(t *rapid.T, profile eligibility.Profile, result match.Result, unassured map[string]bool) {
	for i := 1; i < len(result.Matches); i++ {
		a, b := result.Matches[i-1], result.Matches[i]
		needA, needB := slices.Index(profile.Needs, a.Need), slices.Index(profile.Needs, b.Need)
		inOrder := needA < needB ||
			needA == needB && a.Verdict > b.Verdict ||
			needA == needB && a.Verdict == b.Verdict && a.Score > b.Score ||
			needA == needB && a.Verdict == b.Verdict && a.Score == b.Score && a.Service < b.Service
		if !inOrder {
			t.Fatalf("out of order:\n%+v\n%+v", a, b)
		}
		if needA == needB && a.Verdict == b.Verdict && unassured[a.Service] && !unassured[b.Service] {
			t.Fatalf("unchecked %s ranks above checked %s", a.Service, b.Service)
		}
	}
	misses := map[string]int{}
	for _, m := range result.Misses {
		if misses[m.Need]++; misses[m.Need] > match.MissesPerNeed {
			t.Fatalf("more than %d misses for %s", match.MissesPerNeed, m.Need)
		}
	}
}
