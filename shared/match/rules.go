package match

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/miict/immerse/shared/country"
)

// RulesVersion numbers what this program makes of a catalogue and a person: eligibility, areas, score, reasons, order.
// Whoever changes any of it counts up; TestRulesVersion fails otherwise. A match is replayed with a program of the same
// number.
const RulesVersion = 1

// RulesOf names everything but catalogue, person and time that a result depends on: the program's RulesVersion, a dash,
// and a digest of the source's weights and settings, "1-3f9a1c20".
func RulesOf(source Source) string {
	zone := time.UTC.String()
	if source.Location != nil {
		zone = source.Location.String()
	}
	settings, err := json.Marshal(struct {
		Weights        country.Weights
		OfferUnassured bool
		Zone           string
	}{source.Weights, source.OfferUnassured, zone})
	if err != nil {
		settings = fmt.Append(nil, source.Weights) // NaN, which no pack that is valid has
	}
	digest := sha256.Sum256(settings)
	return fmt.Sprintf("%d-%s", RulesVersion, hex.EncodeToString(digest[:4]))
}
