// Package catalogtest draws HSDS objects as strangers publish them, for property tests: fields in any order, fields that
// nobody knows, nulls, empty texts, numbers that no float64 holds, texts in all scripts.
package catalogtest

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/catalogue"
)

// Object draws an object of a kind.
func Object(t *rapid.T, kind catalogue.Kind) []byte {
	n := 0
	return []byte(object(t, kind, 3, &n))
}

// Objects draws objects whose ids differ, nested ones' too.
func Objects(t *rapid.T, kinds ...catalogue.Kind) [][]byte {
	n := 0
	all := make([][]byte, len(kinds))
	for i, kind := range kinds {
		all[i] = []byte(object(t, kind, 3, &n))
	}
	return all
}

func object(t *rapid.T, kind catalogue.Kind, depth int, n *int) string {
	table, _ := catalogue.TableOf(kind)
	*n++
	members := []string{`"id":"` + catalogue.DerivedID(string(kind), fmt.Sprint(*n)) + `"`}
	for _, field := range table.Fields {
		if field.Name == "id" || strings.HasSuffix(field.Name, "_id") || rapid.IntRange(0, 3).Draw(t, "give") != 0 {
			continue
		}
		members = append(members, `"`+field.Name+`":`+value(t, field, depth, n))
	}
	for range rapid.IntRange(0, 2).Draw(t, "unknown fields") {
		*n++
		name := fmt.Sprintf("x_%d %s", *n%5, rapid.SampledFrom([]string{"", "é", "\u2028", "<&>"}).Draw(t, "name"))
		if !strings.Contains(strings.Join(members, ","), string(catalogue.JSON(name))) {
			members = append(members, string(catalogue.JSON(name))+":"+free(t, 2))
		}
	}
	order := rapid.Permutation(members).Draw(t, "order")
	return "{" + strings.Join(order, ", ") + "}"
}

func value(t *rapid.T, field catalogue.Field, depth int, n *int) string {
	switch {
	case rapid.IntRange(0, 9).Draw(t, "odd") == 0:
		return rapid.SampledFrom([]string{"null", `""`, "[]", "7", `"text"`, "{}", "[1]"}).Draw(t, "odd value")
	case field.Type == catalogue.Number:
		return number(t)
	case field.Type.Nested() && depth == 0:
		return "null"
	case field.Type == catalogue.One:
		return object(t, field.Of, depth-1, n)
	case field.Type == catalogue.Many:
		list := make([]string, rapid.IntRange(0, 2).Draw(t, "length"))
		for i := range list {
			list[i] = object(t, field.Of, depth-1, n)
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	return text(t)
}

func number(t *rapid.T) string {
	return rapid.SampledFrom([]string{"0", "-0.0", "12", "1.50", "1e400", "-1E-7", "12345678901234567890", "0.1000000000000000055"}).Draw(t, "number")
}

func text(t *rapid.T) string {
	return string(catalogue.JSON(rapid.SampledFrom([]string{
		"a", "", " ", "12", "null", "true", `"`, "a,b;c", "two\nlines", "two\r\nlines", "Ελλάδα", "مرحبا", "🙂\u0000", "[1]", "=1+1", "'", "a\tb", "\ufeffx",
	}).Draw(t, "text")))
}

// free draws any JSON.
func free(t *rapid.T, depth int) string {
	kinds := []string{"text", "number", "word"}
	if depth > 0 {
		kinds = append(kinds, "list", "object")
	}
	switch rapid.SampledFrom(kinds).Draw(t, "kind") {
	case "text":
		return text(t)
	case "number":
		return number(t)
	case "word":
		return rapid.SampledFrom([]string{"null", "true", "false"}).Draw(t, "word")
	case "list":
		return "[" + free(t, depth-1) + "," + free(t, depth-1) + "]"
	}
	return `{"k":` + free(t, depth-1) + "}"
}
