package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// The generators draw catalogues and profiles as strangers write them: null for absent, 18.0 for 18, answers outside the
// code lists, fields nobody knows. Few different values, so that people and services meet often.

var (
	active       = "active"
	drawnNeeds   = words("language employment health")
	drawnAreas   = words("ES ES-AN ES-GR ES-MA ES-CT ES-B ES-MD ES-M FR XX-1 es-gr")
	drawnRegions = append(words("ES ES-AN ES-GR ES-CT ES-GR ES-B ES-GR ES-M"), "", "FR-75", "es-gr")
	drawnStatus  = words("asylum_seeker refugee resident undocumented")
	drawnTongues = words("es ar en uk")
	drawnJobs    = words("2 22 222 2221 2222 5 51 0 0110")
	drawnLevels  = words("B1 A0 A1 A2 B1 B2 native")
	drawnPapers  = words("municipal_register tax_number health_card")
)

func words(list string) []string { return strings.Fields(list) }

// roll draws from 0 to n-1, all about as likely: rapid's own ranges prefer small numbers, so that nobody would meet.
func roll(t *rapid.T, n int) (drawn int) {
	for range 7 {
		drawn *= 2
		if rapid.Bool().Draw(t, "bit") {
			drawn++
		}
	}
	return drawn % n
}

func pick(t *rapid.T, list []string) string { return list[roll(t, len(list))] }

func between(t *rapid.T, low, high int) int { return low + roll(t, high-low+1) }

func chance(t *rapid.T, oneIn int) bool { return roll(t, oneIn) == oneIn-1 }

// some draws different values, from least to most of them.
func some(t *rapid.T, list []string, least, most int) []string {
	left, drawn := slices.Clone(list), []string{}
	for range between(t, least, most) {
		i := roll(t, len(left))
		drawn, left = append(drawn, left[i]), slices.Delete(left, i, i+1)
	}
	return drawn
}

// put puts one of the alternatives, or now and then null or nothing.
func put(t *rapid.T, into value, name string, alternatives ...func() any) {
	switch roll(t, 8) {
	case 6:
	case 7:
		into[name] = nil
	default:
		into[name] = alternatives[roll(t, len(alternatives))]()
	}
}

// whole draws a number, now and then written as a fraction that is none.
func whole(t *rapid.T, low, high int) any {
	n := between(t, low, high)
	if chance(t, 8) {
		return rawNumber(fmt.Sprintf("%d.0", n))
	}
	return n
}

// rawNumber is a number in JSON as it is written.
type rawNumber string

func (n rawNumber) MarshalJSON() ([]byte, error) { return []byte(n), nil }

func drawRange(t *rapid.T, low, high int) any {
	bounds := value{}
	shape := between(t, 0, 2)
	if shape != 1 {
		bounds["min"] = whole(t, low, high)
	}
	if shape != 2 {
		bounds["max"] = whole(t, low, high) // below min now and then: nobody fits
	}
	if chance(t, 5) && shape == 1 {
		bounds["min"] = nil
	}
	return bounds
}

func drawClause(t *rapid.T) value {
	c := value{}
	constraints := map[string]func() any{
		"legal_status":       func() any { return some(t, append(words("other stateless"), drawnStatus...), 1, 3) },
		"not_legal_status":   func() any { return some(t, drawnStatus, 1, 2) },
		"gender":             func() any { return some(t, words("female male non_binary undisclosed"), 1, 2) },
		"age":                func() any { return drawRange(t, 15, 40) },
		"household_children": func() any { return drawRange(t, 0, 3) },
		"months_in_country":  func() any { return drawRange(t, 0, 12) },
		"education":          func() any { return drawRange(t, 0, 8) },
		"languages": func() any {
			asked := value{}
			for _, code := range some(t, drawnTongues, 1, 2) {
				levels := value{}
				if shape := between(t, 0, 2); shape == 0 {
					levels["min"], levels["max"] = pick(t, drawnLevels), pick(t, drawnLevels)
				} else {
					levels[[]string{"", "min", "max"}[shape]] = pick(t, drawnLevels)
				}
				asked[code] = levels
			}
			return asked
		},
		"speaks":        func() any { return some(t, drawnTongues, 1, 3) },
		"occupation":    func() any { return some(t, drawnJobs, 1, 3) },
		"registrations": func() any { return some(t, drawnPapers, 1, 2) },
	}
	names := words("legal_status not_legal_status gender age household_children months_in_country education languages speaks occupation registrations")
	for _, name := range some(t, names, 0, 3) {
		if c[name] = constraints[name](); chance(t, 12) {
			c[name] = nil
		}
	}
	return c
}

