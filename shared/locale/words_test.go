package locale_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/batch"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/referral"
)

// needed are the keys that other packages' codes ask for.
func needed() []string {
	var keys []string
	list := func(prefix string, codes ...string) {
		for _, code := range codes {
			keys = append(keys, prefix+"."+code)
		}
	}
	list("kind", codes.Kinds...)
	list("need", codes.Needs...)
	list("legal_status", codes.LegalStatuses...)
	list("gender", codes.Genders...)
	list("urgency", codes.Urgencies...)
	list("registration", codes.Registrations...)
	list("level", codes.Levels...)
	for n := codes.EducationMin; n <= codes.EducationMax; n++ {
		list("education", strconv.Itoa(n))
	}
	for n := range 10 {
		list("occupation", strconv.Itoa(n))
	}
	list("language", locale.SpokenLanguages()...)
	list("language", locale.Languages()...)
	list("group", application.Groups...)
	for _, field := range application.Fields(nil, nil, 2026) {
		list("field", field.Name)
	}
	list("field", eligibility.Fields...)
	list("reason", eligibility.ReasonCodes...)
	list("batch.reason", batch.Reasons...)
	list("help", country.HelpLinePurposes...)
	list("error", problemCodes...)
	for _, mail := range []string{"authority", "receipt"} {
		list("mail."+mail+".subject", codes.Kinds...)
		list("mail."+mail+".lead", codes.Kinds...)
	}
	list("mail.authority.field", eligibility.Fields...)
	list("event.kind", hsds.EventKinds...)
	for n := range 7 {
		list("weekday", strconv.Itoa(n))
	}
	list("updates", codes.Updates...)
	list("referral.decline", referral.DeclineReasons...)
	list("referral.outcome", referral.Outcomes...)
	list("referral.why", referral.NotHelpedWhy...)
	list("referral.question", page.Questions...)
	list("referral.state", "open", "accepted", "declined", "done", "expired", "withdrawn")
	list("referral.problem", "reason", "outcome", "why", "question", "text", "many", "form", "action", "twice", "helped")
	list("figures.about", measures()...)
	list("figures.measure", measures()...)
	list("figures.by", figures.ByAll, figures.ByRegion, figures.ByAuthority, figures.ByNeed)
	list("figures.answer", figures.Answers...)
	list("figures.rating", referral.Ratings...)
	list("status.state", "received", "matched", "notified", "erased")
	list("status.next", "received", "matched", "notified", "no_place", "urgent", "again")
	list("status.state", page.Standings...)
	list("status.next", page.Standings...)
	list("status.then", "question", "open", "accepted", "released", "withheld", "elsewhere", "others", "expired")
	list("status.outcome", referral.Outcomes...)
	for _, reasons := range [][]string{referral.DeclineReasons, referral.NotHelpedWhy, referral.ExpireReasons} {
		list("status.why", reasons...)
	}
	list("status.trail", page.Trailed...)
	list("mail.turn", "accepted", "declined", "done", "asked", "lapse", "close", "escalate", "unreached")
	list("status.notice", "withdrawn", "withdrawn_all", "replied", "rated")
	list("status.problem", "reply", "rating", "confirm", "reason", "erase", "late")
	list("referral.rating", referral.Ratings...)
	list("referral.withdraw", page.WithdrawReasons...)
	for _, state := range referral.States {
		list("status.referral", string(state))
	}
	return keys
}

func measures() (codes []string) {
	for _, measure := range figures.Measures {
		codes = append(codes, string(measure))
	}
	return codes
}

// problemCodes are the codes that errors are given with: those of package application and those of the HTTP edge.
var problemCodes = []string{
	application.CodeRequired, application.CodeConsentRequired, application.CodeUnknownField, application.CodeUnknownCode,
	application.CodeWrongType, application.CodeOutOfRange, application.CodeTooLong, application.CodeTooMany,
	application.CodeDuplicate, application.CodeNoneAndOthers, application.CodeControlCharacters,
	application.CodeInvalidEmail, application.CodeInvalidPhone, application.CodeInvalidLanguage,
	application.CodeInvalidOccupation, application.CodeInvalidJSON, application.CodeInvalidForm,
	application.CodeUnknownEvent, application.CodeEventOver, application.CodeEventClosed, application.CodeEventElsewhere,
	application.CodeInvalidUTF8, application.CodeMoreProblems, application.CodeLevelMissing,
	"too_fast", "too_large", "unsupported_media_type", "key_reused", "not_found", "no_case", "erased",
	"unavailable", "method_not_allowed",
}

func TestEveryCodeHasWords(t *testing.T) {
	for _, lang := range locale.Languages() {
		printer := locale.For(lang)
		for _, key := range needed() {
			if !printer.Has(key) || printer.T(key) == key {
				t.Errorf("%s: no words for %s", lang, key)
			}
		}
	}
}

func TestEveryLanguageHasItsOwnName(t *testing.T) {
	for _, lang := range append(locale.Languages(), locale.SpokenLanguages()...) {
		if locale.Autonym(lang) == lang {
			t.Errorf("%s has no name in its own language", lang)
		}
	}
}

// TestEveryKeyInUseExists reads the whole module's code and templates for messages asked for by name: a key that no file
// has would be shown to a person as it is.
func TestEveryKeyInUseExists(t *testing.T) {
	asked := regexp.MustCompile(`\.[TN]\(?\s*"([a-z0-9_]+(?:\.[a-zA-Z0-9_]+)+)"`)
	english := locale.For(locale.Default)
	read := 0
	sources(t, func(path, text string) {
		for _, match := range asked.FindAllStringSubmatch(text, -1) {
			read++
			if !english.Has(match[1]) {
				t.Errorf("%s asks for %q, which no locale file has", path, match[1])
			}
		}
	})
	if read < 50 {
		t.Errorf("only %d messages found in use: has the way of asking changed?", read)
	}
}

// counted are the lists whose codes are data: a message is in use if its code is one that needed knows, or one that the
// code of the module names.
var counted = []string{"error.", "problem.", "mail.authority.need.", "mail.authority.reason."}

// TestEveryKeyIsUsed: words that nothing says are words that translators write for nothing.
func TestEveryKeyIsUsed(t *testing.T) {
	asked := map[string]bool{"meta.review": true}
	for _, key := range needed() {
		asked[key] = true
		if strings.HasPrefix(key, "field.") {
			asked[key+".hint"], asked[key+".why"] = true, true
		}
	}
	for _, lists := range []string{"level.short.A0", "level.short.native"} { // asked for by locale.Level, if they exist
		asked[lists] = true
	}
	quoted := regexp.MustCompile(`"([a-zA-Z0-9_.]+)"`)
	sources(t, func(_, text string) {
		for _, match := range quoted.FindAllStringSubmatch(text, -1) {
			asked[match[1]] = true
		}
	})
	for key := range read(t, locale.Default) {
		said, kind, own := strings.Cut(key, ".for.") // said otherwise to those who send that kind of form
		used := asked[said] && (!own || slices.Contains(codes.Kinds, kind))
		for _, prefix := range counted {
			code, has := strings.CutPrefix(key, prefix)
			used = used || has && asked[code]
		}
		if !used {
			t.Errorf("nothing says %s", key)
		}
	}
}

// sources gives all code and templates of the module, tests left out.
func sources(t *testing.T, see func(path, text string)) {
	t.Helper()
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "node_modules" || entry.Name() == "build") {
			return filepath.SkipDir
		}
		source := strings.HasSuffix(path, ".html") || strings.HasSuffix(path, ".txt") ||
			strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go")
		if entry.IsDir() || !source {
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil {
			see(path, string(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
