package application

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/codes"
)

// anyApplication draws applications that hold what a reading would give.
func anyApplication(t *rapid.T) Application {
	whole := func(lo, hi int) *int {
		if !rapid.Bool().Draw(t, "given") {
			return nil
		}
		return new(rapid.IntRange(lo, hi).Draw(t, "whole"))
	}
	word := rapid.SampledFrom([]string{"", "Ana", "نور", "O'Neil & Søn", "<script>alert(1)</script>", "李"})
	maybe := func(list []string) string { return rapid.SampledFrom(append([]string{""}, list...)).Draw(t, "choice") }
	a := Application{
		Kind: rapid.SampledFrom(codes.Kinds).Draw(t, "kind"), Language: rapid.SampledFrom([]string{"es", "ar", "pt-BR", "fa"}).Draw(t, "language"),
		Consent:     Consent{Processing: true, Sharing: rapid.Bool().Draw(t, "sharing"), Version: "2026-11"},
		Contact:     Contact{Name: word.Draw(t, "name"), Email: maybe([]string{"a+b@example.org"}), Phone: maybe([]string{"+34612345678", "612345678"})},
		Residence:   Residence{Region: "ES-GR", Municipality: word.Draw(t, "municipality"), MonthsInCountry: whole(0, 1200)},
		LegalStatus: maybe(codes.LegalStatuses), BirthYear: whole(year-120, year), Gender: maybe(codes.Genders),
		Household: Household{Adults: whole(1, 30), Children: whole(0, 30)}, Education: whole(0, 8),
		Occupation: maybe([]string{"2", "2221"}), Urgency: maybe(codes.Urgencies), Updates: maybe(codes.Updates), Message: maybe([]string{"one\ntwo", "a & b = c; % +"}),
	}
	a.Needs = rapid.Permutation(codes.Needs).Draw(t, "needs")[:rapid.IntRange(1, len(codes.Needs)).Draw(t, "count")]
	if n := rapid.IntRange(0, 3).Draw(t, "registrations"); n > 0 {
		a.Registrations = slices.Clone(codes.Registrations[:n])
	}
	for _, code := range []string{"ar", "es", "ary"}[:rapid.IntRange(0, 3).Draw(t, "languages")] {
		a.Languages = append(a.Languages, Language{Code: code, Level: rapid.SampledFrom(codes.Levels).Draw(t, "level")})
	}
	return a
}

// formOf writes an application as a browser would post it.
func formOf(a Application) string {
	values := url.Values{}
	for name, answer := range a.answers() {
		switch v := answer.(type) {
		case *string:
			values.Set(name, strings.ReplaceAll(*v, "\n", "\r\n"))
		case **int:
			if *v != nil {
				values.Set(name, strconv.Itoa(**v))
			}
		case *bool:
			if *v {
				values.Set(name, "on")
			}
		case *[]string:
			values[name] = *v
		case *[]Language:
			for i, row := range *v {
				values.Set(name+"."+strconv.Itoa(2*i)+".code", row.Code)
				values.Set(name+"."+strconv.Itoa(2*i)+".level", row.Level)
			}
		}
	}
	return values.Encode()
}

func TestJSONAndFormOfTheSameApplicationReadTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyApplication(t)
		body, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		fromJSON, _, found := reader().JSON(body)
		if len(found) > 0 || !cmp.Equal(a, fromJSON) {
			t.Fatalf("JSON: problems %v\n%s", found, cmp.Diff(a, fromJSON))
		}
		fromForm, _, found := reader().Form([]byte(formOf(a)))
		if len(found) > 0 || !cmp.Equal(a, fromForm) {
			t.Fatalf("form: problems %v\n%s", found, cmp.Diff(a, fromForm))
		}
		profile, contact := a.Parts()
		if joined := Join(profile, contact, a.Consent.Version); !cmp.Equal(a, joined) {
			t.Fatalf("parts: %s", cmp.Diff(a, joined))
		}
	})
}

// settled checks what must hold of any reading: reading it again changes nothing, and problems are few and printable.
func settled(t *testing.T, a Application, found []Problem) {
	if len(found) > MaxProblems+1 {
		t.Fatalf("%d problems", len(found))
	}
	for _, p := range found {
		if p.Code == "" || !utf8.ValidString(p.Field) || strings.ContainsFunc(p.Field, func(r rune) bool { return r < ' ' }) {
			t.Fatalf("problem %+q", p)
		}
	}
	if len(found) > 0 {
		return
	}
	body, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	again, _, found := reader().JSON(body)
	if len(found) > 0 || !cmp.Equal(a, again) {
		t.Fatalf("reading %s again: problems %v\n%s", body, found, cmp.Diff(a, again))
	}
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte(least))
	f.Add([]byte(`{"contact":{"name":"\ud800"},"languages":[null,{"code":"ar","level":"B1"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, _, found := reader().JSON(body)
		settled(t, a, found)
	})
}

func FuzzForm(f *testing.F) {
	a, _, _ := reader().JSON([]byte(full))
	f.Add([]byte(formOf(a)))
	f.Add([]byte("kind=support&language=es&consent.processing=on&residence.region=ES-GR&needs=health&birth_year=%2B0"))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, _, found := reader().Form(body)
		settled(t, a, found)
	})
}
