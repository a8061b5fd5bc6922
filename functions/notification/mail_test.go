package notification

import (
	"net/http"
	"strings"
	"testing"
)

func TestOnlyOneBareAddressIsAnAddress(t *testing.T) {
	for _, good := range []string{"a@b.example", "amira.k+es@mail.person.example"} {
		if got, err := address(good); err != nil || got != good {
			t.Errorf("address(%q) = %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{
		"", " ", "a", "a@", "@b.example", "a@b", "a@b.example, c@d.example", "a@b.example; c@d.example", "Amira <a@b.example>",
		"a@b.example\r\nBcc: c@d.example", "a@b.example\nX: y", "\ra@b.example", "a\x00@b.example", "a b@c.example", `"a\r\nb"@c.example`,
		"a@b.example (comment)", "group: a@b.example;", "<a@b.example>", "a@b.exa\u0085mple", strings.Repeat("a", 250) + "@b.example",
	} {
		if got, err := address(bad); err == nil {
			t.Errorf("address(%q) = %q, want an error", bad, got)
		}
	}
}

func TestNothingBreaksIntoHeaders(t *testing.T) {
	m := aMail()
	m.Subject, m.Language, m.Reference = "a\r\nBcc: victim@b.example", "en\nX-Other: 1", "ES\r\n\r\nbody"
	in := Postbox{}.input("a@b.example", m)
	values := []string{*in.Content.Simple.Subject.Data}
	for _, header := range in.Content.Simple.Headers {
		values = append(values, *header.Value)
	}
	for _, value := range values {
		if strings.ContainsAny(value, "\r\n\x00") {
			t.Errorf("%q has a line break", value)
		}
	}
	if got := *in.EmailTags[0].Value; got != "ES____body" {
		t.Errorf("tag %q", got)
	}
}

func TestTheSenderIsNamedSafely(t *testing.T) {
	got, err := sender("Immerse España\r\nBcc: x", "no-reply@immerse.example")
	if err != nil || strings.ContainsAny(got, "\r\n") || !strings.HasSuffix(got, "<no-reply@immerse.example>") {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := sender("Immerse", "nobody"); err == nil {
		t.Error("a sender without an address is accepted")
	}
}

func TestAMailGoesOutAsItShould(t *testing.T) {
	box := postbox(t, func(http.ResponseWriter, *http.Request) {})
	box.ConfigurationSet, box.ReplyTo = "immerse", "office@immerse.example"
	in := box.input("a@b.example", aMail())
	want := map[string]string{
		"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "Content-Language": "en",
		"X-Immerse-Reference": reference, "X-Immerse-Mail": "receipt", "References": "<es-7k3m-9qxt-40ab@immerse.example>",
	}
	for name, value := range want {
		if got := header(in, name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	if len(in.Content.Simple.Headers) != len(want) {
		t.Error("there are other headers")
	}
	if *in.Content.Simple.Body.Html.Charset != "UTF-8" || *in.ConfigurationSetName != "immerse" || in.ReplyToAddresses[0] != box.ReplyTo {
		t.Errorf("%+v", in)
	}
}
