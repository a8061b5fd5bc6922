// Package audit compares what a country's templates say with what its functions do: what they need and don't get, what
// they get and don't need, and what would get lost.
package audit

import (
	"fmt"
	"maps"
	"regexp"
	"strings"

	"github.com/miict/immerse/infra/local/iam"
	"github.com/miict/immerse/infra/local/laptop"
)

// unseen are the grants that no run on a laptop can use, as they are not the system's. Each needs a reason.
var unseen = map[string]string{
	"Administer": "the account's administrators manage the key with it, by hand",
}

// Refused names each use that the policies don't allow.
func Refused(d laptop.Definition, uses []iam.Use) []string {
	var found []string
	for _, use := range uses {
		if allowed, why := d.Decide(use.Who, use.Request); !allowed {
			found = append(found, fmt.Sprintf("%s needs %s: %s", use.Who, use.Request, why))
		}
	}
	return found
}

// Unused names each grant that no use made use of.
func Unused(d laptop.Definition, uses []iam.Use) []string {
	var found []string
	for _, f := range d.Functions {
		if f.Role == nil {
			continue
		}
		for _, grant := range iam.Grants(f.Role.Statements) {
			if !used(grant, uses, f.Name, nil) {
				found = append(found, fmt.Sprintf("%s may do what it never does: %s", f.Name, grant))
			}
		}
	}
	for _, key := range d.Keys {
		for _, grant := range iam.Grants(key.Policy) {
			if grant.Key != "" {
				grant.Action = "*" // the key's policy says who may use it at all; what each may do, its role's
			}
			if unseen[grant.Sid] == "" && !used(grant, uses, "", d.PrincipalContext) {
				found = append(found, fmt.Sprintf("the policy of key %s allows what nobody does: %s", key.Alias, grant))
			}
		}
	}
	return found
}

// used looks for a use of a grant by somebody, or by anybody at a resource's own policy, which sees more context.
func used(grant iam.Grant, uses []iam.Use, who string, context func(string) iam.Context) bool {
	for _, use := range uses {
		if who != "" && use.Who != who {
			continue
		}
		r := use.Request
		if context != nil {
			r.Context = context(use.Who)
			for key, values := range use.Context {
				r.Context[key] = values
			}
		}
		if grant.UsedBy(r) {
			return true
		}
	}
	return false
}

var digest = regexp.MustCompile(`[0-9a-f]{64}`)

// anyDigest makes the releases of a catalogue one thing: who reads them reads whichever is current.
func anyDigest(request string) string { return digest.ReplaceAllString(request, "*") }

// TooWide names what a function may do although only another one does it: matching must not open what is
// notification's.
func TooWide(d laptop.Definition, uses []iam.Use) []string {
	does := map[string]bool{}
	requests := make([]string, len(uses))
	for i, use := range uses {
		requests[i] = anyDigest(use.String())
		does[use.Who+" "+requests[i]] = true
	}
	var found []string
	for _, f := range d.Functions {
		for i, use := range uses {
			if does[f.Name+" "+requests[i]] || strings.Contains(requests[i], "kms:ViaService") {
				continue // through a table it comes down to the table's own permissions
			}
			if allowed, _ := d.Decide(f.Name, use.Request); allowed {
				found = append(found, fmt.Sprintf("%s may do what only %s does: %s", f.Name, use.Who, use))
			}
		}
	}
	return found
}

// otherwise is a value that no condition names.
const otherwise = "something else"

// Unbound names what a function may do under another value of a condition key than the one it uses: mail from another
// address, another country's keyset.
func Unbound(d laptop.Definition, uses []iam.Use) []string {
	var found []string
	for _, use := range uses {
		for key := range use.Context {
			if key == "kms:EncryptionContextKeys" {
				continue
			}
			other := use.Request
			other.Context = maps.Clone(use.Context)
			other.Context[key] = []string{otherwise}
			if allowed, _ := d.Decide(use.Who, other); allowed {
				found = append(found, fmt.Sprintf("%s may do %s with any %s", use.Who, use.Action, key))
			}
		}
	}
	return found
}
