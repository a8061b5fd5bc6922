package main

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkMatch: 100 people against 10,000 services, reading and writing included.
func BenchmarkMatch(b *testing.B) {
	exported := strings.Split(strings.TrimSpace(command(b.Context(), nil, "", "catalogue", "export", "-c", "es").out), "\n")
	var services, profiles strings.Builder
	for i := range 10_000 {
		line := exported[i%len(exported)]
		services.WriteString(strings.Replace(line, `"id":"`, fmt.Sprintf(`"id":"%d-`, i), 1) + "\n")
	}
	for i := range 100 {
		fmt.Fprintf(&profiles, `{"id":"p%d","needs":["language","employment","health"],"residence":{"region":"ES-GR"}}`+"\n", i)
	}
	catalogue, people := write(b, "s", services.String()), write(b, "p", profiles.String())
	b.ResetTimer()
	for range b.N {
		command(b.Context(), nil, "", "match", "-c", "es", "--catalogue", catalogue, "--profiles", people)
	}
}
