package audit_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/miict/immerse/infra/local/audit"
	"github.com/miict/immerse/infra/local/iam"
	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/shared/country"
)

// What can be seen without running anything is said at once, before the tests of the whole system wait for it.
func TestNothingIsMissingInAnyTemplate(t *testing.T) {
	t.Parallel()
	for _, code := range country.Codes() {
		d, err := laptop.Immerse(code)
		if err != nil {
			t.Fatal(err)
		}
		for _, missing := range audit.Missing(d) {
			t.Errorf("Immerse-%s: %s", strings.ToUpper(code), missing)
		}
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*laptop.Definition){
		"no event source mapping feeds matching from immerse-es-matching": func(d *laptop.Definition) {
			d.Mappings = slices.DeleteFunc(d.Mappings, func(m laptop.Mapping) bool { return m.Function == "matching" })
		},
		"queue immerse-es-matching has no dead-letter queue": func(d *laptop.Definition) {
			for i := range d.Queues {
				d.Queues[i].DeadLetterQueue = ""
			}
		},
		"lacks ReportBatchItemFailures": func(d *laptop.Definition) { d.Mappings[0].Partial = false },
		"there is no function matching": func(d *laptop.Definition) {
			d.Functions = slices.DeleteFunc(d.Functions, func(f laptop.Function) bool { return f.Name == "matching" })
		},
		"function ghost isn't known here": func(d *laptop.Definition) { d.Functions[0].Name = "ghost" },
		"APPLICATIONS_TABLE is not set": func(d *laptop.Definition) {
			intake := slices.IndexFunc(d.Functions, func(f laptop.Function) bool { return f.Name == "intake" })
			d.Functions[intake].Env = maps.Clone(d.Functions[intake].Env)
			delete(d.Functions[intake].Env, "APPLICATIONS_TABLE")
		},
		"bounces would be lost": func(d *laptop.Definition) { d.Mail.ConfigurationSets = nil },
	} {
		d, err := laptop.Immerse("es")
		if err != nil {
			t.Fatal(err)
		}
		change(&d)
		if found := strings.Join(audit.Missing(d), "\n"); !strings.Contains(found, want) {
			t.Errorf("want %q, got\n%s", want, found)
		}
	}
}

func TestGrantedAgainstUsed(t *testing.T) {
	t.Parallel()
	allow := func(action, resource, opener string) iam.Statement {
		s := iam.Statement{Sid: "S", Effect: "Allow", Action: iam.List{action}, Resource: iam.List{resource}}
		if opener != "" {
			s.Condition = map[string]map[string]iam.List{"StringEquals": {"kms:EncryptionContext:opener": {opener}}}
		}
		return s
	}
	use := func(who, action, opener string) iam.Use {
		u := iam.Use{Who: who, Request: iam.Request{Action: action, Resource: "r"}}
		if opener != "" {
			u.Context = iam.Context{"kms:EncryptionContext:opener": {opener}}
		}
		return u
	}
	d := laptop.Definition{Functions: []laptop.Function{
		{Name: "a", Role: &laptop.Role{Statements: []iam.Statement{allow("sqs:SendMessage", "r", ""), allow("kms:Decrypt", "r", "a"), allow("sqs:PurgeQueue", "r", "")}}},
		{Name: "b", Role: &laptop.Role{Statements: []iam.Statement{allow("kms:Decrypt", "*", "")}}},
	}}
	uses := []iam.Use{use("a", "sqs:SendMessage", ""), use("a", "kms:Decrypt", "a"), use("b", "kms:Decrypt", "b"), use("b", "sqs:SendMessage", "")}
	for want, found := range map[string][]string{
		"b needs sqs:SendMessage on r":                                  audit.Refused(d, uses),
		"a may do what it never does: statement S: sqs:PurgeQueue on r": audit.Unused(d, uses),
		"b may do what only a does: kms:Decrypt on r with":              audit.TooWide(d, uses),
		"b may do kms:Decrypt with any kms:EncryptionContext:opener":    audit.Unbound(d, uses),
	} {
		if len(found) != 1 || !strings.Contains(found[0], want) {
			t.Errorf("want %q, got %q", want, found)
		}
	}
}
