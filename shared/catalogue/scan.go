package catalogue

import "encoding/json"

// The functions here take JSON apart that is known to be valid, without copying it or looking into what is not asked for:
// a directory is made of tens of thousands of objects while somebody waits. encoding/json would check each of them again
// at every depth.

// elements gives the values of a list, or the names and values of an object in turn; ok is false for anything else. An
// empty one has none.
func elements(data []byte) (values []json.RawMessage, ok bool) {
	at := skipBlank(data, 0)
	if at == len(data) || data[at] != '{' && data[at] != '[' {
		return nil, false
	}
	closing := data[at] + 2 // in ASCII, '}' and ']' are two after what they close
	at = skipBlank(data, at+1)
	for at < len(data) && data[at] != closing {
		end := skipValue(data, at)
		values = append(values, data[at:end:end])
		at = skipBlank(data, end)
		if at < len(data) && (data[at] == ',' || data[at] == ':') {
			at = skipBlank(data, at+1)
		}
	}
	return values, true
}

func skipBlank(data []byte, at int) int {
	for at < len(data) && (data[at] == ' ' || data[at] == '\n' || data[at] == '\t' || data[at] == '\r') {
		at++
	}
	return at
}

// skipValue gives the end of the value that begins at a place.
func skipValue(data []byte, at int) int {
	for depth := 0; at < len(data); {
		switch data[at] {
		case '"':
			at = skipText(data, at)
		case '{', '[':
			depth++
			at++
		case '}', ']':
			depth--
			at++
		case ',', ':', ' ', '\n', '\t', '\r':
			at++ // only within something: depth is above 0
			continue
		default: // a number or a word
			for at < len(data) && !endsWord(data[at]) {
				at++
			}
		}
		if depth == 0 {
			return at
		}
	}
	return at
}

func skipText(data []byte, at int) int {
	for at++; at < len(data) && data[at] != '"'; at++ {
		if data[at] == '\\' {
			at++
		}
	}
	return min(at+1, len(data))
}

func endsWord(c byte) bool {
	switch c {
	case ',', ':', '}', ']', ' ', '\n', '\t', '\r':
		return true
	}
	return false
}

// textOf reads a text.
func textOf(value []byte) (text string) {
	for _, c := range value {
		if c == '\\' {
			_ = json.Unmarshal(value, &text) // valid, and a text
			return text
		}
	}
	return string(value[1 : len(value)-1])
}
