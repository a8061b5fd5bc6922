package intake_test

import (
	"strings"
	"testing"
)

// After erasure nothing tells the same application from another: neither the API nor the table.
func TestAReplayAfterErasureIsGoneWhateverItSays(t *testing.T) {
	w := newWorld(t)
	keyed := asJSON.and(headers{"idempotency-key": "one"})
	taken := w.take(keyed, personal)
	if answer := w.do("DELETE", path+"/"+taken.Reference, bearer(taken), ""); answer.StatusCode != 204 {
		t.Fatalf("erasing: %d", answer.StatusCode)
	}
	same, other := w.post(keyed, personal), w.post(keyed, least)
	if same.StatusCode != 410 || other.StatusCode != 410 {
		t.Errorf("the same application gets %d, another %d", same.StatusCode, other.StatusCode)
	}
	if strings.Contains(same.Body, taken.Secret) {
		t.Error("the secret comes back")
	}
	stored, err := w.store.Application(t.Context(), taken.Reference)
	if err != nil || stored.Answer != nil {
		t.Errorf("the table still has something that opens for the same request: %v, %v", stored.Answer, err)
	}
	w.mustBeErased(taken)
}

// The cookie is for TLS, but where there is none: on a laptop some browsers would drop it.
func TestTheCookieIsSecureWhereThereIsTLS(t *testing.T) {
	for address, want := range map[string]bool{"https://immerse.example": true, "http://localhost:8080": false} {
		w := newWorld(t)
		w.handler.BaseURL = address
		answer := w.post(asBrowser, leastForm)
		if answer.StatusCode != 303 || len(answer.Cookies) != 1 {
			t.Fatalf("%s: %d %v", address, answer.StatusCode, answer.Cookies)
		}
		if got := strings.Contains(answer.Cookies[0], "Secure"); got != want {
			t.Errorf("%s: Secure is %v: %s", address, got, answer.Cookies[0])
		}
	}
}

// Who asks for a language that the site doesn't speak is answered in English rather than in the country's.
func TestAnUnspokenLanguageIsAnsweredInEnglish(t *testing.T) {
	w := newWorld(t)
	answer := w.post(asJSON, strings.Replace(least, `"language":"es"`, `"language":"tr","birth_year":3000`, 1))
	if answer.StatusCode != 422 || answer.Headers["Content-Language"] != "en" {
		t.Errorf("%d in %q: %s", answer.StatusCode, answer.Headers["Content-Language"], answer.Body)
	}
}