func drawService(t *rapid.T, id string, at time.Time) value {
	s := value{
		"id": id, "name": "Service " + id, "status": pick(t, append(words("inactive defunct Active"), active, active, active, active, active, active, "temporarily closed")),
		"x-foreign": value{"kept": []any{1, nil}},
	}
	put(t, s, "assured_date", func() any { return "" }, func() any {
		return at.AddDate(0, -between(t, 0, 14), between(t, -1, 1)).Format(time.DateOnly)
	})
	put(t, s, "languages", func() any { return []any{value{"code": pick(t, drawnTongues)}, nil} })
	put(t, s, "capacities", func() any { return []any{value{"available": between(t, 0, 3), "maximum": 3}} })
	if chance(t, 10) {
		return s
	}
	immerse := value{"needs": some(t, append(words("training Health"), drawnNeeds...), 0, 5), "authority": "nobody-knows", "x-note": 1}
	put(t, immerse, "areas", func() any { return some(t, drawnAreas, 0, 3) }, func() any { return some(t, drawnAreas, 1, 3) },
		func() any { return words("ES") }, func() any { return words("ES-AN ES") })
	put(t, immerse, "online", func() any { return chance(t, 2) })
	put(t, immerse, "priority", func() any { return []float64{0, 0.5, 1, 7}[roll(t, 4)] })
	put(t, immerse, "eligibility", func() any { return []any{} }, func() any { return []any{drawClause(t)} },
		func() any { return []any{drawClause(t), drawClause(t), drawClause(t)} }, func() any { return []any{drawClause(t)} })
	s["immerse"] = immerse
	return s
}

func drawProfile(t *rapid.T, id string) value {
	p := value{"id": id, "kind": "support", "contact": value{"email": "a@b.example"}, "consent": value{"processing": true}, "message": "…"}
	put(t, p, "needs", func() any { return []string{} },
		func() any {
			return append(some(t, append(words("Health none"), drawnNeeds...), 1, 3), pick(t, drawnNeeds), pick(t, drawnNeeds))
		},
		func() any { return some(t, drawnNeeds, 1, 3) }, func() any { return drawnNeeds }, func() any { return drawnNeeds })
	residence := value{"region": pick(t, drawnRegions), "municipality": "Granada"}
	put(t, residence, "months_in_country", func() any { return whole(t, 0, 12) }, func() any { return 0 })
	if p["residence"] = residence; chance(t, 20) {
		p["residence"] = nil
	}
	put(t, p, "legal_status", func() any { return pick(t, drawnStatus) }, func() any { return pick(t, drawnStatus) },
		func() any { return pick(t, append(words("undisclosed other Refugee stateless"), "")) })
	put(t, p, "birth_year", func() any { return whole(t, 1985, 2012) }, func() any { return "1990" }, func() any { return 1990.5 })
	put(t, p, "gender", func() any { return pick(t, words("female male non_binary undisclosed Female")) })
	put(t, p, "household", func() any { return value{} }, func() any { return value{"children": nil, "adults": 1} },
		func() any { return value{"children": whole(t, 0, 3)} })
	put(t, p, "education", func() any { return whole(t, 0, 8) }, func() any { return 0 })
	put(t, p, "occupation", func() any { return pick(t, drawnJobs) }, func() any { return pick(t, append(words("22211 nurse"), "")) })
	put(t, p, "registrations", func() any { return []string{} }, func() any { return []string{"none"} },
		func() any { return some(t, drawnPapers, 1, 3) })
	put(t, p, "languages", func() any { return []any{} }, func() any { return []any{nil, value{}} },
		func() any { return drawSkills(t) }, func() any { return drawSkills(t) })
	return p
}

func drawSkills(t *rapid.T) (skills []any) {
	for range between(t, 1, 3) {
		skill := value{"code": pick(t, drawnTongues)}
		put(t, skill, "level", func() any { return pick(t, drawnLevels) }, func() any { return pick(t, drawnLevels) },
			func() any { return pick(t, words("a2 D1")) })
		skills = append(skills, skill)
	}
	return skills
}
