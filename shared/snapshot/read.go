package snapshot

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/miict/immerse/shared/hsds"
)

// Service finds a service by its id; ok is false if there is none that can be read.
func (d *Directory) Service(id string) (service *hsds.Service, ok bool) {
	return object[hsds.Service](d, KindService, id)
}

// Organization finds an organization by its id; ok is false if there is none that can be read.
func (d *Directory) Organization(id string) (organization *hsds.Organization, ok bool) {
	return object[hsds.Organization](d, KindOrganization, id)
}

func object[T any](d *Directory, kind, id string) (*T, bool) {
	data, err := d.Document(kind, id)
	if err != nil {
		return nil, false
	}
	read := new(T)
	return read, json.Unmarshal(data, read) == nil
}

// ConfigurationOf reads the settings section.
func ConfigurationOf(section []byte) (Configuration, error) {
	var c Configuration
	if err := json.Unmarshal(section, &c); err != nil {
		return Configuration{}, fmt.Errorf("%w: the settings: %w", ErrDamaged, err)
	}
	return c, nil
}

// ContentsOf takes sections apart again, so that a snapshot can be compiled anew by a program with other rules.
func ContentsOf(m Manifest, settings, documents []byte) (Contents, error) {
	c := Contents{Country: m.Country, Version: m.Catalogue, Created: m.Created}
	var err error
	if c.Configuration, err = ConfigurationOf(settings); err != nil {
		return Contents{}, err
	}
	directory, err := OpenDocuments(documents)
	if err != nil {
		return Contents{}, err
	}
	for i := range directory.count {
		if err := c.add(directory, i); err != nil {
			return Contents{}, err
		}
	}
	return c, nil
}

func (c *Contents) add(d *Directory, i int) error {
	document := d.document(i)
	data, err := d.unpack(i)
	if err != nil {
		return err
	}
	switch document.Kind {
	case KindService:
		var s hsds.Service
		err = json.Unmarshal(data, &s)
		c.Services = append(c.Services, s)
	case KindOrganization:
		var o hsds.Organization
		err = json.Unmarshal(data, &o)
		c.Organizations = append(c.Organizations, o)
	default:
		document.JSON = data
		c.Others = append(c.Others, document)
	}
	if err != nil {
		return fmt.Errorf("%w: the %s %q: %w", ErrDamaged, document.Kind, document.ID, err)
	}
	return nil
}

// document gives kind and id of an entry.
func (d *Directory) document(i int) Document {
	kind, id, _ := strings.Cut(d.key(i), "\x00")
	return Document{Kind: kind, ID: id}
}
