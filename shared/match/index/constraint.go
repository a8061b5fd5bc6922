package index

import (
	"encoding/binary"

	"github.com/miict/immerse/shared/eligibility"
)

// A constraint is stored as its kind, then which ends its range has, those ends, and its codes with their lengths.
const (
	hasMin = 1 << iota
	hasMax
)

func appendConstraint(data []byte, c eligibility.Constraint) []byte {
	data = append(data, byte(c.Kind), 0)
	ends := &data[len(data)-1]
	if r := c.Range; r != nil {
		if r.Min != nil {
			*ends |= hasMin
		}
		if r.Max != nil {
			*ends |= hasMax
		}
		if r.Min != nil {
			data = binary.AppendVarint(data, int64(*r.Min))
		}
		if r.Max != nil {
			data = binary.AppendVarint(data, int64(*r.Max))
		}
	}
	for _, code := range c.Codes {
		data = append(binary.AppendUvarint(data, uint64(len(code))), code...)
	}
	return data
}

// readConstraint gives a constraint that nobody meets for bytes that are none: they were not written by Compile, and
// nothing may be offered for their sake.
func readConstraint(data []byte) eligibility.Constraint {
	if c, ok := parseConstraint(data); ok {
		return c
	}
	return eligibility.Constraint{Kind: eligibility.LegalStatus, Codes: []string{""}}
}

func parseConstraint(data []byte) (c eligibility.Constraint, ok bool) {
	if len(data) < 2 {
		return c, false
	}
	c.Kind = eligibility.Kind(data[0])
	ends := data[1]
	data = data[2:]
	bound := func() *int {
		value, n := binary.Varint(data)
		if n <= 0 {
			return nil
		}
		data = data[n:]
		number := int(value)
		return &number
	}
	if ends != 0 {
		c.Range = &eligibility.Range{}
		if ends&hasMin != 0 {
			c.Range.Min = bound()
		}
		if ends&hasMax != 0 {
			c.Range.Max = bound()
		}
	}
	for len(data) > 0 {
		length, n := binary.Uvarint(data)
		if n <= 0 || length > uint64(len(data)-n) {
			return c, false
		}
		c.Codes = append(c.Codes, string(data[n:n+int(length)]))
		data = data[n+int(length):]
	}
	return c, c.Known()
}
