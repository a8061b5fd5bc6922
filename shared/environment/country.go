package environment

import "github.com/miict/immerse/shared/country"

// Country is the part of a configuration that every function has: whom it serves.
type Country struct{ Pack *country.Pack }

// Country gives the pack that COUNTRY names, and none with a problem if there is no such pack.
func (r *Reader) Country() Country { return Country{Parsed(r, "COUNTRY", country.Load)} }

// Serves is the country's code.
func (c Country) Serves() string { return c.Pack.Code }
