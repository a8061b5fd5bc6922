package meter

import (
	"encoding/base64"
	"strings"
)

// itemSize is an item's size by DynamoDB's rules: names and values in UTF-8, and the overhead of each kind.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func itemSize(item map[string]any) int {
	size := 0
	for name, value := range item {
		size += len(name) + valueSize(value)
	}
	return size
}

// containerSize and elementSize are what a list or a map takes by itself, and for each of its members.
const (
	containerSize = 3
	elementSize   = 1
)

// valueSize is that of an attribute value as it is written on the wire, {"S": "text"}.
func valueSize(value any) int {
	typed, _ := value.(map[string]any)
	for kind, content := range typed {
		switch kind {
		case "S":
			text, _ := content.(string)
			return len(text)
		case "B":
			text, _ := content.(string)
			return base64.StdEncoding.DecodedLen(len(text)) - strings.Count(text, "=")
		case "N":
			text, _ := content.(string)
			return numberSize(text)
		case "BOOL", "NULL":
			return 1
		case "M":
			members, _ := content.(map[string]any)
			return containerSize + len(members)*elementSize + itemSize(members)
		default:
			return listSize(kind, content)
		}
	}
	return 0
}

func listSize(kind string, content any) int {
	items, _ := content.([]any)
	if kind == "L" {
		size := containerSize + len(items)*elementSize
		for _, item := range items {
			size += valueSize(item)
		}
		return size
	}
	size := 0
	for _, item := range items { // SS, NS, BS
		size += valueSize(map[string]any{kind[:1]: item})
	}
	return size
}

// numberSize is about one byte for every two significant digits, and one more.
func numberSize(text string) int {
	mantissa, _, _ := strings.Cut(strings.ToLower(text), "e")
	digits := strings.Trim(strings.NewReplacer("-", "", "+", "", ".", "").Replace(mantissa), "0")
	size := (len(digits)+1)/2 + 1
	if strings.HasPrefix(text, "-") {
		size++
	}
	return min(size, 21)
}

// Capacity units: a write takes one for each kilobyte, a consistent read one for each four, another read half of that.
const (
	writeUnit = 1 << 10
	readUnit  = 4 << 10
)

// units counts begun units, one at least.
func units(bytes, unit int) float64 { return float64(max((bytes+unit-1)/unit, 1)) }
