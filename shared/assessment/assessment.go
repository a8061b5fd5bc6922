// Package assessment holds what matching concluded about one application, together with the little of the profile that
// the mails need. It is the result part of package vault: sealed by matching, opened by notification and by the person.
package assessment

import (
	"encoding/json"
	"fmt"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
)

// An Assessment is the result of matching one application. Kind, region, languages and urgency are here because an
// authority is told them, and notification can't open the profile.
type Assessment struct {
	Kind      string                      `json:"kind,omitempty"` // of codes.Kinds; empty in results of earlier releases
	Region    string                      `json:"region"`         // ISO 3166-2
	Languages []eligibility.LanguageSkill `json:"languages,omitempty"`
	Urgency   string                      `json:"urgency,omitempty"`
	Result    match.Result                `json:"result"`
}

// Encode gives the bytes to seal.
func (a Assessment) Encode() ([]byte, error) {
	encoded, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("encoding an assessment: %w", err)
	}
	return encoded, nil
}

// Decode reads what Encode gave.
func Decode(encoded []byte) (Assessment, error) {
	var a Assessment
	if err := json.Unmarshal(encoded, &a); err != nil {
		return Assessment{}, fmt.Errorf("decoding an assessment: %w", err)
	}
	return a, nil
}
