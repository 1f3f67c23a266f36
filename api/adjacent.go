package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// rawEntity is an entity as it was printed, law and all.
type rawEntity []byte

// MarshalJSON is the text itself.
func (r rawEntity) MarshalJSON() ([]byte, error) { return r, nil }

func (e *entity) whole() rawEntity { return append(append(slices.Clone(e.head), e.law...), '}') }

// nested is an entity whose properties may hold whole entities.
type nested struct {
	printed
	Properties map[string][]any `json:"properties"`
	Law        rawEntity        `json:"law,omitempty"`
}

// sanctionTail ends the id of the sanction that an entity's listing is: in
// FollowTheMoney a listing is an entity of its own, which points at its target.
const sanctionTail = "-sanction"

// sanction is the listing of an entity, with its target's id.
func (sh *shelf) sanction(e *entity) *nested {
	p, from := *e.printed, e.printed.Properties
	d := sh.terms.dataset(e.list)
	p.ID, p.Schema, p.Target, p.Referents = e.id+sanctionTail, "Sanction", false, []string{}
	p.Caption = d.title
	props := map[string][]any{}
	set := func(prop string, values ...string) {
		for _, v := range values {
			if v != "" {
				props[prop] = append(props[prop], v)
			}
		}
	}
	set("entity", e.id)
	set("authority", d.publisher)
	set("sourceUrl", d.url)
	set("country", d.country)
	set("program", from["program"]...)
	set("programId", from["programId"]...)
	set("listingDate", from["createdAt"]...)
	set("modifiedAt", from["modifiedAt"]...)
	_, ref, _ := strings.Cut(string(e.subject), ":")
	set("authorityId", ref)
	if e.list == councilList {
		set("unscId", ref)
	}
	return &nested{printed: p, Properties: props}
}

// nest puts whole entities where an entity points at others, or they at it. Of
// what a list links by reference only the listing itself is held as an entity.
func (sh *shelf) nest(e *entity) nested {
	out := nested{printed: *e.printed, Properties: map[string][]any{}, Law: rawEntity(e.law[len(`,"law":`):])}
	for prop, vs := range e.printed.Properties {
		for _, v := range vs {
			out.Properties[prop] = append(out.Properties[prop], v)
		}
	}
	out.Properties["sanctions"] = []any{sh.sanction(e)}
	return out
}

// named is what an id in an address means: an entity, or its sanction.
type named struct {
	*entity
	sanction bool
}

// named finds an entity that may be told. One that is no more is told only if a
// day is asked about: then with how its measures ended, under law. An id that it
// only also goes by is redirected: then there is nothing more to do.
func (s *server) named(w http.ResponseWriter, r *http.Request, tail string) (*shelf, url.Values, *named) {
	q, sh, err := s.params(r, nil)
	if err != nil {
		s.fail(w, r, err)
		return nil, nil, nil
	}
	id, isSanction := strings.CutSuffix(r.PathValue("id"), sanctionTail)
	sid, ok := sh.find(id)
	var e *entity
	if ok {
		e = sh.entity(sid)
	}
	if e == nil || !e.alive && !q.Has("as_of") {
		s.fail(w, r, refused(http.StatusNotFound, "No such entity!"))
		return nil, nil, nil
	}
	if e.id != id {
		to := "/entities/" + url.PathEscape(e.id)
		if isSanction {
			to += sanctionTail
		}
		to += tail
		if r.URL.RawQuery != "" {
			to += "?" + r.URL.RawQuery
		}
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusPermanentRedirect)
		return nil, nil, nil
	}
	return sh, q, &named{e, isSanction}
}

// entity answers GET /entities/{id}.
func (s *server) entity(w http.ResponseWriter, r *http.Request) {
	sh, q, n := s.named(w, r, "")
	if n == nil {
		return
	}
	deep, err := truth(q, "nested")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	flat := deep != nil && !*deep
	switch {
	case n.sanction:
		one := sh.sanction(n.entity)
		if !flat {
			one.Properties["entity"] = []any{n.whole()}
		}
		writeJSON(w, http.StatusOK, one)
	case flat:
		writeJSON(w, http.StatusOK, n.whole())
	default:
		writeJSON(w, http.StatusOK, sh.nest(n.entity))
	}
}

// adjacentPage is one page of what a property points at.
type adjacentPage struct {
	Results []any   `json:"results"`
	Total   counted `json:"total"`
	Limit   int     `json:"limit"`
	Offset  int     `json:"offset"`
}

// adjacency reads which page is wanted. There is never more than one neighbour
// in a property here, so sort is read and changes nothing.
func adjacency(q url.Values) (adjacentPage, error) {
	p := adjacentPage{Results: []any{}, Limit: searchPage, Total: counted{0, "eq"}}
	if err := within(q, "limit", mostMatches, &p.Limit); err != nil {
		return p, err
	}
	return p, within(q, "offset", mostOffset, &p.Offset)
}

func (p adjacentPage) of(all []any) adjacentPage {
	p.Total.Value = len(all)
	p.Results = append(p.Results, page(all, p.Offset, p.Limit)...)
	return p
}

// adjacent answers GET /entities/{id}/adjacent and /adjacent/{property}.
func (s *server) adjacent(w http.ResponseWriter, r *http.Request) {
	prop := r.PathValue("property")
	tail := "/adjacent"
	if prop != "" {
		tail += "/" + url.PathEscape(prop)
	}
	sh, q, n := s.named(w, r, tail)
	if n == nil {
		return
	}
	empty, err := adjacency(q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	neighbours := map[string][]any{"sanctions": {sh.sanction(n.entity)}}
	var self any = n.whole()
	if n.sanction {
		neighbours = map[string][]any{"entity": {n.whole()}}
		self = sh.sanction(n.entity)
	}
	if prop != "" {
		if _, ok := neighbours[prop]; !ok && sh.terms.schemata[n.schema].properties[prop] != useEntity {
			s.fail(w, r, refused(http.StatusNotFound, "No such entity property: %s", prop))
			return
		}
		writeJSON(w, http.StatusOK, empty.of(neighbours[prop]))
		return
	}
	out := struct {
		Entity   any                     `json:"entity"`
		Adjacent map[string]adjacentPage `json:"adjacent"`
	}{self, map[string]adjacentPage{}}
	for prop, all := range neighbours {
		out.Adjacent[prop] = empty.of(all)
	}
	writeJSON(w, http.StatusOK, out)
}
