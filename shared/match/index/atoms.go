package index

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
)

// An atom is a constraint in numbers, so that asking it takes a few instructions and one line of cache: a range as its two
// ends, a list as a bit for each word of the vocabulary of its kind. A vocabulary holds the words that rules of a kind use,
// and what the person said of each word is worked out once. A constraint that does not fit (a vocabulary has 64 words at
// the most, an end 32 bits) is asked by package eligibility, as all could be.
const (
	atomSize = 16
	atomKind = 0 // u8 eligibility.Kind
	atomFits = 1 // u8: 1 if it is an atom, 0 if package eligibility has to be asked
	atomWord = 4 // u32: of a bound on a language, its place in the vocabulary
	atomLow  = 8 // i32, or bits
	atomHigh = 12
	atomBits = 8 // u64
)

// vocabularies are those of each kind that lists words.
const (
	statusWords = iota
	genderWords
	languageWords
	occupationWords
	registerWords
	vocabularies
)

// atom writes a constraint as an atom.
func (c *compiler) atom(k eligibility.Constraint) {
	word, low, high, ok := uint32(0), math.MinInt32, math.MaxInt32, true
	fit := func(end *int, to *int) {
		if end != nil {
			*to = *end
			ok = ok && *end > math.MinInt32 && *end < math.MaxInt32 // the extremes stand for all that is beyond
		}
	}
	if k.Range != nil {
		fit(k.Range.Min, &low)
		fit(k.Range.Max, &high)
	}
	bits := endsOf(low, high)
	switch k.Kind {
	case eligibility.LanguageAtLeast, eligibility.LanguageAtMost:
		word, ok = c.word(languageWords, eligibility.Primary(k.Codes[0]))
		level, _ := codes.Level(k.Codes[1])
		if bits = endsOf(level, len(codes.Levels)); k.Kind == eligibility.LanguageAtMost {
			bits = endsOf(0, level)
		}
	case eligibility.LegalStatus, eligibility.NotLegalStatus:
		bits, ok = c.wordBits(statusWords, k.Codes)
	case eligibility.Gender:
		bits, ok = c.wordBits(genderWords, k.Codes)
	case eligibility.Speaks:
		var primary []string
		for _, code := range k.Codes {
			primary = append(primary, eligibility.Primary(code))
		}
		bits, ok = c.wordBits(languageWords, primary)
	case eligibility.Occupation:
		bits, ok = c.wordBits(occupationWords, k.Codes)
	case eligibility.Registrations:
		bits, ok = c.wordBits(registerWords, k.Codes)
	default:
	}
	c.u32(secAtoms, uint32(k.Kind)|uint32(one(ok))<<8, word)
	c.u64(secAtoms, bits)
}

func endsOf(low, high int) uint64 {
	return uint64(uint32(int32(low))) | uint64(uint32(int32(high)))<<32
}

func (c *compiler) word(vocabulary int, text string) (word uint32, ok bool) {
	v := &c.words[vocabulary]
	if _, known := v.numbers[text]; !known && len(v.list) == 64 {
		return 0, false
	}
	return v.number(text), true
}

func (c *compiler) wordBits(vocabulary int, list []string) (bits uint64, ok bool) {
	for _, text := range list {
		word, ok := c.word(vocabulary, text)
		if !ok {
			return 0, false
		}
		bits |= 1 << word
	}
	return bits, true
}

// said is what a person said, in the numbers of atoms.
type said struct {
	numbers [4]number // age, children, months, education
	levels  [64]number
	// Of each vocabulary, the words that hold for the person and those that may.
	yes, maybe [vocabularies]uint64
	known      [vocabularies]bool // anything was said that decides
}

type number struct {
	value int32
	said  bool
}

func numberOf(value int, said bool) number {
	return number{int32(max(math.MinInt32, min(value, math.MaxInt32))), said}
}

// speakingLevel is the lowest level that counts as speaking a language: B1.
var speakingLevel, _ = codes.Level("B1")

