package country

import "github.com/miict/immerse/shared/catalogue"

// Records gives the catalogue as it stands in the pack's files: the organizations, then the services.
func (p *Pack) Records() []catalogue.Record {
	records := make([]catalogue.Record, 0, len(p.Organizations)+len(p.Services))
	for i := range p.Organizations {
		records = append(records, record(catalogue.Organization, organizationsFile, &p.Organizations[i]))
	}
	for i := range p.Services {
		file := servicesFolder
		if i < len(p.files) {
			file = p.files[i]
		}
		records = append(records, record(catalogue.Service, file, &p.Services[i]))
	}
	return records
}

// record gives an object as it came, or as it is written if it was made in Go.
func record(kind catalogue.Kind, file string, object interface {
	Raw() []byte
	MarshalJSON() ([]byte, error)
}) catalogue.Record {
	data, err := object.Raw(), error(nil)
	if data == nil {
		data, err = object.MarshalJSON()
	}
	r := catalogue.NewRecord(file, data)
	r.Kind = kind
	if err != nil {
		r.Err = err
	}
	return r
}
