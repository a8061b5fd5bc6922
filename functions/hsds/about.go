package hsds

import (
	_ "embed"

	"github.com/miict/immerse/shared/catalogue"
)

// version is that of HSDS which the API speaks.
const version = "3.1"

// profile is where HSDS says what its objects are; ours are those, with one extension object that openapi.json describes.
const profile = "https://docs.openreferral.org/en/v3.1.1/"

const descriptionFile = "openapi.json"

//go:embed openapi.json
var description []byte

// about answers what the API is.
func (h *Handler) about(_ *catalogue.Directory, _ request) response {
	return answered(catalogue.JSON(struct {
		Version    string `json:"version"`
		Profile    string `json:"profile"`
		OpenAPIURL string `json:"openapi_url"`
	}{version, profile, h.BaseURL + root + "/" + descriptionFile}), formatJSON, nil)
}

// describe answers with the API's description.
func (h *Handler) describe(_ *catalogue.Directory, _ request) response {
	return answered(description, formatJSON, nil)
}
