package hsds

import (
	"net/http"

	"github.com/miict/immerse/shared/catalogue"
)

// one answers with an entry and all that belongs to it.
func (h *Handler) one(directory *catalogue.Directory, r request) response {
	p, problems := r.parameters(true)
	if len(problems) > 0 {
		return h.refuse(r, http.StatusBadRequest, "bad_parameters", problems...)
	}
	entry := directory.Entry(r.list.kind, r.id)
	if entry == nil {
		return h.refuse(r, http.StatusNotFound, "not_found")
	}
	if entry.Object() == nil {
		return h.unavailable(r, errDamaged)
	}
	if isLinked(p.format) {
		return answered(h.write(directory, cutting{part: []*catalogue.Entry{entry}}, p), p.format, nil)
	}
	p.view = max(p.view, catalogue.Full)
	body := directory.Show(entry, p.view).Bytes()
	if p.format == formatNDJSON {
		body = append(body, '\n')
	}
	if tooLarge(body, r) {
		body = directory.Show(entry, catalogue.Brief).Bytes() // an organization of thousands of services
	}
	return answered(body, p.format, nil)
}
