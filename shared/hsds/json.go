package hsds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/miict/immerse/shared/eligibility"
)

// UnmarshalJSON reads a service and keeps what is not typed.
func (s *Service) UnmarshalJSON(data []byte) error {
	type plain Service
	var typed plain
	kept, err := decode(data, &typed)
	*s, s.rest = Service(typed), kept
	return err
}

// MarshalJSON writes a service with everything that it came with.
func (s Service) MarshalJSON() ([]byte, error) {
	type plain Service
	typed := plain(s)
	return encode(&typed, s.rest)
}

// UnmarshalJSON reads an organization and keeps what is not typed.
func (o *Organization) UnmarshalJSON(data []byte) error {
	type plain Organization
	var typed plain
	kept, err := decode(data, &typed)
	*o, o.rest = Organization(typed), kept
	return err
}

// MarshalJSON writes an organization with everything that it came with.
func (o Organization) MarshalJSON() ([]byte, error) {
	type plain Organization
	typed := plain(o)
	return encode(&typed, o.rest)
}

// UnmarshalJSON reads a language and keeps what is not typed.
func (l *Language) UnmarshalJSON(data []byte) error {
	type plain Language
	var typed plain
	kept, err := decode(data, &typed)
	*l, l.rest = Language(typed), kept
	return err
}

// MarshalJSON writes a language with everything that it came with.
func (l Language) MarshalJSON() ([]byte, error) {
	type plain Language
	typed := plain(l)
	return encode(&typed, l.rest)
}

// UnmarshalJSON reads a required document and keeps what is not typed.
func (d *RequiredDocument) UnmarshalJSON(data []byte) error {
	type plain RequiredDocument
	var typed plain
	kept, err := decode(data, &typed)
	*d, d.rest = RequiredDocument(typed), kept
	return err
}

// MarshalJSON writes a required document with everything that it came with.
func (d RequiredDocument) MarshalJSON() ([]byte, error) {
	type plain RequiredDocument
	typed := plain(d)
	return encode(&typed, d.rest)
}

// UnmarshalJSON reads a capacity and keeps what is not typed.
func (c *Capacity) UnmarshalJSON(data []byte) error {
	type plain Capacity
	var typed plain
	kept, err := decode(data, &typed)
	*c, c.rest = Capacity(typed), kept
	return err
}

// MarshalJSON writes a capacity with everything that it came with.
func (c Capacity) MarshalJSON() ([]byte, error) {
	type plain Capacity
	typed := plain(c)
	return encode(&typed, c.rest)
}

// UnmarshalJSON reads our extension of a service strictly; eligibility.Problems takes the error apart.
func (x *ServiceExtension) UnmarshalJSON(data []byte) error {
	type plain ServiceExtension
	typed := struct {
		plain
		Eligibility json.RawMessage `json:"eligibility"`
	}{}
	errs := []error{strict(data, &typed)}
	*x = ServiceExtension(typed.plain)
	if len(typed.Eligibility) > 0 {
		clauses, err := eligibility.ParseClauses(typed.Eligibility)
		x.Eligibility = clauses
		for _, problem := range eligibility.Problems(err) {
			problem.Path = "eligibility" + problem.Path
			errs = append(errs, problem)
		}
	}
	return errors.Join(errs...)
}

// UnmarshalJSON reads our extension of an organization strictly.
func (x *OrganizationExtension) UnmarshalJSON(data []byte) error {
	type plain OrganizationExtension
	var typed plain
	err := strict(data, &typed)
	*x = OrganizationExtension(typed)
	return err
}

// strict refuses fields that the type does not have.
func strict(data []byte, typed any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(typed); err != nil {
		return fmt.Errorf("immerse: %w", err)
	}
	return nil
}
