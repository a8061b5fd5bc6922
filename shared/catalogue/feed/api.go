package feed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// An API reads a paginated HSDS API, one request at a time.
type API struct {
	Client Client
	// PerPage is how many objects are asked for at a time; 100 when zero. An API may give fewer.
	PerPage int
	// Progress hears of each page that was read: what of, its number, of how many (0 if the API doesn't say).
	Progress func(what string, page, pages int)
}

// collections are the lists of an HSDS API, in the order in which they are read. Only services must be there.
var collections = []string{"organizations", "services", "service_at_locations", "taxonomies", "taxonomy_terms"}

// ErrNotPage is the error of Each for an answer that is no page of HSDS objects.
var ErrNotPage = errors.New("is no page of HSDS objects: it has no contents")

// ErrRepeats is the error of Each for an API that gives the same page again and again.
var ErrRepeats = errors.New("gives the same page again: it does not count pages as HSDS does")

// ErrShort is the error of Each for a list that ends before all the objects that it announces were given.
var ErrShort = errors.New("gave fewer objects than it announces as total_items")

const mostPages = 100_000 // of one list: an API that never ends is broken

// Each hands every object of an API to handle: of one list if the address is one's ("…/services?…"), else of all lists
// under the address. Objects are asked for in full; where a list gives none of what they nest, each is asked for by
// itself.
func (a API) Each(ctx context.Context, address string, handle func(Record) error) error {
	base, err := webAddress(address)
	if err != nil {
		return err
	}
	if name := path.Base(base.Path); slices.Contains(collections, name) {
		_, err := a.list(ctx, base, name, handle)
		return err
	}
	for _, name := range collections {
		found, err := a.list(ctx, base.JoinPath(name), name, handle)
		if err != nil {
			return err
		}
		if !found && name == "services" {
			return fmt.Errorf("%s: %w", base.JoinPath(name).Redacted(), errGone)
		}
	}
	return nil
}

// page is a page of an HSDS API.
type page struct {
	Contents   *[]json.RawMessage `json:"contents"`
	Content    *[]json.RawMessage `json:"content"` // Open Referral UK's first API
	TotalPages int                `json:"total_pages"`
	TotalItems int                `json:"total_items"`
	LastPage   *bool              `json:"last_page"`
}

func (p page) objects() []json.RawMessage {
	if p.Contents == nil {
		return *p.Content
	}
	return *p.Contents
}

// last tells whether no page follows.
func (p page) last(number int) bool {
	switch {
	case len(p.objects()) == 0:
		return true
	case p.LastPage != nil:
		return *p.LastPage
	case p.TotalPages > 0:
		return number >= p.TotalPages
	}
	return false
}

// list reads all pages of a list; found is false if the API has no such list.
func (a API) list(ctx context.Context, address *url.URL, what string, handle func(Record) error) (found bool, err error) {
	var former string
	single, given := false, 0
	for number := 1; number <= mostPages; number++ {
		where := a.pageAddress(address, what, number)
		p, err := a.page(ctx, where)
		if errors.Is(err, errGone) && number == 1 {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("%s: %w", where, err)
		}
		objects := p.objects()
		if len(objects) > 0 && string(objects[0]) == former {
			return false, fmt.Errorf("%s: %w", where, ErrRepeats)
		}
		if len(objects) > 0 {
			former = string(objects[0])
		}
		if number == 1 {
			single = a.single(ctx, address, what, objects)
		}
		for i, object := range objects {
			place := fmt.Sprintf("%s, contents[%d]", where, i)
			if single {
				if object, err = a.one(ctx, address, object); err != nil {
					return false, fmt.Errorf("%s: %w", place, err)
				}
			}
			if err := handle(Record{place, object}); err != nil {
				return false, err
			}
		}
		if a.Progress != nil {
			a.Progress(what, number, p.TotalPages)
		}
		given += len(objects)
		if p.last(number) && given < p.TotalItems && !address.Query().Has("page") {
			return false, fmt.Errorf("%s: %w: %d of %d", where, ErrShort, given, p.TotalItems)
		}
		if p.last(number) {
			return true, nil
		}
	}
	return false, fmt.Errorf("%s: has more than %d pages", address.Redacted(), mostPages)
}

func (a API) pageAddress(address *url.URL, what string, number int) string {
	with := *address
	query := with.Query()
	query.Set("page", strconv.Itoa(number))
	if !query.Has("per_page") {
		query.Set("per_page", strconv.Itoa(max(a.PerPage, 0)))
		if a.PerPage <= 0 {
			query.Set("per_page", "100")
		}
	}
	if what != "taxonomies" && what != "taxonomy_terms" {
		query.Set("full", "true")
	}
	with.RawQuery = query.Encode()
	return with.String()
}

func (a API) page(ctx context.Context, where string) (p page, err error) {
	data, err := a.Client.get(ctx, where)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(data, &p); err != nil || p.Contents == nil && p.Content == nil {
		return p, ErrNotPage
	}
	return p, nil
}

// single finds out whether an API's lists leave out what objects nest: whether the first has more when asked for alone.
func (a API) single(ctx context.Context, address *url.URL, what string, objects []json.RawMessage) bool {
	if len(objects) == 0 || what == "taxonomies" || what == "taxonomy_terms" || nests(objects[0]) {
		return false
	}
	whole, err := a.one(ctx, address, objects[0])
	return err == nil && nests(whole)
}

func nests(object json.RawMessage) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal(object, &members) != nil {
		return false
	}
	for _, value := range members {
		if len(value) > 0 && value[0] == '[' {
			return true
		}
	}
	return false
}

// one asks for an object by itself.
func (a API) one(ctx context.Context, address *url.URL, object json.RawMessage) (json.RawMessage, error) {
	var has struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(object, &has) // what is no object with an id is taken as it is, and named by whoever checks
	if has.ID == "" {
		return object, nil
	}
	where := address.JoinPath(url.PathEscape(has.ID))
	where.RawQuery = ""
	data, err := a.Client.get(ctx, where.String())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", where.Redacted(), err)
	}
	return data, nil
}

// webAddress reads the address of a page on the web; no other is followed.
func webAddress(text string) (*url.URL, error) {
	parsed, err := url.Parse(strings.TrimSuffix(text, "/"))
	if err != nil || parsed.Scheme != "https" && parsed.Scheme != "http" || parsed.Hostname() == "" {
		return nil, fmt.Errorf("%w: %q", ErrAddress, text)
	}
	return parsed, nil
}
