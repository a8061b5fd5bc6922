// Package assessment holds what matching concluded about one application, together with the little of the profile that
// the mails need. It is the result part of package vault: sealed by matching, opened by notification and by the person.
package assessment

import (
	"bytes"
	"compress/flate"
	_ "embed" // the dictionary
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/vault"
)

// An Assessment is the result of matching one application. Kind, region, languages and urgency are here because an
// authority is told them, and notification can't open the profile.
type Assessment struct {
	Kind      string                      `json:"kind,omitempty"` // of codes.Kinds; empty in results of earlier releases
	Region    string                      `json:"region"`         // ISO 3166-2
	Languages []eligibility.LanguageSkill `json:"languages,omitempty"`
	Urgency   string                      `json:"urgency,omitempty"`
	Result    match.Result                `json:"result"`
	// Later says which of the matches were found after the first time, and in which round.
	Later []Later `json:"later,omitempty"`
	// Instead are the further tries for needs that an authority could not help with (functions/percolation).
	Instead []Instead `json:"instead,omitempty"`
	// Waiting are the services of matches that had no place when their authority would have been written to: it was not,
	// and the person is told when there is a place.
	Waiting []string `json:"waiting,omitempty"`
	// Rules that the first matches were made by (match.RulesOf), and the digest of the snapshot that they were made with,
	// empty for the pack in the program: what replaying them takes. Both are empty in results of earlier releases.
	Rules    string `json:"rules,omitempty"`
	Snapshot string `json:"snapshot,omitempty"`
	// Rounds are what the matches of later rounds were made with. MadeWith reads it.
	Rounds []Made `json:"rounds,omitempty"`
}

// largest is the most that an assessment may unpack to, in bytes: far more than any country's matches take.
const largest = 4 << 20

// dictionary is what most assessments have in common, the most common last: names and reasons. What is compressed with it
// is a third smaller. It is part of the format: another one is another format.
//
//go:embed dictionary.txt
var dictionary []byte

// format is the first byte of what is encoded.
const format = 1

// Encode gives the bytes to seal: JSON, compressed, as reasons repeat themselves and a table's writes are paid by size.
func (a Assessment) Encode() ([]byte, error) {
	packed := bytes.NewBuffer([]byte{format})
	writer, err := flate.NewWriterDict(packed, flate.BestCompression, dictionary)
	if err != nil {
		return nil, fmt.Errorf("compressing an assessment: %w", err)
	}
	if err := json.NewEncoder(writer).Encode(a); err != nil {
		return nil, fmt.Errorf("encoding an assessment: %w", err)
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("compressing an assessment: %w", err)
	}
	return packed.Bytes(), nil
}

// Decode reads what Encode gave. Its error says nothing about what an assessment holds.
func Decode(packed []byte) (Assessment, error) {
	var a Assessment
	body, ok := bytes.CutPrefix(packed, []byte{format})
	reader := io.LimitReader(flate.NewReaderDict(bytes.NewReader(body), dictionary), largest)
	if !ok || json.NewDecoder(reader).Decode(&a) != nil {
		return Assessment{}, errors.New("the assessment has another shape")
	}
	return a, nil
}

// Open opens and decodes a sealed result.
func Open(person *vault.Person, sealed []byte) (Assessment, error) {
	packed, err := person.Open(vault.Result, sealed)
	if err != nil {
		return Assessment{}, err
	}
	return Decode(packed)
}