// say works out the numbers of a person.
func (s *search) say() {
	f, said := &s.facts, &s.said
	said.numbers = [4]number{numberOf(f.Age()), numberOf(f.Children()), numberOf(f.MonthsInCountry()), numberOf(f.Education())}
	registers, registersSaid := f.Registrations()
	said.known = [vocabularies]bool{f.LegalStatus() != "", f.Gender() != "", true, f.Occupation() != "", registersSaid}
	said.yes, said.maybe = [vocabularies]uint64{}, [vocabularies]uint64{}
	for v := range vocabularies {
		begin, end := s.wordLists.begin(uint32(v)), s.wordLists.at(uint32(v))
		for at := begin; at < end && at-begin < 64; at++ {
			text, bit := s.vocabulary.at(at), uint64(1)<<(at-begin)
			switch v {
			case statusWords:
				said.yes[v] |= bit * one(string(text) == f.LegalStatus())
			case genderWords:
				said.yes[v] |= bit * one(string(text) == f.Gender())
			case languageWords:
				level, known := f.Level(string(text))
				said.levels[at-begin] = numberOf(level, known)
				said.yes[v] |= bit * one(known && level >= speakingLevel)
				said.maybe[v] |= bit * one(!known)
			case occupationWords:
				said.yes[v] |= bit * one(strings.HasPrefix(f.Occupation(), string(text)))
				said.maybe[v] |= bit * one(strings.HasPrefix(string(text), f.Occupation()))
			case registerWords:
				said.yes[v] |= bit * one(slices.Contains(registers, string(text)))
			}
		}
	}
}

func one(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// ask answers a constraint.
func (s *search) ask(constraint uint32) eligibility.Verdict {
	atom := s.atoms[int(constraint)*atomSize:][:atomSize]
	if atom[atomFits] == 0 {
		return s.constraint(constraint).Ask(&s.facts)
	}
	bits := binary.LittleEndian.Uint64(atom[atomBits:])
	said := &s.said
	switch kind := eligibility.Kind(atom[atomKind]); kind {
	case eligibility.LegalStatus:
		return said.anyOf(statusWords, bits)
	case eligibility.NotLegalStatus:
		return eligibility.True - said.anyOf(statusWords, bits)
	case eligibility.Gender:
		return said.anyOf(genderWords, bits)
	case eligibility.Age, eligibility.HouseholdChildren, eligibility.MonthsInCountry, eligibility.Education:
		return said.numbers[kind-eligibility.Age].within(bits)
	case eligibility.LanguageAtLeast, eligibility.LanguageAtMost:
		return said.levels[binary.LittleEndian.Uint32(atom[atomWord:])%64].within(bits)
	case eligibility.Speaks:
		return said.anyOf(languageWords, bits)
	case eligibility.Occupation:
		return said.anyOf(occupationWords, bits)
	default: // registrations
		switch {
		case !said.known[registerWords]:
			return eligibility.Unknown
		case bits&^said.yes[registerWords] != 0:
			return eligibility.False
		}
		return eligibility.True
	}
}

// fields numbers the field that each kind of constraint is about.
var fields = [...]uint8{
	eligibility.LegalStatus: 0, eligibility.NotLegalStatus: 0, eligibility.Gender: 1, eligibility.Age: 2,
	eligibility.HouseholdChildren: 3, eligibility.MonthsInCountry: 4, eligibility.Education: 5,
	eligibility.LanguageAtLeast: 6, eligibility.LanguageAtMost: 6, eligibility.Speaks: 6, eligibility.Occupation: 7,
	eligibility.Registrations: 8,
}

// wholeAtoms tells whether every atom is of a kind that there is.
func (e *Engine) wholeAtoms() bool {
	good := len(e.atoms) == atomSize*e.constraints.ends.len()
	for at := 0; good && at < len(e.atoms); at += atomSize {
		good = int(e.atoms[at+atomKind]) < len(fields)
	}
	return good
}

func (n number) within(ends uint64) eligibility.Verdict {
	switch {
	case !n.said:
		return eligibility.Unknown
	case n.value < int32(uint32(ends)) || n.value > int32(uint32(ends>>32)):
		return eligibility.False
	}
	return eligibility.True
}

func (s *said) anyOf(vocabulary int, bits uint64) eligibility.Verdict {
	switch {
	case !s.known[vocabulary]:
		return eligibility.Unknown
	case bits&s.yes[vocabulary] != 0:
		return eligibility.True
	case bits&s.maybe[vocabulary] != 0:
		return eligibility.Unknown
	}
	return eligibility.False
}
