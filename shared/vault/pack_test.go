package vault

import (
	"bytes"
	"strings"
	"testing"
)

func TestPartsArePackedAndThoseThatAreNotAreRead(t *testing.T) {
	var got map[string]string
	if err := unpack([]byte(`{"name":"of an earlier release"}`), &got); err != nil || got["name"] != "of an earlier release" {
		t.Errorf("JSON as it is: %v, %v", got, err)
	}
	want := strings.Repeat("long ", 100)
	small, err := pack(map[string]string{"name": want})
	if err != nil || len(small) > 100 {
		t.Errorf("packed to %d bytes, %v", len(small), err)
	}
	if err := unpack(small, &got); err != nil || got["name"] != want {
		t.Errorf("unpacked: %v", err)
	}
	huge, err := pack(strings.Repeat("a", 2*largest))
	if err != nil {
		t.Fatal(err)
	}
	var text string
	for name, rubbish := range map[string][]byte{"nothing": nil, "no JSON": []byte("x"), "cut": small[:len(small)/2], "a bomb": huge, "the mark alone": {packed}} {
		if unpack(bytes.Clone(rubbish), &text) == nil {
			t.Errorf("%s is read", name)
		}
	}
}
