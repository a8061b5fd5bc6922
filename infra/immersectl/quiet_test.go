package main

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
)

// asCommand names, in a process of its own, the endpoint at which it runs what TestTheSDKIsQuiet looks at.
const asCommand = "IMMERSECTL_TEST_ENDPOINT"

// TestTheSDKIsQuiet: on standard error there is what immersectl says, and nothing of the SDK's, which writes there by itself.
func TestTheSDKIsQuiet(t *testing.T) {
	if url := os.Getenv(asCommand); url != "" {
		env := map[string]string{"AWS_ENDPOINT_URL": url}
		for _, arguments := range [][]string{{"catalogue", "publish"}, {"catalogue", "versions"}, {"audit", "--reference", "ES-0000-0000-000A"}} {
			if got := command(t.Context(), env, "", append(arguments, "-c", "es")...); got.code != exitDone && arguments[0] != "audit" {
				t.Errorf("%v: %+v", arguments, got)
			}
		}
		return
	}
	t.Parallel()
	s := start(t)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTheSDKIsQuiet$")
	child.Env = append(os.Environ(), asCommand+"="+s.URL)
	var out, said bytes.Buffer
	child.Stdout, child.Stderr = &out, &said
	if err := child.Run(); err != nil || said.Len() > 0 {
		t.Errorf("%v: %s\non standard error: %s", err, &out, &said)
	}
}
