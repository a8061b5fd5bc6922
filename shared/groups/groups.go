// Package groups says with whom a person is counted when places are shared out and when fairness is measured: by what they
// said of themselves, and never by more. A group is for counting only: nothing here goes into a score.
package groups

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
)

// Attribute is something by which people are grouped.
type Attribute string

// The attributes.
const (
	Language    Attribute = "language" // of origin: the first one spoken natively, or else the first one spoken best
	Gender      Attribute = "gender"
	Age         Attribute = "age" // in bands
	LegalStatus Attribute = "legal_status"
)

// Attributes are all of them.
var Attributes = []Attribute{Language, Gender, Age, LegalStatus}

// Smallest is how many people a group has at the least. Fewer could be recognised, and a floor for them would be luck.
const Smallest = 10

// Names of groups that no answer makes.
const (
	NotSaid = "not said"
	Merged  = "small groups together"
)

// Of gives a person's group by one attribute: the answer itself, or NotSaid. Ages are those of the year of at.
func Of(by Attribute, p eligibility.Profile, at time.Time) string {
	switch by {
	case Language:
		return origin(p.Languages)
	case Gender:
		return said(p.Gender, codes.Genders)
	case Age:
		if p.BirthYear != nil {
			return band(at.Year() - *p.BirthYear)
		}
	case LegalStatus:
		return said(p.LegalStatus, codes.LegalStatuses)
	}
	return NotSaid
}

// Name gives a person's group by several attributes, such as "gender=female, age=18-24". Who said nothing of them is NotSaid.
func Name(by []Attribute, p eligibility.Profile, at time.Time) string {
	parts, silent := make([]string, len(by)), true
	for i, attribute := range by {
		answer := Of(attribute, p, at)
		silent = silent && answer == NotSaid
		parts[i] = string(attribute) + "=" + answer
	}
	if silent {
		return NotSaid
	}
	return strings.Join(parts, ", ")
}

// said takes only answers of the list: what somebody typed could name a person.
func said(answer string, list []string) string {
	if answer == codes.Undisclosed || !slices.Contains(list, answer) {
		return NotSaid
	}
	return answer
}

func origin(skills []eligibility.LanguageSkill) string {
	best, highest := NotSaid, -1
	for _, skill := range skills {
		rank, known := codes.Level(skill.Level)
		if code := eligibility.Primary(skill.Code); known && rank > highest && languageCode(code) {
			best, highest = code, rank
		}
	}
	return best
}

// languageCode tells whether a code has the form of one: two or three small letters.
func languageCode(code string) bool {
	return (len(code) == 2 || len(code) == 3) && strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") == ""
}

// bands are the age bands, each to the age before the next one.
var bands = []struct {
	from int
	name string
}{{60, "60+"}, {40, "40-59"}, {25, "25-39"}, {18, "18-24"}, {0, "0-17"}}

func band(age int) string {
	for _, b := range bands {
		if age >= b.from {
			return b.name
		}
	}
	return NotSaid // born after the year
}

// Merge takes the group of each person, and gives it again with groups of fewer than Smallest put together. If those are
// fewer than Smallest still, the smallest of the other groups joins them. Who said nothing stay by themselves, however few.
func Merge(names []string) []string {
	size := map[string]int{}
	for _, name := range names {
		size[name]++
	}
	var large []string
	small := 0
	for name, n := range size {
		switch {
		case name == NotSaid:
		case n < Smallest:
			small += n
		default:
			large = append(large, name)
		}
	}
	slices.SortFunc(large, func(a, b string) int { return cmp.Or(size[a]-size[b], strings.Compare(a, b)) })
	joins := ""
	if small > 0 && small < Smallest && len(large) > 0 {
		joins = large[0]
	}
	merged := slices.Clone(names)
	for i, name := range names {
		if name != NotSaid && (size[name] < Smallest || name == joins) {
			merged[i] = Merged
		}
	}
	return merged
}
