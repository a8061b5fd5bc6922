package locale

import (
	_ "embed"
	"encoding/json"
	"slices"
	"sync"
)

//go:embed autonyms.json
var autonymFile []byte

var autonyms = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	if err := json.Unmarshal(autonymFile, &names); err != nil {
		panic(err) // the file is part of the program
	}
	return names
})

// Autonym is a language's name in that language ("العربية"), or the code itself when it is not among
// SpokenLanguages.
func Autonym(lang string) string {
	if name, ok := autonyms()[lang]; ok {
		return name
	}
	return lang
}

// SpokenLanguages are the ISO 639 codes that a form offers when it asks which languages a person speaks, sorted by
// code. Each has a name in every locale file ("language.<code>"). Other codes are valid; they are only not offered.
func SpokenLanguages() []string {
	codes := make([]string, 0, len(autonyms()))
	for code := range autonyms() {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}
